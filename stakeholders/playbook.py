"""What each bilateral meeting asks for and by which day: computed from the meeting, not stored.

A step is counted in days of Brussels from the day of the meeting, so that a change of the clock or
the end of a month moves nothing. A task is there while its step is to be done, and no longer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import OVER, TOOK_PLACE, BilateralMeeting, BilateralStatus

TO_COME = (BilateralStatus.PROPOSED, BilateralStatus.AGREED)
#: The next move towards minutes that are shared, by state.
TOWARDS_MINUTES = {
    BilateralStatus.PROPOSED: "agree",
    BilateralStatus.AGREED: "hold",
    BilateralStatus.HELD: "write_minutes",
    BilateralStatus.MINUTES_DRAFT: "share_minutes",
}


def _to_invite(meeting, now) -> bool:
    return meeting.status in TO_COME and meeting.invited_at is None and meeting.starts_at > now


def _to_send_agenda(meeting, now) -> bool:
    return meeting.status in TO_COME and meeting.agenda_sent_at is None and meeting.starts_at > now


def _to_write(meeting, now) -> bool:
    return meeting.status in TOWARDS_MINUTES and meeting.ends_at <= now


def _to_validate(meeting, now) -> bool:
    return meeting.status == BilateralStatus.MINUTES_SHARED


def _to_follow_up(meeting, now) -> bool:
    return meeting.status in TOOK_PLACE and meeting.followed_up_at is None


@dataclass(frozen=True)
class Step:
    """One step of the playbook: days after the meeting (before it: negative), and while it asks.

    ``action`` is the verb behind it; minutes come about in several moves (`TOWARDS_MINUTES`).
    """

    code: str
    days: int
    label: str
    asks: Callable
    action: str = ""


STEPS = (
    Step("invite", -21, gettext_lazy("Send the invitation"), _to_invite, "invite"),
    Step("agenda", -7, gettext_lazy("Send the agenda"), _to_send_agenda, "send_agenda"),
    Step("minutes", 5, gettext_lazy("Write the minutes and share them"), _to_write),
    Step("validation", 10, gettext_lazy("Validate the meeting"), _to_validate, "validate"),
    Step("follow_up", 60, gettext_lazy("Follow up"), _to_follow_up, "follow_up"),
)


@dataclass(frozen=True)
class Task:
    """A step that one meeting asks for now."""

    step: Step
    meeting: BilateralMeeting
    due_on: date

    @property
    def action(self) -> str:
        """Return the verb that does it, or that comes next on the way."""
        return self.step.action or TOWARDS_MINUTES[self.meeting.status]

    @property
    def due(self) -> datetime:
        """Return the end of the day on which it is due, in Brussels."""
        return timezone.make_aware(datetime.combine(self.due_on, time.max))

    @property
    def is_overdue(self) -> bool:
        """Tell whether the day has passed."""
        return self.due < timezone.now()

    @property
    def whom(self) -> str:
        """Name who is asked: the host, and for the validation anybody else."""
        host = str(self.meeting.owner)
        if self.step.code == "validation":
            return _("anybody but %(host)s") % {"host": host}
        return host

    def asks(self, user) -> bool:
        """Tell whether ``user`` could do it: nobody validates a meeting of their own."""
        return self.step.code != "validation" or self.meeting.owner_id != user.pk


def due_on(meeting, step: Step) -> date:
    """Return the day on which ``step`` of ``meeting`` is due, in Brussels."""
    return timezone.localdate(meeting.starts_at) + timedelta(days=step.days)


def tasks_of(meeting, now=None) -> list[Task]:
    """Return what ``meeting`` asks for now, the first due first."""
    now = now or timezone.now()
    return [Task(step, meeting, due_on(meeting, step)) for step in STEPS if step.asks(meeting, now)]


def tasks(user, now=None) -> list[Task]:
    """Return what the meetings ask ``user`` for, the first due first, in one query."""
    now = now or timezone.now()
    rows = BilateralMeeting.objects.visible_to(user).exclude(status__in=sorted(OVER))
    done = Q(status=BilateralStatus.VALIDATED, followed_up_at__isnull=False)
    rows = rows.exclude(done).select_related("organisation", "owner")
    found = [task for meeting in rows for task in tasks_of(meeting, now) if task.asks(user)]
    return sorted(found, key=lambda task: (task.due_on, task.meeting.pk, task.step.days))


def plan_of(meeting, now=None) -> list[dict]:
    """Return all five steps of ``meeting`` with their days, for its page.

    ``state`` is "done", "late", "open" (asked for now) or "later"; "" where it no longer applies.
    """
    now = now or timezone.now()
    asked = {task.step.code: task for task in tasks_of(meeting, now)}
    done = _done(meeting)
    rows = []
    for step in STEPS:
        task = asked.get(step.code)
        state = "done" if step.code in done else _state(meeting, step, task, now)
        rows.append({"step": step, "due_on": due_on(meeting, step), "state": state, "task": task})
    return rows


def _state(meeting, step, task, now) -> str:
    if task:
        return "late" if task.is_overdue else "open"
    gone = meeting.status in OVER or (step.days < 0 and meeting.starts_at <= now)
    return "" if gone else "later"


def _done(meeting) -> set[str]:
    shared = (BilateralStatus.MINUTES_SHARED, BilateralStatus.VALIDATED)
    known = {
        "invite": meeting.invited_at,
        "agenda": meeting.agenda_sent_at,
        "minutes": meeting.status in shared,
        "validation": meeting.status == BilateralStatus.VALIDATED,
        "follow_up": meeting.followed_up_at,
    }
    return {code for code, value in known.items() if value}
