"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StakeholdersConfig(AppConfig):
    """Organisations, people, ideas and subscriptions."""

    name = "stakeholders"
    verbose_name = _("Stakeholders and ideas")
