"""Where a thing comes from and what became of it: a registry of edges, one walk both ways.

Each app declares the links that it owns in `<app>/trace.py`:

    trace.register(Edge(
        up="stakeholders.Idea", down="workshops.Workshop", through="workshops.AgendaIdea",
        up_path="idea", down_path="workshop", label=_("discussed in"), reverse=_("discussed"),
    ))

``up_path`` and ``down_path`` are ORM paths from the through model to the two ends (``pk`` where the
through model is the end itself). The walk loads each level with one query for the links and one for
the objects of each model, whatever the number of rows; every object passes `visible_to(user)`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, Value

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

    def links(self, user, *, down: bool, ids, number: int):
        """Return a queryset of (``number``, id of the near end, id of the far end).

        It holds the links of the objects ``ids``; the number tells it apart in a union.
        """
        near, far = (self.up_path, self.down_path) if down else (self.down_path, self.up_path)
        rows = apps.get_model(self.through)._base_manager.filter(**{f"{near}__in": list(ids)})
        if self.visible:
            rows = rows.filter(self.visible(user))
        rows = rows.filter(~Q(**{f"{far}__isnull": True})).order_by()
        rows = rows.annotate(link_no=Value(number), near_end=F(near), far_end=F(far))
        return rows.values("link_no", "near_end", "far_end").distinct()


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


def neighbours(obj, user, root: Node | None = None) -> dict[str, list[tuple[str, list]]]:
    """Return the direct links of ``obj``: {"up": [(label, objects)], "down": […]}.

    ``root`` is its node of a walk down, where the page has made one already.
    """
    found = {}
    for name, down in (("up", False), ("down", True)):
        node = root if down and root else Node(obj, 0)
        if not (down and root):
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
    return {root.obj.pk: furthest_of(root) for root in walk(objects, user)}


def furthest_of(root: Node):
    """Return what came furthest on the chain of all met below ``root``, itself included."""
    return max((root.obj, *(node.obj for node in descendants(root))), key=chain_stage)


def chain_stage(obj) -> int:
    """Return the step of the chain at which ``obj`` stands, 0 for what is not on it."""
    return getattr(obj, "chain_stage", 0)


def _key(obj):
    return obj._meta.label, obj.pk


def _node(nodes, obj, depth):
    return nodes.setdefault(_key(obj), Node(obj, depth))


def _next_level(level, nodes, user, down):
    """Return the nodes met for the first time one step on from ``level``, and link them.

    One query finds the links of all edges, one for each model loads what they lead to.
    """
    asked = _asked(level, down)
    pairs = _pairs(asked, user, down)
    targets = _targets(pairs, user, down)
    found = []
    for edge, by_pk in asked:
        found += _link(edge, by_pk, pairs[edge], targets[_far(edge, down)], nodes, down)
    return found


def _far(edge, down) -> str:
    return edge.down if down else edge.up


def _asked(level, down) -> list[tuple["Edge", dict]]:
    """Return (edge, {pk: node}) for each edge that may lead on from nodes of ``level``."""
    by_model = defaultdict(dict)
    for node in level:
        by_model[node.obj._meta.label][node.obj.pk] = node
    asked = []
    for edge in EDGES:
        sources = by_model.get(edge.up if down else edge.down, {})
        if edge.gathers and not down:
            sources = {pk: node for pk, node in sources.items() if node.depth == 0}
        if sources:
            asked.append((edge, sources))
    return asked


def _pairs(asked, user, down) -> dict["Edge", list[tuple[int, int]]]:
    """Return {edge: [(id of the near end, id of the far end)]}, by the far end."""
    found = {edge: [] for edge, _by_pk in asked}
    parts = [
        edge.links(user, down=down, ids=by_pk, number=number)
        for number, (edge, by_pk) in enumerate(asked)
    ]
    for number, near, far in sorted(_all_of(parts), key=itemgetter(2, 1)):
        found[asked[number][0]].append((near, far))
    return found


def _all_of(parts) -> list[tuple[int, int, int]]:
    """Return the rows of all ``parts`` in one query.

    `QuerySet.union` lines columns up by position, and querysets of translated models do not keep
    theirs: so each part is a subquery whose columns are named.
    """
    statements, values = [], []
    for part in parts:
        try:
            sql, params = part.query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(f"SELECT link_no, near_end, far_end FROM ({sql}) AS part")
        values += params
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        return cursor.fetchall()


def _targets(pairs, user, down) -> dict[str, dict[int, object]]:
    """Return {model: {pk: object}} of what the links lead to, as far as ``user`` may see it."""
    wanted = defaultdict(set)
    for edge, ends in pairs.items():
        wanted[_far(edge, down)] |= {far for _near, far in ends}
    return {
        label: apps.get_model(label).objects.visible_to(user).in_bulk(pks) if pks else {}
        for label, pks in wanted.items()
    }


def _link(edge, by_pk, pairs, targets, nodes, down):
    """Hang what ``edge`` leads to on its sources; return the nodes met for the first time."""
    fresh = []
    for near, far in pairs:
        if far not in targets:
            continue
        source, target = by_pk[near], targets[far]
        if edge.gathers and down:
            # A node of its own, which is never followed, whatever else leads to the same thing.
            source.links.append((edge, Node(target, source.depth + 1)))
            continue
        known = _key(target) in nodes
        other = _node(nodes, target, source.depth + 1)
        source.links.append((edge, other))
        if not known:
            fresh.append(other)
    return fresh
