"""How the Office answers, in figures; and whether an answer helped, told by whoever got it."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from programme.lists import answer_file, export_links

from .. import clock, punctuality, selectors, services
from ..forms import FeedbackForm
from ..models import FeedbackStatus
from .ideas import ideas_trail


@login_not_required
def how_we_answer(request):
    """Show how fast the Office answers and whether it helps, or give the figures as a file."""
    found = punctuality.published()
    file = answer_file(request, lambda: punctuality.export(found))
    if file:
        return file
    context = {
        "table": punctuality.table(found.figures),
        "counted_at": found.counted_at,
        "definitions": punctuality.definitions(),
        "acknowledge_days": clock.acknowledge_within().days,
        "answer_days": clock.answer_within().days,
        "exports": export_links(request),
        "trail": ideas_trail(),
    }
    return render(request, "stakeholders/answering.html", context)


@login_not_required
@never_cache
def idea_feedback(request, token):
    """Ask whether the answer helped (a GET changes nothing), take the reply (POST), once."""
    feedback = selectors.asked_feedback(token)
    if feedback is None or feedback.status != FeedbackStatus.ASKED:
        return render(request, "stakeholders/feedback_dead.html")
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = services.reply_feedback(token, helps=data["helps"] == "yes", comment=data["comment"])
        if done:
            return render(request, "stakeholders/feedback_thanks.html", {"feedback": done})
        return render(request, "stakeholders/feedback_dead.html")
    context = {
        "form": form,
        "idea": feedback.statement.idea,
        "statement": feedback.statement,
    }
    return render(request, "stakeholders/feedback.html", context)
