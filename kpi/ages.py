"""How old the last figures are, inside the query: what `Facts.freshness` says, for thousands.

Home page, queue and filter ask this of every indicator; reading all the figures for it takes long.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from .facts import GRACE, LATE_DATA, Freshness
from .models import Observation
from .periods import MONTHS

#: A figure is due soon for so long before its due date: time to ask for it.
SOON = timedelta(days=14)


def measured(now=None):
    """Return the measured values of the territory that each indicator is about, as known now."""
    now = now or timezone.now()
    same = {name: OuterRef(name) for name in ("indicator", "geo", "period", "position")}
    known = Observation.objects.filter(released_at__lte=now)
    later = known.filter(vintage__gt=OuterRef("vintage"), **same)
    return known.filter(
        ~Exists(later), ~Q(flag__contains="f"), value__isnull=False, geo=F("indicator__geo")
    ).order_by()


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


def _step(field: str):
    whens = [When(**{field: code}, then=Value(number)) for code, number in MONTHS.items()]
    return Case(*whens, output_field=IntegerField())


def due_dates():
    """Return the keys of the indicators that go on, each with ``due``: `Facts.due_on`."""
    ends = Max(months()) + _step("indicator__frequency")
    # Months and days that are added to the first day of the calendar.
    parts = (Value(0), ends - 12, Value(0), F("indicator__lag_days") - 1)
    due = Func(
        *parts,
        template="(DATE '0001-01-01' + make_interval(%(expressions)s))::date",
        output_field=DateField(),
    )
    rows = measured().filter(indicator__is_frozen=False)
    groups = rows.values("indicator", "indicator__frequency", "indicator__lag_days")
    return groups.annotate(due=due).values("indicator")


def of_age(queryset, codes: Iterable[str]):
    """Return the indicators of ``queryset`` whose last figures are of one of the ages today."""
    today = timezone.localdate()
    conditions = {
        Freshness.NO_DATA: lambda: ~Q(pk__in=measured().values("indicator")),
        Freshness.FROZEN: lambda: Q(is_frozen=True, pk__in=measured().values("indicator")),
        Freshness.FRESH: lambda: Q(pk__in=due_dates().filter(due__gte=today)),
        Freshness.LATE: lambda: Q(pk__in=due_dates().filter(due__lt=today, due__gte=today - GRACE)),
        Freshness.STALE: lambda: Q(pk__in=due_dates().filter(due__lt=today - GRACE)),
    }
    wanted = frozenset(codes)
    if wanted == frozenset(LATE_DATA):  # the usual question, in one pass
        return queryset.filter(pk__in=due_dates().filter(due__lt=today))
    found = Q(pk__in=[])
    for code in wanted:
        found |= conditions[Freshness(code)]()
    return queryset.filter(found)


def due_soon(queryset):
    """Return the indicators of ``queryset`` whose next figure is due within two weeks."""
    today = timezone.localdate()
    return queryset.filter(pk__in=due_dates().filter(due__gte=today, due__lte=today + SOON))
