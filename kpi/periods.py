"""The periods that figures are about: a year, a half-year, a quarter or a month.

They are written as statistics offices write them: ``2024``, ``2024-S1``, ``2024-Q3``, ``2024-05``.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

PERIOD_PATTERN = r"^\d{4}(-(0[1-9]|1[0-2]|S[12]|Q[1-4]))?$"
MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}


@dataclass(frozen=True)
class Period:
    """Part ``index`` of ``year``, where ``frequency`` (A, S, Q or M) says into what it is cut."""

    year: int
    frequency: str = "A"
    index: int = 1

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Return the period that ``text`` names; ValueError where it is none."""
        if not re.fullmatch(PERIOD_PATTERN, text):
            raise ValueError(f"not a period: {text!r}")
        year, _dash, part = text.partition("-")
        if not part:
            return cls(int(year))
        if part[0] in "SQ":
            return cls(int(year), part[0], int(part[1]))
        return cls(int(year), "M", int(part))

    @property
    def ends_on(self) -> date:
        """Return the last day."""
        return month_end(self.year, self.index * MONTHS[self.frequency])

    @property
    def starts_on(self) -> date:
        """Return the first day."""
        return date(self.year, (self.index - 1) * MONTHS[self.frequency] + 1, 1)

    @property
    def position(self) -> Decimal:
        """Return the end of the period in years, so that periods of every kind share one axis."""
        return self.year + Decimal(self.index * MONTHS[self.frequency]) / 12

    @property
    def label(self) -> str:
        """Return the period in words: "2025", "October 2026", "2024 (first half)"."""
        if self.frequency == "M":
            return format_date(self.starts_on, "F Y")
        if self.frequency == "S":
            words = _("%(year)s (first half)") if self.index == 1 else _("%(year)s (second half)")
            return words % {"year": self.year}
        if self.frequency == "Q":
            return _("%(year)s (quarter %(number)s)") % {"year": self.year, "number": self.index}
        return str(self.year)

    @property
    def short_label(self) -> str:
        """Return the period as it stands under an axis."""
        if self.frequency == "M":
            return format_date(self.starts_on, "b Y")
        return (
            str(self.year) if self.frequency == "A" else f"{self.frequency}{self.index} {self.year}"
        )


def month_end(year: int, month: int) -> date:
    """Return the last day of a month; ``month`` may run past December."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def end_of_next(period: Period, frequency: str) -> date:
    """Return the end of the period that follows ``period`` at ``frequency``."""
    return month_end(period.year, period.ends_on.month + MONTHS[frequency])
