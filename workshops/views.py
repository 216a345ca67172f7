"""Pages of the workshops."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import exports, trace
from core.selectors import history_of
from core.workflow import TransitionRefused
from governance.moves import move, moves_of
from programme.lists import export_links, filter_words, page_of
from stakeholders.models import Idea

from . import selectors, services
from .filters import WorkshopFilter
from .forms import AgendaIdeaForm, IdeaToAgendaForm, ResultForm
from .models import AgendaIdea, Workshop, WorkshopStatus
from .permissions import runs_workshops
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
RESULT_CHIPS = {"retained": "ok", "reworked": "info", "parked": "wait", "dropped": "stop"}
#: One can still take part, or will be able to.
TO_COME = (WorkshopStatus.PUBLISHED, WorkshopStatus.REGISTRATION_OPEN)


def section_trail() -> list[tuple[str, str]]:
    """Return the breadcrumb of the section."""
    return [(reverse("workshops:workshop-list"), _("Workshops"))]


@login_not_required
def workshop_list(request):
    """Show the workshops as an agenda, filtered, or give them as a file."""
    found = WorkshopFilter(request.GET, queryset=selectors.workshops(request.user), request=request)
    kind = request.GET.get("format")
    if kind:
        if kind not in exports.WRITERS:
            raise Http404
        rows = selectors.with_idea_counts(found.qs, request.user)
        return exports.response(workshop_table(rows, filter_words(found)), kind)
    page = page_of(request, found.qs)
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
    root = trace.walk([workshop], request.user)[0]
    context = {
        "workshop": workshop,
        "chip": CHIPS[workshop.status],
        "stage": trace.chain_stage(trace.furthest_of(root)),
        "agenda": with_chips(selectors.agenda(workshop, request.user)),
        "is_to_come": workshop.status in TO_COME,
        "transitions": moves_of(workshop, request.user, "workshops:workshop-do", pk),
        "runs": runs_workshops(request.user),
        "neighbours": trace.neighbours(workshop, request.user, root),
        # Changes of the agenda are in the history too, without a change of state.
        "changes": history_of(workshop).exclude(source=F("target")),
        "trail": section_trail(),
    }
    return render(request, "workshops/workshop_detail.html", context)


def with_chips(entries):
    """Give each entry of an agenda the kind of chip of its result."""
    for entry in entries:
        entry.chip = RESULT_CHIPS.get(entry.result, "wait")
    return entries


def workshop_do(request, pk, name):
    """Ask for what a move of a workshop needs, and make it."""
    rows = Workshop.objects.visible_to(request.user)
    return move(request, get_object_or_404(rows, pk=pk), name)


# --- the working pages of whoever runs a workshop -----------------------------------------------


def workshop_to_run(request, **key) -> Workshop:
    """Return the workshop with ``key``: 404 where it is not visible, 403 where not one's own."""
    workshop = get_object_or_404(Workshop.objects.visible_to(request.user), **key)
    if not runs_workshops(request.user):
        raise PermissionDenied
    return workshop


def agenda(request, pk):
    """Show the agenda of a workshop to whoever runs it, and put an idea on it (POST)."""
    workshop = workshop_to_run(request, pk=pk)
    form = AgendaIdeaForm(request.POST or None, workshop=workshop)
    if request.method == "POST" and form.is_valid():
        idea = form.cleaned_data["idea"]
        if done(form, services.put_on_agenda, workshop, idea, by=request.user):
            messages.success(request, _("The idea is on the agenda."))
            return redirect("workshops:agenda", pk=pk)
    context = {
        "workshop": workshop,
        "entries": with_chips(workshop.agenda.select_related("idea")),
        "takes_results": workshop.status in services.TOOK_PLACE,
        "is_open": workshop.status in selectors.OPEN_AGENDA,
        "form": form,
        "trail": [*section_trail(), (workshop.get_absolute_url(), str(workshop))],
    }
    return render(request, "workshops/agenda.html", context)


def result(request, pk):
    """Ask what a workshop did with an idea and why, and record it (POST)."""
    entry = get_object_or_404(AgendaIdea.objects.select_related("idea", "workshop"), pk=pk)
    workshop = workshop_to_run(request, pk=entry.workshop_id)
    refusal = request.method != "POST" and services.result_refusal(workshop)
    if refusal:
        messages.warning(request, refusal)
        return redirect("workshops:agenda", pk=workshop.pk)
    form = ResultForm(request.POST or None, entry=entry)
    if request.method == "POST" and form.is_valid() and written(form, entry, by=request.user):
        messages.success(request, _("The result is recorded."))
        return redirect("workshops:agenda", pk=workshop.pk)
    address = reverse("workshops:agenda", args=[workshop.pk])
    trail = [*section_trail(), (workshop.get_absolute_url(), str(workshop))]
    context = {"entry": entry, "form": form, "trail": [*trail, (address, _("Agenda"))]}
    return render(request, "workshops/result.html", context)


def written(form, entry, *, by) -> bool:
    """Record the result that ``form`` gives; tell what somebody else wrote meanwhile."""
    try:
        return done(form, services.set_result, entry, by=by, **form.cleaned_data)
    except ValidationError as stale:
        form.compare_with(AgendaIdea.objects.get(pk=entry.pk))
        form.add_error(None, stale)
        return False


@require_POST
def take_off(request, pk):
    """Take an idea without a result off the agenda."""
    entry = get_object_or_404(AgendaIdea.objects.select_related("workshop"), pk=pk)
    workshop = workshop_to_run(request, pk=entry.workshop_id)
    try:
        services.take_off_agenda(entry, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The idea is off the agenda."))
    return redirect("workshops:agenda", pk=workshop.pk)


def put_idea(request, reference):
    """Ask on which agenda an idea is put, and put it there (POST)."""
    idea = get_object_or_404(Idea.objects.visible_to(request.user), reference=reference)
    if not runs_workshops(request.user):
        raise PermissionDenied
    form = IdeaToAgendaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workshop = form.cleaned_data["workshop"]
        if done(form, services.put_on_agenda, workshop, idea, by=request.user):
            messages.success(request, _("The idea is on the agenda."))
            return redirect("workshops:agenda", pk=workshop.pk)
    context = {"idea": idea, "form": form, "trail": section_trail()}
    return render(request, "workshops/put_idea.html", context)


def done(form, verb, *args, **kwargs) -> bool:
    """Call ``verb``; a refusal is told above ``form``, which keeps what was typed."""
    try:
        verb(*args, **kwargs)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
