"""What a contributor sees and does through the secret link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from core.permissions import SYSTEM
from core.search import current_language
from core.selectors import history_of
from core.workflow import TransitionRefused

from .. import clock, selectors, services
from ..edit_workflow import CORRECTABLE_STATES
from ..forms import AddressForm, ReplyForm, SettingsForm, WithdrawalForm
from ..words import sentence
from ..workflow import IDEA
from .ideas import ideas_trail
from .intake import dead_link, visitor


@login_not_required
@never_cache
def idea_track(request):
    """Send the links of an address; the reply is the same whether we know it or not."""
    form = AddressForm(request.POST or None, visitor=visitor(request))
    if request.method == "POST" and form.is_valid():
        if form.may_send():
            services.send_links(form.cleaned_data["email"], language=current_language())
        return render(request, "stakeholders/links_sent.html")
    context = {"form": form, "trail": ideas_trail()}
    return render(request, "stakeholders/idea_track.html", context)


@login_not_required
@never_cache
def idea_tracking(request, token):
    """Show a contributor their idea; take a reply, or a withdrawal that is confirmed once more."""
    submission = selectors.tracked_submission(token)
    if submission is None:
        return dead_link(request)
    answer = _act(request, submission)
    return answer or render(
        request, "stakeholders/idea_tracking.html", _context(request, submission)
    )


def _act(request, submission) -> HttpResponse | None:
    """Do what was asked; None where the page itself is the answer."""
    action = ACTIONS.get(request.POST.get("action", ""))
    return action(request, submission) if action else None


def _reply(request, submission):
    form = ReplyForm(request.POST, instance_of=submission.idea)
    if form.is_valid() and _done(services.reply_to_question, submission.idea, form):
        return redirect(request.path)
    return _ask_again(request, submission, reply_form=form)


def _withdraw(request, submission):
    idea = submission.idea
    form = WithdrawalForm(request.POST, instance_of=idea)
    if not form.is_valid():
        return _ask_again(request, submission, withdrawal_form=form)
    if "confirmed" not in request.POST:
        context = {"idea": idea, "form": form, "back": request.path}
        return render(request, "stakeholders/idea_withdraw.html", context)
    if _done(services.withdraw_idea, idea, form):
        return redirect(request.path)
    return _ask_again(request, submission, withdrawal_form=form)


def _settings(request, submission):
    form = SettingsForm(request.POST, submission=submission)
    if not form.is_valid():
        return _ask_again(request, submission, settings_form=form)
    services.set_notifications(submission, **form.cleaned_data)
    messages.success(request, gettext("Your settings are kept."))
    return redirect(request.path)


ACTIONS = {"reply": _reply, "withdraw": _withdraw, "settings": _settings}


def _done(verb, idea, form) -> bool:
    """Call ``verb`` with what the form holds; a refusal stands in the form."""
    try:
        verb(idea, by=SYSTEM, **form.cleaned_data)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _ask_again(request, submission, **forms):
    submission.idea.refresh_from_db()
    context = {**_context(request, submission), **forms}
    return render(request, "stakeholders/idea_tracking.html", context)


def _context(request, submission) -> dict:
    idea = submission.idea
    waits = selectors.pending_edit(idea)
    possible = {step.name for step in IDEA.available(idea, SYSTEM)}
    asked = idea.status == idea.Status.INFO_REQUESTED
    return {
        "idea": idea,
        "sentence": sentence(idea),
        "expected": clock.sentence(clock.look_up(idea)),
        "told": selectors.told_about(idea),
        "question": selectors.open_question(idea) if asked else None,
        "replies": idea.questions.exclude(replied_at=None),
        "reply_form": ReplyForm(instance_of=idea),
        "withdrawal_form": WithdrawalForm(instance_of=idea),
        "can_withdraw": "withdraw" in possible,
        "attachments": idea.attachments.all(),
        "changes": history_of(idea),
        "settings_form": SettingsForm(submission=submission),
        "edits": idea.edits.filter(submission=submission),
        "text": waits or idea,
        "waits": waits,
        "token": request.resolver_match.kwargs["token"],
        "can_correct": idea.status in CORRECTABLE_STATES and submission.via_id is None,
    }
