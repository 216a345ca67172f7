"""The 19 municipalities as a grid of equal tiles that keeps their places to each other.

It is a scheme, not a map: each row runs from west to east, each column from north to south. A tile
says its name and its number; the shade only repeats the number.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from core.templatetags.ui import is_foreign, translated

from .ecosystem import Line

#: NIS code: (column, row).
PLACES = {
    "21008": (0, 0),  # Ganshoren
    "21010": (1, 0),  # Jette
    "21015": (2, 0),  # Schaerbeek
    "21006": (3, 0),  # Evere
    "21003": (0, 1),  # Berchem-Sainte-Agathe
    "21011": (1, 1),  # Koekelberg
    "21014": (2, 1),  # Saint-Josse-ten-Noode
    "21018": (3, 1),  # Woluwe-Saint-Lambert
    "21012": (0, 2),  # Molenbeek-Saint-Jean
    "21004": (1, 2),  # Bruxelles (Ville de)
    "21005": (2, 2),  # Etterbeek
    "21019": (3, 2),  # Woluwe-Saint-Pierre
    "21001": (0, 3),  # Anderlecht
    "21013": (1, 3),  # Saint-Gilles
    "21009": (2, 3),  # Ixelles
    "21002": (3, 3),  # Auderghem
    "21007": (0, 4),  # Forest
    "21016": (1, 4),  # Uccle
    "21017": (3, 4),  # Watermael-Boitsfort
}
COLUMNS = 1 + max(column for column, _row in PLACES.values())
ROWS = 1 + max(row for _column, row in PLACES.values())
TILE, HEIGHT, GAP = 96, 104, 4
#: The lowest number of each class; 0 is a class of its own.
CLASSES = (0, 1, 3, 6)
#: As many letters fit into a line of a tile.
LINE_LENGTH = 11
FEW_LINES = 3


@dataclass(frozen=True)
class Tile:
    """One municipality as it is drawn."""

    line: Line
    left: int
    top: int
    shade: int

    @property
    def name(self) -> str:
        """Return the name in the language of the page."""
        return translated(self.line.subject, "name")[0]

    @property
    def lang(self) -> str:
        """Return the language of the name where it is not the page's."""
        language = translated(self.line.subject, "name")[1]
        return language if is_foreign(language) else ""

    @property
    def words(self) -> list[tuple[int, str]]:
        """Return the lines of the name as (height, text)."""
        texts = broken(self.name)
        step = 15 if self.is_large else 12
        return [(self.top + 18 + step * place, text) for place, text in enumerate(texts)]

    @property
    def is_large(self) -> bool:
        """Tell whether the name is short enough for large letters."""
        return len(broken(self.name)) <= FEW_LINES

    @property
    def middle(self) -> int:
        """Return the middle of the tile, from the left."""
        return self.left + TILE // 2

    @property
    def foot(self) -> int:
        """Return where the number stands."""
        return self.top + HEIGHT - 14


@dataclass(frozen=True)
class TileMap:
    """The drawing: its size and its tiles, from north-west to south-east."""

    tiles: list[Tile]
    width: int = COLUMNS * (TILE + GAP)
    height: int = ROWS * (HEIGHT + GAP)
    tile_width: int = TILE
    tile_height: int = HEIGHT

    @property
    def classes(self) -> list[tuple[int, int, int | None]]:
        """Return (shade, lowest, highest number) of each class; the last has no highest."""
        highest = [*(low - 1 for low in CLASSES[1:]), None]
        return list(zip(range(len(CLASSES)), CLASSES, highest, strict=True))


def shade(count: int) -> int:
    """Return the class of ``count``: 0 for none."""
    return bisect_right(CLASSES, count) - 1


def by_total(line: Line) -> int:
    """Return the class of the number of a line."""
    return shade(line.total)


def tile_map(lines: list[Line], shade_of: Callable[[Line], int] = by_total) -> TileMap:
    """Return the drawing of those ``lines`` that are municipalities of the Region.

    ``shade_of`` (line) is the class of its number, 0 for none.
    """
    placed = [line for line in lines if line.subject and line.subject.nis in PLACES]
    tiles = [tile(line, *PLACES[line.subject.nis], shade_of(line)) for line in placed]
    return TileMap(sorted(tiles, key=lambda each: (each.top, each.left)))


def tile(line: Line, column: int, row: int, shade: int) -> Tile:
    """Return one tile at its place in the grid."""
    return Tile(line, GAP // 2 + column * (TILE + GAP), GAP // 2 + row * (HEIGHT + GAP), shade)


def broken(name: str) -> list[str]:
    """Return ``name`` in lines that fit into a tile, broken after spaces and hyphens."""
    found = [""]
    for part in name.replace("-", "-\n").replace(" ", " \n").split("\n"):
        if found[-1] and len(found[-1] + part.strip()) > LINE_LENGTH:
            found.append("")
        found[-1] += part
    return [line.strip() for line in found]
