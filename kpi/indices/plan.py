"""What a file of an index would do: one plan, shown by the dry run, carried out by the real one."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.search import LANGUAGES

from ..models import CompositeIndex, EditionStatus, IndexEdition, IndexStatus, Indicator, Place
from .arithmetic import Missing, compute
from .faults import Fault
from .files import Sheet
from .reading import ReadIndex, ReadValue, names_of_places, read_index
from .selectors import parts_of


class Kind(TextChoices):
    """What would be made."""

    NEW_INDEX = "new_index", gettext_lazy("a new index with its first edition")
    NEW_EDITION = "new_edition", gettext_lazy("a further edition of an index that is there")
    CORRECTION = "correction", gettext_lazy("a correction of an edition: its next vintage")
    TEXTS = "texts", gettext_lazy("names that are missing, and no figures")
    NOTHING = "nothing", gettext_lazy("nothing: all of it is on record already")
    REFUSED = "refused", gettext_lazy("nothing: the file has to be mended first")


@dataclass(frozen=True)
class Options:
    """What was typed beside the file. Names, policy and coverage count for a new index only."""

    code: str
    edition: str
    names: dict[str, str] = field(default_factory=dict)
    missing: str = ""
    coverage: str = ""
    published_on: str = ""
    prefix: str = ""

    @property
    def day(self) -> date | None:
        """Return the day on which the edition was published by its maker."""
        return date.fromisoformat(self.published_on) if self.published_on else None


@dataclass(frozen=True)
class Difference:
    """Where file and index differ in method: of which part, what, as it is, as the file has it."""

    part: str
    what: str
    before: str
    after: str


@dataclass
class Plan:
    """Everything a page has to show of a file, and everything the service needs to carry it out."""

    options: Options
    read: ReadIndex
    index: CompositeIndex | None = None
    former: IndexEdition | None = None
    differences: list[Difference] = field(default_factory=list)
    #: {(code of the input, place): (value, period)}: the whole edition as it would be.
    values: dict[tuple[str, str], tuple[ReadValue, str]] = field(default_factory=dict)
    counts: Counter = field(default_factory=Counter)
    #: [(row of the database, column, words)] of names that are missing and that the file has.
    texts: list[tuple] = field(default_factory=list)
    #: {code of the input: indicator of the portal}
    indicators: dict[str, Indicator] = field(default_factory=dict)
    kind: str = Kind.REFUSED

    @property
    def faults(self) -> list[Fault]:
        """Return what is wrong with the file."""
        return self.read.faults

    @property
    def may_run(self) -> bool:
        """Tell whether there is something to confirm."""
        return self.kind not in (Kind.NOTHING, Kind.REFUSED)

    @property
    def missing(self) -> str:
        """Return the policy that counts."""
        return self.index.missing if self.index else self.options.missing or Missing.IMPUTE

    @property
    def scores(self) -> list[tuple[str, float | None]]:
        """Return (place, score) of each place of the file, as the portal computes it."""
        coverage = self.index.coverage if self.index else self.options.coverage
        method = self.read.method(
            self.missing,
            float(coverage) if coverage else None,
            float(self.index.scale) if self.index else 100.0,
        )
        return [(place, compute(method, self._raw(place)).value) for place in self.read.places]

    def _raw(self, place: str) -> dict[str, float | None]:
        return {
            code: None if found.value is None else float(found.value)
            for (code, geo), (found, _period) in self.values.items()
            if geo == place
        }

    @property
    def state(self) -> str:
        """Return the fingerprint of what would be done: another one is another decision."""
        former = (self.former.pk, self.former.vintage) if self.former else None
        index = (self.index.pk, self.index.status) if self.index else None
        said = [self.kind, index, former, sorted(self.counts.items()), len(self.texts)]
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]


def plan_of(sheet: Sheet, options: Options) -> Plan:
    """Return what ``sheet`` would do now; nothing is written."""
    index = CompositeIndex.objects.filter(code=options.code).first()
    policy = index.missing if index else options.missing or Missing.IMPUTE
    places = names_of_places(Place.objects.all())
    plan = Plan(options, read_index(sheet, places, policy), index)
    if plan.faults:
        return plan
    plan.indicators = linked(plan)
    former = {}
    if index:
        plan.differences = differences(index, plan)
        plan.texts = missing_texts_of(index, plan)
        plan.former = latest_of(index, options.edition)
        former = values_of(plan.former)
        plan.read.faults += faults_of_edition(index, plan, former)
    plan.values = overlaid(plan, former)
    plan.counts = counted(plan.values, former)
    plan.kind = kind_of(plan)
    return plan


def kind_of(plan: Plan) -> str:
    """Return what carrying the plan out would make."""
    if plan.faults or plan.differences:
        return Kind.REFUSED
    if plan.index is None:
        return Kind.NEW_INDEX
    if plan.counts["new"] or plan.counts["changed"]:
        return Kind.CORRECTION if plan.former else Kind.NEW_EDITION
    return Kind.TEXTS if plan.texts else Kind.NOTHING


def linked(plan: Plan) -> dict[str, Indicator]:
    """Return {code of the input: indicator} by the beginning of their codes, as it was typed."""
    if not plan.options.prefix:
        return {}
    codes = {f"{plan.options.prefix}{code}": code for code in plan.read.inputs}
    return {codes[each.code]: each for each in Indicator.objects.filter(code__in=codes)}


def latest_of(index: CompositeIndex, code: str) -> IndexEdition | None:
    """Return the last vintage of an edition that was not discarded."""
    rows = index.editions.filter(code=code).exclude(status=EditionStatus.DISCARDED)
    return rows.order_by("-vintage").first()


def values_of(edition: IndexEdition | None) -> dict[tuple[str, str], tuple[ReadValue, str]]:
    """Return the values of an edition as a file would give them."""
    if edition is None:
        return {}
    rows = edition.values.select_related("input")
    return {
        (each.input.code, each.geo_id): (ReadValue(each.value, each.flag), each.period)
        for each in rows
    }


def overlaid(plan: Plan, former: dict) -> dict:
    """Return all values of the edition: places that the file does not name stay as they were."""
    fresh = {
        (code, place): (value, plan.read.inputs[code].period)
        for (code, place), value in plan.read.values.items()
    }
    return former | fresh


def counted(values: dict, former: dict) -> Counter:
    """Return how many values are new, changed and unchanged."""
    return Counter(
        "new" if key not in former else "unchanged" if former[key] == value else "changed"
        for key, value in values.items()
    )


def faults_of_edition(index: CompositeIndex, plan: Plan, known: dict) -> list[Fault]:
    """Return why the index takes no such edition now; ``known`` are the values that it has."""
    found, former = [], plan.former
    if index.status == IndexStatus.RETIRED:
        found.append(Fault("closed"))
    fresh = overlaid(plan, {})
    is_same = all(known.get(key) == value for key, value in fresh.items())
    if former and former.status == EditionStatus.LOADED and not is_same:
        found.append(Fault("edition_waits", value=former.code))
    day = plan.options.day
    since = timezone.localdate(former.released_at) if former and former.released_at else None
    if since and day and day <= since and not is_same:
        before = since.isoformat()
        found.append(Fault("published_before", value=str(day), words={"before": before}))
    return found


def differences(index: CompositeIndex, plan: Plan) -> list[Difference]:
    """Return every point in which the method of the file is not that of ``index``."""
    nodes, inputs = parts_of(index)
    codes = {each.pk: each.code for each in nodes}
    ours = {each.code: (codes.get(each.parent_id, ""), each.weight) for each in nodes}
    theirs = {each.code: (each.parent, each.weight) for each in plan.read.nodes.values()}
    found = _compared(ours, theirs, (_("part of"), _("weight")))
    ours = {each.code: method_row(each, codes[each.node_id]) for each in inputs}
    theirs = {each.code: read_row(each) for each in plan.read.inputs.values()}
    labels = (_("part of"), "norm_min", "norm_max", _("direction"), _("raw weight"))
    found += _compared(ours, theirs, labels)
    if plan.options.missing and plan.options.missing != index.missing:
        asked = Missing(plan.options.missing).label
        found.append(
            Difference(
                index.code,
                _("where a value is missing"),
                str(index.get_missing_display()),
                str(asked),
            )
        )
    return found


def method_row(row, node: str) -> tuple:
    """Return what of an input of the index is method."""
    return (node, row.norm_min, row.norm_max, row.direction, row.weight)


def read_row(row) -> tuple:
    """Return what of an input of the file is method."""
    return (row.node, row.low, row.high, row.direction, row.weight)


def _compared(ours: dict, theirs: dict, labels: tuple) -> list[Difference]:
    found = []
    for code in sorted(ours.keys() - theirs.keys()):
        found.append(Difference(code, _("in the index"), _("yes"), _("not in the file")))
    for code in sorted(theirs.keys() - ours.keys()):
        found.append(Difference(code, _("in the index"), _("no"), _("in the file")))
    for code in sorted(ours.keys() & theirs.keys()):
        for label, before, after in zip(labels, ours[code], theirs[code], strict=True):
            if before != after:
                found.append(Difference(code, label, told(before), told(after)))
    return found


def told(value) -> str:
    """Return a bound, a weight or a code as a page shows it, exact."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def missing_texts_of(index: CompositeIndex, plan: Plan) -> list[tuple]:
    """Return [(row, column, words)] of empty texts of ``index`` that the file can fill."""
    nodes, inputs = parts_of(index)
    found = []
    for row in nodes:
        read = plan.read.nodes.get(row.code)
        found += _gaps(row, {"name": read.names} if read else {})
    for row in inputs:
        read = plan.read.inputs.get(row.code)
        if read:
            found += _gaps(row, texts_of_input(read, plan.indicators.get(row.code)))
    return found


def texts_of_input(read, indicator: Indicator | None) -> dict[str, dict[str, str]]:
    """Return {field: {language: words}} of an input; its indicator names what the file does not."""
    names = dict(read.names)
    if indicator:
        for code in LANGUAGES:
            names.setdefault(code, getattr(indicator, f"name_{code}") or "")
    return {"name": names, "unit": read.units, "source_text": read.sources}


def _gaps(row, texts: dict[str, dict[str, str]]) -> list[tuple]:
    return [
        (row, f"{stem}_{language}", words)
        for stem, by_language in texts.items()
        for language, words in by_language.items()
        if words and not getattr(row, f"{stem}_{language}")
    ]
