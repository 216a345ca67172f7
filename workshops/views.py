"""Pages of the workshops."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import exports, trace
from core.selectors import history_of
from programme.lists import PER_PAGE, export_links, filter_words

from . import selectors
from .filters import WorkshopFilter
from .models import Workshop, WorkshopStatus
from .tables import workshop_table

CHIPS = {
    WorkshopStatus.DRAFT: "wait",
    WorkshopStatus.PUBLISHED: "info",
    WorkshopStatus.REGISTRATION_OPEN: "info",
    WorkshopStatus.REGISTRATION_CLOSED: "wait",
    WorkshopStatus.IN_PROGRESS: "info",
    WorkshopStatus.HELD: "ok",
    WorkshopStatus.REPORTED: "ok",
    WorkshopStatus.POSTPONED: "late",
    WorkshopStatus.CANCELLED: "stop",
}


@login_not_required
def workshop_list(request):
    """Show the workshops, the latest first, filtered, or give them as a file."""
    found = WorkshopFilter(request.GET, queryset=selectors.workshops(request.user), request=request)
    kind = request.GET.get("format")
    if kind:
        if kind not in exports.WRITERS:
            raise Http404
        return exports.response(workshop_table(found.qs, filter_words(found)), kind)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    stages = trace.stages(page.object_list, request.user)
    for workshop in page:
        workshop.stage = stages[workshop.pk]
        workshop.chip = CHIPS[workshop.status]
    context = {
        "filter": found,
        "page_obj": page,
        "total": selectors.public_workshops().count(),
        "exports": export_links(request),
    }
    return render(request, "workshops/workshop_list.html", context)


@login_not_required
def workshop_detail(request, pk):
    """Show one workshop, its agenda with the result of each idea, and what came out."""
    rows = Workshop.objects.visible_to(request.user).select_related("theme", "municipality")
    workshop = get_object_or_404(rows, pk=pk)
    context = {
        "workshop": workshop,
        "chip": CHIPS[workshop.status],
        "agenda": selectors.agenda(workshop, request.user),
        "neighbours": trace.neighbours(workshop, request.user),
        "changes": history_of(workshop),
        "trail": [(reverse("workshops:workshop-list"), _("Workshops"))],
    }
    return render(request, "workshops/workshop_detail.html", context)
