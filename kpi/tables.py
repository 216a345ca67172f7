"""The figures of an indicator as rows: the same for the chart, its table and the downloads."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.exports import Column, Table
from core.templatetags.ui import translated
from core.typography import NO_BREAK, number

from .facts import Facts
from .models import Observation
from .periods import Period
from .sentences import amount

FLAGS = {
    "b": gettext_lazy("break in the series"),
    "d": gettext_lazy("other definition"),
    "e": gettext_lazy("estimated"),
    "f": gettext_lazy("forecast"),
    "i": gettext_lazy("imputed"),
    "m": gettext_lazy("missing"),
    "n": gettext_lazy("not significant"),
    "p": gettext_lazy("provisional"),
    "u": gettext_lazy("low reliability"),
}


@dataclass
class Row:
    """One line: a period, and the observation of each territory in it.

    Contradictory values of one period are lines of their own (``position``).
    """

    period: Period
    position: int
    cells: dict[str, Observation] = field(default_factory=dict)
    change: Decimal | None = None
    expected: Decimal | None = None
    is_start: bool = False

    @property
    def remarks(self) -> list[str]:
        """Return what has to be known to read the values of this line."""
        found = [_("starting value")] if self.is_start else []
        for each in self.cells.values():
            found += remarks_of(each)
        return list(dict.fromkeys(found))


def remarks_of(observation: Observation) -> list[str]:
    """Return flags, contradiction, a later vintage and the note of one value in words."""
    found = [str(FLAGS[letter]) for letter in observation.flag]
    if observation.disputed:
        found.append(_("contradicted by another source"))
    if observation.vintage > 1:
        found.append(_("vintage %(number)s") % {"number": observation.vintage})
    note = translated(observation, "note")[0]
    return [*found, note] if note else found


def geos(facts: Facts) -> list[str]:
    """Return the territories that have a value, the indicator's own first."""
    present = {each.geo_id for each in facts.observations}
    own = facts.geo
    return [own, *sorted(present - {own}, key=lambda code: place_rank(facts, code))]


def place_rank(facts: Facts, code: str) -> tuple:
    """Return where a place stands among others: by its position, then by its code."""
    place = facts.places.get(code)
    return (place.position if place else 0, code)


def lines(facts: Facts) -> list[Row]:
    """Return the rows of the table in order of time."""
    rows: dict[tuple, Row] = {}
    for each in facts.observations:
        key = (each.when.position, each.position, each.when.frequency)
        row = rows.setdefault(key, Row(each.when, each.position))
        row.cells[each.geo_id] = each
    ordered = [rows[key] for key in sorted(rows)]
    _add_comparisons(ordered, facts)
    return ordered


def _add_comparisons(rows: list[Row], facts: Facts) -> None:
    own, before = facts.geo, None
    for row in rows:
        row.expected = facts.expected_at(row.period.position)
        row.is_start = facts.baseline is not None and row.period == facts.baseline.when
        now = row.cells.get(own)
        if now is None:
            continue
        if before and _comparable(before, now):
            row.change = now.value - before.value
        before = now


def _comparable(before: Observation, now: Observation) -> bool:
    return (
        None not in (before.value, now.value)
        and not (before.disputed or now.disputed)
        and not now.breaks_series
    )


def as_table(facts: Facts) -> dict:
    """Return the table under the chart, as `ui/table.html` wants it."""
    rows, codes = lines(facts), geos(facts)
    has_change = any(row.change is not None for row in rows)
    has_path = any(row.expected is not None for row in rows)
    columns = [{"label": _("Period"), "kind": "text"}]
    columns += [{"label": facts.place_name(code), "kind": "number"} for code in codes]
    columns += [{"label": pgettext("difference", "Change"), "kind": "number"}] if has_change else []
    columns += [{"label": _("Path"), "kind": "number"}] if has_path else []
    columns.append({"label": _("Remark"), "kind": "text"})
    decimals = facts.indicator.decimals
    cells = []
    for row in rows:
        period = row.period.label.replace(" ", NO_BREAK)
        line = [period, *(_cell(row.cells.get(code), decimals) for code in codes)]
        line += [_dash(row.change, decimals, signed=True)] if has_change else []
        line += [_dash(row.expected, decimals)] if has_path else []
        cells.append([*line, "; ".join(row.remarks)])
    unit = translated(facts.indicator, "unit")[0]
    caption = _("%(name)s (%(unit)s)") % {"name": facts.indicator, "unit": unit}
    return {"caption": caption, "columns": columns, "rows": cells}


