"""The balance of the four groups as stacked bars, for the Office and for the public."""

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from core.charts import INK, Chart, as_data, quiet_layout
from core.typography import number

from .balance import GROUPS, Balance
from .helix_signs import LETTERS, STYLES, legend_words
from .models import Helix


def balance_chart(steps: list[Balance], table: dict) -> Chart:
    """Return the shares of the four groups at each step as stacked bars, with their table."""
    return Chart(
        key="helix-balance",
        title=_("Shares of the four helix groups at each step (%)"),
        description=_("Stacked bars: the share of each helix group at each step of the chain."),
        figure=as_data(balance_figure([step for step in steps if has_bar(step)])),
        table=table,
        notes=[legend_words()],
    )


def has_bar(step: Balance) -> bool:
    """Tell whether anything of ``step`` can be drawn: not where nobody is or all is withheld."""
    return any(step.share(group) is not None for group in GROUPS)


def balance_figure(steps: list[Balance]) -> go.Figure:
    """Return one bar for each step, from the first at the top; withheld shares leave a gap."""
    figure = go.Figure([helix_bars(group, steps) for group in GROUPS])
    figure.add_trace(
        go.Scatter(
            x=[0] * len(steps),
            # Above the bars: the axis runs downwards.
            y=[index - 0.5 for index in range(len(steps))],
            mode="text",
            text=[str(step.label) for step in steps],
            textposition="middle right",
            textfont={"size": 14, "color": INK},
            hoverinfo="skip",
        )
    )
    figure.update_layout(
        quiet_layout(
            barmode="stack",
            height=60 + 78 * max(len(steps), 1),
            hovermode="closest",
            margin={"l": 8, "r": 16, "t": 8, "b": 30},
            xaxis={"range": [0, 100], "ticksuffix": " %", "gridcolor": "#dadae8"},
            yaxis={"visible": False, "range": [len(steps) - 0.4, -0.75]},
        )
    )
    return figure


def helix_bars(group: Helix, steps: list[Balance]) -> go.Bar:
    """Return the part of one group in every bar, with its letter in it."""
    colour, _shape, pattern = STYLES[group]
    shares = [None if (share := step.share(group)) is None else float(share) for step in steps]
    return go.Bar(
        orientation="h",
        name=str(group.label),
        x=[None if share is None else 100 * share for share in shares],
        y=list(range(len(steps))),
        width=0.5,
        text=[LETTERS[group] if share else "" for share in shares],
        textposition="inside",
        textangle=0,
        insidetextanchor="middle",
        textfont={"size": 14, "color": INK},
        marker={
            "color": "#ffffff",
            "line": {"color": colour, "width": 2},
            # Pale, so that the letter can be read on it.
            "pattern": {
                "shape": pattern,
                "fgcolor": colour,
                "bgcolor": "#ffffff",
                "fgopacity": 0.4,
            },
        },
        hovertext=[
            f"{group.label}: {number(None if share is None else 100 * share, 1, '%')}"
            for share in shares
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
