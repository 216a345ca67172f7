"""The drawings of the frames. The helix is told by letter, shape and colour, never colour alone."""

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from core.charts import INK, Chart, as_data, quiet_layout
from core.templatetags.ui import translated
from core.typography import number

from .frames import DRAWN_IN_A_FIELD, LADDER, MIDDLE, RUNG, Grid, Point, Quadrant
from .helix_signs import LETTERS, STYLES, legend_words
from .models import Helix
from .models.assessments import HIGHEST, LOWEST

#: Points of one field stand in two columns and at most four rows, on a phone as well.
ASIDE, STEP_DOWN = 0.23, 0.22
GRID_HEIGHT, ROW_HEIGHT, EDGE = 640, 56, 0.5
NOTHING = {"showarrow": False, "font": {"color": INK, "size": 13}}


def spots(count: int) -> list[tuple[float, float]]:
    """Return the places of ``count`` things around the centre of a field: (to the right, up)."""
    rows = (count + 1) // 2
    found = []
    for index in range(count):
        row, column = divmod(index, 2)
        is_alone = column == 0 and index == count - 1
        across = 0 if is_alone else (column * 2 - 1) * ASIDE
        found.append((across, ((rows - 1) / 2 - row) * STEP_DOWN))
    return found


def spot(point: Point, grid: Grid) -> tuple[float, float]:
    """Return where a point is drawn: its own place within the field of its two scores."""
    scores = point.assessment
    field = (scores.influence, scores.interest)
    across, up = spots_of(field, grid)[point.place - 1]
    return scores.interest + across, scores.influence + up


def spots_of(field: tuple[int, int], grid: Grid) -> list[tuple[float, float]]:
    """Return the places in one field; the last is for "+12" where not all are drawn."""
    return spots(min(grid.fields[field], DRAWN_IN_A_FIELD + 1))


def grid_chart(grid: Grid, table: dict) -> Chart:
    """Return the power/interest grid with its table twin."""
    counts = {each: grid.quadrants[each] for each in Quadrant}
    words = [f"{each.label}: {number(count)}" for each, count in counts.items()]
    notes = [legend_words()]
    if grid.undrawn():
        notes.append(
            _(
                "At most %(most)s organisations are drawn in each field; “+” says how many more "
                "stand there. The table has them all."
            )
            % {"most": DRAWN_IN_A_FIELD}
        )
    return Chart(
        key="power-interest",
        title=_("Influence (upwards) and interest (to the right)"),
        description=_("Power/interest grid. %(quadrants)s.") % {"quadrants": ", ".join(words)},
        figure=as_data(grid_figure(grid)),
        table=table,
        notes=notes,
    )


def grid_figure(grid: Grid) -> go.Figure:
    """Return the five by five fields with their points, and the names of the quadrants."""
    figure = go.Figure([helix_trace(group, grid) for group in Helix])
    border = {"color": INK, "width": 1.5, "dash": "dot"}
    figure.add_vline(x=MIDDLE + EDGE, line=border)
    figure.add_hline(y=MIDDLE + EDGE, line=border)
    scale = {
        "range": [LOWEST - EDGE, HIGHEST + EDGE],
        "tickvals": list(range(LOWEST, HIGHEST + 1)),
        "showgrid": False,
        "zeroline": False,
    }
    figure.update_layout(
        quiet_layout(
            height=GRID_HEIGHT,
            hovermode="closest",
            margin={"l": 8, "r": 8, "t": 30, "b": 56},
            xaxis=scale,
            yaxis=scale,
            annotations=[*quadrant_names(grid), *more_there(grid)],
        )
    )
    return figure


