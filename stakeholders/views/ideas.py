"""The public list of ideas and the page of one."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core import exports, slots, trace
from core.pages import capped_count
from core.permissions import reads_everything
from core.selectors import history_of
from programme.lists import export_links, filter_words, page_of

from .. import selectors
from ..filters import IdeaFilter
from ..following import NO_CRITERIA
from ..idea_map import idea_map
from ..tables import idea_table
from ..words import CHIPS, sentence


def download(request, found, table):
    """Return the download that `?format=` asks for, None where it asks for none."""
    kind = request.GET.get("format")
    if not kind:
        return None
    if kind not in exports.WRITERS:
        raise Http404
    return exports.response(table(found.qs, filter_words(found)), kind)


def panels(request, slot: str, obj, **known) -> list[str]:
    """Return what other apps show on the page of ``obj``, ready to print.

    ``known`` is what the page has found already and the slot passes on.
    """
    found = slots.collect(slot, obj, user=request.user, **known)
    return [render_to_string(each["template"], each["context"], request) for each in found]


def ideas_trail() -> list[tuple[str, str]]:
    """Return the breadcrumb of the section."""
    return [(reverse("stakeholders:idea-list"), _("Ideas"))]


@login_not_required
def idea_list(request):
    """Show the public ideas, the newest first, filtered, or give them as a file."""
    rows = selectors.public_ideas(request.user).newest_first(request.GET.get("search", ""))
    found = IdeaFilter(request.GET, queryset=rows, request=request)
    answer = download(request, found, idea_table)
    if answer:
        return answer
    searched = bool(request.GET.get("search", "").strip())
    page = page_of(request, found.qs, whole=rows, keep=searched, newest="published_at")
    furthest = trace.furthest(page.object_list, request.user)
    for idea in page:
        idea.furthest, idea.chip = furthest[idea.pk], CHIPS[idea.status]
        idea.stage = trace.chain_stage(idea.furthest)
    context = {
        "filter": found,
        "page_obj": page,
        "total": page.paginator.count if found.is_whole else capped_count(found.pool),
        "exports": export_links(request),
        "query": criteria(request.GET),
    }
    return render(request, "stakeholders/idea_list.html", context)


def criteria(data) -> str:
    """Return "?" and what the list is narrowed to, for its feed, its map and its saved search."""
    chosen = {name: text for name, text in data.items() if text and name not in NO_CRITERIA}
    return f"?{urlencode(chosen)}" if chosen else ""


@login_not_required
def idea_places(request):
    """Show the ideas of the list by municipality: a scheme of tiles and the same as a table."""
    found = idea_map(request.GET)
    back = reverse("stakeholders:idea-list")
    query = f"?{found.search.query}" if found.search.query else ""
    context = {
        "found": found,
        "map": found.tiles,
        "table": found.table,
        "list_url": back + query,
        "trail": ideas_trail(),
    }
    return render(request, "stakeholders/idea_map.html", context)


@login_not_required
def idea_detail(request, reference):
    """Show one idea in its author's words, and what became of it."""
    rows = selectors.visible_ideas(request.user)
    idea = get_object_or_404(rows, reference__iexact=reference)
    if idea.reference != reference:
        return redirect(idea, permanent=True)
    user = request.user
    root = trace.walk([idea], user)[0]
    context = {
        "idea": idea,
        "sentence": sentence(idea),
        "chip": CHIPS[idea.status],
        "stage": trace.chain_stage(trace.furthest_of(root)),
        "panels": panels(request, "stakeholders.idea.panels", idea, root=root),
        "actions": [*office_link(idea, user), *slots.collect(ACTIONS, idea, user=user)],
        "neighbours": trace.neighbours(idea, user, root),
        "told": selectors.told_about(idea),
        "attachments": idea.attachments.public(),
        "changes": history_of(idea),
        "trail": ideas_trail(),
        "shared": settings.SITE_URL + idea.get_absolute_url(),
    }
    return render(request, "stakeholders/idea_detail.html", context)


ACTIONS = "stakeholders.idea.actions"


def office_link(idea, user) -> list[dict]:
    """Return the way into the back office for those who may read there."""
    if not reads_everything(user):
        return []
    url = reverse("admin:stakeholders_idea_change", args=[idea.pk])
    return [{"url": url, "label": _("Open in the back office")}]
