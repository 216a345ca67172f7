"""The arithmetic of targets: attainment, progress, path, pace, growth, projection.

Every function answers None where its question has no answer (no target, a target equal to the
baseline, a path that has not begun): an absent figure is never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

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
    (Decimal(0), Standing.OFF_TRACK),
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


def path_at(at, start, baseline, due, target) -> Decimal | None:
    """Return the value that the straight path from (start, baseline) to (due, target) has ``at``.

    Before the start there is no path; after the due date it stays at the target.
    """
    if None in (at, start, baseline, due, target) or at < start or due <= start:
        return None
    share = min(Decimal(at - start) / Decimal(due - start), Decimal(1))
    return baseline + (target - baseline) * share


def pace(value, baseline, expected) -> Decimal | None:
    """Return the way made against the way that the path asks for by now."""
    if value is None or baseline is None or expected is None:
        return None
    return ratio(value - baseline, expected - baseline)


def is_reached(value, target, direction: str) -> bool:
    """Tell whether ``value`` is at the target or beyond it."""
    return value >= target if direction == "up" else value <= target


def standing(value, target, direction: str, at_pace: Decimal | None) -> Standing | None:
    """Return the band of a value, or None where it has no target or no pace."""
    if value is None or target is None:
        return None
    if is_reached(value, target, direction):
        return Standing.REACHED
    if at_pace is None:
        return None
    return next((band for floor, band in BANDS if at_pace >= floor), Standing.MOVING_AWAY)


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


def projection(points: Sequence[tuple]) -> Line | None:
    """Return the line on which a projection may stand, or None: too few points are no ground."""
    return least_squares(points) if len(points) >= MIN_POINTS else None
