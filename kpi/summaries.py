"""Summaries of indicators: made from `Facts` where one is missing, read by lists and dashboards.

The database takes a summary away whenever something changes that it was made of, so what is there
is right; what is missing is made by whoever asks first.
"""

from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from .facts import Facts
from .models import Indicator, Observation, Summary, Target
from .selectors import facts_of

#: How many indicators are summed up in one go.
BATCH = 200
#: How many values a small line has at most.
MOST_POINTS = 24


def standing_now(now=None) -> Q:
    """Return the condition on `Indicator`: its summary is there and no planned release has come."""
    now = now or timezone.now()
    return Q(summary__isnull=False) & (
        Q(summary__valid_until=None) | Q(summary__valid_until__gt=now)
    )


def ensure(indicators) -> None:
    """Make the summaries that are missing among ``indicators`` (a query set), in batches."""
    missing = indicators.exclude(standing_now()).order_by("pk").values_list("pk", flat=True)
    keys = list(missing)
    for start in range(0, len(keys), BATCH):
        make(keys[start : start + BATCH])


@transaction.atomic
def make(keys: Iterable[int]) -> None:
    """Make the summaries of the indicators ``keys`` anew.

    Their rows are locked first: whoever is adding a figure holds them (each figure refers to its
    indicator), so no summary is made from what is about to be out of date. What is locked is left
    to the next reader.
    """
    rows = Indicator.objects.select_for_update(skip_locked=True, of=("self",))
    indicators = list(rows.filter(pk__in=list(keys)).order_by("pk"))
    until = planned(indicators)
    found = [summed_up(facts, until.get(key)) for key, facts in facts_of(indicators).items()]
    Summary.objects.filter(pk__in=[each.pk for each in indicators]).delete()
    Summary.objects.bulk_create(found)


def planned(indicators) -> dict:
    """Return {pk: when a planned release of its figures, or a target decided ahead, begins}."""
    rows = Observation.objects.filter(indicator__in=indicators, released_at__gt=timezone.now())
    found = dict(rows.order_by().values_list("indicator").annotate(Min("released_at")))
    ahead = Target.objects.filter(indicator__in=indicators, decided_on__gt=timezone.localdate())
    for key, day in ahead.order_by().values_list("indicator").annotate(Min("decided_on")):
        begins = timezone.make_aware(datetime.combine(day, time.min))
        found[key] = min(begins, found.get(key, begins))
    return found


def summed_up(facts: Facts, valid_until=None) -> Summary:
    """Return the summary of an indicator, not saved."""
    latest, target = facts.latest, facts.target
    return Summary(
        indicator=facts.indicator,
        period=latest.period if latest else "",
        value=latest.value if latest else None,
        disputed=bool(latest and latest.disputed),
        released_at=latest.released_at if latest else None,
        target=target.value if target else None,
        target_period=target.period if target else "",
        target_geo_id=target.geo_id if target else None,
        standing=facts.standing or "",
        due_on=facts.due_on,
        points=[None if each is None else float(each) for each in facts.points[-MOST_POINTS:]],
        valid_until=valid_until,
    )
