"""Where the key figures of a plan stand: the newest reading beside target and day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .models import KPIReading, PlanKPI

#: A figure is due soon within so many days.
SOON = timedelta(days=30)
#: And far from its target below this share of the way from where it began.
ENOUGH = Decimal("0.8")


@dataclass(frozen=True)
class Figure:
    """One key figure with its newest reading, None where nobody has read it yet."""

    kpi: PlanKPI
    reading: KPIReading | None

    @property
    def share(self) -> Decimal | None:
        """Return how much of the way to the target lies behind: 0 at the start, 1 at the target.

        The way begins at the value at the start, 0 where none was given, so a figure that is to
        fall counts as well. None without reading, or where there is no way to go.
        """
        start = self.kpi.baseline or Decimal(0)
        way = self.kpi.target - start
        if self.reading is None or not way:
            return None
        return (self.reading.value - start) / way

    @property
    def percent(self) -> int | None:
        """Return the share of the way for a bar: whole per cent, from 0 to 100."""
        return None if self.share is None else int(min(max(self.share, 0), 1) * 100)

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is reached, from whichever side it is approached."""
        if self.reading is None:
            return False
        if self.share is None:
            return self.reading.value == self.kpi.target
        return self.share >= 1

    def is_behind(self, today: date) -> bool:
        """Tell whether its day is near or over and it is far from its target, or not at it."""
        if self.reading is None or self.is_reached:
            return False
        if self.kpi.due < today:
            return True
        is_far = self.share is None or self.share < ENOUGH
        return self.kpi.due - today <= SOON and is_far


def figures_of(kpis: Iterable[PlanKPI]) -> list[Figure]:
    """Return each of ``kpis`` with its newest reading, with one query."""
    kpis = list(kpis)
    newest = {each.kpi_id: each for each in KPIReading.objects.filter(kpi__in=kpis).newest()}
    return [Figure(each, newest.get(each.pk)) for each in kpis]
