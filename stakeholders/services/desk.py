"""What colleagues do about an idea among themselves: notes, and who evaluates it until when."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import is_staff
from core.workflow import PermissionRefused, TransitionRefused

from ..models import IN_WORK, Assignment, Idea, IdeaNote
from ..permissions import is_contributor, moderates


def add_note(idea, *, by, text: str, reply_to=None) -> IdeaNote:
    """Write a note about ``idea``, or a reply to a note; a reply to a reply joins the same note."""
    if not moderates(by, idea):
        raise PermissionRefused(_("You may not do this."))
    if reply_to is not None and reply_to.reply_to_id is not None:
        reply_to = reply_to.reply_to
    return IdeaNote.objects.create(idea=idea, author=by, text=text.strip(), reply_to=reply_to)


@transaction.atomic
def assign_idea(idea, *, by, evaluator, due_on) -> Assignment:
    """Give ``idea`` to ``evaluator``; whoever had it before stays in the history.

    The same colleague until the same day is no new assignment: a double click changes nothing.
    """
    locked = _lock(idea, by)
    _refuse_evaluator(locked, evaluator)
    running = locked.assignments.open().first()
    if running and (running.evaluator_id, running.due_on) == (evaluator.pk, due_on):
        return running
    _end(running, by)
    return Assignment.objects.create(
        idea=locked, evaluator=evaluator, due_on=due_on, assigned_by=by
    )


@transaction.atomic
def end_assignment(idea, *, by) -> bool:
    """Take ``idea`` back from whoever evaluates it; return False where nobody did."""
    locked = _lock(idea, by)
    return _end(locked.assignments.open().first(), by)


def _lock(idea, by):
    if not moderates(by, idea):
        raise PermissionRefused(_("You may not do this."))
    return Idea._base_manager.select_for_update().get(pk=idea.pk)


def _refuse_evaluator(idea, evaluator):
    if idea.status not in IN_WORK:
        raise TransitionRefused(_("There is nothing left to evaluate: this idea has come to rest."))
    if not is_staff(evaluator):
        raise TransitionRefused(_("Choose a colleague of the Office."))
    if is_contributor(evaluator, idea):
        raise TransitionRefused(_("Nobody evaluates an idea of their own. Choose a colleague."))


def _end(running, by) -> bool:
    if running is None:
        return False
    running.ended_by, running.ended_at = by, timezone.now()
    running.save(update_fields=["ended_by", "ended_at"])
    return True
