"""Pages of the roadmap."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import exports, slots, trace, typography
from core.selectors import history_of
from core.workflow import TransitionRefused
from governance.models import Decision
from governance.moves import move, moves_of
from programme.lists import export_links, filter_words, page_of

from . import selectors, services
from .exports import initiative_table, milestone_table
from .filters import InitiativeFilter, MilestoneFilter
from .models import Initiative, Milestone
from .permissions import can_publish_selection
from .timeline import timeline
from .words import initiative_state, milestone_state, sentence, when

PER_TIMELINE = 50


def download(table, kind: str) -> HttpResponse:
    """Return the file, or 404 for a kind of file that does not exist."""
    if kind not in exports.WRITERS:
        raise Http404
    return exports.response(table, kind)


def roadmap_trail() -> list[tuple[str, str]]:
    """Return the breadcrumb of the section."""
    return [(reverse("roadmap:initiative-list"), _("Roadmap"))]


# --- lists -------------------------------------------------------------------------------------


@login_not_required
def initiative_list(request):
    """Show the roadmap as a newspaper, filtered, or give it as a file."""
    rows = selectors.initiatives_for_list(request.user)
    found = InitiativeFilter(request.GET, queryset=rows, request=request)
    if "format" in request.GET:
        table = initiative_table(selectors.initiatives_for_export(found.qs), filter_words(found))
        return download(table, request.GET["format"])
    page = page_of(request, found.qs)
    stages = trace.stages(page.object_list, request.user)
    for each in page:
        each.stage, each.state = stages[each.pk], initiative_state(each)
        each.words, each.when = sentence(each), when(each)
    context = {"filter": found, "page_obj": page, "exports": export_links(request)}
    context["late"] = found.qs.order_by().late().count()
    return render(request, "roadmap/initiative_list.html", context)


@login_not_required
def timeline_page(request):
    """Show the roadmap on an axis of years, with the table of the same rows."""
    rows = selectors.initiatives_for_list(request.user)
    found = InitiativeFilter(request.GET, queryset=rows, request=request)
    page = page_of(request, found.qs, PER_TIMELINE)
    drawn = timeline(page.object_list)
    context = {
        "filter": found,
        "page_obj": page,
        "timeline": drawn,
        "table": timeline_table(drawn),
        "trail": roadmap_trail(),
    }
    return render(request, "roadmap/timeline.html", context)


def timeline_table(drawn) -> dict:
    """Return the table twin: the rows of the drawing, in its order, with the same dates."""
    labels = (_("Initiative"), _("Period"), _("Start"), _("End"), _("State"))
    rows = [
        [
            format_html('<a href="{}">{}</a>', each.initiative.get_absolute_url(), each.title),
            each.dates or _("no date published"),
            each.initiative.starts_text,
            each.initiative.ends_text,
            each.initiative.status_words,
        ]
        for each in drawn.bars
    ]
    columns = [{"label": label, "kind": "text"} for label in labels]
    return {"caption": _("The timeline as a table"), "columns": columns, "rows": rows}


@login_not_required
def milestone_list(request):
    """Show the milestones with their state in words, and how many were kept."""
    rows = selectors.milestones_for_list(request.user)
    found = MilestoneFilter(request.GET, queryset=rows, request=request)
    if "format" in request.GET:
        return download(milestone_table(found.qs, filter_words(found)), request.GET["format"])
    page = page_of(request, found.qs)
    for each in page:
        each.state = milestone_state(each)
    context = {
        "filter": found,
        "page_obj": page,
        "exports": export_links(request),
        "counts": selectors.milestone_counts(request.user),
        "trail": roadmap_trail(),
    }
    return render(request, "roadmap/milestone_list.html", context)


# --- one initiative ----------------------------------------------------------------------------


@login_not_required
def initiative_detail(request, slug):
    """Show one initiative: the sentence first, then milestones, origin, facts and links."""
    initiative = get_object_or_404(selectors.initiative_for_page(request.user, slug))
    milestones = list(initiative.milestones.all())
    for each in milestones:
        each.state = milestone_state(each)
        each.moves = moves_of(each, request.user, "roadmap:milestone-do", each.pk)
    root = trace.walk([initiative], request.user)[0]
    context = {
        "initiative": initiative,
        "state": initiative_state(initiative),
        "sentence": sentence(initiative),
        "when": when(initiative),
        "milestones": milestones,
        "stage": trace.chain_stage(trace.furthest_of(root)),
        "outcome": selectors.outcome_for(initiative, request.user),
        "absorbed": selectors.initiatives_of(request.user, merged_into=initiative),
        "panels": panels_of(request, initiative),
        "neighbours": trace.neighbours(initiative, request.user, root),
        "changes": history_of(initiative),
        "transitions": moves_of(initiative, request.user, "roadmap:initiative-do", slug),
        "trail": roadmap_trail(),
    }
    return render(request, "roadmap/initiative_detail.html", context)


def panels_of(request, initiative) -> list[str]:
    """Return what upper apps tell on the page of an initiative, ready to show."""
    found = slots.collect("roadmap.initiative.panels", initiative, user=request.user)
    return [render_to_string(each["template"], each["context"], request) for each in found]


def initiative_do(request, slug, name):
    """Ask for what a move of an initiative needs, and make it."""
    rows = Initiative.objects.visible_to(request.user)
    initiative = get_object_or_404(rows, slug=slug)
    return move(request, initiative, name)


def milestone_do(request, pk, name):
    """Ask for what a move of a milestone needs, and make it."""
    rows = Milestone.objects.visible_to(request.user).select_related("initiative")
    return move(request, get_object_or_404(rows, pk=pk), name)


# --- what a decision selected ------------------------------------------------------------------


def publish_selection(request, pk):
    """Show what a decision selected and put it on the roadmap (POST)."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    if not can_publish_selection(request.user):
        raise PermissionDenied
    if request.method == "POST" and _selection_published(request, decision):
        return redirect("roadmap:publish-selection", pk=pk)
    context = {
        "decision": decision,
        "outcomes": selectors.selected_outcomes(decision).select_related("initiative"),
        "waiting": selectors.outcomes_without_initiative(decision).count(),
        "trail": roadmap_trail(),
    }
    return render(request, "roadmap/publish_selection.html", context)


