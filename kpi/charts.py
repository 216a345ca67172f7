"""The figure of an indicator: its line, the path to its target, direct labels, no legend."""

from collections import defaultdict

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from core.charts import BLUE, CYAN, GREEN, INK, Chart, as_data, quiet_layout
from core.templatetags.ui import translated

from .facts import Facts
from .models import Observation
from .sentences import amount, goal
from .sentences import position as position_sentence
from .tables import as_table, geos, range_words

#: Colour, mark and width of each line: the own one first; no line is told by its colour alone.
STYLES = ((BLUE, "circle", 4), (CYAN, "square", 2), (INK, "diamond", 2), (GREEN, "cross", 2))
#: Ticks are at least this part of the axis apart, so that their words do not touch on a phone.
TICK_GAP, WIDE_TICK_GAP = 0.16, 0.3
#: The part of the width that a label beside the last figure needs on a phone.
LABEL_SHARE = 0.4
LABEL_GAP = 18
#: A screen has no room for more points in a line.
MOST_POINTS = 240


def chart_of(facts: Facts) -> Chart | None:
    """Return the chart with its table twin, or None where one figure stands alone."""
    figure = _figure(facts)
    if figure is None:
        return None
    words = position_sentence(facts).text
    sources = {
        translated(source, "label")[0]: None
        for each in facts.observations
        for source in each.sources.all()
    }
    return Chart(
        key=facts.indicator.code,
        title=_("Unit: %(unit)s") % {"unit": translated(facts.indicator, "unit")[0]},
        description=" ".join(filter(None, [str(facts.indicator) + ".", range_words(facts), words])),
        figure=as_data(figure),
        table=as_table(facts),
        source="; ".join(sources) or translated(facts.indicator, "source_text")[0],
        notes=_notes(facts),
    )


def _figure(facts: Facts) -> go.Figure | None:
    known = [each for each in facts.observations if each.value is not None]
    periods = defaultdict(set)
    for each in known:
        periods[each.geo_id].add(each.when)
    if any(len(found) > 1 for found in periods.values()):
        return lines_figure(facts)
    return bars_figure(facts, known) if len(periods) > 1 else None


def _notes(facts: Facts) -> list[str]:
    found = []
    if any(each.breaks_series for each in facts.own):
        found.append(
            _("The line is cut where the method changed: before and after cannot be compared.")
        )
    if any(each.disputed for each in facts.own):
        found.append(_("Contradictory published figures are both shown, as open points."))
    return found


def lines_figure(facts: Facts) -> go.Figure:
    """Return a line per territory over time, cut at breaks, with the path to the target."""
    figure = go.Figure()
    for index, code in enumerate(geos(facts)):
        rows = [each for each in facts.observations if each.geo_id == code]
        for segment in segments(thinned(rows)):
            figure.add_trace(_line(segment, facts, STYLES[index % len(STYLES)]))
    disputed = [each for each in facts.observations if each.disputed and each.value is not None]
    if disputed:
        figure.add_trace(_open_points(disputed, facts))
    if facts.target:
        figure.add_trace(_target_path(facts))
    figure.update_layout(_time_layout(facts))
    return figure


def segments(rows: list[Observation]) -> list[list[Observation]]:
    """Return the stretches of a series within which values can be compared."""
    parts: list[list[Observation]] = [[]]
    for each in rows:
        if each.breaks_series and parts[-1]:
            parts.append([])
        parts[-1].append(each)
    return [part for part in parts if part]


