"""`manage.py seed`: the published facts and the demonstration content become rows, once."""

from importlib import import_module

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import module_has_submodule

ORDER = (
    "programme",
    "stakeholders",
    "governance",
    "standards",
    "workshops",
    "projects",
    "roadmap",
    "compliance",
    "kpi",
    "campaigns",
    "portal",
)


class Command(BaseCommand):
    """Call `<app>.seed.load` of each app in the order of their links; each in one transaction."""

    help = "Load the published facts and the demonstration content. Running it again adds nothing."

    def add_arguments(self, parser):
        """Offer to leave the demonstration content out."""
        parser.add_argument(
            "--facts-only", action="store_true", help="load no demonstration content"
        )

    def handle(self, *args, facts_only=False, **options):
        """Load app by app and say how many rows each has now and how many of them are new."""
        for label in ORDER:
            if not module_has_submodule(apps.get_app_config(label).module, "seed"):
                continue
            before = count_rows(label)
            with transaction.atomic():
                import_module(f"{label}.seed").load(facts=True, demo=not facts_only)
            after = count_rows(label)
            self.stdout.write(f"{label:<13} {after:>6} rows, {after - before} new")


def count_rows(label: str) -> int:
    """Return the number of rows of an app's own models."""
    models = apps.get_app_config(label).get_models()
    return sum(model._base_manager.count() for model in models)
