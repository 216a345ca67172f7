"""The timeline of the roadmap as SVG shapes; the table under it is made of the same bars."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from .words import when

WIDTH, ROW, HEAD = 900, 54, 34
#: How far the axis reaches around today at most; what began earlier starts at its edge.
YEARS_BEFORE, YEARS_AFTER = 10, 9
TITLE_LENGTH, DATES_LENGTH = 58, 44


@dataclass(frozen=True)
class Bar:
    """One initiative: words for the row, and the place of its bar (None without a date)."""

    initiative: object
    title: str
    dates: str
    short_title: str
    short_dates: str
    top: int
    left: int | None
    width: int | None
    began_earlier: bool
    ends_later: bool

    @property
    def text_y(self) -> int:
        """Base line of the words."""
        return self.top + 20

    @property
    def bar_y(self) -> int:
        """Upper edge of the bar."""
        return self.top + 30


@dataclass(frozen=True)
class Timeline:
    """All that the template draws."""

    bars: list[Bar]
    ticks: list[tuple[int, int]]
    today: int
    height: int
    width: int = WIDTH


def timeline(initiatives, today: date | None = None) -> Timeline:
    """Return the shapes for ``initiatives``, one row each in their order."""
    today = today or timezone.localdate()
    rows = list(initiatives)
    first, last = axis(rows, today)
    bars = [bar(each, HEAD + index * ROW, (first, last), today) for index, each in enumerate(rows)]
    step = 1 if last - first <= 10 else 2
    ticks = [(place(date(year, 1, 1), first, last), year) for year in range(first, last, step)]
    return Timeline(bars, ticks, place(today, first, last), HEAD + len(rows) * ROW)


def axis(rows, today: date) -> tuple[int, int]:
    """Return the first year shown and the first year not shown any more."""
    years = [day.year for each in rows for day in (each.starts_on, each.ends_on) if day]
    first = max(min([*years, today.year - 1]), today.year - YEARS_BEFORE)
    last = min(max([*years, today.year + 1]), today.year + YEARS_AFTER)
    return first, last + 1


def place(day: date, first: int, last: int) -> int:
    """Return the horizontal place of ``day``, at the edge where it lies outside the axis."""
    length = (date(last, 1, 1) - date(first, 1, 1)).days
    share = (day - date(first, 1, 1)).days / length
    return round(WIDTH * min(max(share, 0), 1))


def bar(initiative, top: int, years: tuple[int, int], today: date) -> Bar:
    """Return the row of one initiative; an end that no source tells is drawn up to today."""
    first, last = years
    start = initiative.starts_on or initiative.ends_on
    end = initiative.ends_on or (max(start, today) if start else None)
    left = place(start, first, last) if start else None
    width = max(place(end, first, last) - left, 6) if start else None
    title, dates = str(initiative), when(initiative)
    return Bar(
        initiative=initiative,
        title=title,
        dates=dates,
        short_title=shorten(title, TITLE_LENGTH),
        short_dates=shorten(dates, DATES_LENGTH),
        top=top,
        left=min(left, WIDTH - 6) if start else None,
        width=width,
        began_earlier=bool(start and start.year < first),
        ends_later=bool(end and end.year >= last),
    )


def shorten(text: str, length: int) -> str:
    """Return ``text``, cut at a word with "…" where it is longer than ``length``."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + "…"
