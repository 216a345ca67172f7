"""What the programme hangs into pages of others: its workstreams in the search."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots

from .selectors import workstreams


def search_workstreams(query, user) -> dict:
    """Return the workstreams that answer ``query``."""
    rows = workstreams(user).search(query)
    return {
        "title": _("Priority workstreams"),
        "url": f"{reverse('programme:workstream-list')}?{urlencode({'search': query})}",
        "total": rows.count(),
        "rows": list(rows[:5]),
    }


slots.register("portal.search", search_workstreams, order=150)
