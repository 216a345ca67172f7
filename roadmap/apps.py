"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadmapConfig(AppConfig):
    """Initiatives and milestones."""

    name = "roadmap"
    verbose_name = _("Roadmap")
