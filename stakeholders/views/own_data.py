"""What a contributor sees, takes along and erases of their data, behind the secret link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.search import current_language

from .. import own_data, papers, selectors, services
from ..services.erasing import ErasureRefused
from .intake import dead_link


@login_not_required
@never_cache
@require_safe
def idea_data(request, token):
    """Show all that is kept about whoever has the link."""
    submission = selectors.tracked_submission(token)
    if submission is None:
        return dead_link(request)
    sections = own_data.sections_of(submission.contact)
    context = {"sections": sections, "idea": submission.idea, "token": token}
    return render(request, "stakeholders/own_data.html", context)


@login_not_required
@never_cache
@require_safe
def idea_data_json(request, token):
    """Give the same as a file for machines."""
    submission = selectors.tracked_submission(token)
    if submission is None:
        return dead_link(request)
    content = own_data.as_file(submission.contact)
    options = {"ensure_ascii": False, "indent": 2}
    return _download(JsonResponse(content, json_dumps_params=options), "json")


@login_not_required
@never_cache
@require_safe
def idea_data_pdf(request, token):
    """Give the same as PDF."""
    submission = selectors.tracked_submission(token)
    if submission is None:
        return dead_link(request)
    content = papers.data_extract(submission.contact, current_language())
    return _download(HttpResponse(content, content_type="application/pdf"), "pdf")


def _download(response, suffix):
    name = slugify(_("My data"))
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


@login_not_required
@never_cache
def idea_erase(request, token):
    """Say what goes and what stays, ask for a tick, ask once more, then erase."""
    submission = selectors.tracked_submission(token)
    if submission is None:
        return dead_link(request)
    contact = submission.contact
    ticked = request.method == "POST" and "understood" in request.POST
    if ticked and "confirmed" in request.POST:
        return _erase(request, contact, token)
    context = {
        "token": token,
        "ideas": contact.submissions.filter(via=None).select_related("idea").order_by("pk"),
        "asked_again": ticked,
        "forgotten": request.method == "POST" and not ticked,
    }
    return render(request, "stakeholders/own_data_erase.html", context)


def _erase(request, contact, token):
    try:
        services.erase_contact(contact)
    except ErasureRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("stakeholders:idea-data", token)
    return render(request, "stakeholders/own_data_erased.html")
