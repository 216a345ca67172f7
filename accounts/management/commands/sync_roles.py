"""`manage.py sync_roles`: the groups of the portal are those of the enum, no more and no less."""

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from accounts.roles import Role


class Command(BaseCommand):
    """Make the missing groups. Groups that are not roles are reported, never removed silently."""

    help = "Makes one group per role."

    def handle(self, *args, **options):
        """Run the command; running it again changes nothing."""
        for role in Role:
            Group.objects.get_or_create(name=role.value)
        strangers = Group.objects.exclude(name__in=Role.values).values_list("name", flat=True)
        for name in strangers:
            self.stderr.write(f"The group “{name}” is no role of the portal.")
