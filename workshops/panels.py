"""What the workshops show on other pages and in the work queues."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots, typography
from core.queues import Queue, Waiting
from core.search import answer
from stakeholders.models import Idea
from stakeholders.timeline import Entry, rows_before

from . import selectors
from .filters import TOOK_PLACE
from .models import Workshop
from .permissions import runs_workshops

ROWS = 10
HELD = "status=took_place"


def ideas_without_result(user) -> Queue | None:
    """Queue: ideas of held workshops whose result is missing."""
    if not runs_workshops(user):
        return None
    rows = selectors.without_result()
    total = rows.count()
    if not total:
        return None
    waiting = [
        Waiting(
            text=f"{entry.idea} · {entry.workshop}",
            url=reverse("workshops:result", args=[entry.pk]),
            since=entry.workshop.ends_at,
        )
        for entry in rows[:ROWS]
    ]
    url = reverse("workshops:workshop-list") + "?status=held"
    return Queue(_("Ideas without a result"), 2, waiting, total, url)


def workshops_to_report(user) -> Queue | None:
    """Queue: workshops that took place and have no report yet."""
    if not runs_workshops(user):
        return None
    rows = selectors.to_report()
    waiting = [
        Waiting(text=str(each), url=each.get_absolute_url(), since=each.ends_at)
        for each in rows[:ROWS]
    ]
    url = reverse("workshops:workshop-list") + "?status=held"
    return Queue(_("Workshops to report"), 2, waiting, rows.count(), url)


def idea_action(idea, *, user) -> dict | None:
    """Button on the page of an idea: put it on the agenda of a workshop."""
    if not runs_workshops(user) or idea.status not in selectors.DISCUSSABLE:
        return None
    url = reverse("workshops:put-idea", args=[idea.reference])
    return {"label": _("Put on the agenda of a workshop"), "url": url}


def progress() -> dict:
    """Count the workshops held, of each series."""
    held = Workshop.objects.public().held()
    address = reverse("workshops:workshop-list")
    return {
        code: {
            "count": held.filter(kind=kind).count(),
            "url": f"{address}?kind={kind}&{HELD}",
            "as_of": None,
        }
        for code, kind in (("ADMIN-WS", "collaborative"), ("MULTI-WS", "multidisciplinary"))
    }


def chain() -> dict:
    """Tell the second step of the chain: workshops, and how many took place."""
    count = selectors.public_workshops().count()
    held = selectors.public_workshops().held().count()
    return {
        "stage": 2,
        "count": count,
        "url": reverse("workshops:workshop-list"),
        "detail": ngettext("%(n)s held", "%(n)s held", held) % {"n": typography.number(held)},
        "detail_url": f"{reverse('workshops:workshop-list')}?status={TOOK_PLACE[0]}",
    }


def search(query, user) -> dict:
    """Answer the search of the portal."""
    rows = selectors.workshops(user).public().search(query)
    return answer(_("Workshops"), reverse("workshops:workshop-list"), query, rows)


def helix_counts(*, user) -> dict:
    """Tell which helix groups the ideas on the agendas of held workshops came from."""
    return {"stage": 2, "label": _("Ideas in workshops"), "counts": selectors.helix_of_ideas(user)}


def voices(since, until) -> dict:
    """Tell the silence radar whose ideas, themes and municipalities workshops dealt with."""
    return selectors.voices(since, until)


def timeline_entries(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Tell the timeline of an organisation or a person in which workshops their ideas were."""
    mine = {"organisation": organisation} if organisation else {"submissions__contact": contact}
    ideas = Idea.objects.visible_to(user).filter(**mine).values("pk")
    rows = Workshop.objects.visible_to(user).filter(ideas__in=ideas).distinct()
    return [
        Entry(
            at=each.starts_at,
            kind=_("workshop"),
            text=str(each),
            url=each.get_absolute_url(),
            source="workshop",
            pk=each.pk,
            step=Workshop.chain_stage,
            note=each.get_status_display(),
            is_demo=each.is_demo,
        )
        for each in rows_before(rows, "starts_at", "workshop", before, limit)
    ]


slots.register("stakeholders.timeline", timeline_entries)
slots.register("office.queues", ideas_without_result)
slots.register("office.queues", workshops_to_report)
slots.register("stakeholders.idea.actions", idea_action)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)
slots.register("stakeholders.helix.counts", helix_counts)
slots.register("stakeholders.voices", voices)
