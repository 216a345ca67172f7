"""Sending an idea without an account, and confirming it by mail."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from .. import selectors, services
from ..consents import IDEA_VERSION
from ..forms import AddressForm, IdeaForm
from ..papers import blank_addresses
from ..similar import similar_ideas
from .ideas import ideas_trail


def visitor(request) -> str:
    """Return the address of the machine that sends."""
    return request.META.get("REMOTE_ADDR", "")


def dead_link(request):
    """Answer the same for a link that is unknown, used or too old, with a way to a new one."""
    form = AddressForm(action=reverse("stakeholders:idea-track"))
    return render(request, "stakeholders/link_dead.html", {"form": form})


@login_not_required
@never_cache
def idea_new(request):
    """Take an idea without an account; nothing is public before it is confirmed and moderated."""
    form = IdeaForm(
        request.POST or None,
        request.FILES or None,
        visitor=visitor(request),
        initial={"easy": "easy" in request.GET},
    )
    if request.method == "POST" and form.is_valid_or_robot():
        if not form.is_robot:
            keep_idea(form)
        return redirect("stakeholders:idea-sent")
    title = form.data.get("title", "") if form.is_bound else ""
    beside = {"trail": ideas_trail(), "blanks": blank_addresses()}
    context = {"form": form, **beside, **similar_to(title)}
    return render(request, "stakeholders/idea_new.html", context)


def keep_idea(form) -> None:
    """Store what a valid form holds and send the link that confirms it."""
    data = form.cleaned_data
    services.submit_idea(
        form.new_idea(),
        email=data["email"],
        name=data["name"],
        notify=data["notify"],
        consent_version=IDEA_VERSION,
        attached=form.attached(),
    )
    form.count_use()


def similar_to(title: str) -> dict:
    """Return the context of the hint: public ideas like ``title``, whoever asks."""
    found = similar_ideas(title, AnonymousUser())
    return {
        "similar": found.ideas,
        "similar_count": found.total,
        "similar_and_more": found.and_more,
    }


@login_not_required
def idea_similar(request):
    """Show the ideas like a title: a fragment for the form, a page for whoever comes by a link."""
    title = request.GET.get("title", "")
    name = "_similar_found" if request.htmx else "idea_similar"
    context = {"title": title, **similar_to(title)}
    return render(request, f"stakeholders/{name}.html", context)


@login_not_required
def idea_sent(request):
    """Say that a mail is on its way; the same for everybody."""
    return render(request, "stakeholders/idea_sent.html")


@login_not_required
@never_cache
def idea_confirm(request, token):
    """Ask to confirm (a GET changes nothing), then confirm and show reference and link."""
    if request.method == "POST":
        raw = services.confirm_submission(token)
        if raw:
            return redirect("stakeholders:idea-tracking", raw)
    submission = selectors.awaiting_submission(token)
    if submission is None:
        return dead_link(request)
    return render(request, "stakeholders/idea_confirm.html", {"idea": submission.idea})
