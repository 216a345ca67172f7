"""Asking to be written to, and confirming it."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from .. import selectors, services
from ..consents import SUBSCRIPTION_VERSION
from ..following import aims_of
from ..forms import PreferencesForm, SubscribeForm
from ..models import Followed
from .intake import visitor


@login_not_required
@never_cache
def subscribe(request):
    """Take a wish to be written to; nothing is sent before it is confirmed by mail."""
    form = SubscribeForm(request.POST or None, visitor=visitor(request))
    if request.method == "POST" and form.is_valid_or_robot():
        if not form.is_robot:
            keep_subscription(form)
        return render(request, "stakeholders/subscription_sent.html")
    return render(request, "stakeholders/subscribe.html", {"form": form})


def keep_subscription(form) -> None:
    """Note what a valid form asks for and send the link that confirms it."""
    data = form.cleaned_data
    services.request_subscription(
        email=data["email"],
        topics=data["topics"],
        language=data["language"],
        wording_version=SUBSCRIPTION_VERSION,
    )
    form.count_use()


@login_not_required
@never_cache
def subscribe_confirm(request, token):
    """Ask to confirm a subscription (a GET changes nothing), then confirm it."""
    if request.method == "POST":
        done = services.confirm_subscription(token)
        if done:
            return render(request, "stakeholders/subscribed.html", _about(done))
    asked = selectors.awaiting_request(token)
    if asked is None:
        form = PreferencesForm(action=reverse("stakeholders:subscription-links"))
        return render(request, "stakeholders/subscription_dead.html", {"form": form})
    return render(request, "stakeholders/subscribe_confirm.html", _about(asked))


def _about(asked) -> dict:
    """Return what a request is about: topics, or another thing as `aims_of` names it."""
    if asked.kind == Followed.TOPIC:
        return {"topics": asked.topics.all()}
    return {"aims": aims_of(asked)}