def thinned(rows: list[Observation], most: int = MOST_POINTS) -> list[Observation]:
    """Return about ``most`` of ``rows`` at most: the ends, and the extremes of each stretch.

    Gaps and whatever carries a flag or a contradiction stay. The table has every value.
    """
    if len(rows) <= most:
        return rows
    size = -(-len(rows) * 2 // most)
    kept = {0, len(rows) - 1}
    for start in range(0, len(rows), size):
        part = range(start, min(start + size, len(rows)))
        kept |= {at for at in part if rows[at].value is None or rows[at].flag or rows[at].disputed}
        known = [at for at in part if rows[at].value is not None]
        if known:
            kept |= {min(known, key=lambda at: rows[at].value)}
            kept |= {max(known, key=lambda at: rows[at].value)}
    return [rows[at] for at in sorted(kept)]


def _line(rows: list[Observation], facts: Facts, style: tuple) -> go.Scatter:
    colour, mark, width = style
    return go.Scatter(
        x=[float(each.when.position) for each in rows],
        # A missing or disputed value leaves a gap: no line may run through what is not known.
        y=[None if each.value is None or each.disputed else float(each.value) for each in rows],
        mode="lines+markers",
        connectgaps=False,
        line={"color": colour, "width": width},
        marker={"color": colour, "symbol": mark, "size": 6 + width},
        text=[_hover(each, facts) for each in rows],
        hovertemplate="%{text}<extra></extra>",
    )


def _open_points(rows: list[Observation], facts: Facts) -> go.Scatter:
    return go.Scatter(
        x=[float(each.when.position) for each in rows],
        y=[float(each.value) for each in rows],
        mode="markers",
        marker={"color": BLUE, "symbol": "circle-open", "size": 12, "line": {"width": 3}},
        text=[_hover(each, facts) for each in rows],
        hovertemplate="%{text}<extra></extra>",
    )


def _target_path(facts: Facts) -> go.Scatter:
    target = facts.target
    ends = [(target.when.position, target.value)]
    if facts.expected_at(target.when.position) is not None:
        ends.insert(0, (facts.baseline.when.position, facts.baseline.value))
    words = _target_words(facts)
    return go.Scatter(
        x=[float(moment) for moment, _value in ends],
        y=[float(value) for _moment, value in ends],
        mode="lines+markers",
        line={"color": INK, "width": 2, "dash": "dash"},
        marker={"color": INK, "symbol": "diamond-open", "size": [0] * (len(ends) - 1) + [12]},
        text=[words] * len(ends),
        hovertemplate="%{text}<extra></extra>",
    )


def _hover(each: Observation, facts: Facts) -> str:
    value = amount(each.value, facts.indicator)
    return f"{each.when.label} · {facts.short_name(each.geo_id)}: {value}"


def _target_words(facts: Facts) -> str:
    words = {"value": goal(facts.target.value, facts.indicator)}
    if facts.target_is_of_the_union:
        return _("EU target %(value)s") % words
    return _("target %(value)s") % words


def _time_layout(facts: Facts) -> go.Layout:
    moments = {float(each.when.position): each.when.short_label for each in facts.observations}
    last_seen = max(moments)
    if facts.target:
        moments[float(facts.target.when.position)] = facts.target.when.short_label
    ends = axis_range(min(moments), last_seen, max(moments))
    ticks = thin(moments, ends[1] - ends[0])
    return quiet_layout(
        annotations=_labels(facts),
        xaxis={
            "range": ends,
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [moments[each] for each in ticks],
            "tickangle": 0,
            "showgrid": False,
        },
        yaxis={"automargin": True, "gridcolor": "#dadae8", "tickformat": ","},
        margin={"l": 8, "r": 16, "t": 36, "b": 8},
        hovermode="closest",
    )


def axis_range(first: float, last_seen: float, last: float) -> list[float]:
    """Return the ends of the axis; right of the last figure its label needs a part of the width."""
    room = max((last - first) * 0.06, 0.02)
    start = first - room
    for_label = (last_seen - LABEL_SHARE * start) / (1 - LABEL_SHARE)
    return [start, max(last + room, for_label)]


def thin(moments: dict[float, str], width: float) -> list[float]:
    """Return those of ``moments`` whose words have room under the axis; first and last are kept."""
    ordered = sorted(moments)
    first, last = ordered[0], ordered[-1]
    longest = max(len(words) for words in moments.values())
    gap = width * (TICK_GAP if longest <= len("2030") else WIDE_TICK_GAP)
    kept = [first]
    for each in ordered[1:-1]:
        if each - kept[-1] >= gap and last - each >= gap:
            kept.append(each)
    return [*kept, last] if last > first else kept


def _labels(facts: Facts) -> list[dict]:
    """Return a direct label for the last value of each territory and for the target."""
    ends = []
    for index, code in enumerate(geos(facts)):
        known = [
            each for each in facts.observations if each.geo_id == code and each.value is not None
        ]
        if known:
            ends.append((known[-1], INK if index else BLUE))
    ends.sort(key=lambda end: end[0].value)
    labels = [
        _end_label(each, colour, shift, len(ends) > 1, facts)
        for (each, colour), shift in zip(ends, spread(len(ends)), strict=True)
    ]
    return labels + ([_target_label(facts)] if facts.target else [])


def spread(count: int) -> list[float]:
    """Return how far ``count`` labels at one place are moved up or down, so that all are read."""
    return [(index - (count - 1) / 2) * LABEL_GAP for index in range(count)]


def _end_label(each: Observation, colour: str, shift: float, named: bool, facts: Facts) -> dict:
    value = amount(each.value, facts.indicator, short=True)
    return {
        "x": float(each.when.position),
        "y": float(each.value),
        # No markup here: Plotly would write it as a style attribute, which the policy forbids.
        "text": f"{value} {facts.short_name(each.geo_id)}" if named else value,
        "showarrow": False,
        "xanchor": "left",
        "xshift": 10,
        "yshift": shift,
        "font": {"color": colour, "size": 15, "weight": 700},
    }


def _target_label(facts: Facts) -> dict:
    return {
        "x": float(facts.target.when.position),
        "y": float(facts.target.value),
        "text": _target_words(facts),
        "showarrow": False,
        "xanchor": "right",
        "yanchor": "bottom",
        "yshift": 8,
        "font": {"color": INK, "size": 14},
    }


def bars_figure(facts: Facts, known: list[Observation]) -> go.Figure:
    """Return the territories side by side, where there is one period only."""
    rows = sorted(known, key=lambda each: each.value)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[float(each.value) for each in rows],
            y=[facts.short_name(each.geo_id) for each in rows],
            text=[amount(each.value, facts.indicator, short=True) for each in rows],
            textposition="auto",
            textfont={"size": 15},
            marker={"color": [BLUE if each.geo_id == facts.geo else "#dadae8" for each in rows]},
            hovertext=[_hover(each, facts) for each in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.update_layout(
        quiet_layout(
            height=110 + 48 * len(rows),
            hovermode="closest",
            margin={"l": 8, "r": 16, "t": 36, "b": 8},
            xaxis={"rangemode": "tozero", "gridcolor": "#dadae8"},
            yaxis={"automargin": True, "showgrid": False},
        )
    )
    if facts.target:
        _add_target_line(figure, facts)
    return figure


def _add_target_line(figure: go.Figure, facts: Facts) -> None:
    value = float(facts.target.value)
    figure.add_vline(x=value, line={"color": INK, "width": 2, "dash": "dash"})
    due = facts.target.when.label
    figure.add_annotation(
        x=value,
        y=1,
        yref="paper",
        text=f"{_target_words(facts)} ({due})",
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        font={"color": INK, "size": 14},
    )
