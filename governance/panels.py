"""What governance adds to the landing page of the office, the dashboard and the search."""

from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots, typography
from core.queues import Queue, Waiting
from core.search import answer

from . import selectors
from .kinds import RECORDERS, BodyKind, kinds_for
from .models import ActionItem, Decision, Meeting
from .permissions import follows_up

SHOWN = 10


def decisions_to_record(user) -> Queue | None:
    """Decisions whose meeting has begun, for whoever writes them down."""
    kinds = kinds_for(user, RECORDERS)
    if not kinds:
        return None
    rows = Decision.objects.to_record().filter(meeting__body__kind__in=kinds)
    rows = rows.select_related("meeting__body").order_by("meeting__starts_at", "pk")
    return Queue(
        title=_("Decisions to record"),
        volet=3,
        rows=[_waiting_decision(row) for row in rows[:SHOWN]],
        total=rows.count(),
        url=reverse("governance:decision-list") + "?status=proposed",
    )


def _waiting_decision(decision) -> Waiting:
    return Waiting(
        text=str(decision),
        url=decision.get_absolute_url(),
        since=decision.meeting.starts_at,
        whom=str(decision.meeting.body),
    )


def actions_overdue(user) -> Queue | None:
    """Actions past their day: all of them for the office and the chair, else one's own."""
    if not user.is_authenticated:
        return None
    today = timezone.localdate()
    mine = Q() if follows_up(user, None) else Q(owner=user)
    rows = ActionItem.objects.visible_to(user).overdue(today).filter(mine)
    rows = rows.select_related("decision", "owner")
    return Queue(
        title=_("Actions past their day"),
        volet=3,
        rows=[_waiting_action(row) for row in rows[:SHOWN]],
        total=rows.count(),
        url=reverse("governance:decision-list"),
    )


def _waiting_action(action) -> Waiting:
    due = timezone.make_aware(datetime.combine(action.due_on, time.max))
    whom = action.owner_role or (str(action.owner) if action.owner_id else "")
    return Waiting(str(action), action.get_absolute_url(), since=due, due=due, whom=whom)


def progress() -> dict:
    """Count what the contract asks for: a board, a jury, and meetings kept in a working tool.

    The tool is on record as soon as a meeting is kept in it; how many meetings is not its target.
    """
    index = reverse("governance:index")
    counts = selectors.set_up_counts()
    found = {
        code: {"count": counts[kind], "url": f"{index}?kind={kind.value}", "as_of": None}
        for code, kind in (("BOARD", BodyKind.BOARD), ("JURY", BodyKind.JURY))
    }
    in_use = int(Meeting.objects.public().exists())
    return {**found, "OFFICE": {"count": in_use, "url": index, "as_of": None}}


def chain() -> dict:
    """Count the fourth step: what was decided, with its reasons."""
    taken = selectors.decisions_taken()
    adopted = taken.filter(status__in=["adopted", "implemented"]).count()
    words = ngettext("%(number)s adopted", "%(number)s adopted", adopted)
    return {
        "stage": 4,
        "count": taken.count(),
        "url": reverse("governance:decision-list"),
        "detail": words % {"number": typography.number(adopted)},
    }


def search(query: str, user) -> dict:
    """Answer the search of the portal with decisions."""
    found = selectors.decisions_taken().search(query)
    return answer(_("Decisions"), reverse("governance:decision-list"), query, found)


slots.register("office.queues", decisions_to_record)
slots.register("office.queues", actions_overdue)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)
