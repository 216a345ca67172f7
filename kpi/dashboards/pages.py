"""What a dashboard says: how many stand where, by theme, in a sentence, a figure and a table."""

from dataclasses import dataclass

import plotly.graph_objects as go
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.charts import BLUE, CYAN, GREEN, INK, YELLOW, Chart, as_data, quiet_layout
from programme.models import Theme

from .. import ages, summaries
from ..facts import Freshness
from ..progress import Standing

#: Code, words, sign, colour: in the order in which bars and columns stand. The sign stands in the
#: table head and in the bar, so that no colour has to be told from another.
STANDINGS = (
    (Standing.REACHED, Standing.REACHED.label, "✓", GREEN),
    (Standing.ON_TRACK, Standing.ON_TRACK.label, "→", CYAN),
    (Standing.AT_RISK, Standing.AT_RISK.label, "!", YELLOW),
    (Standing.OFF_TRACK, Standing.OFF_TRACK.label, "▼", BLUE),
    (Standing.MOVING_AWAY, Standing.MOVING_AWAY.label, "◀", INK),
    ("", gettext_lazy("no path to a target"), "–", "#dadae8"),
)

#: Up to here an axis names every whole number; else its own ticks would stand between them.
FEW = 8


@dataclass(frozen=True)
class Dashboard:
    """The counts of one dashboard, and its figure."""

    counts: dict[str, int]
    by_theme: list[tuple[str, dict[str, int]]]

    @property
    def total(self) -> int:
        """Return how many indicators there are."""
        return self.counts["all"]

    @property
    def late(self) -> int:
        """Return how many of them have a late or an outdated figure."""
        return self.counts[Freshness.LATE] + self.counts[Freshness.STALE]

    @property
    def sentence(self) -> str:
        """Return what the dashboard says in words."""
        good = self.counts[Standing.REACHED] + self.counts[Standing.ON_TRACK]
        judged = self.total - self.counts[""]
        if not self.total:
            return _("No indicator is published here yet.")
        if not judged:
            words = ngettext(
                "%(count)s indicator is followed; it has no path to a target.",
                "%(count)s indicators are followed; none has a path to a target.",
                self.total,
            )
            return words % {"count": self.total}
        words = ngettext(
            "Of %(judged)s indicator with a path to a target, %(good)s is on track or there.",
            "Of %(judged)s indicators with a path to a target, %(good)s are on track or there.",
            judged,
        )
        return words % {"judged": judged, "good": good}

    @property
    def tiles(self) -> list[dict]:
        """Return one line for each standing that occurs: code, words, sign, count."""
        return [
            {"code": code, "label": label, "sign": sign, "count": self.counts[code]}
            for code, label, sign, _colour in STANDINGS
            if self.counts[code]
        ]


def dashboard(rows) -> Dashboard:
    """Return the dashboard of ``rows`` (a query set of indicators), with three queries."""
    counts = ages.counts(rows)
    return Dashboard(counts, by_theme(rows))


def by_theme(rows) -> list[tuple[str, dict[str, int]]]:
    """Return [(name of a theme, {standing: number})], themes in their order, those without last."""
    summaries.ensure(rows)
    groups: dict = {}
    found = rows.order_by().values_list("theme", "summary__standing").annotate(Count("pk"))
    for theme, standing, count in found:
        groups.setdefault(theme, dict.fromkeys((code for code, *_ in STANDINGS), 0))
        groups[theme][standing or ""] += count
    names = {theme.pk: str(theme) for theme in Theme.objects.order_by("position")}
    lines = [(names[key], groups[key]) for key in names if key in groups]
    return lines + ([(_("no theme"), groups[None])] if None in groups else [])


def chart_of(board: Dashboard) -> Chart | None:
    """Return the stacked bars of a dashboard with their table, None where nothing is counted."""
    if not board.by_theme:
        return None
    used = [each for each in STANDINGS if board.counts[each[0]]]
    return Chart(
        key="standings",
        title=_("Indicators by theme and by where they stand against their path"),
        description=board.sentence,
        figure=as_data(_figure(board, used)),
        table=_table(board, used),
    )


def _figure(board: Dashboard, used) -> go.Figure:
    lines = list(reversed(board.by_theme))
    figure = go.Figure(layout=quiet_layout(height=110 + 44 * len(lines), barmode="stack"))
    for code, label, sign, colour in used:
        values = [counts[code] for _name, counts in lines]
        figure.add_trace(
            go.Bar(
                orientation="h",
                name=f"{sign} {label}",
                x=values,
                y=[name for name, _counts in lines],
                text=[f"{sign} {value}" if value else "" for value in values],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                marker={"color": [colour] * len(lines)},
                hovertemplate="%{y} · %{fullData.name}: %{x}<extra></extra>",
            )
        )
    longest = max(sum(counts.values()) for _name, counts in lines)
    figure.update_layout(
        showlegend=True,
        legend={"traceorder": "normal"},
        # A number that would have to be tiny is left to the table.
        uniformtext={"minsize": 10, "mode": "hide"},
        hovermode="closest",
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        xaxis={
            "rangemode": "tozero",
            "gridcolor": "#dadae8",
            "tickformat": ",d",
            "dtick": 1 if longest <= FEW else None,
        },
        yaxis={"automargin": True, "showgrid": False},
    )
    return figure


def _table(board: Dashboard, used) -> dict:
    columns = [{"label": _("Theme"), "kind": "text"}]
    columns += [{"label": f"{sign} {label}", "kind": "number"} for _code, label, sign, _c in used]
    columns.append({"label": _("Total"), "kind": "number"})
    rows = [
        [name, *(str(counts[code]) for code, *_ in used), str(sum(counts.values()))]
        for name, counts in board.by_theme
    ]
    return {"caption": _("Indicators by theme"), "columns": columns, "rows": rows}