def helix_trace(group: Helix, grid: Grid) -> go.Scatter:
    """Return the points of one helix group."""
    colour, shape, _pattern = STYLES[group]
    own = [point for point in grid.points if point.assessment.organisation.helix == group]
    places = [spot(point, grid) for point in own]
    return go.Scatter(
        x=[across for across, _up in places],
        y=[up for _across, up in places],
        mode="markers+text",
        name=str(group.label),
        marker={"symbol": shape, "size": 25, "color": colour, "line": {"width": 2}},
        text=[point.mark for point in own],
        textfont={"size": 11, "color": INK},
        hovertext=[hover(point) for point in own],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def hover(point: Point) -> str:
    """Return what the pointer reads on a point."""
    name = translated(point.assessment.organisation, "name")[0]
    return f"{point.mark} · {name}"


def quadrant_names(grid: Grid) -> list[dict]:
    """Return the name and the count of each quadrant, outside the fields."""
    corners = {
        Quadrant.SATISFY: ("left", 1.0, "bottom"),
        Quadrant.MANAGE: ("right", 1.0, "bottom"),
        Quadrant.MONITOR: ("left", 0.0, "top"),
        Quadrant.INFORM: ("right", 0.0, "top"),
    }
    return [
        {
            **NOTHING,
            "text": f"{each.label} ({number(grid.quadrants[each])})",
            "xref": "paper",
            "yref": "paper",
            "x": 0 if side == "left" else 1,
            "xanchor": side,
            "y": height,
            "yanchor": anchor,
            "yshift": 4 if anchor == "bottom" else -24,
        }
        for each, (side, height, anchor) in corners.items()
    ]


def more_there(grid: Grid) -> list[dict]:
    """Return "+12" in each field that holds more organisations than are drawn."""
    found = []
    for field, count in grid.undrawn().items():
        across, up = spots_of(field, grid)[-1]
        influence, interest = field
        text = f"+{number(count)}"
        found.append({**NOTHING, "text": text, "x": interest + across, "y": influence + up})
    return found


def matrix_chart(assessments: list, table: dict) -> Chart:
    """Return the engagement matrix of the organisations on one page of the table."""
    return Chart(
        key="engagement-matrix",
        title=_("Engagement today (C) and desired (D)"),
        description=_(
            "Engagement matrix: the level today (C) and the one desired (D) of each organisation "
            "on this page."
        ),
        figure=as_data(matrix_figure(assessments)),
        table=table,
        notes=[legend_words()],
    )


def matrix_figure(assessments: list) -> go.Figure:
    """Return a line per organisation from C to D; its name stands above, so that a phone has room.

    Where both are on one level, "CD" says so.
    """
    figure = go.Figure()
    heights = range(len(assessments), 0, -1)
    for height, each in zip(heights, assessments, strict=True):
        figure.add_trace(from_c_to_d(each, height))
    figure.add_trace(names_above(assessments, heights))
    figure.update_layout(
        quiet_layout(
            height=70 + ROW_HEIGHT * max(len(assessments), 1),
            hovermode="closest",
            margin={"l": 8, "r": 8, "t": 56, "b": 8},
            xaxis={
                "range": [-EDGE, len(LADDER) - EDGE],
                "tickvals": list(range(len(LADDER))),
                "ticktext": [str(level.label) for level in LADDER],
                "side": "top",
                "gridcolor": "#dadae8",
                "tickangle": -35,
            },
            yaxis={"visible": False, "range": [0.4, len(assessments) + 0.9]},
        )
    )
    return figure


def from_c_to_d(assessment, height: int) -> go.Scatter:
    """Return C and D of one organisation and the line between them."""
    colour, shape, _pattern = STYLES[assessment.organisation.helix]
    here, there = RUNG[assessment.engagement_current], RUNG[assessment.engagement_desired]
    letters = {here: "C", there: "D"} if here != there else {here: "CD"}
    return go.Scatter(
        x=list(letters),
        y=[height] * len(letters),
        mode="lines+markers+text",
        line={"color": colour, "width": 2},
        marker={"symbol": shape, "size": 25, "color": colour, "line": {"width": 2}},
        text=list(letters.values()),
        textfont={"size": 12, "color": INK},
        hoverinfo="skip",
    )


def names_above(assessments: list, heights) -> go.Scatter:
    """Return the names of the organisations, each above its line, with the helix letter."""
    return go.Scatter(
        x=[-EDGE] * len(assessments),
        y=[height + 0.42 for height in heights],
        mode="text",
        text=[short_name(each.organisation) for each in assessments],
        textposition="middle right",
        textfont={"size": 13, "color": INK},
        hoverinfo="skip",
    )


LONGEST_NAME = 38


def short_name(organisation) -> str:
    """Return the helix letter and the name, cut where a phone has no more room."""
    name = translated(organisation, "name")[0]
    cut = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
    return f"{LETTERS[organisation.helix]} · {cut}"
