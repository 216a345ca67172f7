"""The arithmetic of targets: attainment, progress, path, pace, growth, projection.

Every function answers None where its question has no answer (no target, a target equal to the
baseline, a path that has not begun): an absent figure is never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db import models
from django.utils.translation import gettext_lazy as _

#: A projection through fewer points than this would be a guess.
MIN_POINTS = 4


class Standing(models.TextChoices):
    """Where a value stands against the path to its target; computed, never stored."""

    REACHED = "reached", _("target reached")
    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    OFF_TRACK = "off_track", _("off track")
    MOVING_AWAY = "moving_away", _("moving away from the target")


#: Lowest pace of each band, from the best down.
BANDS = (
    (Decimal(1), Standing.ON_TRACK),
    (Decimal("0.8"), Standing.AT_RISK),
)


def ratio(part, whole) -> Decimal | None:
    """Return part / whole, or None where there is no whole."""
    if part is None or whole is None or whole == 0:
        return None
    return Decimal(part) / Decimal(whole)


def attainment(value, target, direction: str) -> Decimal | None:
    """Return the share of the target that is there (value / target), where higher is better."""
    return ratio(value, target) if direction == "up" else None


def progress(value, baseline, target) -> Decimal | None:
    """Return the share of the way from baseline to target that is behind us; valid both ways."""
    if value is None or baseline is None or target is None:
        return None
    return ratio(value - baseline, target - baseline)


def path_at(at, points: Sequence[tuple]) -> Decimal | None:
    """Return the value that the path through ``points`` has ``at`` (moments in years).

    ``points`` are (moment, value) in order of time, the baseline first and the target last; between
    two of them the path is straight. Before the first there is no path; after the last it stays.
    """
    if at is None or len(points) < 2 or at < points[0][0] or points[-1][0] <= points[0][0]:
        return None
    for (start, low), (end, high) in pairwise(points):
        if at <= end and end > start:
            return low + (high - low) * Decimal(at - start) / Decimal(end - start)
    return points[-1][1]


def pace(value, baseline, expected) -> Decimal | None:
    """Return the way made against the way that the path asks for by now."""
    if value is None or baseline is None or expected is None:
        return None
    return ratio(value - baseline, expected - baseline)


def is_reached(value, target, direction: str, upper=None) -> bool:
    """Tell whether ``value`` is at the target or beyond it; in a range, within its two ends."""
    if direction == "range":
        return target <= value and (upper is None or value <= upper)
    return value >= target if direction == "up" else value <= target


def nearest_end(value, lower, upper):
    """Return the end of the range from ``lower`` to ``upper`` that is nearer to ``value``."""
    if upper is None or value is None:
        return lower
    return lower if abs(value - lower) <= abs(value - upper) else upper


def pace_standing(at_pace: Decimal | None, bands=BANDS) -> Standing | None:
    """Return the band of a pace; ``bands`` are (floor, standing) from the best down."""
    if at_pace is None:
        return None
    if at_pace < 0:
        return Standing.MOVING_AWAY
    return next((band for floor, band in bands if at_pace >= floor), Standing.OFF_TRACK)


def value_standing(value, bands, direction: str) -> Standing | None:
    """Return the band of a value that has absolute thresholds, the strictest first."""
    if value is None or not bands:
        return None
    better = (
        (lambda floor: value <= floor) if direction == "down" else (lambda floor: value >= floor)
    )
    return next((band for floor, band in bands if better(floor)), Standing.OFF_TRACK)


def annual_growth(first, last, years) -> Decimal | None:
    """Return the compound growth a year that leads from ``first`` to ``last``."""
    if first is None or last is None or years <= 0 or first <= 0 or last <= 0:
        return None
    return (Decimal(last) / Decimal(first)) ** (1 / Decimal(years)) - 1


@dataclass(frozen=True)
class Line:
    """A straight line through points in time."""

    slope: Decimal
    intercept: Decimal

    def at(self, position) -> Decimal:
        """Return the height of the line at ``position`` (in years)."""
        return self.intercept + self.slope * position

    def reaches(self, value) -> Decimal | None:
        """Return when the line is at ``value``; None for a level line."""
        return ratio(value - self.intercept, self.slope)


def least_squares(points: Sequence[tuple]) -> Line | None:
    """Return the line nearest to ``points`` (position, value); None for fewer than two moments."""
    count = len(points)
    if len({position for position, _value in points}) < 2:
        return None
    mean_x = sum(x for x, _y in points) / Decimal(count)
    mean_y = sum(y for _x, y in points) / Decimal(count)
    spread = sum((x - mean_x) ** 2 for x, _y in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    return Line(slope, mean_y - slope * mean_x)


@dataclass(frozen=True)
class Curve:
    """A logistic curve between 0 and ``limit``: take-up that slows down as it nears the whole."""

    line: Line
    limit: Decimal

    def at(self, position) -> Decimal:
        """Return the height of the curve at ``position`` (in years)."""
        return self.limit / (1 + (-self.line.at(position)).exp())


def logistic(points: Sequence[tuple], limit=Decimal(100)) -> Curve | None:
    """Return the logistic curve nearest to ``points``, by least squares of their log-odds.

    None for too few points, or where one is not strictly between 0 and ``limit``.
    """
    if len(points) < MIN_POINTS or not all(0 < value < limit for _at, value in points):
        return None
    odds = [(at, (Decimal(value) / (limit - value)).ln()) for at, value in points]
    line = least_squares(odds)
    return Curve(line, limit) if line else None


def projection(points: Sequence[tuple]) -> Line | None:
    """Return the line on which a projection may stand, or None: too few points are no ground."""
    return least_squares(points) if len(points) >= MIN_POINTS else None
