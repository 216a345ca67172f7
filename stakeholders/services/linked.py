"""Which ideas may have led to something further down the chain since the last look.

What was written since is found first, in the tables of the links and of the things to which they
lead; then the ideas above it. So a look costs what has happened, however many ideas there are.
"""

from collections import defaultdict

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType

from core import changes, trace
from core.models import StatusChange
from core.trace import Edge

from ..models import Idea

LABEL = Idea._meta.label


def all_linked() -> set[int]:
    """Return the ideas from which a link leads to something else on the chain."""
    found = set()
    for edge in edges_below():
        if edge.up == LABEL:
            rows = _links(edge).filter(**{f"{edge.up_path}__isnull": False})
            found.update(rows.values_list(edge.up_path, flat=True).distinct())
    return found


def newly_linked(last: int, after: int) -> set[int]:
    """Return the ideas above what was written since the mark ``last``, and maybe a few more.

    Among them are the ideas that have moved: an idea that becomes public may have led to something
    before. Of their moves only those with a greater key than ``after`` are looked at.

    What becomes visible by a row of yet another table is not found: it takes a look at all.
    """
    found = _written(last)
    _climb(found)
    moves = StatusChange.objects.filter(
        content_type=ContentType.objects.get_for_model(Idea), pk__gt=after
    )
    moved = changes.since(moves.order_by(), last).values_list("object_id", flat=True)
    return found[LABEL] | set(moved)


def edges_below() -> list[Edge]:
    """Return the edges that a walk down from an idea follows, without those to other ideas."""
    found, met, queue = [], {LABEL}, [LABEL]
    while queue:
        up = queue.pop(0)
        for edge in trace.EDGES:
            if edge.up != up or edge.down == LABEL:
                continue
            found.append(edge)
            if not edge.gathers and edge.down not in met:
                met.add(edge.down)
                queue.append(edge.down)
    return found


def _written(last: int) -> dict[str, set[int]]:
    """Return {model: keys} of what stands at the upper end of a new link, or is itself new."""
    found = defaultdict(set)
    for edge in edges_below():
        links, things = _links(edge), apps.get_model(edge.down)._base_manager.order_by()
        found[edge.up].update(changes.since(links, last).values_list(edge.up_path, flat=True))
        found[edge.down].update(changes.since(things, last).values_list("pk", flat=True))
    return found


def _climb(found: dict[str, set[int]]) -> None:
    """Add to ``found`` all that stands above what is in it, up to the ideas.

    Who may see it is asked when it is told.
    """
    fresh = dict(found)
    while fresh:
        above = defaultdict(set)
        for edge in edges_below():
            keys = fresh.get(edge.down)
            if keys:
                ups = edge.links(AnonymousUser(), down=False, ids=keys, number=0)
                above[edge.up].update(ups.values_list("far_end", flat=True))
        fresh = {label: keys - found[label] for label, keys in above.items()}
        fresh = {label: keys for label, keys in fresh.items() if keys}
        for label, keys in fresh.items():
            found[label] |= keys


def _links(edge: Edge):
    return apps.get_model(edge.through)._base_manager.order_by()
