"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Sheets, jury sessions, outcomes."""

    name = "projects"
    verbose_name = _("Project sheets and jury")
