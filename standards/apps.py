"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    """Principles and open standards."""

    name = "standards"
    verbose_name = _("Standards")
