"""What the workshops show on other pages and in the work queues."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots
from core.queues import Queue, Waiting

from . import selectors
from .models import Workshop
from .workflow import runs_workshops

ROWS = 10
HELD = "status=held&status=reported"


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
            url=reverse("admin:workshops_agendaidea_change", args=[entry.pk]),
            since=entry.workshop.ends_at,
        )
        for entry in rows[:ROWS]
    ]
    url = reverse("admin:workshops_agendaidea_changelist") + "?result__exact="
    return Queue(_("Ideas without a result"), 2, waiting, total, url)


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
        "detail": ngettext("%(n)s held", "%(n)s held", held) % {"n": held},
    }


def search(query, user) -> dict:
    """Answer the search of the portal."""
    rows = Workshop.objects.visible_to(user).public().search(query)
    return {
        "title": _("Workshops"),
        "url": reverse("workshops:workshop-list"),
        "total": rows.count(),
        "rows": list(rows[:5]),
    }


slots.register("office.queues", ideas_without_result)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)
