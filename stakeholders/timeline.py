"""One timeline for each organisation and each person: what was exchanged, promised, proposed.

Entries of upper apps come through the slot `stakeholders.timeline`, called with organisation= or
contact=, user=, before= (a `Cut` or None) and limit=; it answers a list of `Entry`, the newest
first. `rows_before` reads them from a query set, so that every source breaks ties alike and no
entry is lost between two pages or shown on both.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import slots

from .models import (
    KNOW_PEOPLE,
    BilateralMeeting,
    BilateralStatus,
    Commitment,
    Idea,
    Interaction,
    Participation,
)

SLOT = "stakeholders.timeline"
PER_PAGE = 20
#: Where a step of the chain is told beside an entry: ideas and exchanges are its first.
LISTEN = 1


@dataclass(frozen=True)
class Entry:
    """One line: when, what sort, in words, where to read more, and the step of the chain (1–6).

    ``source`` and ``pk`` tell entries of the same moment apart.
    """

    at: datetime
    kind: str
    text: str
    url: str
    source: str
    pk: int
    step: int | None = None
    note: str = ""
    is_demo: bool = False

    @property
    def cut(self) -> "Cut":
        """Return the place just after this entry."""
        return Cut(self.at, self.source, self.pk)


@dataclass(frozen=True)
class Cut:
    """A place in the timeline, between two entries."""

    at: datetime
    source: str
    pk: int

    def __str__(self):
        return f"{self.at.timestamp():.6f}|{self.source}|{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cut | None":
        """Return the place that an address names; None where it is none of ours."""
        try:
            seconds, source, pk = text.split("|")
            at = datetime.fromtimestamp(float(seconds), tz=timezone.get_default_timezone())
            return cls(at, source, int(pk))
        except (ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True)
class Page:
    """Entries, the newest first, and where the older ones begin (None at the end)."""

    entries: list[Entry]
    older: Cut | None


def timeline(*, user, organisation=None, contact=None, before=None, limit: int = PER_PAGE) -> Page:
    """Return a page of the timeline of one organisation or of one person.

    Nobody but the office and its auditors reads one. The number of queries does not depend on the
    number of entries.
    """
    if not KNOW_PEOPLE(user):
        return Page([], None)
    whose = {"organisation": organisation} if organisation else {"contact": contact}
    asked = {**whose, "user": user, "before": before, "limit": limit + 1}
    found = [entry for source in OWN for entry in source(**asked)]
    for entries in slots.collect(SLOT, **asked):
        found += entries
    found.sort(key=lambda entry: (-entry.at.timestamp(), entry.source, -entry.pk))
    shown = found[:limit]
    return Page(shown, shown[-1].cut if len(found) > limit else None)


def rows_before(rows, field: str, source: str, before: Cut | None, limit: int, *, pk: str = "pk"):
    """Return the first ``limit`` of ``rows`` after the place ``before``, the newest first.

    ``field`` is a moment or a day; what happened on a day stands at its first minute in Brussels.
    """
    rows = rows.filter(**{f"{field}__isnull": False}).order_by(f"-{field}", f"-{pk}")
    if before is None:
        return rows[:limit]
    at = before.at
    if not _is_moment(rows, field):
        day = timezone.localdate(at)
        midnight = start_of(day)
        if midnight < at:
            return rows.filter(**{f"{field}__lte": day})[:limit]
        at = day
    # One range for the index, then the ties taken out.
    rows = rows.filter(**{f"{field}__lte": at})
    if source < before.source:
        rows = rows.exclude(**{field: at})
    elif source == before.source:
        rows = rows.exclude(Q(**{field: at, f"{pk}__gte": before.pk}))
    return rows[:limit]


def _is_moment(rows, field: str) -> bool:
    return rows.model._meta.get_field(field).get_internal_type() == "DateTimeField"


def start_of(day: date) -> datetime:
    """Return the first minute of ``day`` in Brussels."""
    return timezone.make_aware(datetime.combine(day, time.min))


# --- our own rows -------------------------------------------------------------------------------


def exchanges(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Return the exchanges in which an organisation or a person took part."""
    mine = {"organisation": organisation} if organisation else {"contact": contact}
    rows = Participation.objects.visible_to(user).filter(**mine)
    # Two people of one organisation are one exchange.
    rows = rows.values_list("happened_at", "interaction_id").distinct()
    rows = rows_before(rows, "happened_at", "exchange", before, limit, pk="interaction_id")
    keys = [pk for _at, pk in rows]
    known = Interaction.objects.visible_to(user).select_related("bilateral").in_bulk(keys)
    return [_exchange(known[pk]) for pk in keys]


def _exchange(each) -> Entry:
    meeting = getattr(each, "bilateral", None)
    return Entry(
        at=each.happened_at,
        kind=each.get_kind_display(),
        text=each.subject,
        url=(meeting or each).get_absolute_url(),
        source="exchange",
        pk=each.pk,
        step=LISTEN,
        note=meeting.get_status_display() if meeting else "",
        is_demo=each.is_demo,
    )


def planned_meetings(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Return the meetings that are not in the log: to come, cancelled, missed."""
    mine = {"organisation": organisation} if organisation else {"contacts": contact}
    rows = BilateralMeeting.objects.visible_to(user).filter(interaction=None, **mine)
    rows = rows_before(rows.select_related("organisation"), "starts_at", "meeting", before, limit)
    return [
        Entry(
            at=each.starts_at,
            kind=_("bilateral meeting"),
            text=str(each),
            url=each.get_absolute_url(),
            source="meeting",
            pk=each.pk,
            step=LISTEN,
            note=BilateralStatus(each.status).label,
            is_demo=each.is_demo,
        )
        for each in rows
    ]


def commitments(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Return what was promised, on the day on which it was noted."""
    mine = {"organisation": organisation} if organisation else {"contact": contact}
    rows = Commitment.objects.visible_to(user).filter(**mine)
    return [
        Entry(
            at=each.created_at,
            kind=_("promise by %(side)s") % {"side": each.get_made_by_display()},
            text=each.text,
            url=reverse("admin:stakeholders_commitment_change", args=[each.pk]),
            source="commitment",
            pk=each.pk,
            note=each.get_status_display(),
            is_demo=each.is_demo,
        )
        for each in rows_before(rows, "created_at", "commitment", before, limit)
    ]


def ideas(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Return the ideas that they proposed, or that were raised while they sat at the table."""
    if organisation:
        met = Participation.objects.filter(organisation=organisation)
        mine = Q(organisation=organisation)
    else:
        met, mine = Participation.objects.filter(contact=contact), Q(submissions__contact=contact)
    raised = Q(raised_in__isnull=False, raised_in__in=met.values("interaction"))
    own = Idea.objects.filter(mine).values("pk").union(Idea.objects.filter(raised).values("pk"))
    rows = Idea.objects.visible_to(user).filter(pk__in=own)
    return [
        Entry(
            at=each.submitted_at,
            kind=_("idea"),
            text=str(each),
            url=reverse("admin:stakeholders_idea_change", args=[each.pk]),
            source="idea",
            pk=each.pk,
            step=Idea.chain_stage,
            note=each.get_status_display(),
            is_demo=each.is_demo,
        )
        for each in rows_before(rows, "submitted_at", "idea", before, limit)
    ]


OWN: tuple[Callable[..., Iterable[Entry]], ...] = (exchanges, planned_meetings, commitments, ideas)
