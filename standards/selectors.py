"""What pages ask of the registry."""

from itertools import groupby

from core.lookups import Fold
from core.search import in_language

from .models import Principle, Standard


def listed(user):
    """Return the standards ``user`` may see, by name, ready for a list."""
    rows = Standard.objects.visible_to(user).select_related("theme")
    return rows.order_by(Fold("name"), "pk")


def siblings(standard: Standard, user):
    """Return the other standards of the same theme."""
    return listed(user).filter(theme=standard.theme).exclude(pk=standard.pk)


def principles(user):
    """Return the principles ``user`` may see, in the order of the framework."""
    return Principle.objects.visible_to(user).order_by("number")


def by_group(rows) -> list[tuple[str, list[Principle]]]:
    """Return [(name of the group, its principles)] of ``rows``, in their order."""
    return [
        (group, list(members))
        for group, members in groupby(rows, key=lambda each: each.get_group_display())
    ]


def themes_in_language():
    """Return the expression that orders themes by their name in the language of the page."""
    return Fold(in_language("name"))
