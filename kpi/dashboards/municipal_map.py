"""One indicator for each of the nineteen municipalities, as a scheme of tiles and as a table."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.ui import translated
from programme.models import Municipality
from stakeholders.tile_map import TileMap, tile_map

from ..models import Indicator, Observation, Place
from ..periods import Period
from ..selectors import current
from ..sentences import amount
from ..tables import remarks_of

#: How many shades tell low from high; the lowest class has the lightest.
SHADES = 3


@dataclass(frozen=True)
class PlaceLine:
    """A municipality with its figure, as a tile and a line of the table show it."""

    subject: Municipality
    value: Decimal | None
    total: str
    url: str
    shade: int
    remarks: str = ""


@dataclass(frozen=True)
class MunicipalMap:
    """The scheme, what its shades mean, and the table with the same figures."""

    period: str
    tiles: TileMap
    classes: list[tuple[int, str]]
    table: dict


def mapped(user) -> list[Indicator]:
    """Return the indicators with figures of municipalities that ``user`` may see."""
    figures = Observation.objects.filter(
        indicator=OuterRef("pk"), geo__kind=Place.Kind.MUNICIPALITY
    )
    rows = Indicator.objects.visible_to(user).filter(Exists(figures))
    return list(rows.order_by("framework__position", "code"))


def map_of(indicator: Indicator) -> MunicipalMap:
    """Return the map of the last period of which any municipality has a figure."""
    rows = current().filter(indicator=indicator, geo__kind=Place.Kind.MUNICIPALITY)
    last = max(Period.parse(row.period).position for row in rows)
    figures = {}
    for row in rows:
        if row.when.position == last:
            figures.setdefault(row.geo_id, row)
    bounds = limits([row.value for row in figures.values() if row.value is not None])
    lines = [line_for(each, figures.get(each.nis), indicator, bounds) for each in towns()]
    period = next(iter(figures.values())).when.label
    tiles = tile_map(lines, lambda line: line.shade)
    return MunicipalMap(period, tiles, classes(bounds, indicator), table(lines, indicator, period))


def towns():
    """Return the municipalities in the order of their names."""
    return Municipality.objects.order_by_translated("name")


def limits(values: list[Decimal]) -> list[Decimal]:
    """Return the highest value of each class but the last: classes of as many municipalities."""
    ordered = sorted(values)
    if len(set(ordered)) < SHADES:
        return sorted(set(ordered))[:-1]
    found = [ordered[len(ordered) * part // SHADES - 1] for part in range(1, SHADES)]
    return sorted(set(found))


def shade_of(value: Decimal | None, bounds: list[Decimal]) -> int:
    """Return the class of ``value``, from 1; 0 where there is no figure."""
    if value is None:
        return 0
    return 1 + sum(value > bound for bound in bounds)


def line_for(town: Municipality, row: Observation | None, indicator, bounds) -> PlaceLine:
    """Return the line of a municipality."""
    value = row.value if row else None
    page = reverse("kpi:indicator-detail", args=[indicator.code])
    return PlaceLine(
        town,
        value,
        amount(value, indicator, short=True) if value is not None else "–",
        f"{page}?place={town.nis}" if row else page,
        shade_of(value, bounds),
        "; ".join(remarks_of(row)) if row else _("no figure"),
    )


def classes(bounds: list[Decimal], indicator) -> list[tuple[int, str]]:
    """Return (shade, words) of each class, the lowest first."""
    told = [(0, _("no figure"))]
    for place, bound in enumerate(bounds, 1):
        value = amount(bound, indicator, short=True)
        told.append((place, _("up to %(value)s") % {"value": value}))
    if bounds:
        value = amount(bounds[-1], indicator, short=True)
        told.append((len(bounds) + 1, _("more than %(value)s") % {"value": value}))
    return told


def table(lines: list[PlaceLine], indicator, period: str) -> dict:
    """Return the figures as a table."""
    unit = translated(indicator, "unit")[0]
    columns = [
        {"label": _("Municipality"), "kind": "text"},
        {"label": _("%(period)s (%(unit)s)") % {"period": period, "unit": unit}, "kind": "number"},
        {"label": _("Remark"), "kind": "text"},
    ]
    rows = [[translated(each.subject, "name")[0], each.total, each.remarks] for each in lines]
    return {"caption": str(indicator), "columns": columns, "rows": rows}
