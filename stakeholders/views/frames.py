"""The frames of the register, beside the back office: for staff, auditor and administrator only."""

from functools import partial, wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from programme.lists import PER_PAGE, answer_file, choice_label, export_links

from .. import balance_chart, frame_charts, frame_tables, frames, radar
from ..balance import TARGET_SHARE, balance
from ..forms.frames import AssessmentForm, FramesForm, SilenceForm
from ..models import Organisation, StakeholderAssessment
from ..permissions import assesses, reads_register
from ..services import assess_organisation
from ..words import FRAME_PAGES


def internal(view):
    """Open ``view`` to those who may know people; nobody else learns what is there."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if not reads_register(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def pages(current: str) -> list[tuple[str, str, bool]]:
    """Return (address, label, whether it is this one) of each frame."""
    return [
        (reverse(f"stakeholders:{name}"), label, name == current) for name, label in FRAME_PAGES
    ]


def words_of(form) -> str:
    """Return what a valid form asks for, as words for the foot of a file."""
    chosen = ((form.fields[name], value) for name, value in form.cleaned_data.items())
    return "; ".join(
        f"{field.label}: {choice_label(field, value)}" for field, value in chosen if value
    )


def show(request, page: str, form, context):
    """Show the frame ``page``; with a wrong form, its errors and no figures (status 400)."""
    frame = {
        "page": page,
        "pages": pages(f"register-{page}"),
        "filter": {"form": form},
        "exports": export_links(request) if form.is_valid() else [],
        "day": form.cleaned_data.get("on"),
    }
    status = 200 if form.is_valid() else 400
    return render(request, f"stakeholders/frames/{page}.html", frame | context, status=status)


def view_of(user, form) -> frames.View:
    """Return the view that a valid form asks for."""
    chosen = form.cleaned_data
    return frames.View(user, chosen["on"], chosen["helix"], chosen["theme"])


def page_of(request, keys, load):
    """Return the asked page of ``keys`` with the rows that ``load`` gives for them."""
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = load(page.object_list)
    return page


@internal
def register_grid(request):
    """Show influence and interest of the organisations as Mendelow's grid, on any day."""
    form = FramesForm(request.GET)
    if not form.is_valid():
        return show(request, "grid", form, {})
    view = view_of(request.user, form)
    rows = frames.ordered(view, frames.BY_POWER)
    file = answer_file(request, lambda: frame_tables.frames_export(rows, words_of(form)))
    if file:
        return file
    grid = frames.grid(view)
    page = page_of(
        request, frames.keys_of(view, frames.BY_POWER), partial(frames.assessments_of, view)
    )
    table = frame_tables.grid_table(page, grid.marks())
    context = {"page_obj": page, "chart": frame_charts.grid_chart(grid, table)}
    return show(request, "grid", form, context)


@internal
def register_matrix(request):
    """Show engagement today and desired, the widest gap first, on any day."""
    form = FramesForm(request.GET)
    if not form.is_valid():
        return show(request, "matrix", form, {})
    view = view_of(request.user, form)
    rows = frames.ordered(view, frames.BY_GAP)
    file = answer_file(request, lambda: frame_tables.frames_export(rows, words_of(form)))
    if file:
        return file
    page = page_of(
        request, frames.keys_of(view, frames.BY_GAP), partial(frames.assessments_of, view)
    )
    chart = frame_charts.matrix_chart(page.object_list, frame_tables.matrix_table(page))
    return show(request, "matrix", form, {"page_obj": page, "chart": chart})


@internal
def register_silence(request):
    """Show the influential organisations that were not heard, and who has no voice at all."""
    form = SilenceForm(request.GET)
    if not form.is_valid():
        return show(request, "silence", form, {})
    chosen = form.cleaned_data
    silence = radar.Silence(request.user, chosen["on"], chosen["days"], chosen["influence"])
    rows = radar.silent(silence)
    file = answer_file(request, lambda: frame_tables.silence_export(rows, words_of(form)))
    if file:
        return file
    page = page_of(request, radar.silent_keys(silence), partial(radar.assessments_of, silence))
    writes = assesses(request.user)
    context = {
        "silence": silence,
        "page_obj": page,
        "lines": [(each, *ways(each, writes=writes)) for each in radar.lines(page, silence)],
        "voiceless": radar.without_voice(silence),
    }
    return show(request, "silence", form, context)


def ways(line: radar.Line, *, writes: bool) -> tuple:
    """Return (words on the last exchange, where to log one, where to propose a meeting).

    Whoever only reads gets no address: the two pages are for the staff.
    """
    last = frame_tables.last_words(line)
    if not writes:
        return (last, "", "")
    called = urlencode({"organisation": str(line.organisation)})
    log = f"{reverse('stakeholders:exchange-new')}?{called}"
    meet = f"{reverse('stakeholders:meeting-new')}?organisation={line.organisation.pk}"
    return (last, log, meet)


@internal
def register_balance(request):
    """Show how balanced the four groups are at each step of the chain."""
    form = FramesForm({})
    form.is_valid()
    steps = balance(request.user)
    file = answer_file(request, lambda: frame_tables.balance_export(steps))
    if file:
        return file
    chart = balance_chart.balance_chart(steps, frame_tables.balance_table(steps))
    context = {"chart": chart, "target": float(100 * TARGET_SHARE), "filter": None}
    return show(request, "balance", form, context)


# --- assessments of one organisation ---------------------------------------------------------


def organisation_or_404(request, slug: str) -> Organisation:
    """Return the organisation of the register."""
    return get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)


def history(request, organisation) -> list[StakeholderAssessment]:
    """Return the assessments of one organisation, the newest first."""
    rows = StakeholderAssessment.objects.visible_to(request.user)
    return list(rows.filter(organisation=organisation).select_related("assessed_by"))


def trail(organisation) -> list[tuple]:
    """Return the breadcrumb above the assessments of an organisation."""
    return [
        (reverse("stakeholders:register-grid"), _("Power/interest grid")),
        (organisation.get_absolute_url(), frame_tables.translated(organisation, "name")[0]),
    ]


@internal
def assessment_history(request, slug):
    """Show what the Office thought of an organisation over time, and what changed each time."""
    organisation = organisation_or_404(request, slug)
    entries = frames.differences(history(request, organisation))
    context = {
        "organisation": organisation,
        "entries": [
            (each, changes, frames.quadrant_of(each), frame_tables.gap_words(each))
            for each, changes in entries
        ],
        "may_assess": assesses(request.user) and not organisation.merged_into_id,
        "trail": trail(organisation),
    }
    return render(request, "stakeholders/frames/history.html", context)


@internal
def assessment_add(request, slug):
    """Ask for scores and reasons (GET), record them as a new assessment (POST)."""
    organisation = organisation_or_404(request, slug)
    if not assesses(request.user):
        raise PermissionDenied
    if organisation.merged_into_id:
        messages.warning(request, _("This record was merged: you are at the one that stayed."))
        return redirect("stakeholders:assessment-history", organisation.merged_into.slug)
    before = next(iter(history(request, organisation)), None)
    form = AssessmentForm(request.POST or None, organisation=organisation, before=before)
    if request.method == "POST" and form.is_valid():
        assess_organisation(organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The assessment is recorded. Those before it stay."))
        return redirect("stakeholders:assessment-history", organisation.slug)
    context = {
        "organisation": organisation,
        "form": form,
        "before": before,
        "trail": trail(organisation),
    }
    return render(request, "stakeholders/frames/assess.html", context)
