"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    """The contract and what everything else is filed under."""

    name = "programme"
    verbose_name = _("Programme")
