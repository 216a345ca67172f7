"""The figure of an index: the scores of its places as bars, the chosen ones marked."""

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from core.charts import BLUE, CYAN, INK, Chart, as_data, quiet_layout
from core.templatetags.ui import translated

from .arithmetic import Result
from .pages import Choice, points
from .selectors import IndexSheet

QUIET = "#dadae8"


def index_chart(sheet: IndexSheet, choice: Choice) -> Chart | None:
    """Return the scores of all places with their table, or None where there is none."""
    known = {code: each for code, each in sheet.results.items() if each.value is not None}
    if not known:
        return None
    scenario = _scenario(sheet, choice, known)
    title = _("Score out of %(scale)s, edition %(edition)s") % {
        "scale": f"{sheet.method.scale:g}",
        "edition": sheet.edition.code,
    }
    return Chart(
        key=f"index-{sheet.index.code}",
        title=title,
        description=_described(sheet, known),
        figure=as_data(_figure(sheet, choice, known, scenario)),
        table=_table(sheet, scenario, title),
        source="; ".join(translated(each, "label")[0] for each in sheet.index.sources.all()),
        notes=[_("Hatched bars: the scenario with your own weights, not official.")]
        if scenario
        else [],
    )


def _scenario(sheet: IndexSheet, choice: Choice, known) -> dict[str, Result]:
    if choice.method is None:
        return {}
    return {code: sheet.result(code, choice.method) for code in known}


def _described(sheet: IndexSheet, known: dict[str, Result]) -> str:
    parts = [f"{sheet.place_name(code)} {points(each.value)}" for code, each in known.items()]
    return f"{sheet.index}: {'; '.join(parts)}."


def _figure(sheet: IndexSheet, choice: Choice, known, scenario) -> go.Figure:
    # Plotly draws the first bar at the bottom.
    codes = list(reversed(known))
    colours = {choice.geo: BLUE, choice.against: CYAN}
    figure = go.Figure()
    if scenario:
        figure.add_trace(_bars(sheet, codes, scenario, [QUIET] * len(codes), "/"))
    marks = [colours.get(code, QUIET) for code in codes]
    figure.add_trace(_bars(sheet, codes, known, marks, ""))
    figure.update_layout(
        quiet_layout(
            height=90 + (64 if scenario else 44) * len(codes),
            hovermode="closest",
            margin={"l": 8, "r": 16, "t": 24, "b": 8},
            barmode="group",
            xaxis={"rangemode": "tozero", "gridcolor": QUIET},
            yaxis={"automargin": True, "showgrid": False},
        )
    )
    return figure


def _bars(sheet: IndexSheet, codes, results, colours, shape: str) -> go.Bar:
    texts = [points(results[code].value) for code in codes]
    words = f" ({_('scenario')})" if shape else ""
    return go.Bar(
        orientation="h",
        x=[results[code].value for code in codes],
        y=[sheet.short_name(code) for code in codes],
        text=[f"{text}{words}" for text in texts],
        textposition="auto",
        textfont={"size": 15},
        marker={
            "color": colours,
            "pattern": {"shape": shape, "fgcolor": INK},
            "line": {"color": INK, "width": 1 if shape else 0},
        },
        hovertext=[f"{sheet.place_name(c)}: {t}" for c, t in zip(codes, texts, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _table(sheet: IndexSheet, scenario: dict[str, Result], caption: str) -> dict:
    columns = [
        {"label": _("Territory"), "kind": "text"},
        {"label": _("Official score"), "kind": "number"},
    ]
    if scenario:
        columns.append({"label": _("Scenario, not official"), "kind": "number"})
    rows = []
    for code, result in sheet.results.items():
        line = [sheet.place_name(code), points(result.value)]
        rows.append(line + ([points(_value(scenario, code))] if scenario else []))
    return {"caption": caption, "columns": columns, "rows": rows}


def _value(results: dict[str, Result], code: str) -> float | None:
    return results[code].value if code in results else None
