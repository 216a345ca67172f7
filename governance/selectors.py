"""What pages ask about bodies, meetings and decisions."""

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.selectors import first_of
from stakeholders.balance import tally

from .kinds import BodyKind as Kind
from .models import (
    ActionItem,
    AgendaItem,
    Body,
    Decision,
    Mandate,
    Meeting,
)


def bodies():
    """Return the bodies with how many of their meetings and decisions everybody may read."""
    held = Meeting.objects.public().filter(body=OuterRef("pk")).values("body")
    taken = Decision.objects.public().filter(meeting__body=OuterRef("pk")).values("meeting__body")
    return Body.objects.annotate(meeting_count=_number(held), decision_count=_number(taken))


def _number(groups):
    # A subquery, so that only the bodies of the page are counted for, not all there are.
    counted = groups.order_by().annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def bodies_on_record(kind: str):
    """Return the bodies of a kind that have been composed: somebody sits in them today."""
    sitting = Mandate.objects.current(timezone.localdate()).values("body")
    return Body.objects.filter(kind=kind, pk__in=sitting)


def composition(body):
    """Return the mandates of ``body`` that run today, the chair first."""
    return body.mandates.current(timezone.localdate())


def meetings(user):
    """Return the meetings that ``user`` may see, the newest first."""
    return Meeting.objects.visible_to(user).select_related("body")


def next_meetings(user, number: int = 5):
    """Return the next meetings, the nearest first."""
    return first_of(meetings(user).upcoming(timezone.now()), number)


def agenda(meeting, user):
    """Return the points of ``meeting`` that ``user`` may read."""
    return AgendaItem.objects.visible_to(user).filter(meeting=meeting).order_by("number")


def decisions(user):
    """Return the decisions that ``user`` may see, the newest first."""
    return Decision.objects.visible_to(user).select_related("meeting__body")


def decisions_taken():
    """Return what everybody may read: the list and every count of it."""
    return Decision.objects.public().select_related("meeting__body")


def latest_decisions(number: int = 5):
    """Return the decisions taken last."""
    return first_of(decisions_taken(), number)


def decision_for_page(user):
    """Return decisions with what their page shows, to be narrowed to one."""
    actions = ActionItem.objects.select_related("owner", "decision__meeting__body")
    return (
        decisions(user)
        .select_related("ended_by")
        .prefetch_related(Prefetch("actions", queryset=actions), "ends")
    )


def set_up_counts() -> dict[str, int]:
    """Return how many boards and juries are composed."""
    return {kind: bodies_on_record(kind).count() for kind in (Kind.BOARD, Kind.JURY)}


def helix_of_jury(user):
    """Return how many members of the jury of today stand for each helix group."""
    rows = Mandate.objects.visible_to(user).filter(body__kind=Kind.JURY)
    return tally(rows.current(timezone.localdate()), "helix", "contact")
