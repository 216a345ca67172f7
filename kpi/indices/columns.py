"""The headings of a file of an index: which column is what."""

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from core.failed_rows import is_message
from core.search import LANGUAGES

from .faults import Fault

WANTED = ("code", "direction", "norm_min", "norm_max", "weight")
PERIOD = ("reference_year", "period")
TEXTS = ("name", "unit", "source")
#: Texts that may stand once for all languages of the names; a name says its language.
ONCE = ("unit", "source")
NUMBERED_LEVEL = re.compile(r"level_\d+")
#: How alike a heading and a code or name are for the one to be proposed for the other.
ALIKE = 60


@dataclass
class Level:
    """The columns of one level of the tree: its name, its weight, code and translated names."""

    key: str
    name: int
    weight: int | None
    code: int | None = None
    names: dict[str, int] = field(default_factory=dict)


@dataclass
class Columns:
    """Where everything is: {key: number of the column}, the levels from the lowest up, places."""

    known: dict[str, int]
    levels: list[Level]
    places: dict[str, int]
    faults: list[Fault]


def columns_of(headers: list[str], places: dict[str, tuple[str, ...]]) -> Columns:
    """Return what the columns are; ``places`` is {code: names} of the places that there are."""
    keys = [plain(each) for each in headers]
    faults = [
        Fault("column_twice", 1, headers[number])
        for number, key in enumerate(keys)
        if key and key in keys[:number]
    ]
    levels = _levels(keys)
    taken = {number for level in levels for number in _columns_of_level(level)}
    known = {key: number for number, key in enumerate(keys) if is_known(key)}
    faults += _missing(known, levels, keys)
    rest = [n for n, key in enumerate(keys) if key and n not in taken and not is_known(key)]
    rest = [n for n in rest if not is_message(headers[n])]
    found, unknown = _places(headers, rest, places)
    faults += unknown
    if not found and not unknown:
        faults.append(Fault("no_places", 1))
    return Columns(known, levels, found, faults)


def plain(heading: str) -> str:
    """Return a heading as its key: small letters, words joined by ``_``."""
    return re.sub(r"\W+", "_", heading.strip().casefold()).strip("_")


def is_known(key: str) -> bool:
    """Tell whether ``key`` is a column that says something of the input itself."""
    stem, _sign, language = key.rpartition("_")
    translated = stem in TEXTS and language in LANGUAGES
    return key in (*WANTED, *PERIOD, *ONCE) or translated


def _levels(keys: list[str]) -> list[Level]:
    """Return the levels in the order of their columns: whatever has a weight beside it."""
    found = []
    for number, key in enumerate(keys):
        weight = f"{key}_weight"
        if not key or is_known(key) or not (weight in keys or NUMBERED_LEVEL.fullmatch(key)):
            continue
        names = {each: keys.index(f"{key}_{each}") for each in LANGUAGES if f"{key}_{each}" in keys}
        code = keys.index(f"{key}_code") if f"{key}_code" in keys else None
        found.append(
            Level(key, number, keys.index(weight) if weight in keys else None, code, names)
        )
    return found


def _columns_of_level(level: Level) -> list[int]:
    more = [each for each in (level.weight, level.code) if each is not None]
    return [level.name, *more, *level.names.values()]


def _missing(known: dict, levels: list[Level], keys: list[str]) -> list[Fault]:
    faults = [Fault("column_missing", 1, key) for key in WANTED if key not in known]
    if not any(key.startswith("name_") for key in known):
        faults.append(Fault("column_missing", 1, "name_fr"))
    faults += [
        Fault("column_missing", 1, f"{level.key}_weight")
        for level in levels
        if level.weight is None
    ]
    return faults if levels else [*faults, Fault("no_levels", 1)]


def _places(headers, numbers, places) -> tuple[dict[str, int], list[Fault]]:
    found, faults = {}, []
    for number in numbers:
        code = headers[number].strip().upper()
        if code == "NAME":
            faults.append(Fault("language", 1, headers[number]))
        elif code in found:
            faults.append(Fault("place_twice", 1, headers[number], code))
        elif code in places:
            found[code] = number
        else:
            faults.append(unknown_place(headers[number], places))
    return found, faults


def unknown_place(heading: str, places: dict[str, tuple[str, ...]]) -> Fault:
    """Return the fault of a column that is about no place, with the nearest code if one is near."""
    choices = {
        (code, text): text.casefold() for code, names in places.items() for text in (code, *names)
    }
    best = process.extractOne(
        heading.strip().casefold(), choices, scorer=fuzz.ratio, score_cutoff=ALIKE
    )
    if best is None:
        return Fault("place_new", 1, heading, heading)
    return Fault("place_unknown", 1, heading, heading, {"nearest": best[2][0]})