def _selection_published(request, decision) -> bool:
    try:
        made = services.publish_selection(decision, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return False
    text = ngettext(
        "%(number)s initiative is now on the roadmap.",
        "%(number)s initiatives are now on the roadmap.",
        len(made),
    )
    messages.success(request, text % {"number": typography.number(len(made))})
    return True


# --- editions ----------------------------------------------------------------------------------


@login_not_required
def edition_list(request):
    """Show the adopted editions of the roadmap."""
    context = {"page_obj": page_of(request, selectors.editions()), "trail": roadmap_trail()}
    return render(request, "roadmap/edition_list.html", context)


@login_not_required
def edition_detail(request, number):
    """Show one edition as it was adopted, or give its frozen content as it was hashed."""
    edition = get_object_or_404(selectors.editions(), number=number)
    if "format" in request.GET:
        return _frozen_file(edition, request.GET["format"])
    url = reverse("roadmap:edition-list")
    context = {
        "edition": edition,
        "table": edition_table(edition),
        "trail": [*roadmap_trail(), (url, _("Editions"))],
    }
    return render(request, "roadmap/edition_detail.html", context)


def _frozen_file(edition, kind: str) -> HttpResponse:
    if kind != "json":
        raise Http404
    name = f'attachment; filename="roadmap-edition-{edition.number}.json"'
    return HttpResponse(
        services.canonical(edition.content),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": name},
    )


def edition_table(edition) -> dict:
    """Return the frozen rows in the language of the page."""
    states = dict(Initiative.Status.choices)
    unknown = _("state not published in a source")
    rows = [
        [
            frozen_text(each["title"]),
            states.get(each["state"], unknown),
            frozen_text(each["period"]) or f"{each['starts_on']} – {each['ends_on']}".strip(" –"),
            each["decision"] or _("existed before"),
            len(each["milestones"]),
        ]
        for each in edition.content.get("initiatives", ())
    ]
    labels = (_("Initiative"), _("State then"), _("Period"), _("Origin"))
    columns = [{"label": label, "kind": "text"} for label in labels]
    columns.append({"label": _("Milestones"), "kind": "number"})
    return {"caption": _("What was adopted"), "columns": columns, "rows": rows}


def frozen_text(texts: dict) -> str:
    """Return a frozen text in the language of the page, else in French or Dutch."""
    for code in (typography.page_language(), "fr", "nl"):
        if texts.get(code):
            return texts[code]
    return ""
