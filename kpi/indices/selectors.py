"""What pages ask of composite indices: editions as known on a day, and a whole sheet of scores."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count, FloatField, OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.permissions import reads_everything
from core.templatetags.ui import translated

from ..models import (
    CompositeIndex,
    EditionStatus,
    IndexEdition,
    IndexInput,
    IndexNode,
    IndexValue,
    Indicator,
    Place,
)
from ..selectors import end_of
from .arithmetic import DEFAULT_COVERAGE, Branch, Measure, Method, Result, compute

#: The part of an input in its node, times the weights from there up to the whole.
WEIGHT_IN_THE_WHOLE = """
    WITH RECURSIVE up AS (
        SELECT id, parent_id, weight::float FROM kpi_indexnode WHERE id = kpi_indexinput.node_id
        UNION ALL
        SELECT above.id, above.parent_id, above.weight * up.weight
        FROM kpi_indexnode above JOIN up ON above.id = up.parent_id
    ) CYCLE id SET is_round USING path
    SELECT up.weight * kpi_indexinput.weight::float / (
        SELECT sum(beside.weight)::float FROM kpi_indexinput beside
        WHERE beside.node_id = kpi_indexinput.node_id
    )
    FROM up WHERE up.parent_id IS NULL
"""


def listed_indices(user):
    """Return the indices ``user`` may see, ready for a list."""
    of_index = {"index": OuterRef("pk")}
    released = IndexEdition.objects.filter(status=EditionStatus.RELEASED, **of_index)
    inputs = IndexInput.objects.filter(**of_index).order_by().values("index")
    return (
        CompositeIndex.objects.visible_to(user)
        .select_related("framework")
        .annotate(
            newest=Subquery(released.order_by("-code").values("code")[:1]),
            input_count=Coalesce(Subquery(inputs.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("code")
    )


def editions_known(index: CompositeIndex, as_of: date | None = None) -> list[IndexEdition]:
    """Return each edition in its greatest vintage released by the end of ``as_of``, newest first.

    What had not been released by then is unknown: a later vintage is never carried back.
    """
    moment = end_of(as_of) if as_of else timezone.now()
    rows = index.editions.filter(status=EditionStatus.RELEASED, released_at__lte=moment)
    latest = rows.order_by("code", "-vintage").distinct("code")
    return sorted(latest, key=lambda each: each.code, reverse=True)


def editions_for(user, index: CompositeIndex, as_of: date | None = None) -> list[IndexEdition]:
    """Return what ``user`` can choose from: the editions known, and for the office what waits."""
    known = editions_known(index, as_of)
    if as_of or not reads_everything(user):
        return known
    waiting = list(index.editions.filter(status=EditionStatus.LOADED).order_by("-code"))
    for each in waiting:
        each.is_twin = any(each.code == other.code for other in known)
    return [*known, *waiting]


def choose_edition(
    editions: list[IndexEdition], code: str, waiting: bool = False
) -> IndexEdition | None:
    """Return the edition with ``code`` ("" is the newest); released before waiting, unless asked.

    None where there is none, or none of that code.
    """
    found = [each for each in editions if code in ("", each.code)]
    if waiting:
        found.sort(key=lambda each: each.status != EditionStatus.LOADED)
    return next(iter(found), None)


def parts_of(index: CompositeIndex) -> tuple[list[IndexNode], list[IndexInput]]:
    """Return the nodes and the inputs of an index in order, with two queries."""
    nodes = list(index.nodes.order_by("position", "pk"))
    inputs = index.inputs.select_related("indicator").order_by("position", "pk")
    return nodes, list(inputs)


def method_of(
    index: CompositeIndex, nodes: Iterable[IndexNode], inputs: Iterable[IndexInput]
) -> Method:
    """Return the rows of an index as the numbers that `indices.compute` takes."""
    below, measures = defaultdict(list), defaultdict(list)
    for row in inputs:
        measures[row.node_id].append(measure_of(row))
    for node in nodes:
        below[node.parent_id].append(node)

    def branches(parent) -> tuple[Branch, ...]:
        return tuple(
            Branch(each.code, float(each.weight), branches(each.pk), tuple(measures[each.pk]))
            for each in below[parent]
        )

    coverage = DEFAULT_COVERAGE if index.coverage is None else float(index.coverage)
    return Method(branches(None), index.missing, coverage, float(index.scale))


def measure_of(row: IndexInput) -> Measure:
    """Return an input as numbers."""
    return Measure(
        row.code, float(row.norm_min), float(row.norm_max), row.direction, float(row.weight)
    )


@dataclass
class IndexSheet:
    """An index in one edition: its tree, its inputs, the values of every place, the scores."""

    index: CompositeIndex
    edition: IndexEdition | None
    nodes: list[IndexNode]
    inputs: list[IndexInput]
    method: Method
    rows: dict[str, dict[str, IndexValue]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, IndexInput]:
        """The inputs by their code."""
        return {each.code: each for each in self.inputs}

    @cached_property
    def node_by_code(self) -> dict[str, IndexNode]:
        """The nodes by their code."""
        return {each.code: each for each in self.nodes}

    def values(self, geo: str) -> dict[str, float | None]:
        """Return {code of the input: raw value} of one place."""
        return {
            code: None if row.value is None else float(row.value)
            for code, row in self.rows.get(geo, {}).items()
        }

    def result(self, geo: str, method: Method | None = None) -> Result:
        """Return the score of one place with its parts, by the method of the index or another."""
        return compute(method or self.method, self.values(geo))

    @cached_property
    def results(self) -> dict[str, Result]:
        """The result of every place, the highest score first, what has none last."""
        found = {code: self.result(code) for code in self.places}
        return dict(sorted(found.items(), key=lambda each: _rank(each[1].value)))

    def place_name(self, code: str) -> str:
        """Return the name of a place in the language of the page."""
        return str(self.places.get(code, code))

    def short_name(self, code: str) -> str:
        """Return a name that fits beside a bar."""
        place = self.places.get(code)
        return translated(place, "short_name")[0] if place else code

    def imputed(self, geo: str) -> list[IndexInput]:
        """Return the inputs whose value in this place was estimated."""
        rows = self.rows.get(geo, {})
        return [each for each in self.inputs if "i" in getattr(rows.get(each.code), "flag", "")]


def visible_indicators(user, inputs: Iterable[IndexInput]) -> set[int]:
    """Return the keys of the indicators behind ``inputs`` whose page ``user`` may open."""
    keys = [each.indicator_id for each in inputs if each.indicator_id]
    rows = Indicator.objects.visible_to(user).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


def inputs_about(indicator: Indicator, user):
    """Return the inputs that ``indicator`` is of the indices ``user`` may see, with one query.

    ``weight_in_whole`` is the part of the score that the method gives to each, with all values;
    None where the tree has no top.
    """
    return (
        indicator.index_inputs.filter(index__in=CompositeIndex.objects.visible_to(user))
        .select_related("index", "node")
        .annotate(weight_in_whole=RawSQL(WEIGHT_IN_THE_WHOLE, [], output_field=FloatField()))
        .order_by("index__code", "position", "pk")
    )


def _rank(value: float | None) -> tuple:
    return (value is None, -(value or 0.0))


def sheet_of(index: CompositeIndex, edition: IndexEdition | None) -> IndexSheet:
    """Return the whole sheet with four queries, for any number of inputs and places."""
    nodes, inputs = parts_of(index)
    sheet = IndexSheet(index, edition, nodes, inputs, method_of(index, nodes, inputs))
    if edition is None:
        return sheet
    codes = {each.pk: each.code for each in inputs}
    rows = defaultdict(dict)
    for value in IndexValue.objects.filter(edition=edition):
        rows[value.geo_id][codes[value.input_id]] = value
    sheet.rows = dict(rows)
    places = Place.objects.filter(code__in=rows).order_by("position", "code")
    sheet.places = {each.code: each for each in places}
    return sheet
