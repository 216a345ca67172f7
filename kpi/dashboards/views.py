"""The dashboards, and the map of the municipalities."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import exports
from programme.lists import page_of

from ..filters import IndicatorFilter
from ..lines import line_of
from ..selectors import facts_of
from ..tables import list_export
from .municipal_map import map_of, mapped
from .pages import chart_of, dashboard
from .scopes import Scope, families, scope_of, whole

PER_PAGE = 12
FORMATS = tuple(exports.WRITERS)


@login_not_required
def strategy(request):
    """Show the dashboard of the whole strategy, and the way to the others."""
    return show(request, whole(), families=families())


@login_not_required
def of(request, kind, slug):
    """Show the dashboard of a volet, a priority, a theme, an orientation or a municipality."""
    scope = scope_of(kind, slug)
    if scope is None:
        raise Http404
    return show(request, scope)


def show(request, scope: Scope, **more):
    """Answer with a dashboard: its counts, its figure, its indicators; or these as a file."""
    rows = scope.rows(request.user).select_related("framework", "theme")
    # Where an indicator stands is told of its own place: a municipality has figures, no standings.
    board = None if scope.place else dashboard(rows)
    found = IndicatorFilter(request.GET, queryset=rows.order_by("framework__position", "code"))
    kind = request.GET.get("format")
    if kind in FORMATS:
        facts = facts_of(found.qs, about=scope.place)
        return exports.response(list_export(list(facts.values()), scope.title), kind)
    page = page_of(request, found.qs, PER_PAGE)
    facts = facts_of(page.object_list, about=scope.place)
    for each in page.object_list:
        each.line = line_of(facts[each.pk])
    context = {
        "scope": scope,
        "board": board,
        "lead": board.sentence if board else of_place(scope),
        "chart": chart_of(board) if board else None,
        "page_obj": page,
        # The files of the whole strategy are those of the list.
        "exports": file_links(request) if scope.slug else [],
        "list_url": reverse("kpi:indicator-list"),
        "trail": trail(scope),
    }
    return render(request, "kpi/dashboard.html", context | more)


def of_place(scope: Scope) -> str:
    """Return the sentence of a dashboard that has the figures of one place."""
    words = _("What is measured in %(place)s. Targets are set for the whole Region.")
    return words % {"place": scope.title}


def file_links(request) -> list[tuple[str, str]]:
    """Return the address of the dashboard as a file of each format."""
    return [(f"{request.path}?format={each}", each.upper()) for each in FORMATS]


def trail(scope: Scope) -> list[tuple[str, str]]:
    """Return the way back."""
    found = [(reverse("kpi:indicator-list"), _("Indicators"))]
    return found if not scope.slug else [*found, (reverse("kpi:dashboard"), _("Dashboard"))]


@login_not_required
def municipalities(request):
    """Show one indicator for each of the nineteen municipalities, as a scheme and as a table."""
    choices = mapped(request.user)
    code = request.GET.get("indicator") or next((each.code for each in choices), "")
    chosen = next((each for each in choices if each.code == code), None)
    if code and chosen is None:
        raise Http404
    context = {
        "choices": choices,
        "chosen": chosen,
        "map": map_of(chosen) if chosen else None,
        "trail": [
            (reverse("kpi:indicator-list"), _("Indicators")),
            (reverse("kpi:dashboard"), _("Dashboard")),
        ],
    }
    return render(request, "kpi/municipalities.html", context)
