"""The page behind the secret link on which an author corrects title, words and place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.workflow import TransitionRefused

from .. import selectors, services
from ..edit_workflow import refuse_closed
from ..forms import CorrectionForm
from .intake import dead_link


@login_not_required
@never_cache
def idea_correct(request, token):
    """Show the text as the author last wrote it (GET); take the correction (POST)."""
    submission = selectors.tracked_submission(token)
    if submission is None or submission.via_id is not None:
        return dead_link(request)
    idea = submission.idea
    closed = _closed(idea)
    if closed and request.method != "POST":
        messages.warning(request, closed)
        return redirect("stakeholders:idea-tracking", token)
    pending = selectors.pending_edit(idea)
    form = CorrectionForm(request.POST or None, idea=idea, pending=pending)
    if request.method == "POST" and form.is_valid() and _corrected(request, submission, form):
        return redirect("stakeholders:idea-tracking", token)
    context = {"form": form, "idea": idea, "pending": pending, "token": token}
    return render(request, "stakeholders/idea_correct.html", context)


def _closed(idea) -> str:
    """Return why the text can no longer be corrected, "" where it can."""
    try:
        refuse_closed(idea)
    except TransitionRefused as refusal:
        return str(refusal)
    return ""


def _corrected(request, submission, form) -> bool:
    """Keep the correction and say what becomes of it; a refusal stands in the form."""
    try:
        edit = services.correct_idea(submission, form.words, seen=form.cleaned_data["seen"])
    except TransitionRefused as refusal:
        submission.idea.refresh_from_db()
        form.look_again(submission.idea)
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _said(edit))
    return True


def _said(edit) -> str:
    if edit is None:
        return _("Your correction is taken back: the published text stays.")
    if edit.status == edit.Status.APPLIED:
        return _("Your text is corrected.")
    return _("The Office reads your correction. Until then the text before it stays public.")
