"""What the registry adds to the pages of others."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots
from core.search import answer

from .models import Standard
from .selectors import listed


def progress() -> dict:
    """Standards in the registry, for the progress of the contract."""
    count = Standard.objects.public().count()
    return {"STANDARDS": {"count": count, "url": reverse("standards:standard-list"), "as_of": None}}


def search(query: str, user) -> dict:
    """Answer the search of the portal."""
    found = listed(user).search(query)
    return answer(_("Standards"), reverse("standards:standard-list"), query, found)


slots.register("programme.progress", progress)
slots.register("portal.search", search)
