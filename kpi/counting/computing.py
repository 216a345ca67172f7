"""Indicators that compute themselves: what the portal counts becomes figures, by vintage.

A figure is the count at the end of its period; that of the period that runs is provisional (flag
p). A further vintage is made where the count differs, at most one a day for each period. What a
metric knows of the present only is written down while its period runs, and made final, as it was
last counted, once the period is over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from core.models import StatusChange
from core.permissions import SYSTEM
from stakeholders.models import Watch

from ..models import Indicator, IndicatorStatus, Observation, Reason
from ..periods import MONTHS, Period
from ..services import record_observation
from .metrics import METRICS, Metric, Window

WATCH = "indicator-figures"
PROVISIONAL = "p"
#: More digits than any page shows, fewer than the column holds.
EXACTNESS = Decimal("0.000001")


def compute_figures(*, everything: bool = False, today: date | None = None) -> int:
    """Bring the figures that the portal counts up to date; return how many were written.

    Without ``everything`` only what has moved since the last time is counted again (the history
    says which kinds of rows did); where nothing has, nothing is counted. A move that was committed
    late, the end of a period and what has no history are found by the nightly run over everything.
    An indicator whose count does not exist any more is left out; a queue of the office names it.
    """
    watch = Watch.objects.get_or_create(name=WATCH)[0]
    newest = StatusChange.objects.aggregate(newest=Max("pk"))["newest"] or 0
    chosen = set(METRICS) if everything else moved_metrics(watch.position, newest)
    today = today or timezone.localdate()
    rows = computed().filter(metric__in=chosen) if chosen else ()
    written = sum(fill(each, today) for each in rows)
    Watch.objects.filter(pk=watch.pk, position__lt=newest).update(position=newest)
    return written


def computed() -> QuerySet:
    """Return the indicators that the portal is asked to keep filled."""
    rows = Indicator.objects.exclude(metric="").exclude(status=IndicatorStatus.RETIRED)
    return rows.filter(is_frozen=False)


def without_count() -> QuerySet:
    """Return those of them whose count does not exist any more: nobody fills these."""
    return computed().exclude(metric__in=METRICS)


def moved_metrics(after: int, until: int) -> set[str]:
    """Return the metrics whose rows have moved in the history between two of its keys."""
    if until <= after:
        return set()
    moves = StatusChange.objects.filter(pk__gt=after, pk__lte=until)
    keys = moves.order_by().values_list("content_type", flat=True).distinct()
    kinds = [ContentType.objects.get_for_id(key) for key in keys]
    labels = {f"{kind.app_label}.{kind.model}" for kind in kinds}
    return {slug for slug, metric in METRICS.items() if labels & set(metric.watches)}


def fill(indicator: Indicator, today: date) -> int:
    """Write the figures of one indicator whose metric differs from them; return how many."""
    metric = METRICS[indicator.metric]
    known = newest_figures(indicator)
    return sum(
        keep_figure(indicator, figure, today)
        for figure in figures(metric, indicator.frequency, known, today)
        if differs(known.get(figure.period), figure)
    )


@dataclass(frozen=True)
class Figure:
    """What the portal has counted for one period."""

    period: str
    value: Decimal
    flag: str = ""


def figures(metric: Metric, frequency: str, known: dict, today: date) -> Iterator[Figure]:
    """Yield what a metric counts for each period, up to the one that runs."""
    now = code_of(today, frequency)
    for code in periods(metric, frequency, known, today):
        flag = PROVISIONAL if code == now else ""
        if code != now and metric.since is None:
            yield Figure(code, known[code].value)
            continue
        value = metric.count(Window(min(Period.parse(code).ends_on, today)))
        if value is not None:
            yield Figure(code, Decimal(value).quantize(EXACTNESS), flag)


def periods(metric: Metric, frequency: str, known: dict, today: date) -> Iterable[str]:
    """Return the periods to be counted, the oldest first.

    All since the first row on record, and since the first figure (rows may be taken back); of a
    metric of the present those that were left provisional, and the one that runs.
    """
    now = code_of(today, frequency)
    if metric.since is None:
        left = [code for code, row in known.items() if row.flag == PROVISIONAL and code < now]
        return [*sorted(left), now]
    days = [Period.parse(code).starts_on for code in known]
    first = metric.since()
    return codes_between(min([*days, first or today, today]), today, frequency)


def codes_between(first: date, last: date, frequency: str) -> list[str]:
    """Return the periods from the one that holds ``first`` to the one that holds ``last``."""
    step = MONTHS[frequency]
    start, end = (day.year * 12 + (day.month - 1) // step * step for day in (first, last))
    months = range(start, end + 1, step)
    return [code_of(date(month // 12, month % 12 + 1, 1), frequency) for month in months]


def code_of(day: date, frequency: str) -> str:
    """Return the period of a frequency in which a day lies: 2026, 2026-S2, 2026-Q4, 2026-11."""
    part = (day.month - 1) // MONTHS[frequency] + 1
    ends = {"A": "", "S": f"-S{part}", "Q": f"-Q{part}", "M": f"-{part:02}"}
    return f"{day.year}{ends[frequency]}"


def newest_figures(indicator: Indicator) -> dict[str, Observation]:
    """Return {period: its newest vintage} of the territory of the indicator."""
    rows = Observation.objects.filter(indicator=indicator, geo=indicator.geo_id, position=0)
    return {row.period: row for row in rows.order_by("period", "vintage")}


def differs(row: Observation | None, figure: Figure) -> bool:
    """Tell whether ``figure`` is not yet on record as the newest vintage of its period."""
    return row is None or (row.value, row.flag) != (figure.value, figure.flag)


@transaction.atomic
def keep_figure(indicator: Indicator, figure: Figure, today: date) -> bool:
    """Record a figure as the next vintage of its period; False where today has one already.

    The indicator is locked first, so that of two runs at once one writes.
    """
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    last = newest_figures(indicator).get(figure.period)
    if not differs(last, figure) or (last and timezone.localdate(last.released_at) == today):
        return False
    was_final = last is not None and last.flag != PROVISIONAL
    record_observation(
        indicator,
        by=SYSTEM,
        period=figure.period,
        value=figure.value,
        flag=figure.flag,
        reason=Reason.CORRECTION if was_final else Reason.SCHEDULED,
    )
    return True
