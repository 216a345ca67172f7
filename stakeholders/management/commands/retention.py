"""`manage.py retention`: list the people whom nothing keeps; `--run` erases that list."""

from django.core.management.base import BaseCommand

from core.permissions import SYSTEM
from stakeholders.services import retention


class Command(BaseCommand):
    """Dry run by default: nothing is erased without `--run`."""

    help = "Lists the people whom no retention class keeps any more, or erases them (--run)."

    def add_arguments(self, parser):
        """Take the switch that erases."""
        parser.add_argument("--run", action="store_true", help="erase the people listed")

    def handle(self, *args, run=False, **options):
        """List by key and day, never by name: the output may end in a log."""
        people = list(retention.due_contacts())
        for person in people:
            self.stdout.write(f"{person.pk}\t{person.created_at:%Y-%m-%d}")
        if not run:
            self.stdout.write(f"{len(people)} due; nothing erased (dry run)")
            return
        erased, kept = retention.run_retention([person.pk for person in people], by=SYSTEM)
        self.stdout.write(f"{erased} erased, {len(kept)} kept")
