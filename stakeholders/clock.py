"""How long the Office takes over an idea: when it has to answer, and when the clock stands still.

Nothing is stored: the clock is read from the history, so that it cannot disagree with it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, FloatField, Min, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Extract, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from core import typography
from core.models import StatusChange
from core.queues import end_of

from .models import Idea, IdeaStatus, OfficialStatement, StatementKind

#: States in which a contributor still waits for the answer.
RUNNING = frozenset(
    {
        IdeaStatus.RECEIVED,
        IdeaStatus.INFO_REQUESTED,
        IdeaStatus.PUBLISHED,
        IdeaStatus.UNDER_REVIEW,
    }
)
#: The first of these moves tells the contributor that somebody has read the idea.
ACKNOWLEDGING = ("publish", "ask_info", "refuse", "merge")


def acknowledge_within() -> timedelta:
    """Return how long the Office has for its first reaction."""
    return timedelta(days=settings.IDEA_ACKNOWLEDGE_WITHIN_DAYS)


def answer_within() -> timedelta:
    """Return how long the Office has for its answer, pauses not counted."""
    return timedelta(days=settings.IDEA_ANSWER_WITHIN_DAYS)


@dataclass(frozen=True)
class Clock:
    """The clock of one idea at one moment.

    ``paused`` is how long it stood still up to ``now``, or up to the answer.
    """

    status: str
    received_at: datetime
    acknowledged_at: datetime | None
    answered_at: datetime | None
    paused: timedelta
    now: datetime

    @property
    def acknowledge_due_on(self) -> date:
        """Return the last day for the first reaction."""
        return timezone.localdate(self.received_at + acknowledge_within())

    @property
    def answer_due_on(self) -> date:
        """Return the last day for the answer; it moves on while the clock stands still."""
        return timezone.localdate(self.received_at + answer_within() + self.paused)

    @property
    def is_running(self) -> bool:
        """Tell whether somebody still waits for the answer."""
        return self.status in RUNNING

    @property
    def is_paused(self) -> bool:
        """Tell whether the clock stands still: the Office waits for a reply."""
        return self.status == IdeaStatus.INFO_REQUESTED

    @property
    def is_overdue(self) -> bool:
        """Tell whether the answer should have been given by now."""
        late = end_of(self.answer_due_on) < self.now
        return self.is_running and not self.is_paused and late

    @property
    def acknowledged_in_time(self) -> bool | None:
        """Tell whether the first reaction came in time; None while there is time left."""
        return in_time(self.acknowledged_at, self.acknowledge_due_on, self.now)

    @property
    def answered_in_time(self) -> bool | None:
        """Tell whether the answer came in time; None while there is time left or a pause."""
        if self.answered_at is None and self.is_paused:
            return None
        return in_time(self.answered_at, self.answer_due_on, self.now)

    @property
    def days_to_acknowledge(self) -> int | None:
        """Return after how many days the first reaction came."""
        return self.acknowledged_at and (self.acknowledged_at - self.received_at).days

    @property
    def days_to_answer(self) -> int | None:
        """Return after how many days the answer came, pauses not counted."""
        return self.answered_at and (self.answered_at - self.received_at - self.paused).days


def in_time(done: datetime | None, due: date, now: datetime) -> bool | None:
    """Tell whether something was done by the end of ``due``; None where it still can be."""
    if done is not None:
        return done <= end_of(due)
    return None if now <= end_of(due) else False


def moves(**conditions):
    """Return the moves of the idea of an outer query."""
    kind = ContentType.objects.get_for_model(Idea)
    rows = StatusChange.objects.filter(content_type=kind, object_id=OuterRef("pk"), **conditions)
    return rows.order_by().values("object_id")


def statements(kind):
    """Return the first published statement of ``kind`` about the idea of an outer query."""
    rows = OfficialStatement.objects.public().filter(idea=OuterRef("pk"), kind=kind)
    return rows.order_by().values("idea").annotate(first=Min("published_at")).values("first")


def paused_seconds():
    """Return the sum of the ends of all pauses minus that of their beginnings.

    An open pause has a beginning only: see `clock_of`.
    """
    asked = Q(target=IdeaStatus.INFO_REQUESTED)
    moment = Extract(F("at"), "epoch", tzinfo=UTC, output_field=FloatField())
    rows = moves().filter(asked | Q(source=IdeaStatus.INFO_REQUESTED))
    signed = Sum(Case(When(asked, then=-moment), default=moment))
    return rows.annotate(seconds=signed).values("seconds")


def timed(rows):
    """Add to ideas ``rows`` what their clocks are read from."""
    first_move = moves(transition__in=ACKNOWLEDGING).annotate(first=Min("at")).values("first")
    return rows.annotate(
        acknowledged_at=Least(
            Subquery(first_move), Subquery(statements(StatementKind.ACKNOWLEDGEMENT))
        ),
        first_answered_at=Subquery(statements(StatementKind.ANSWER)),
        paused_seconds=Subquery(paused_seconds()),
    )


def clock_of(idea, now=None) -> Clock:
    """Return the clock of a row of `timed`."""
    now = now or timezone.now()
    seconds = float(idea.paused_seconds or 0)
    if idea.status == IdeaStatus.INFO_REQUESTED and seconds < 0:
        seconds += now.timestamp()
    return Clock(
        status=idea.status,
        received_at=idea.received_at,
        acknowledged_at=idea.acknowledged_at,
        answered_at=idea.first_answered_at,
        paused=timedelta(seconds=max(seconds, 0)),
        now=now,
    )


def look_up(idea, now=None) -> Clock | None:
    """Return the clock of one idea, None where it was not received yet."""
    if idea.received_at is None:
        return None
    return clock_of(timed(Idea._base_manager.filter(pk=idea.pk)).get(), now)


def sentence(clock: Clock | None) -> str:
    """Return what a contributor can expect and when, "" where nothing more is to come."""
    if clock is None or not clock.is_running or clock.answered_at is not None:
        return ""
    words = {"day": typography.day(clock.answer_due_on)}
    if clock.is_paused:
        return (
            _(
                "The clock stands still while we wait for you. Replied today, you will have an "
                "answer by %(day)s."
            )
            % words
        )
    if clock.is_overdue:
        return _("You should have had an answer by %(day)s. We are late, and we are sorry.") % words
    if clock.status == IdeaStatus.RECEIVED and clock.acknowledged_at is None:
        words["first"] = typography.day(clock.acknowledge_due_on)
        if clock.now <= end_of(clock.acknowledge_due_on):
            return _("You will hear from us by %(first)s and have an answer by %(day)s.") % words
    return _("You will have an answer by %(day)s.") % words


def office_words(clock: Clock | None) -> str:
    """Return what the staff read about the clock of an idea."""
    if clock is None or not clock.is_running:
        return "—"
    day = typography.day(clock.answer_due_on)
    if clock.is_paused:
        return _("%(day)s if the reply came today; the clock stands still") % {"day": day}
    return _("%(day)s (overdue)") % {"day": day} if clock.is_overdue else day
