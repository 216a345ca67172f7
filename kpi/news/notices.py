"""What has happened to figures and is not noted yet: releases, places against the path, ages.

Everything is read from what stands there now, so a look that was missed or cut off is made up for
by the next one; `Notice` knows what was noted before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from ..ages import SOON
from ..facts import GRACE
from ..models import Indicator, Notice, Observation, Summary
from ..selectors import end_of, published
from ..summaries import ensure

#: What is committed late, or by a clock that is slow, is looked for once more for so long.
OVERLAP = timedelta(hours=1)
Kind = Notice.Kind


@dataclass(frozen=True)
class News:
    """Something that happened at ``since``; ``is_quiet``: it is noted, and nobody is told."""

    indicator: Indicator
    kind: str
    key: str
    since: datetime
    day: date | None = None
    value: str = ""
    is_quiet: bool = False

    @property
    def fields(self) -> dict:
        """Return the columns of its `Notice` beside indicator and key."""
        return {"kind": self.kind, "day": self.day, "value": self.value}


def news(after: datetime, now: datetime) -> list[News]:
    """Return what is new of the published indicators and not noted yet.

    ``after`` is when one looked the last time; only releases are looked for by it.
    """
    ensure(published())
    rows = Summary.objects.filter(indicator__in=published())
    summaries = list(rows.select_related("indicator__owner").order_by("pk"))
    today = timezone.localdate(now)
    found = [*releases(after, now), *standings(summaries, after, now), *ages(summaries, today)]
    return not_noted(found)


def not_noted(found: list[News]) -> list[News]:
    """Return those of ``found`` whose key the indicator has no notice of."""
    rows = Notice.objects.filter(key__in={each.key for each in found}).order_by()
    known = set(rows.values_list("indicator", "key"))
    return [each for each in found if (each.indicator.pk, each.key) not in known]


def releases(after: datetime, now: datetime) -> Iterator[News]:
    """Yield the newest figure of each indicator that was released since ``after``.

    Of several that came together it is that of the last period. A forecast is no figure yet.
    """
    rows = Observation.objects.filter(
        released_at__gt=after - OVERLAP,
        released_at__lte=now,
        geo=F("indicator__geo"),
        indicator__in=published(),
    ).exclude(flag__contains="f")
    newest = {}
    for row in sorted(rows.select_related("indicator__owner"), key=_age):
        newest[row.indicator_id] = row
    for row in newest.values():
        yield News(row.indicator, Kind.RELEASE, release_key(row), row.released_at)


def _age(row: Observation) -> tuple:
    return (row.released_at, row.when.position, row.vintage)


def release_key(row: Observation) -> str:
    """Return the key of a release: "release:BXL:2025:2".

    What the portal counts itself moves every day while its period runs: that is told once.
    """
    is_running = row.indicator.metric and "p" in row.flag
    return f"release:{row.geo_id}:{row.period}:{'p' if is_running else row.vintage}"


def standings(summaries: Iterable[Summary], after: datetime, now: datetime) -> Iterator[News]:
    """Yield each indicator that stands otherwise against its path than when one noted it last.

    That it has a place at all, or none any more, is noted and not told. It crossed the threshold
    with the figure that came since the last look, else by a target or band, at an unknown moment.
    """
    last = last_standings()
    today = timezone.localdate(now)
    for each in summaries:
        before, value = last.get(each.pk), each.standing
        if before is None or before != value:
            key = f"standing:{today}:{value or 'none'}"
            is_fresh = each.released_at is not None and each.released_at > after - OVERLAP
            yield News(
                each.indicator,
                Kind.STANDING,
                key,
                since=each.released_at if is_fresh else now,
                value=value,
                is_quiet=not (before and value),
            )


def last_standings() -> dict[int, str]:
    """Return {indicator: where it stood when that was noted last}."""
    rows = Notice.objects.filter(kind=Kind.STANDING).order_by("indicator", "-pk")
    return dict(rows.distinct("indicator").values_list("indicator", "value"))


def ages(summaries: Iterable[Summary], today: date) -> Iterator[News]:
    """Yield each indicator whose next figure is due soon, late or out of date today.

    The key holds the due date: each change of age comes once, and anew after the next figure.
    """
    for each in summaries:
        kind = each.due_on and age_of(each.due_on, today)
        if kind:
            since = end_of(each.due_on + (GRACE if kind == Kind.STALE else timedelta()))
            key = f"{kind.value}:{each.due_on}"
            yield News(each.indicator, kind, key, since, day=each.due_on)


def age_of(due_on: date, today: date) -> Notice.Kind | None:
    """Return what is to be said of a figure that is due on a day, None while it is not near."""
    if today > due_on + GRACE:
        return Kind.STALE
    if today > due_on:
        return Kind.LATE
    return Kind.SOON if today >= due_on - SOON else None
