"""Where a thing comes from and what became of it: a registry of edges, one walk both ways.

Each app declares the links that it owns in `<app>/trace.py`:

    trace.register(Edge(
        up="stakeholders.Idea", down="workshops.Workshop", through="workshops.AgendaIdea",
        up_path="idea", down_path="workshop", label=_("discussed in"), reverse=_("discussed"),
    ))

``up_path`` and ``down_path`` are ORM paths from the through model to the two ends (``pk`` where the
through model is the end itself). The walk loads each level with one query for the links and one for
the objects, whatever the number of rows, and every object passes `visible_to(user)`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Q

EDGES: list["Edge"] = []
MAX_DEPTH = 12


@dataclass(frozen=True)
class Edge:
    """A kind of link between two models; it belongs to the app that owns the through model.

    ``visible`` (user) → Q on the through model says which links may be told; default: all.
    ``gathers``: many things meet at the lower end (ideas in a workshop), so what follows from it
    does not follow from each of them. A walk down ends there, a walk up begins there at most.
    """

    up: str
    down: str
    through: str
    up_path: str
    down_path: str
    label: str
    reverse: str
    visible: Callable | None = None
    gathers: bool = False

    def pairs(self, user, *, down: bool, ids) -> list[tuple[int, int]]:
        """Return (id of the near end, id of the far end) of the links of the objects ``ids``."""
        near, far = (self.up_path, self.down_path) if down else (self.down_path, self.up_path)
        rows = apps.get_model(self.through)._base_manager.filter(**{f"{near}__in": list(ids)})
        if self.visible:
            rows = rows.filter(self.visible(user))
        known = ~Q(**{f"{far}__isnull": True})
        return list(rows.filter(known).order_by(far).values_list(near, far).distinct())


@dataclass(eq=False)
class Node:
    """An object met on a walk, with the links that lead on from it."""

    obj: object
    depth: int
    links: list[tuple["Edge", "Node"]] = field(default_factory=list)


def register(edge: Edge) -> None:
    """Add ``edge`` to the registry (once, also when a module is imported twice)."""
    if edge not in EDGES:
        EDGES.append(edge)


def walk(objects: Iterable, user, *, down: bool = True) -> list[Node]:
    """Follow the chain from ``objects``, downstream or upstream; return one root node for each.

    Only what ``user`` may see is met, and nothing is looked for behind what is hidden. A thing
    reached twice is one node, so that a graph with loops ends.
    """
    nodes = {}
    roots = [_node(nodes, obj, 0) for obj in objects]
    level = roots
    while level and level[0].depth < MAX_DEPTH:
        level = _next_level(level, nodes, user, down)
    return roots


def neighbours(obj, user) -> dict[str, list[tuple[str, list]]]:
    """Return the direct links of ``obj``: {"up": [(label, objects)], "down": […]}."""
    found = {}
    for name, down in (("up", False), ("down", True)):
        node = Node(obj, 0)
        _next_level([node], {_key(obj): node}, user, down)
        groups = defaultdict(list)
        for edge, other in node.links:
            groups[edge.label if down else edge.reverse].append(other.obj)
        found[name] = list(groups.items())
    return found


def descendants(node: Node) -> list[Node]:
    """Return every node below ``node`` once, nearest first, itself excluded."""
    seen, met, queue, found = {id(node)}, {_key(node.obj)}, [node], []
    while queue:
        for _edge, other in queue.pop(0).links:
            if id(other) in seen:
                continue
            seen.add(id(other))
            queue.append(other)
            if _key(other.obj) not in met:
                met.add(_key(other.obj))
                found.append(other)
    return found


def stages(objects: Iterable, user) -> dict[int, int]:
    """Return {pk: stage} for objects of one model: how far on the chain each has come, 1 to 6.

    Models on the chain carry `chain_stage`: listen 1, imagine 2, deepen 3, choose 4, realise 5,
    measure 6.
    """
    return {pk: chain_stage(obj) for pk, obj in furthest(objects, user).items()}


def furthest(objects: Iterable, user) -> dict[int, object]:
    """Return {pk: what came furthest on the chain}: the object itself where nothing came of it."""
    return {
        root.obj.pk: max((root.obj, *(node.obj for node in descendants(root))), key=chain_stage)
        for root in walk(objects, user)
    }


def chain_stage(obj) -> int:
    """Return the step of the chain at which ``obj`` stands, 0 for what is not on it."""
    return getattr(obj, "chain_stage", 0)


def _key(obj):
    return obj._meta.label, obj.pk


def _node(nodes, obj, depth):
    return nodes.setdefault(_key(obj), Node(obj, depth))


def _next_level(level, nodes, user, down):
    by_model = defaultdict(list)
    for node in level:
        by_model[node.obj._meta.label].append(node)
    found = []
    for edge in EDGES:
        near, far = (edge.up, edge.down) if down else (edge.down, edge.up)
        if near in by_model:
            found += _follow(edge, by_model[near], far, nodes, user, down)
    return found


def _follow(edge, sources, far, nodes, user, down):
    open_ends = [node for node in sources if down or not edge.gathers or node.depth == 0]
    by_pk = {node.obj.pk: node for node in open_ends}
    pairs = edge.pairs(user, down=down, ids=by_pk) if by_pk else []
    if not pairs:
        return []
    model = apps.get_model(far)
    targets = model.objects.visible_to(user).in_bulk({far_pk for _near, far_pk in pairs})
    fresh = []
    for near_pk, far_pk in pairs:
        if far_pk not in targets:
            continue
        depth = by_pk[near_pk].depth + 1
        if edge.gathers and down:
            # A node of its own, which is never followed, whatever else leads to the same thing.
            by_pk[near_pk].links.append((edge, Node(targets[far_pk], depth)))
            continue
        known = (model._meta.label, far_pk) in nodes
        other = _node(nodes, targets[far_pk], depth)
        by_pk[near_pk].links.append((edge, other))
        if not known:
            fresh.append(other)
    return fresh
