"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    """What initiatives do with the standards."""

    name = "compliance"
    verbose_name = _("Compliance")
