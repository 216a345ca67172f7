"""What the portal hangs into pages of others: its news, journeys, and what is filed where."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots
from core.context import url_or_none
from core.search import answer
from stakeholders.models import Idea

from .selectors import news_for_list

SHOWN = 10


def search_news(query, user) -> dict:
    """Return the news that answer ``query``."""
    rows = news_for_list(user).search(query)
    return answer(_("News"), reverse("portal:news"), query, rows)


def journey_of_idea(idea, user) -> dict | None:
    """Return the panel that leads from an idea to its journey."""
    if not idea.reference:
        return None
    url = reverse("portal:journey", args=[idea.reference])
    return {"template": "portal/journey_panel.html", "context": {"url": url}}


def ideas_of_workstream(workstream, user) -> dict:
    """Return the ideas that are filed under ``workstream``."""
    rows = Idea.objects.visible_to(user).filter(workstream=workstream, reference__isnull=False)
    query = urlencode({"workstream": workstream.slug})
    return {
        "title": _("Ideas"),
        "url": f"{url_or_none('stakeholders:idea-list')}?{query}",
        "total": rows.count(),
        "rows": list(rows[:SHOWN]),
    }


slots.register("portal.search", search_news, order=200)
slots.register("stakeholders.idea.panels", journey_of_idea, order=10)
slots.register("programme.workstream.panels", ideas_of_workstream, order=10)
