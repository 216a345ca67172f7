"""What has to be true before a move, each refusal with the way to mend it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core import typography
from core.publication import REQUIRED, parity_guard
from core.workflow import TransitionRefused

from .models import PUBLIC_DECISION


def tells_why(obj) -> None:
    """Refuse to move or cancel something announced without a reason that both languages tell."""
    parity_guard(obj)
    if not all((getattr(obj, f"status_reason_{code}") or "").strip() for code in REQUIRED):
        raise TransitionRefused(_("Give the reason in French and in Dutch: everybody reads it."))


def may_be_taken(decision) -> None:
    """Refuse a decision without reasons in both languages, before its meeting, or in the future."""
    parity_guard(decision)
    meeting = decision.meeting
    if not meeting.is_opened:
        raise TransitionRefused(
            _(
                "A decision is recorded in its meeting or after it. "
                "Meeting %(number)s is “%(state)s”."
            )
            % {"number": meeting.number, "state": meeting.get_status_display()}
        )
    if decision.decided_on is None:
        raise TransitionRefused(_("Give the day on which it was taken."))
    if decision.decided_on > timezone.localdate():
        raise TransitionRefused(_("The day on which it was taken is in the future."))
    if decision.decided_on < timezone.localdate(meeting.starts_at):
        raise TransitionRefused(
            _("The meeting took place on %(day)s: it cannot have been taken before.")
            % {"day": typography.day(meeting.starts_at)}
        )


def may_end(decision) -> None:
    """Refuse to end a decision otherwise than by a later one that was taken."""
    later = decision.ended_by
    if later is None or later.pk == decision.pk or later.status not in PUBLIC_DECISION:
        raise TransitionRefused(_("Name the decision that ends this one; it has to be taken."))
    if later.decided_on < decision.decided_on:
        raise TransitionRefused(
            _("Decision %(number)s was taken before this one.") % {"number": later.number}
        )


def nothing_left_to_do(decision) -> None:
    """Refuse to call a decision implemented while one of its actions is not done."""
    left = [str(action) for action in decision.actions.pending()]
    if left:
        raise TransitionRefused(_("Still to be done: %(actions)s.") % {"actions": "; ".join(left)})
