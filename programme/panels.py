"""What the programme hangs into pages of others: its workstreams in the search."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots
from core.search import answer

from .selectors import workstreams


def search_workstreams(query, user) -> dict:
    """Return the workstreams that answer ``query``."""
    rows = workstreams(user).search(query)
    return answer(_("Priority workstreams"), reverse("programme:workstream-list"), query, rows)


slots.register("portal.search", search_workstreams, order=150)
