"""What pages ask: series as known on a day, facts in batches, the cards of the home page."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.utils import timezone

from .facts import Facts
from .models import Band, Baseline, Indicator, IndicatorStatus, Observation, Place, Target
from .sentences import amount, chips, headline

HOME_CODES = ("basic-digital-skills", "fttp-coverage", "fixmystreet-reports")


def end_of(day: date) -> datetime:
    """Return the last moment of ``day`` in the time zone of the portal."""
    following = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(following) - timedelta(microseconds=1)


def current(as_of: date | None = None):
    """Return the observations in their greatest vintage, as known at the end of ``as_of``.

    What had not been released by then is unknown: a later value is never carried back.
    """
    moment = end_of(as_of) if as_of else timezone.now()
    key = ("indicator_id", "geo_id", "period", "position")
    rows = Observation.objects.filter(released_at__lte=moment)
    return rows.order_by(*key, "-vintage").distinct(*key)


def in_order(rows: Iterable[Observation]) -> list[Observation]:
    """Return observations by the end of their period, whatever its kind, then by position."""
    return sorted(rows, key=lambda each: (each.when.position, each.geo_id, each.position))


def series(indicator: Indicator, geo: str, as_of: date | None = None) -> list[Observation]:
    """Return the current observations of one territory in order of time."""
    return in_order(current(as_of).filter(indicator=indicator, geo_id=geo))


def facts_of(
    indicators: Iterable[Indicator],
    as_of: date | None = None,
    everywhere: bool = False,
    about: str = "",
    places: Iterable[str] | None = None,
) -> dict[int, Facts]:
    """Return {pk: Facts} with a fixed number of queries for any number of indicators.

    ``about`` is the code of the place that is spoken of, by default that of each indicator. Other
    territories are read only where ``everywhere``; ``places`` are then the codes of those others
    that are wanted (all by default). Names of places are there with either of them.
    """
    indicators = list(indicators)
    owners = {each.pk: each for each in indicators}
    keys = list(owners)
    here = Q(geo_id=about) if about else Q(geo=F("indicator__geo"))
    rows = current(as_of).filter(indicator__in=keys)
    if not everywhere:
        rows = rows.filter(here)
    elif places is not None:
        rows = rows.filter(here | Q(geo_id__in=list(places)))
    rows = rows.prefetch_related("sources") if everywhere else rows
    observations = _by_indicator(rows, owners)
    targets = _by_indicator(targets_known(as_of).filter(indicator__in=keys), owners)
    bands = _by_indicator(Band.objects.filter(indicator__in=keys), owners)
    names = Place.objects.in_bulk(field_name="code") if everywhere or about else {}
    baselines = _by_indicator(Baseline.objects.filter(here, indicator__in=keys), owners)
    return {
        each.pk: Facts(
            each,
            in_order(observations[each.pk]),
            targets[each.pk],
            next(iter(baselines[each.pk]), None),
            places=names,
            bands=bands[each.pk],
            about=about,
        )
        for each in indicators
    }


def targets_known(as_of: date | None = None):
    """Return the targets that counted at the end of ``as_of``, today by default.

    A target counts from the day on which it was decided (always where that is not known) until one
    that takes its place has been decided.
    """
    day = as_of or timezone.localdate()
    decided = Q(decided_on=None) | Q(decided_on__lte=day)
    later = Q(superseded_by=None) | Q(superseded_by__decided_on__gt=day)
    rows = Target.objects.filter(decided, later).order_by("indicator", "period", "pk")
    return rows.prefetch_related("path")


def _by_indicator(rows, owners: dict[int, Indicator]) -> dict[int, list]:
    groups = defaultdict(list)
    for row in rows:
        row.indicator = owners[row.indicator_id]  # else a query for each row that is asked
        groups[row.indicator_id].append(row)
    return groups


def listed(user):
    """Return the indicators ``user`` may see, ready for a list: by framework, then by code.

    Codes keep together what belongs together (the sub-dimensions of an index, the figures of one
    service), in every language.
    """
    rows = Indicator.objects.visible_to(user).select_related("framework", "theme")
    return rows.order_by("framework__position", "code")


def published():
    """Return the published indicators; `PUBLISHED_QUERY` opens exactly these in the list."""
    return Indicator.objects.filter(status=IndicatorStatus.PUBLISHED)


PUBLISHED_QUERY = f"status={IndicatorStatus.PUBLISHED.value}"


def home_cards(number: int = 3) -> list[dict]:
    """Return what the home page shows of ``number`` indicators, from the facts of their pages.

    Keys: indicator, sentence (with the figure marked), value, period, points (for a small line),
    target (a number or None), chip (kind and text).
    """
    rank = {code: place for place, code in enumerate(HOME_CODES)}
    chosen = sorted(published().filter(code__in=HOME_CODES), key=lambda each: rank[each.code])
    if len(chosen) < number:
        others = published().exclude(code__in=HOME_CODES).order_by("framework__position", "code")
        chosen += others[: number - len(chosen)]
    return [_card(facts) for facts in facts_of(chosen[:number]).values()]


def _card(facts: Facts) -> dict:
    latest = facts.latest
    return {
        "indicator": facts.indicator,
        "sentence": headline(facts).html,
        "value": amount(latest.value if latest else None, facts.indicator, short=True),
        "period": latest.when.label if latest else "",
        "points": facts.points,
        "target": facts.target.value if facts.target else None,
        "chip": chips(facts)[0],
    }
