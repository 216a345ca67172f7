"""What can be said of one indicator today, computed from its rows and never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import translated

from . import progress as arithmetic
from .models import Band, Baseline, Indicator, Observation, Place, Target
from .periods import MONTHS, end_of_next

#: After the due date a figure is late for this long, then stale.
GRACE = timedelta(days=90)
#: Units in which a part may be held against a target of the Union; a count may not.
SHARES = frozenset({"percent", "score"})


class Freshness(models.TextChoices):
    """Whether the next figure should have been here by now; it ages by itself."""

    FRESH = "fresh", _("up to date")
    LATE = "late", _("late figure")
    STALE = "stale", _("outdated figure")
    NO_DATA = "no_data", _("no figure yet")
    FROZEN = "frozen", _("series ended")


LATE_DATA = (Freshness.LATE, Freshness.STALE)


@dataclass(frozen=True)
class Facts:
    """An indicator with its current observations, live targets and baseline.

    ``observations`` are of the current vintage and in order of time; contradictory values of one
    period stand side by side. ``targets`` are those that count on the day that is asked about.
    """

    indicator: Indicator
    observations: Sequence[Observation] = ()
    targets: Sequence[Target] = ()
    baseline: Baseline | None = None
    today: date = field(default_factory=timezone.localdate)
    places: Mapping[str, Place] = field(default_factory=dict)
    bands: Sequence[Band] = ()
    about: str = ""

    @property
    def geo(self) -> str:
        """Return the code of the place that is spoken of: the one asked for, else the usual one."""
        return self.about or self.indicator.geo_id

    def place_name(self, code: str) -> str:
        """Return the name of a place in the language of the page, else its code."""
        return str(self.places.get(code, code))

    def short_name(self, code: str) -> str:
        """Return a name that fits beside a line."""
        place = self.places.get(code)
        return translated(place, "short_name")[0] if place else code

    @cached_property
    def own(self) -> list[Observation]:
        """Observations of the place that is spoken of."""
        return [each for each in self.observations if each.geo_id == self.geo]

    @cached_property
    def measured(self) -> list[Observation]:
        """Own observations that hold a value which was measured, not forecast."""
        return [each for each in self.own if each.value is not None and not each.is_forecast]

    @cached_property
    def latest(self) -> Observation | None:
        """The last measured value; of contradictory ones the first."""
        if not self.measured:
            return None
        return next(each for each in self.measured if each.when == self.measured[-1].when)

    @cached_property
    def value(self) -> Decimal | None:
        """The last value where it is beyond dispute, else None."""
        return None if self.latest is None or self.latest.disputed else self.latest.value

    @cached_property
    def target(self) -> Target | None:
        """The target that counts now: the next one due, else the last; own before the Union's."""
        live = list(self.targets)
        own = [each for each in live if each.geo_id == self.geo]
        if not own and self.indicator.unit_code in SHARES:
            own = live
        own.sort(key=lambda each: each.when.position)
        reference = self.latest.when.position if self.latest else Decimal(0)
        ahead = [each for each in own if each.when.position >= reference]
        return next(iter(ahead), own[-1] if own else None)

    @property
    def target_is_of_the_union(self) -> bool:
        """Tell whether the target was set for the Union and not for the territory measured."""
        return self.target is not None and self.target.geo_id != self.geo

    @cached_property
    def path_is_cut(self) -> bool:
        """Tell whether a break in the series lies between the baseline and the last value."""
        if self.baseline is None:
            return False
        start = self.baseline.when.position
        return any(each.breaks_series and each.when.position > start for each in self.measured)

    @cached_property
    def aim(self) -> Decimal | None:
        """The value that is aimed at; of a range the end that is nearer to the start."""
        if self.target is None:
            return None
        start = self.baseline.value if self.baseline else self.value
        return arithmetic.nearest_end(start, self.target.value, self.target.upper)

    @cached_property
    def path(self) -> list[tuple[Decimal, Decimal]]:
        """The path from baseline to target as (moment in years, value); empty where there is none.

        Straight, but for the points that were decided on the way.
        """
        if self.baseline is None or self.target is None or self.path_is_cut:
            return []
        ends = self.baseline.when.position, self.target.when.position
        between = [
            (each.when.position, each.value)
            for each in self.target.path.all()
            if ends[0] < each.when.position < ends[1]
        ]
        return [(ends[0], self.baseline.value), *sorted(between), (ends[1], self.aim)]

    def expected_at(self, position) -> Decimal | None:
        """Return where the path from baseline to target is at ``position`` (in years)."""
        return arithmetic.path_at(position, self.path)

    @cached_property
    def expected(self) -> Decimal | None:
        """Where the path is at the period of the last value."""
        return self.expected_at(self.latest.when.position) if self.latest else None

    @cached_property
    def pace(self) -> Decimal | None:
        """Way made against way that the path asks for by now."""
        if self.expected is None:
            return None
        return arithmetic.pace(self.value, self.baseline.value, self.expected)

    @cached_property
    def attainment(self) -> Decimal | None:
        """Share of the target that is there."""
        return arithmetic.attainment(self.value, self.aim, self.indicator.direction)

    @cached_property
    def progress(self) -> Decimal | None:
        """Share of the way from baseline to target that is behind us."""
        if self.baseline is None or self.target is None or self.path_is_cut:
            return None
        return arithmetic.progress(self.value, self.baseline.value, self.aim)

    @cached_property
    def standing(self) -> arithmetic.Standing | None:
        """Where the last value stands, or None where target, path and thresholds are missing."""
        way = self.indicator.direction
        if self.value is None:
            return None
        if self.target and arithmetic.is_reached(
            self.value, self.target.value, way, self.target.upper
        ):
            return arithmetic.Standing.REACHED
        if absolute := self._floors(Band.Basis.VALUE):
            return arithmetic.value_standing(self.value, absolute, way)
        return arithmetic.pace_standing(
            self.pace, self._floors(Band.Basis.PACE) or arithmetic.BANDS
        )

    def _floors(self, basis: str) -> list[tuple]:
        """Return the own thresholds on ``basis`` as (floor, standing), the strictest first."""
        own = [(each.floor, each.standing) for each in self.bands if each.basis == basis]
        lower_is_stricter = basis == Band.Basis.VALUE and self.indicator.direction == "down"
        ordered = sorted(own, reverse=not lower_is_stricter)
        return [(floor, arithmetic.Standing(code)) for floor, code in ordered]

    @cached_property
    def growth(self) -> tuple[Decimal, Decimal] | None:
        """Compound growth a year since the baseline, and the one that the target asks for."""
        if self.progress is None:
            return None
        start, now = self.baseline.when.position, self.latest.when.position
        first, due = self.baseline.value, self.target.when.position
        actual = arithmetic.annual_growth(first, self.value, now - start)
        needed = arithmetic.annual_growth(first, self.aim, due - start)
        return None if actual is None or needed is None else (actual, needed)

    @cached_property
    def trend_points(self) -> list[tuple[Decimal, Decimal]]:
        """Undisputed measured values since the last break, as (moment in years, value)."""
        points = []
        for each in self.measured:
            if each.breaks_series:
                points = []
            if not each.disputed:
                points.append((each.when.position, each.value))
        return points

    @cached_property
    def projected(self) -> Decimal | None:
        """Where the trend of the points leads at the due date; None without ground for it."""
        if self.target is None or self.latest is None:
            return None
        due = self.target.when.position
        if due <= self.latest.when.position or not self.trend_is_measured:
            return None
        line = arithmetic.logistic(self.trend_points) if self.is_bounded else None
        line = line or arithmetic.projection(self.trend_points)
        value = line.at(due) if line else None
        # A straight line knows no bounds; a share outside them is no statement.
        if value is None or (self.indicator.unit_code in SHARES and not 0 <= value <= 100):
            return None
        return value

    @cached_property
    def is_bounded(self) -> bool:
        """Tell whether a straight trend would leave the bounds that a percentage has."""
        line = arithmetic.projection(self.trend_points)
        if line is None or self.target is None or self.indicator.unit_code != "percent":
            return False
        return not 0 <= line.at(self.target.when.position) <= 100

    @cached_property
    def trend_is_measured(self) -> bool:
        """Tell whether the points since the last break hold more than imputed values."""
        start = self.trend_points[0][0] if self.trend_points else None
        return any(
            "i" not in each.flag
            for each in self.measured
            if start is not None and each.when.position >= start and not each.disputed
        )

    @cached_property
    def due_on(self) -> date | None:
        """Last day on which the next figure is still in time."""
        if self.latest is None or self.indicator.is_frozen:
            return None
        following = end_of_next(self.latest.when, self.indicator.frequency)
        return following + timedelta(days=self.indicator.lag_days)

    @cached_property
    def freshness(self) -> Freshness:
        """How old the last figure is against what was promised."""
        if self.latest is None:
            return Freshness.NO_DATA
        if self.due_on is None:
            return Freshness.FROZEN
        if self.today <= self.due_on:
            return Freshness.FRESH
        return Freshness.LATE if self.today <= self.due_on + GRACE else Freshness.STALE

    @property
    def is_late(self) -> bool:
        """Tell whether a figure that should be here is not."""
        return self.freshness in LATE_DATA

    @property
    def points(self) -> list[Decimal | None]:
        """Own values since the last break, one place for each period; None where none is known.

        For a small line that keeps the distances in time and crosses no change of method.
        """
        if not self.trend_points:
            return []
        start = self.trend_points[0][0]
        step = Decimal(MONTHS[self.indicator.frequency]) / 12
        places = {round((moment - start) / step): value for moment, value in self.trend_points}
        return [places.get(place) for place in range(max(places) + 1)]
