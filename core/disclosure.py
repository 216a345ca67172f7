"""Small numbers: which cells of a published table are withheld, so that nobody is recognised.

Groups smaller than five are not published, nor what would give them away. A table that can be
filtered is protected once, as a whole: every filtered view is a slice of it (a column, a row, a
margin), so that no two views can be subtracted to find a withheld cell. A filter that is not a
dimension of the protected table may not be offered to the public.

    protect({("public", "mobility"): 12, ("public", "people"): 2, …})
    → {("public", "mobility"): 12, ("public", "people"): None, ("public", ALL): None, …}
"""

from collections.abc import Iterator, Mapping
from itertools import product

#: Fewer than this many people or organisations are never published.
LIMIT = 5
#: Stands in a key for "all values of this dimension": the margin of a table.
ALL = "*"

Key = tuple[str, ...]
Line = tuple[Key, list[Key]]


def protect(counts: Mapping[Key, int], *, limit: int = LIMIT) -> dict[Key, int | None]:
    """Return cells and margins of ``counts``, None where a figure is withheld.

    Keys are tuples of equal length, one part for each dimension; a combination without a key
    counts as 0. A cell below ``limit`` is withheld (0 as well: "nobody" can give somebody away).
    Then, in each line of the table that adds up to a margin, at least two figures are withheld or
    none, and those withheld add up to ``limit`` at least; the smallest published one goes next.
    """
    table = with_margins(counts) if counts else {}
    hidden = {key for key, count in table.items() if count < limit}
    lines = list(lines_of(table))
    while grown := {key for line in lines if (key := next_to_hide(line, table, hidden, limit))}:
        hidden |= grown
    return {key: None if key in hidden else count for key, count in table.items()}


def protect_row(counts: Mapping[str, int], *, limit: int = LIMIT) -> dict[str, int | None]:
    """Return ``counts`` of one dimension with its total under ``ALL``, None where withheld."""
    safe = protect({(name,): count for name, count in counts.items()}, limit=limit)
    return {name: count for (name,), count in safe.items()}


def with_margins(counts: Mapping[Key, int]) -> dict[Key, int]:
    """Return every combination of the values of each dimension, and of ``ALL``, with its sum."""
    values = [sorted(set(parts)) for parts in zip(*counts, strict=True)]
    table = dict.fromkeys(product(*([*each, ALL] for each in values)), 0)
    for key, count in counts.items():
        for margin in product(*((part, ALL) for part in key)):
            table[margin] += count
    return table


def lines_of(table: Mapping[Key, int]) -> Iterator[Line]:
    """Yield each margin with the figures that add up to it, dimension by dimension."""
    for key in table:
        for place, part in enumerate(key):
            if part == ALL:
                yield key, [other for other in table if is_part(other, key, place)]


def is_part(other: Key, margin: Key, place: int) -> bool:
    """Tell whether ``other`` is one of the figures that ``margin`` sums up over ``place``."""
    rest = (*other[:place], ALL, *other[place + 1 :])
    return other[place] != ALL and rest == margin


def next_to_hide(line: Line, table, hidden: set[Key], limit: int) -> Key | None:
    """Return which figure of ``line`` has to be withheld as well, None where all is safe."""
    margin, parts = line
    withheld = [key for key in parts if key in hidden]
    if not withheld and margin not in hidden:
        return None
    if margin in hidden:
        # The margin is found by adding up its parts, if all of them are published.
        return None if withheld else smallest(parts, table, hidden)
    if len(withheld) > 1 and sum(table[key] for key in withheld) >= limit:
        return None
    return smallest(parts, table, hidden) or margin


def smallest(keys: list[Key], table, hidden: set[Key]) -> Key | None:
    """Return the smallest of ``keys`` that is still published; margins of other lines go last."""
    shown = [key for key in keys if key not in hidden]
    return min(shown, key=lambda key: (key.count(ALL), table[key], key), default=None)
