"""Asking to be written to, and confirming it."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from .. import selectors, services
from ..consents import SUBSCRIPTION_VERSION
from ..forms import SubscribeForm
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
            return render(request, "stakeholders/subscribed.html", {"topics": done.topics.all()})
    asked = selectors.awaiting_request(token)
    if asked is None:
        return render(request, "stakeholders/subscription_dead.html")
    context = {"topics": asked.topics.all()}
    return render(request, "stakeholders/subscribe_confirm.html", context)
