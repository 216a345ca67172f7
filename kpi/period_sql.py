"""Periods inside a query: where they end, so that years, quarters and months can be compared."""

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Cast, Substr

from .periods import MONTHS


def _part(start: int, length: int):
    return Cast(Substr("period", start, length), IntegerField())


def months():
    """Return the end of a period in months since the year 0, as `Period.position` in years."""
    within = Case(
        When(period__contains="S", then=_part(7, 1) * MONTHS["S"]),
        When(period__contains="Q", then=_part(7, 1) * MONTHS["Q"]),
        When(period__contains="-", then=_part(6, 2)),
        default=Value(MONTHS["A"]),
    )
    return _part(1, 4) * 12 + within
