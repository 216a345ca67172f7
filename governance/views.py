"""Pages of bodies, meetings and decisions."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core import exports, slots, trace
from core.selectors import history_of
from programme.lists import export_links, filter_words, page_of

from . import selectors
from .filters import DecisionFilter
from .kinds import BodyKind
from .models import ActionItem, AgendaItem, Meeting
from .moves import move, moves_of
from .tables import decision_table

CHIPS = {
    "adopted": "ok",
    "implemented": "ok",
    "rejected": "stop",
    "rescinded": "stop",
    "withdrawn": "stop",
    "deferred": "wait",
    "proposed": "wait",
    "superseded": "info",
    "closed": "ok",
    "convened": "info",
    "in_progress": "info",
    "draft": "wait",
    "postponed": "late",
    "cancelled": "stop",
    "open": "wait",
    "blocked": "late",
    "done": "ok",
    "verified": "ok",
}


def section_trail() -> list[tuple[str, str]]:
    """Return the breadcrumb of the section."""
    return [(reverse("governance:index"), _("Governance"))]


@login_not_required
def index(request):
    """Show the bodies (`?kind=` for those of one kind), the next meetings, the last decisions."""
    kind = request.GET.get("kind", "")
    if kind and kind not in BodyKind.values:
        raise Http404
    bodies = selectors.bodies()
    rows = bodies.filter(kind=kind) if kind else bodies
    context = {
        "page_obj": page_of(request, rows),
        "kind": BodyKind(kind).label if kind else "",
        "meetings": selectors.next_meetings(request.user),
        "decisions": selectors.latest_decisions(),
    }
    return render(request, "governance/index.html", context)


@login_not_required
def body_detail(request, slug):
    """Show what a body is for, who sits in it by role, its meetings and its decisions."""
    body = get_object_or_404(selectors.bodies(), slug=slug)
    meetings = selectors.meetings(request.user).filter(body=body)
    page = page_of(request, meetings)
    context = {
        "body": body,
        "composition": composition_table(selectors.composition(body)),
        "page_obj": with_chips(page),
        "decisions": selectors.decisions_taken().filter(meeting__body=body)[:5],
        "trail": section_trail(),
    }
    return render(request, "governance/body_detail.html", context)


def composition_table(mandates) -> dict:
    """Return who sits in a body, by role and never by name."""
    rows = [
        [
            mandate.title,
            mandate.get_helix_display() or "—",
            _("chair") if mandate.chairs else mandate.get_rank_display(),
            _("votes") if mandate.votes else _("advises"),
        ]
        for mandate in mandates
    ]
    labels = (_("Role"), _("Group of the helix"), _("Rank"), _("Vote"))
    columns = [{"label": label, "kind": "text"} for label in labels]
    return {"caption": _("Composition by role"), "columns": columns, "rows": rows}


def with_chips(rows):
    """Give each row the kind of chip of its status."""
    for row in rows:
        row.chip = CHIPS[row.status]
    return rows


@login_not_required
def meeting_detail(request, number):
    """Show a meeting with the points of its agenda that this reader may see."""
    meeting = get_object_or_404(selectors.meetings(request.user), number=number)
    items = list(selectors.agenda(meeting, request.user))
    body = meeting.body
    context = {
        "meeting": meeting,
        "chip": CHIPS[meeting.status],
        "agenda": items,
        "hides_points": AgendaItem.objects.filter(meeting=meeting).count() > len(items),
        "decisions": with_chips(selectors.decisions(request.user).filter(meeting=meeting)),
        "transitions": moves_of(meeting, request.user, "governance:meeting-do", number),
        "changes": history_of(meeting),
        "trail": [*section_trail(), (body.get_absolute_url(), body.name)],
    }
    return render(request, "governance/meeting_detail.html", context)


@login_not_required
def decision_list(request):
    """Show what was decided, the newest first, filtered, or give it as a file."""
    rows = selectors.decisions(request.user)
    found = DecisionFilter(request.GET, queryset=rows, request=request)
    kind = request.GET.get("format")
    if kind:
        if kind not in exports.WRITERS:
            raise Http404
        return exports.response(decision_table(found.qs, filter_words(found)), kind)
    page = page_of(request, found.qs)
    stages = trace.stages(page.object_list, request.user)
    for decision in with_chips(page):
        decision.stage = stages[decision.pk]
    context = {
        "filter": found,
        "page_obj": page,
        "total": selectors.decisions_taken().count(),
        "exports": export_links(request),
        "trail": section_trail(),
    }
    return render(request, "governance/decision_list.html", context)


@login_not_required
def decision_detail(request, slug):
    """Show a decision with its reasons, what follows from it, and its place on the chain.

    Upper apps add panels ({"template", "context"}) and buttons ({"label", "url"}) through the
    slots `governance.decision.panels` and `governance.decision.actions` (decision, user=).
    """
    rows = selectors.decision_for_page(request.user).at_address(slug)
    decision = get_object_or_404(rows)
    actions = with_chips(decision.actions.all())
    for action in actions:
        action.moves = moves_of(action, request.user, "governance:action-do", action.pk)
    root = trace.walk([decision], request.user)[0]
    context = {
        "decision": decision,
        "chip": CHIPS[decision.status],
        "actions": actions,
        "stage": trace.chain_stage(trace.furthest_of(root)),
        "transitions": moves_of(decision, request.user, "governance:decision-do", slug),
        "panels": panels_of(request, decision),
        "buttons": slots.collect("governance.decision.actions", decision, user=request.user),
        "neighbours": trace.neighbours(decision, request.user, root),
        "changes": history_of(decision),
        "trail": [*section_trail(), (reverse("governance:decision-list"), _("Decisions"))],
    }
    return render(request, "governance/decision_detail.html", context)


def panels_of(request, decision) -> list[str]:
    """Return what upper apps tell on the page of a decision, ready to show."""
    found = slots.collect("governance.decision.panels", decision, user=request.user)
    return [render_to_string(each["template"], each["context"], request) for each in found]


def meeting_do(request, number, name):
    """Ask for what a move of a meeting needs, and make it."""
    rows = Meeting.objects.visible_to(request.user).select_related("body")
    return move(request, get_object_or_404(rows, number=number), name)


def decision_do(request, slug, name):
    """Ask for what a move of a decision needs, and make it."""
    rows = selectors.decisions(request.user).at_address(slug)
    return move(request, get_object_or_404(rows), name)


def action_do(request, pk, name):
    """Ask for what a move of an action needs, and make it."""
    rows = ActionItem.objects.visible_to(request.user).select_related("decision")
    return move(request, get_object_or_404(rows, pk=pk), name)