def _cell(observation: Observation | None, decimals: int) -> str:
    if observation is None:
        return "–"
    if observation.value is None:
        return str(FLAGS[observation.flag[0]])
    return number(observation.value, decimals)


def _dash(value: Decimal | None, decimals: int, *, signed: bool = False) -> str:
    return "–" if value is None else number(value, decimals, signed=signed)


def series_export(facts: Facts, known_on: str) -> Table:
    """Return every current value of the indicator for download, exact, with vintage and sources."""
    return Table(
        f"indicator-{facts.indicator.code}", SERIES_COLUMNS, facts.observations, filter=known_on
    )


def list_export(rows: list[Facts], words: str) -> Table:
    """Return the filtered list of indicators for download."""
    return Table("indicators", LIST_COLUMNS, rows, filter=words)


def exact(value: Decimal | None) -> Decimal | None:
    """Return a stored value without the zeros that the column adds."""
    if value is None or value == value.to_integral_value():
        return None if value is None else value.quantize(Decimal(1))
    return value.normalize()


def _sources(observation: Observation) -> str:
    return "; ".join(source.key for source in observation.sources.all())


def _text(name: str):
    return lambda facts: translated(facts.indicator, name)[0]


def _latest(name: str):
    return lambda facts: getattr(facts.latest, name) if facts.latest else None


def _target(name: str):
    return lambda facts: getattr(facts.target, name) if facts.target else None


SERIES_COLUMNS = (
    Column("code", gettext_lazy("Code"), lambda row: row.indicator.code),
    Column("geo", gettext_lazy("Territory"), lambda row: row.geo_id),
    Column("period", gettext_lazy("Period"), lambda row: row.period),
    Column("value", gettext_lazy("Value"), lambda row: exact(row.value)),
    Column("unit", gettext_lazy("Unit"), lambda row: row.indicator.unit_code),
    Column("flag", gettext_lazy("Flag"), lambda row: row.flag),
    Column("disputed", gettext_lazy("Contradicted by another source"), lambda row: row.disputed),
    Column("vintage", gettext_lazy("Vintage"), lambda row: row.vintage),
    Column("released_at", gettext_lazy("Released"), lambda row: row.released_at),
    Column("note", gettext_lazy("Note"), lambda row: translated(row, "note")[0]),
    Column("sources", gettext_lazy("Sources"), _sources),
)
LIST_COLUMNS = (
    Column("code", gettext_lazy("Code"), lambda facts: facts.indicator.code),
    Column("name", gettext_lazy("Name"), _text("name")),
    Column("framework", gettext_lazy("Framework"), lambda facts: facts.indicator.framework.slug),
    Column("geo", gettext_lazy("Territory"), lambda facts: facts.indicator.geo_id),
    Column("period", gettext_lazy("Period"), _latest("period")),
    Column(
        "value",
        gettext_lazy("Value"),
        lambda facts: exact(facts.latest.value if facts.latest else None),
    ),
    Column("unit", gettext_lazy("Unit"), _text("unit")),
    Column("disputed", gettext_lazy("Contradicted by another source"), _latest("disputed")),
    Column(
        "target",
        gettext_lazy("Target"),
        lambda facts: exact(facts.target.value if facts.target else None),
    ),
    Column("target_period", gettext_lazy("Due"), _target("period")),
    Column("target_geo", gettext_lazy("Target set for"), _target("geo_id")),
    Column("standing", gettext_lazy("Against the path"), lambda facts: facts.standing),
    Column("freshness", gettext_lazy("Age of the figure"), lambda facts: facts.freshness),
    Column("demonstration", gettext_lazy("Demonstration"), lambda facts: facts.indicator.is_demo),
)


def range_words(facts: Facts) -> str:
    """Return from where to where the own series goes, for those who hear the chart."""
    known = [each for each in facts.own if each.value is not None]
    if not known:
        return _("No figures.")
    if len(known) == 1:
        value = amount(known[0].value, facts.indicator, short=True)
        return _("%(value)s in %(period)s.") % {"value": value, "period": known[0].when.label}
    words = {
        "start": amount(known[0].value, facts.indicator, short=True),
        "start_period": known[0].when.label,
        "end": amount(known[-1].value, facts.indicator, short=True),
        "end_period": known[-1].when.label,
    }
    return _("From %(start)s in %(start_period)s to %(end)s in %(end_period)s.") % words
