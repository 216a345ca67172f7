"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopsConfig(AppConfig):
    """Workshops and what they did with each idea."""

    name = "workshops"
    verbose_name = _("Workshops")
