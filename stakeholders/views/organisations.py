"""The register of the quadruple helix."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import trace
from core.pages import capped_count
from core.permissions import is_staff
from programme.lists import export_links, page_of

from .. import selectors
from ..filters import OrganisationFilter
from ..models import Organisation
from ..tables import organisation_table
from .ideas import download, panels


@login_not_required
def organisation_list(request):
    """Show the register, filtered, or give it as a file."""
    rows = selectors.listed_organisations(request.user).select_related("municipality")
    found = OrganisationFilter(request.GET, queryset=rows, request=request)
    answer = download(request, found, organisation_table)
    if answer:
        return answer
    context = {
        "filter": found,
        "page_obj": page_of(request, found.qs),
        "total": capped_count(rows),
        "exports": export_links(request),
        "fills_register": is_staff(request.user),
    }
    return render(request, "stakeholders/organisation_list.html", context)


@login_not_required
def organisation_detail(request, slug):
    """Show one organisation with its sources and what it takes part in.

    The address of one that was merged leads to the one that stayed.
    """
    survivor = selectors.survivor_at(slug, request.user)
    if survivor is not None:
        return redirect(survivor, permanent=True)
    rows = Organisation.objects.visible_to(request.user).select_related("municipality")
    organisation = get_object_or_404(rows, slug=slug)
    context = {
        "organisation": organisation,
        "sources": organisation.sources.all(),
        "themes": organisation.themes.all(),
        "former_names": organisation.other_names.all(),
        "panels": panels(request, "stakeholders.organisation.panels", organisation),
        "neighbours": trace.neighbours(organisation, request.user),
        "trail": [(reverse("stakeholders:organisation-list"), _("Stakeholders"))],
    }
    return render(request, "stakeholders/organisation_detail.html", context)
