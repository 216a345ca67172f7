"""Reporting an idea, without an account."""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from core.search import current_language

from .. import selectors, services
from ..forms import ReportForm
from ..reporters import hash_of_address, hash_of_device
from .ideas import ideas_trail
from .intake import visitor

#: In the session, so that it ends with it; a login keeps it.
DEVICE = "reports_as"


@login_not_required
@never_cache
def idea_report(request, reference):
    """Take a report of a public idea; the answer is the same whether it was the first or not."""
    rows = selectors.public_ideas(AnonymousUser())
    idea = get_object_or_404(rows, reference__iexact=reference)
    form = ReportForm(request.POST or None, visitor=visitor(request))
    # Known before anything is sent: of a double click both halves come from the same device.
    device = hash_of_device(device_secret(request), idea)
    if request.method == "POST" and form.is_valid_or_robot():
        if not form.is_robot:
            keep_report(request, idea, form, device)
        return redirect("stakeholders:idea-reported")
    trail = [*ideas_trail(), (idea.get_absolute_url(), idea.reference)]
    return render(
        request, "stakeholders/idea_report.html", {"form": form, "idea": idea, "trail": trail}
    )


def device_secret(request) -> str:
    """Return what this browser is known by for as long as its session lives."""
    if DEVICE not in request.session:
        request.session[DEVICE] = secrets.token_urlsafe(16)
    return request.session[DEVICE]


def keep_report(request, idea, form, device: str) -> None:
    """Store what a valid form holds, under keyed hashes of whoever sent it."""
    data = form.cleaned_data
    services.report_idea(
        idea,
        reason=data["reason"],
        details=data["details"],
        locale=current_language(),
        device=device,
        reporter=reporter_of(request, data["email"]),
    )
    form.count_use()


def reporter_of(request, email: str) -> str:
    """Return the hash of the sender's address: of the account, else as typed; "" where unknown."""
    known = getattr(request.user, "email", "") or email
    return hash_of_address(known) if known else ""


@login_not_required
def idea_reported(request):
    """Thank whoever reported an idea; the same for everybody."""
    return render(request, "stakeholders/idea_reported.html", {"trail": ideas_trail()})
