"""What this app shows on other pages and in the work queues."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots
from core.permissions import is_staff
from core.queues import Queue, Waiting

from . import selectors
from .models import Idea, Organisation

ROWS = 10


def ideas_to_moderate(user) -> Queue | None:
    """Queue: ideas that wait for a moderator, the oldest first."""
    if not is_staff(user):
        return None
    rows = Idea.objects.in_moderation()
    total = rows.count()
    if not total:
        return None
    waiting = [
        Waiting(
            text=str(idea),
            url=reverse("admin:stakeholders_idea_change", args=[idea.pk]),
            since=idea.received_at,
            due=idea.received_at + selectors.MODERATION_WITHIN,
        )
        for idea in rows[:ROWS]
    ]
    url = reverse("admin:stakeholders_idea_changelist") + "?status__exact=received"
    return Queue(_("Ideas to moderate"), 1, waiting, total, url)


def chain() -> dict:
    """Tell the first step of the chain: the public ideas, and how many have an answer."""
    rows = Idea.objects.public().current()
    answered = rows.filter(status=Idea.Status.ANSWERED).count()
    words = ngettext("%(n)s answered", "%(n)s answered", answered) % {"n": answered}
    return {
        "stage": 1,
        "count": rows.count(),
        "url": reverse("stakeholders:idea-list"),
        "detail": words,
    }


def search_ideas(query, user) -> dict:
    """Answer the search of the portal with ideas; an exact reference comes first."""
    rows = selectors.public_ideas(user).search(query).newest_first(query)
    return _answer(_("Ideas"), "stakeholders:idea-list", rows)


def search_organisations(query, user) -> dict:
    """Answer the search of the portal with organisations."""
    rows = Organisation.objects.visible_to(user).public().search(query)
    return _answer(_("Stakeholders"), "stakeholders:organisation-list", rows)


def _answer(title, name, rows) -> dict:
    return {"title": title, "url": reverse(name), "total": rows.count(), "rows": list(rows[:5])}


slots.register("office.queues", ideas_to_moderate)
slots.register("portal.chain", chain)
slots.register("portal.search", search_ideas)
slots.register("portal.search", search_organisations)
