"""`manage.py demo_logins`: one user for each role, to try the portal on one machine."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from governance.models import ActionItem, Body
from kpi.imports.services import record_by_hand
from kpi.models import ImportJob, Indicator, Reason
from kpi.selectors import series
from projects.models import EDITABLE_SHEET, ProjectSheet
from roadmap.models import Initiative
from stakeholders.models import Contact

#: Printed, and known to everybody: for a demonstration only, and refused anywhere else.
PASSWORD = "brussels-demo-2018"


class Command(BaseCommand):
    """Make `<role>@example.org` for each role; refuse where that is not allowed."""

    help = "Make one demonstration login for each role and print them."

    def handle(self, *args, **options):
        """Make what is missing and print role, address and password."""
        if not settings.DEMO_LOGINS:
            raise CommandError("Demonstration logins are not allowed under these settings.")
        with transaction.atomic():
            users = [ensure_login(role) for role in Role]
            give_work(dict(zip(Role, users, strict=True)))
        width = max(len(role) for role in Role)
        self.stdout.write(f"{'role':<{width}}  {'e-mail':<28}  password")
        for role, user in zip(Role, users, strict=True):
            self.stdout.write(f"{role.value:<{width}}  {user.email:<28}  {PASSWORD}")


def ensure_login(role: Role) -> User:
    """Return the demonstration user of ``role``, tied to the contact of the same address.

    A user that exists keeps its password and its roles. Raises `CommandError` where a person who
    is not for demonstration holds the address.
    """
    email = f"{role.value}@example.org"
    user = User.objects.filter(email=email).first()
    if user is None:
        # Without a name the address is shown: a role has none that reads in every language.
        user = User.objects.create_user(email, PASSWORD, roles=[role], is_demo=True)
    elif not user.is_demo:
        raise CommandError(f"{email} belongs to a user who is not for demonstration.")
    if not Contact.objects.filter(user=user).exists():
        Contact.objects.filter(email__iexact=email, user=None).update(user=user)
    return user


def give_work(users: dict) -> None:
    """Give lead, owner and board something of the demonstration that nobody else holds."""
    lead, owner, board = users[Role.LEAD], users[Role.OWNER], users[Role.BOARD]
    written = ProjectSheet.objects.filter(status__in=sorted(EDITABLE_SHEET))
    written.filter(is_demo=True, lead=None).update(lead=lead)
    for model in (Initiative, Indicator):
        model.objects.filter(is_demo=True, owner=None).update(owner=owner)
    of_board = ActionItem.objects.pending().filter(decision__meeting__body__kind=Body.Kind.BOARD)
    of_board.filter(is_demo=True, owner=None).update(owner=board)
    send_a_figure(owner)


def send_a_figure(owner: User) -> None:
    """Have the owner correct a figure of the demonstration, so that one waits for approval."""
    own = Indicator.objects.filter(is_demo=True, owner=owner, unit_code="count", metric="")
    indicator = own.order_by("code").first()
    if indicator is None or ImportJob.objects.exists():
        return
    last = series(indicator, indicator.geo_id)[-1]
    note = {"fr": "un dossier retrouvé (démonstration)", "nl": "een teruggevonden dossier (demo)"}
    record_by_hand(
        indicator,
        by=owner,
        period=last.period,
        value=last.value + 1,
        reason=Reason.CORRECTION,
        note=note,
    )
