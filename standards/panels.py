"""What the registry adds to the pages of others."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots

from .models import Standard
from .selectors import listed


def progress() -> dict:
    """Standards in the registry, for the progress of the contract."""
    count = Standard.objects.public().count()
    return {"STANDARDS": {"count": count, "url": reverse("standards:standard-list"), "as_of": None}}


def search(query: str, user) -> dict:
    """Answer the search of the portal."""
    found = listed(user).search(query)
    return {
        "title": _("Standards"),
        "url": f"{reverse('standards:standard-list')}?{urlencode({'search': query})}",
        "total": found.count(),
        "rows": list(found[:5]),
    }


slots.register("programme.progress", progress)
slots.register("portal.search", search)
