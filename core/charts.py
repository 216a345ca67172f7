"""Charts: the figure is built here, drawn by `static/js/charts.js`, and has a table twin.

Figures are `plotly.graph_objects`, so that a wrong key fails here and not in somebody's browser.
The same rows feed figure and table; without JavaScript the table is what there is.
"""

import json
from dataclasses import dataclass, field

import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

INK, BLUE, YELLOW, CYAN, GREEN = "#15153a", "#0900bd", "#fecb00", "#0488ba", "#61c250"
FONT = "Atkinson Hyperlegible Next Variable, Atkinson Hyperlegible Next, system-ui, sans-serif"


@dataclass(frozen=True)
class Chart:
    """What `ui/chart.html` needs: ``figure`` as JSON-ready dict, words for it, and its table.

    ``table`` is {"caption", "columns": [{"label", "kind"}], "rows": [[cell, …], …]}, where kind is
    "text" or "number". ``key`` is unique on the page.
    """

    key: str
    title: str
    description: str
    figure: dict
    table: dict
    source: str = ""
    notes: list[str] = field(default_factory=list)


def as_data(figure: go.Figure) -> dict:
    """Return ``figure`` in plain JSON types (numpy and dates resolved), to be drawn in a page."""
    return json.loads(json.dumps(figure, cls=PlotlyJSONEncoder))


def quiet_layout(**changes) -> go.Layout:
    """Return the layout of the portal: no box, hairlines, ink on white, room for direct labels."""
    axis = {
        "gridcolor": "#dadae8",
        "zeroline": False,
        "linecolor": INK,
        "tickfont": {"size": 14},
    }
    layout = go.Layout(
        template=None,
        font={"family": FONT, "size": 14, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 48, "r": 16, "t": 16, "b": 40},
        height=340,
        showlegend=False,
        hovermode="x unified",
        xaxis=axis | {"showgrid": False},
        yaxis=axis | {"automargin": True},
    )
    return layout.update(changes, overwrite=False)
