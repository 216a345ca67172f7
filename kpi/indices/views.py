"""Pages of the composite indices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import exports
from core.failed_rows import KINDS
from core.licences import OWN
from core.permissions import is_office, reads_everything
from core.selectors import history_of
from core.workflow import TransitionRefused
from programme.lists import page_of

from ..asked import asked_day
from ..models import CompositeIndex, EditionStatus, IndexImport
from ..views import FORMATS, export_links
from .charts import index_chart
from .exports import explanation_export
from .files import Sheet, Unreadable
from .forms import IndexFilter, IndexImportForm
from .pages import Choice, choice_of, explain, headline, points, tree, weight_groups
from .review import failed_file, failed_messages, review_of
from .selectors import (
    IndexSheet,
    choose_edition,
    editions_for,
    listed_indices,
    sheet_of,
    visible_indicators,
)
from .services import confirm_import, plan_of_import, start_import


@login_not_required
def index_list(request):
    """List the composite indices that the visitor may see."""
    found = IndexFilter(request.GET, queryset=listed_indices(request.user))
    page = page_of(request, found.qs)
    context = {
        "filter": found,
        "page_obj": page,
        "trail": [(reverse("kpi:indicator-list"), _("Indicators"))],
        "may_import": is_office(request.user),
    }
    return render(request, "kpi/index_list.html", context)


@login_not_required
def index_detail(request, code):
    """Show an index: an edition, the scores of its places, its tree, own weights."""
    index = get_index(request.user, code)
    sheet, choice, editions = opened(request, index)
    chart = index_chart(sheet, choice)
    explain_url = reverse("kpi:index-explain", args=[index.code])
    context = common(request, sheet, choice) | {
        "editions": editions,
        "headline": headline(sheet, choice),
        "chart": chart,
        "tree": tree(sheet, choice, explain_url),
        "official": points(score_of(sheet, choice)),
        "scenario": points(scenario_of(sheet, choice)) if choice.method else "",
        "groups": weight_groups(sheet, choice),
        "imputed": sheet.imputed(choice.geo),
        "trail": [
            (reverse("kpi:indicator-list"), _("Indicators")),
            (reverse("kpi:index-list"), _("Composite indices")),
        ],
        "changes": history_of(index),
        "may_import": is_office(request.user),
        "may_see_office": reads_everything(request.user),
    }
    return render(request, "kpi/index_detail.html", context)


@login_not_required
def index_explain(request, code):
    """Show what a score is made of, down to the raw figures; ``?format=`` downloads it."""
    index = get_index(request.user, code)
    sheet, choice, _editions = opened(request, index)
    node = request.GET.get("node", "")
    if (node and node not in sheet.node_by_code) or not choice.geo:
        raise Http404
    official = explain(sheet, choice.geo, node)
    found = explain(sheet, choice.geo, node, choice.method) if choice.method else official
    kind = request.GET.get("format")
    if kind in FORMATS:
        return exports.response(explanation_export(sheet, choice, found), kind)
    trail = [
        (reverse("kpi:index-list"), _("Composite indices")),
        (f"{index.get_absolute_url()}?{choice.query()}", str(index)),
    ]
    context = common(request, sheet, choice) | {
        "found": found,
        "official": official,
        "node": found.node,
        "imputed": [each for each in found.rows if each.value and "i" in each.value.flag],
        "shown_indicators": visible_indicators(request.user, sheet.inputs),
        "trail": trail,
        "exports": export_links(request),
        "official_url": f"{request.path}?{choice.official_query(node=node)}",
    }
    return render(request, "kpi/index_explain.html", context)


def get_index(user, code: str) -> CompositeIndex:
    """Return the index that ``user`` may see, or answer 404."""
    rows = CompositeIndex.objects.visible_to(user).select_related("framework")
    return get_object_or_404(rows.prefetch_related("sources"), code=code)


def opened(request, index: CompositeIndex) -> tuple[IndexSheet, Choice, list]:
    """Return the sheet that the address asks for, what it chooses, and all editions.

    404 where the address names an edition that was not known then.
    """
    editions = editions_for(request.user, index, asked_day(request))
    code = request.GET.get("edition", "")
    chosen = choose_edition(editions, code, request.GET.get("waiting") == "yes")
    if code and chosen is None:
        raise Http404
    sheet = sheet_of(index, chosen)
    return sheet, choice_of(sheet, request.GET), editions


def common(request, sheet: IndexSheet, choice: Choice) -> dict:
    """Return what both pages of an index show."""
    as_of = asked_day(request)
    waits = sheet.edition is not None and sheet.edition.status == EditionStatus.LOADED
    return {
        "index": sheet.index,
        "sheet": sheet,
        "edition": sheet.edition,
        "waits": waits,
        "choice": choice,
        "places": list(sheet.places.values()),
        "place": sheet.place_name(choice.geo),
        "other": sheet.place_name(choice.against) if choice.against else "",
        "as_of": as_of,
        "known_on": as_of or timezone.localdate(),
        "licence": sheet.index.licence or OWN.name,
        "query": choice.query(),
        "official_url": f"{request.path}?{choice.official_query()}",
    }


def score_of(sheet: IndexSheet, choice: Choice) -> float | None:
    """Return the official score of the chosen place."""
    return sheet.results[choice.geo].value if choice.geo in sheet.results else None


def scenario_of(sheet: IndexSheet, choice: Choice) -> float | None:
    """Return the score of the chosen place with the weights of the visitor."""
    return sheet.result(choice.geo, choice.method).value


# --- import ----------------------------------------------------------------------------------


def require_office(request) -> None:
    """Refuse whoever does not load figures."""
    if not is_office(request.user):
        raise PermissionDenied


def index_import(request):
    """Take a file of an index and lead to its dry run; what was typed stays until it is right."""
    require_office(request)
    initial_code = request.GET.get("index", "")
    sent = request.method == "POST"
    form = IndexImportForm(request.POST if sent else None, request.FILES if sent else None)
    form.fields["code"].initial = initial_code
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batch = start_import(upload.name, upload.read(), form.options(), by=request.user)
        except Unreadable as trouble:
            form.add_error("file", str(trouble))
        else:
            return redirect("kpi:index-import-review", batch.pk)
    recent = IndexImport.objects.visible_to(request.user).select_related("by", "edition__index")
    context = {"form": form, "trail": import_trail(), "recent": recent.defer("table")[:10]}
    return render(request, "kpi/index_import.html", context)


def import_trail() -> list[tuple[str, str]]:
    """Return the way back from the screens of the import."""
    return [(reverse("kpi:index-list"), _("Composite indices"))]


def get_batch(request, pk) -> IndexImport:
    """Return a file of an index for whoever may see its dry run; refuse anybody else."""
    require_office(request)
    rows = IndexImport.objects.visible_to(request.user).select_related("edition__index")
    return get_object_or_404(rows, pk=pk)


def index_import_review(request, pk):
    """Show what a file would do (GET), do it (POST)."""
    batch = get_batch(request, pk)
    if request.method == "POST":
        return confirmed(request, batch)
    context = {
        "batch": batch,
        "trail": [*import_trail(), (reverse("kpi:index-import"), _("Import a file"))],
    }
    if batch.is_waiting:
        context |= review_of(plan_of_import(batch)) | {"failed_kinds": list(KINDS)}
    return render(request, "kpi/index_import_review.html", context)


@require_safe
def index_import_failed(request, pk):
    """Give the rows with faults as a file, each with what is wrong; ``?format=`` is csv or xlsx."""
    batch = get_batch(request, pk)
    kind = request.GET.get("format", "csv")
    plan = plan_of_import(batch) if batch.is_waiting and kind in KINDS else None
    if plan is None or not failed_messages(plan):
        raise Http404
    name = f"failed-rows-{batch.pk}-{get_language()}.{kind}"
    return HttpResponse(
        failed_file(Sheet.from_json(batch.table), plan, kind),
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def confirmed(request, batch: IndexImport):
    """Carry out a dry run and lead to the index, or back to the dry run with the reason."""
    try:
        confirm_import(batch, by=request.user, state=request.POST.get("state", ""))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("kpi:index-import-review", batch.pk)
    messages.success(request, _("Imported. Somebody else releases the edition and publishes."))
    index = CompositeIndex.objects.get(code=batch.options["code"])
    query = f"?edition={batch.edition.code}&waiting=yes" if batch.edition else ""
    return redirect(index.get_absolute_url() + query)
