"""The events of the portal of which subscribers may hear: which rows, and what a draft says.

An event is a move of the history (`StatusChange`), or a day that has come of what has no moves. A
text is written in one language after the other, from what the rows themselves say in it; where a
row has no English, the whole draft has none.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from governance.models import Decision, DecisionStatus
from kpi.models import Indicator, IndicatorStatus
from projects.models import Call
from roadmap.models import Initiative, RoadmapVersion
from workshops.models import Workshop, WorkshopStatus

from . import occasion_words as words
from .models import BlockKind, Layout, OccasionCode
from .occasion_words import Letter

#: What came longer ago is no news any more: an edition of last year that is entered now.
NEWS = timedelta(days=14)
#: A call is told once more while there is still time to hand in a sheet.
CLOSING = timedelta(days=14)


@dataclass(frozen=True)
class Kind:
    """One kind of event.

    ``rows`` are those that anybody may see now and that are news still; ``write`` (rows, language)
    gives a letter. ``moves`` names the transitions; without them each of ``rows`` is an event of
    its own, remembered in the field ``by_day`` of `OccasionEvent`. ``gathers``: several go into
    one draft. ``english`` are the fields that an English letter takes from each row.
    """

    code: str
    topic: str
    model: type
    rows: Callable[[], QuerySet]
    write: Callable[[list, str], Letter]
    english: tuple[str, ...]
    moves: tuple[str, ...] = ()
    by_day: str = ""
    gathers: bool = False
    layout: str = Layout.LETTER
    begins: Callable = field(default=lambda row: None)

    @property
    def block(self) -> str:
        """Return which kind of block tells of one row."""
        return BlockKind.EVENT if self.layout == Layout.INVITATION else BlockKind.TEXT

    def has_english(self, rows) -> bool:
        """Tell whether each of ``rows`` can be told in English."""
        return all(getattr(row, f"{name}_en") for row in rows for name in self.english)


def _seen_by_all(model) -> QuerySet:
    return model.objects.visible_to(AnonymousUser())


def _workshops(*states) -> QuerySet:
    rows = _seen_by_all(Workshop).filter(status__in=states, starts_at__gt=timezone.now())
    return rows.order_by("starts_at", "pk")


def _announced() -> QuerySet:
    """Return what waits for its registration: once that opens, this is what is told."""
    return _workshops(WorkshopStatus.PUBLISHED)


def _open() -> QuerySet:
    return _workshops(WorkshopStatus.REGISTRATION_OPEN)


def _opened_calls() -> QuerySet:
    today = timezone.localdate()
    rows = _seen_by_all(Call).filter(opens_on__range=(today - NEWS, today), closes_on__gte=today)
    return rows.order_by("opens_on", "pk")


def _closing_calls() -> QuerySet:
    today = timezone.localdate()
    rows = _seen_by_all(Call).filter(closes_on__range=(today, today + CLOSING))
    # A call that is as short as that was told when it opened.
    return rows.filter(opens_on__lt=today - timedelta(days=1)).order_by("closes_on", "pk")


def _editions() -> QuerySet:
    today = timezone.localdate()
    rows = _seen_by_all(RoadmapVersion).filter(published_on__range=(today - NEWS, today))
    return rows.order_by("number")


def _indicators() -> QuerySet:
    rows = _seen_by_all(Indicator).filter(status=IndicatorStatus.PUBLISHED)
    return rows.order_by("framework__position", "code")


def _initiatives() -> QuerySet:
    return _seen_by_all(Initiative).order_by("slug")


def _decisions() -> QuerySet:
    taken = (DecisionStatus.ADOPTED, DecisionStatus.REJECTED)
    return _seen_by_all(Decision).filter(status__in=taken).order_by("decided_on", "number")


INVITATIONS, CALLS = "workshop-invitations", "calls-for-projects"
RESULTS, NEWSLETTER = "measured-results", "newsletter"

KINDS = {
    each.code: each
    for each in (
        Kind(
            OccasionCode.WORKSHOP_ANNOUNCED,
            INVITATIONS,
            Workshop,
            _announced,
            words.workshop_announced,
            english=("title", "summary", "venue"),
            moves=("publish", "reschedule"),
            layout=Layout.INVITATION,
            begins=lambda row: row.starts_at,
        ),
        Kind(
            OccasionCode.WORKSHOP_OPENS,
            INVITATIONS,
            Workshop,
            _open,
            words.workshop_opens,
            english=("title", "summary", "venue"),
            moves=("open_registration",),
            layout=Layout.INVITATION,
            begins=lambda row: row.starts_at,
        ),
        Kind(
            OccasionCode.CALL_OPENS,
            CALLS,
            Call,
            _opened_calls,
            words.call_opens,
            english=("name",),
            by_day="call",
        ),
        Kind(
            OccasionCode.CALL_CLOSES,
            CALLS,
            Call,
            _closing_calls,
            words.call_closes,
            english=("name",),
            by_day="call",
        ),
        Kind(
            OccasionCode.INDICATOR,
            RESULTS,
            Indicator,
            _indicators,
            words.indicators,
            english=("name", "unit"),
            moves=("publish", "resume"),
            gathers=True,
            layout=Layout.NEWS,
        ),
        Kind(
            OccasionCode.INITIATIVE,
            NEWSLETTER,
            Initiative,
            _initiatives,
            words.initiatives,
            english=("title", "summary"),
            moves=(
                *("publish_selection", "select"),
                *("enter_planned", "enter_ongoing", "enter_completed"),
            ),
            gathers=True,
            layout=Layout.NEWS,
        ),
        Kind(
            OccasionCode.EDITION,
            NEWSLETTER,
            RoadmapVersion,
            _editions,
            words.edition,
            english=("title", "introduction"),
            by_day="edition",
        ),
        Kind(
            OccasionCode.DECISION,
            NEWSLETTER,
            Decision,
            _decisions,
            words.decisions,
            english=("title",),
            moves=("adopt", "reject"),
            gathers=True,
            layout=Layout.NEWS,
        ),
    )
}
