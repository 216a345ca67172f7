"""How many ideas each municipality has, by the filters of the list: as tiles and as a table."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core import typography
from core.templatetags.ui import tr
from programme.models import Municipality

from .ecosystem import NONE
from .following import SavedSearch, saved_search
from .tile_map import TileMap, tile_map


@dataclass(frozen=True)
class Line:
    """The ideas of one municipality; ``subject`` is None for those about the whole Region."""

    subject: Municipality | None
    total: int
    url: str


@dataclass(frozen=True)
class IdeaMap:
    """The counts of all municipalities, by the same filters as the list, but for the place."""

    search: SavedSearch
    lines: list[Line]

    @property
    def total(self) -> int:
        """Return how many ideas there are."""
        return sum(line.total for line in self.lines)

    @property
    def tiles(self) -> TileMap:
        """Return the drawing."""
        return tile_map(self.lines)

    @property
    def table(self) -> dict:
        """Return the same numbers as a table, each leading to its list."""
        return {
            "caption": _("Ideas by municipality"),
            "columns": [
                {"label": _("Municipality")},
                {"label": _("Ideas"), "kind": "number"},
            ],
            "rows": [[_name(line), _number(line)] for line in self.lines],
        }


def _name(line: Line):
    return tr(line.subject, "name", note=False) if line.subject else _("The whole Region")


def _number(line: Line):
    return format_html('<a href="{}">{}</a>', line.url, typography.number(line.total))


def idea_map(data) -> IdeaMap:
    """Count what anybody sees of the ideas that ``data``, a query string, chooses."""
    chosen = {name: text for name, text in data.items() if name != "municipality"}
    search = saved_search(chosen)
    rows = search.ideas().order_by().values_list("municipality").annotate(n=Count("pk"))
    counts = dict(rows)
    places = Municipality.objects.order_by_translated("name", "pk")
    lines = [Line(each, counts.get(each.pk, 0), _list(search, each)) for each in places]
    return IdeaMap(search, [*lines, Line(None, counts.get(None, 0), _list(search, None))])


def _list(search: SavedSearch, place: Municipality | None) -> str:
    query = {**QueryDict(search.query).dict(), "municipality": place.slug if place else NONE}
    return f"{reverse('stakeholders:idea-list')}?{urlencode(query)}"
