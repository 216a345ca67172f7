"""Where indicators stand and how old their figures are, inside the query, for thousands.

What `Facts.standing` and `Facts.freshness` say of one, asked of the kept summaries.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from . import summaries
from .facts import GRACE, LATE_DATA, Freshness
from .progress import Standing

#: A figure is due soon for so long before its due date: time to ask for it.
SOON = timedelta(days=14)


def conditions(today=None) -> dict[str, Q]:
    """Return {age: condition on `Indicator`}; an age is never stored, it follows from a date."""
    today = today or timezone.localdate()
    known = ~Q(summary__period="")
    return {
        Freshness.NO_DATA: Q(summary__period=""),
        Freshness.FROZEN: known & Q(is_frozen=True),
        Freshness.FRESH: known & Q(summary__due_on__gte=today),
        Freshness.LATE: Q(summary__due_on__lt=today, summary__due_on__gte=today - GRACE),
        Freshness.STALE: Q(summary__due_on__lt=today - GRACE),
    }


def of_age(queryset, codes: Iterable[str]):
    """Return the indicators of ``queryset`` whose last figures are of one of the ages today."""
    summaries.ensure(queryset)
    asked = conditions()
    found = Q(pk__in=[])
    for code in frozenset(codes):
        found |= asked[Freshness(code)]
    return queryset.filter(found)


def late(queryset):
    """Return the rows whose next figure should have been here by now."""
    return of_age(queryset, LATE_DATA)


def with_standing(queryset, code: str):
    """Return the rows that stand so against their path."""
    summaries.ensure(queryset)
    return queryset.filter(summary__standing=code)


def counts(queryset) -> dict[str, int]:
    """Return how many of ``queryset`` are of each age and of each standing, in one query.

    {"all": n, "fresh": n, …, "reached": n, …, "": n without a standing}
    """
    summaries.ensure(queryset)
    asked = {f"age_{code}": Count("pk", filter=found) for code, found in conditions().items()}
    for code in ("", *Standing.values):
        asked[f"standing_{code}"] = Count("pk", filter=Q(summary__standing=code))
    found = queryset.order_by().aggregate(all=Count("pk"), **asked)
    return {name.removeprefix("age_").removeprefix("standing_"): n for name, n in found.items()}


def due_soon(queryset):
    """Return the indicators of ``queryset`` whose next figure is due within two weeks."""
    summaries.ensure(queryset)
    today = timezone.localdate()
    return queryset.filter(summary__due_on__gte=today, summary__due_on__lte=today + SOON)
