"""Pages of the project sheets."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import exports, trace
from core.concurrency import row_state
from core.permissions import is_office
from core.selectors import history_of
from core.workflow import TransitionRefused
from programme.lists import page_of
from stakeholders.models import Idea

from .. import permissions, selectors, services, words
from ..filters import SheetFilter
from ..forms import SheetFromIdeaForm, SheetTextsForm
from ..models import RESULTS_PUBLIC, WRITABLE_SHEET, JurySession, ProjectSheet, Proposal
from ..tables import sheet_table
from .common import export_links, move, moves


@login_not_required
def sheet_list(request):
    """List the sheets that the reader may see, newest first, with filters and exports."""
    rows = ProjectSheet.objects.visible_to(request.user).for_lists()
    found = SheetFilter(request.GET, queryset=rows, request=request)
    if request.GET.get("format") in exports.WRITERS:
        return exports.response(sheet_table(found.qs, filter_words(found)), request.GET["format"])
    page = page_of(request, found.qs)
    stages = trace.stages(page.object_list, request.user)
    for sheet in page.object_list:
        sheet.stage = stages[sheet.pk]
        sheet.chip_kind, sheet.chip_text = words.sheet_chip(sheet)
    context = {"page_obj": page, "filter": found, "exports": export_links(request)}
    return render(request, "projects/sheet_list.html", context)


def filter_words(found) -> str:
    """Return the filter in use as "label: value" pairs, for the foot of a file."""
    data = found.form.cleaned_data if found.form.is_valid() else {}
    fields = found.form.fields
    return " · ".join(f"{fields[name].label}: {value}" for name, value in data.items() if value)


@login_not_required
def sheet_detail(request, reference):
    """Show one sheet: what it wants, what became of it, and why."""
    sheets = ProjectSheet.objects.visible_to(request.user).for_lists()
    sheet = get_object_or_404(sheets.select_related("workstream"), reference=reference)
    kind, text = words.sheet_chip(sheet)
    root = trace.walk([sheet], request.user)[0]
    context = {
        "sheet": sheet,
        "sentence": words.sheet_sentence(sheet),
        "chip_kind": kind,
        "chip_text": text,
        "stage": trace.chain_stage(trace.furthest_of(root)),
        "result": getattr(sheet, "result", None),
        "versions": sheet.versions.all(),
        "sessions": sessions_with_results(sheet),
        "neighbours": trace.neighbours(sheet, request.user, root),
        "changes": history_of(sheet),
        "show_notes": is_office(request.user),
        "transitions": moves(sheet, request.user, "projects:sheet-move", sheet.reference),
        "may_write": sheet.status in WRITABLE_SHEET
        and permissions.edits_sheet(request.user, sheet),
        "trail": [(reverse("projects:sheet-list"), _("Projects"))],
    }
    return render(request, "projects/sheet_detail.html", context)


def sessions_with_results(sheet) -> list[dict]:
    """Return the public sessions of a sheet, each with its proposal and its public result."""
    own = Prefetch("proposals", Proposal.objects.public().filter(sheet=sheet), to_attr="of_sheet")
    sessions = JurySession.objects.public().filter(assignments__sheet=sheet).distinct()
    return [
        {
            "session": session,
            "proposal": session.of_sheet[0] if session.of_sheet else None,
            "result": selectors.result_of(sheet, session)
            if session.status in RESULTS_PUBLIC
            else None,
        }
        for session in sessions.select_related("rubric").prefetch_related(own)
    ]


def sheet_move(request, reference, name):
    """Move a sheet through one of its transitions."""
    sheets = ProjectSheet.objects.visible_to(request.user)
    return move(request, get_object_or_404(sheets, reference=reference), name)


def sheet_edit(request, reference):
    """Let the lead write the texts of a sheet; a concurrent change is told, never overwritten."""
    sheets = ProjectSheet.objects.visible_to(request.user)
    sheet = get_object_or_404(sheets, reference=reference)
    if not permissions.edits_sheet(request.user, sheet):
        raise PermissionDenied
    if request.method != "POST" and sheet.status not in WRITABLE_SHEET:
        messages.warning(request, services.TEXT_FIXED)
        return redirect(sheet.get_absolute_url())
    form = SheetTextsForm(request.POST or None, sheet=sheet)
    if request.method == "POST" and form.is_valid() and _written(request, sheet, form):
        messages.success(request, _("The texts are saved."))
        return redirect(sheet.get_absolute_url())
    trail = [(reverse("projects:sheet-list"), _("Projects")), (sheet.get_absolute_url(), reference)]
    context = {"form": form, "sheet": sheet, "trail": trail}
    return render(request, "projects/sheet_edit.html", context)


def _written(request, sheet, form) -> bool:
    try:
        services.write_sheet(sheet, by=request.user, **form.cleaned_data)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    except ValidationError as stale:
        # The next save compares with what stands there now: the writer has been told.
        form.data = form.data.copy()
        form.data["row_state"] = row_state(ProjectSheet.objects.get(pk=sheet.pk))
        form.add_error(None, stale)
        return False
    return True


def sheet_from_idea(request, reference):
    """Let the office make a sheet from an idea, prefilled with the author's words."""
    if not is_office(request.user):
        raise PermissionDenied
    idea = get_object_or_404(Idea.objects.visible_to(request.user), reference=reference)
    if request.method != "POST" and idea.status not in idea.PUBLIC_STATES:
        messages.warning(request, services.IDEA_NOT_PUBLIC)
        return redirect(idea.get_absolute_url())
    form = SheetFromIdeaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = services.create_sheet_from_idea(
                idea, call=form.cleaned_data["call"], by=request.user
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("admin:projects_projectsheet_change", sheet.pk)
    return render(request, "projects/sheet_from_idea.html", {"form": form, "idea": idea})
