"""App configuration: loads what the upper apps register with the engine."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Engine code without a business noun."""

    name = "core"
    verbose_name = _("Engine")

    def ready(self):
        """Import workflow, services, trace and panels of each app, so that they register."""
        from . import documents, lookups  # noqa: F401  a state machine, the lookup `fold`
        from .admin_fields import name_translated_columns
        from .posting import rereading  # noqa: F401  two state machines

        name_translated_columns()
        autodiscover_modules("workflow", "services", "trace", "panels")
