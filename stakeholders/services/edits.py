"""Corrections by the author: kept as versions, public only once the Office has approved them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import SYSTEM
from core.workflow import TransitionRefused, record_change

from .. import mails
from ..edit_workflow import EDIT, refuse_closed
from ..models import Idea, IdeaEdit, Submission, text_state, words_of
from .moderation import nothing_more
from .pairs import look_again


@transaction.atomic
def correct_idea(submission: Submission, words: dict, *, seen: str) -> IdeaEdit | None:
    """Take a correction by the author, who saw the text in state ``seen`` (`text_state`).

    Before moderation the text changes at once. What is published stays until the Office approves;
    a correction that waits is replaced, and taken back where ``words`` are the approved ones (then
    None is returned). Raises `TransitionRefused`, and nothing is written, where the text has moved
    on since, where nothing changes or where the idea can no longer be corrected.
    """
    idea = _lock(submission.idea_id)
    refuse_closed(idea)
    if seen != text_state(idea):
        raise TransitionRefused(
            _(
                "The text or its state has changed since you opened this page. What you typed is "
                "kept below and nothing is saved yet: compare, then send again."
            )
        )
    pending = idea.edits.pending().first()
    if words == words_of(pending or idea):
        raise TransitionRefused(_("You have not changed anything."))
    if pending:
        replace_edit(pending, by=SYSTEM)
        if words == words_of(idea):
            return None
    return _keep(submission, idea, words)


def _lock(pk) -> Idea:
    """Return the idea, locked before its corrections: everybody locks in this order."""
    return Idea._base_manager.select_for_update().get(pk=pk)


def _keep(submission, idea, words) -> IdeaEdit:
    edit = IdeaEdit.objects.create(idea=idea, submission=submission, former=words_of(idea), **words)
    record_change(edit, "submit", "", edit.status, by=None)
    if idea.published_at is None:
        apply_edit(edit, by=SYSTEM)
    return edit


@EDIT.verb("apply")
@transaction.atomic
def apply_edit(edit, *, by, note=""):
    """Put a correction of what nobody has moderated yet in place."""
    idea = _lock(edit.idea_id)
    change = EDIT.apply(edit, "apply", by=by, note=note)
    _put(idea, edit)
    return change


@EDIT.verb("approve")
@transaction.atomic
def approve_edit(edit, *, by, note=""):
    """Publish a correction; its author is told."""
    idea = _lock(edit.idea_id)
    change = EDIT.apply(edit, "approve", by=by, note=note, decided_at=timezone.now())
    _put(idea, edit)
    told = Submission.objects.filter(pk=edit.submission_id, notify=True)
    mails.tell_contributors(change, "idea_edit_approved", _with_names(told), nothing_more)
    return change


@EDIT.verb("refuse")
@transaction.atomic
def refuse_edit(edit, *, by, reason, explanation, note=""):
    """Keep the approved text; the author is told why, whether they want mails or not."""
    _lock(edit.idea_id)
    change = EDIT.apply(
        edit,
        "refuse",
        by=by,
        note=note,
        reason=reason,
        explanation=explanation,
        decided_at=timezone.now(),
    )
    told = Submission.objects.filter(pk=edit.submission_id)

    def context(submission):
        return {"edit": edit}

    mails.tell_contributors(change, "idea_edit_refused", _with_names(told), context)
    return change


@EDIT.verb("replace")
def replace_edit(edit, *, by, note=""):
    """Close a correction that its author has corrected or taken back."""
    return EDIT.apply(edit, "replace", by=by, note=note)


def _put(idea, edit):
    """Write what the correction changes into the idea, and nothing else."""
    for name in edit.changed:
        setattr(idea, name, getattr(edit, name))
    idea.save(update_fields=edit.changed)
    look_again(idea, edit.changed)
    edit.idea = idea


def _with_names(submissions):
    return submissions.select_related("contact", "idea")
