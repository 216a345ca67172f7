"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    """Bodies, meetings, decisions."""

    name = "governance"
    verbose_name = _("Governance")
