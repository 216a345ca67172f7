"""What the portal hangs into pages of others: its news, journeys, and what is filed where."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots
from core.context import url_or_none
from core.search import answer
from stakeholders.selectors import listed_ideas

from .journeys import journey_of
from .selectors import news_for_list
from .translation_queues import texts_in_one_language, texts_to_proofread

SHOWN = 10


def search_news(query, user) -> dict:
    """Return the news that answer ``query``."""
    rows = news_for_list(user).search(query)
    return answer(_("News"), reverse("portal:news"), query, rows)


def journey_of_idea(idea, user, root=None) -> dict | None:
    """Return the panel that tells on the page of an idea what became of it."""
    if not idea.reference:
        return None
    url = reverse("portal:journey", args=[idea.reference])
    context = {"journey": journey_of(idea, user, root), "url": url}
    return {"template": "portal/journey_panel.html", "context": context}


def ideas_of_workstream(workstream, user) -> dict:
    """Return the ideas of the list of ``workstream``: what was merged counts where it goes on."""
    rows = listed_ideas(user).filter(workstream=workstream).newest_first()
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
slots.register("office.queues", texts_in_one_language)
slots.register("office.queues", texts_to_proofread)
