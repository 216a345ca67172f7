"""The figures as open data: which ones, as known when, and their rows one after the other.

Every format of a download (`csvw`, `jsonstat`, `workbook`) is made of the same `Record`s. They are
read as plain values from a cursor, a batch at a time: a framework may hold a million of them. What
is here is the same for everybody, so only what the public sees.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from core.licences import Licence, licence_named
from core.templatetags.ui import translated

from ..models import Framework, Indicator, IndicatorVersion, Observation, Place
from ..selectors import current, end_of
from ..tables import exact

#: Goes up when what the files say, or how, is changed: kept copies are then out of date.
FORMAT = "1"
#: How many rows are read at once.
BATCH = 2_000
COLUMNS = (
    *("pk", "indicator_id", "geo_id", "period", "position", "value", "flag", "disputed"),
    *("vintage", "released_at", "note_fr", "note_nl"),
)


class Record(NamedTuple):
    """One figure as the files hold it; ``value`` is exact, without the zeros of the column."""

    code: str
    geo: str
    period: str
    position: int
    value: Decimal | None
    unit: str
    flag: str
    disputed: bool
    vintage: int
    released_at: datetime
    note_fr: str
    note_nl: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """Whose figures: of ``subject`` (an indicator, a framework, None for all), known on a day.

    ``as_of`` None is now. ``indicators`` are those that the public sees, by their keys.
    """

    subject: Indicator | Framework | None
    indicators: dict[int, Indicator]
    as_of: date | None = None

    @property
    def name(self) -> str:
        """Return what its files are called."""
        if self.subject is None:
            return "indicators"
        return self.subject.code if isinstance(self.subject, Indicator) else self.subject.slug

    @property
    def moment(self) -> datetime:
        """Return until when releases count."""
        return end_of(self.as_of) if self.as_of else timezone.now()

    @property
    def known_on(self) -> date:
        """Return the day of which the files speak."""
        return self.as_of or timezone.localdate()

    @cached_property
    def licences(self) -> dict[Licence, list[str]]:
        """Return each licence with the codes of the indicators under it."""
        found = defaultdict(list)
        for each in self.indicators.values():
            found[licence_named(each.licence)].append(each.code)
        return dict(found)

    def released(self):
        """Return the observations in every vintage that had been released."""
        return Observation.objects.filter(
            indicator__in=list(self.indicators), released_at__lte=self.moment
        )

    @cached_property
    def extent(self) -> dict:
        """Return {"rows" (every vintage), "newest" (key), "updated" (moment or None)}."""
        counts = {"rows": Count("pk"), "newest": Max("pk"), "updated": Max("released_at")}
        return self.released().order_by().aggregate(**counts)

    def places(self) -> list[Place]:
        """Return the places that have a figure, in their order."""
        codes = self.released().order_by().values("geo_id").distinct()
        return list(Place.objects.filter(code__in=codes).order_by("position", "code"))


def asked_day(text: str) -> date | None:
    """Return the day that ``text`` names, None for no text; ValueError with a sentence."""
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("as_of: write a day as 2024-12-31."))
    if day > timezone.localdate():
        raise ValueError(_("as_of: this day has not come yet; what will be known is not known."))
    return day


def scope_of(indicator: Indicator, as_of: date | None = None) -> Scope:
    """Return the figures of one public indicator."""
    return Scope(indicator, {indicator.pk: indicator}, as_of)


def scope_of_framework(framework: Framework | None, as_of: date | None = None) -> Scope:
    """Return the figures of the public indicators of a framework; None: of every framework."""
    rows = public_indicators()
    if framework is not None:
        rows = rows.filter(framework=framework)
    return Scope(framework, {each.pk: each for each in rows}, as_of)


def public_indicators():
    """Return the indicators of which anybody may take the figures away, in a fixed order."""
    return Indicator.objects.public().select_related("framework").order_by("code")


def records(scope: Scope) -> Iterator[Record]:
    """Yield the current figures of ``scope`` by indicator, place, period and position."""
    rows = current(scope.as_of).filter(indicator__in=list(scope.indicators))
    values = rows.values_list(*COLUMNS).iterator(chunk_size=BATCH)
    while batch := list(islice(values, BATCH)):
        sources = sources_of(row[0] for row in batch)
        for row in batch:
            yield record(row, scope.indicators[row[1]], sources.get(row[0], ()))


def record(row: tuple, indicator: Indicator, sources: tuple[str, ...]) -> Record:
    """Return a row of `COLUMNS` as a record."""
    _pk, _indicator, geo, period, position, value, flag, disputed, *rest = row
    vintage, released_at, note_fr, note_nl = rest
    return Record(
        *(indicator.code, geo, period, position, exact(value), indicator.unit_code, flag),
        *(disputed, vintage, released_at, note_fr or "", note_nl or "", sources),
    )


def sources_of(keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return {key of an observation: keys of its sources} with one query."""
    found = defaultdict(tuple)
    links = Observation.sources.through.objects.filter(observation__in=list(keys))
    for key, source in links.order_by("source__key").values_list("observation", "source__key"):
        found[key] += (source,)
    return found


def state_of(scope: Scope) -> str:
    """Return what changes whenever a file of ``scope`` would: for the ETag of its files.

    Figures are only ever appended, so their number and the newest of them say which there are.
    """
    versions = IndicatorVersion.objects.filter(indicator__in=list(scope.indicators))
    places = Place.objects.order_by("code")
    said = (
        FORMAT,
        scope.as_of,
        sorted(scope.extent.items(), key=str),
        [column_values(each) for each in scope.indicators.values()],
        column_values(scope.subject) if scope.subject else None,
        list(versions.order_by("pk").values_list("pk", "method_fr", "method_nl", "method_en")),
        list(places.values_list("code", "position", "name_fr", "name_nl", "name_en")),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def column_values(row) -> list:
    """Return what the columns of ``row`` hold."""
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]


def title_of(scope: Scope, language: str) -> str:
    """Return the name of what ``scope`` is about in ``language``; "" where there is none."""
    return getattr(scope.subject, f"name_{language}", "") or ""


def source_words(scope: Scope) -> str:
    """Return in words from where the figures come, in the language of the page."""
    if not isinstance(scope.subject, Indicator):
        publishers = {each.framework.publisher for each in scope.indicators.values()} - {""}
        return "; ".join(sorted(publishers))
    words = translated(scope.subject, "source_text")[0]
    labels = [translated(source, "label")[0] for source in scope.subject.sources.all()]
    return "; ".join(filter(None, [*labels, words]))
