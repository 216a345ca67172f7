"""Several indicators side by side: one figure each under one axis of time, and one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.charts import Chart
from core.templatetags.ui import translated
from core.typography import number

from .charts import chart_of
from .facts import Facts
from .models import Indicator
from .selectors import facts_of
from .sentences import headline


@dataclass(frozen=True)
class Comparison:
    """Each indicator with its sentence and figure, and the table of them all."""

    parts: list[tuple[Facts, Chart | None, object]]
    table: dict


def compared(indicators: Sequence[Indicator], about: str, as_of: date | None) -> Comparison:
    """Return ``indicators`` side by side for the place ``about`` ("" for that of each)."""
    options = {"everywhere": True, "about": about, "places": ()}
    found = facts_of(indicators, as_of, **options)
    facts = [found[each.pk] for each in indicators]
    return Comparison([(each, chart_of(each), headline(each)) for each in facts], table_of(facts))


def table_of(facts: Sequence[Facts]) -> dict:
    """Return one line for each period that any of them has, a column for each indicator.

    Of contradictory values the first is shown, as on the page of the indicator.
    """
    cells: dict = {}
    for column, each in enumerate(facts):
        for row in each.own:
            key = (row.when.position, row.period)
            line = cells.setdefault(key, [row.when.label, *["–"] * len(facts)])
            if line[column + 1] == "–" and row.value is not None:
                line[column + 1] = number(row.value, each.indicator.decimals)
    columns = [{"label": _("Period"), "kind": "text"}]
    for each in facts:
        unit = translated(each.indicator, "unit")[0]
        label = _("%(name)s (%(unit)s)") % {"name": each.indicator, "unit": unit}
        columns.append({"label": label, "kind": "number"})
    rows = [cells[key] for key in sorted(cells)]
    return {"caption": _("The indicators side by side"), "columns": columns, "rows": rows}
