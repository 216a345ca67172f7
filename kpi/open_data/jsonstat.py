"""The figures as a JSON-stat 2.0 dataset (https://json-stat.org/full/), written piece by piece.

Its cube has four dimensions: indicator, place, period, and the position that tells contradictory
values of one period apart. Few of its cells are full, so values, flags and what else is known of
a figure are objects from the number of a cell to it.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from tempfile import SpooledTemporaryFile

from django.utils.translation import gettext as _

from core.exports import plain
from core.templatetags.ui import translated

from ..models import Indicator
from ..periods import Period
from ..tables import FLAGS
from .figures import Record, Scope, records, source_words

DIMENSIONS = ("indicator", "geo", "time", "position")
ROLES = {"metric": ["indicator"], "geo": ["geo"], "time": ["time"]}
#: How much of what comes after the values is kept in memory until they are written.
IN_MEMORY = 1_000_000
COPIED = 64_000


class Cube:
    """The dimensions of the figures of a scope, in the language of the page.

    They are read, and all words are made, when it is made; `pieces` only reads figures.
    """

    def __init__(self, scope: Scope, *, href: str) -> None:
        self.scope = scope
        self.labels = {
            "indicator": _indicator_labels(scope),
            "geo": {each.code: str(translated(each, "name")[0]) for each in scope.places()},
            "time": {text: Period.parse(text).label for text in _periods(scope)},
            "position": _position_labels(scope),
        }
        self.index = {
            name: {category: number for number, category in enumerate(labels)}
            for name, labels in self.labels.items()
        }
        self.size = [len(self.labels[name]) for name in DIMENSIONS]
        self.head = _head(scope, href) | {
            "id": list(DIMENSIONS),
            "size": self.size,
            "role": ROLES,
            "dimension": {name: self._dimension(name) for name in DIMENSIONS},
        }
        self.extension = _extension(scope)

    def _dimension(self, name: str) -> dict:
        category = {"index": list(self.labels[name]), "label": self.labels[name]}
        if name == "indicator":
            category["unit"] = {each.code: _unit(each) for each in self.scope.indicators.values()}
        return {"label": _dimension_label(name), "category": category}

    def cell(self, record: Record) -> int | None:
        """Return the number of the cell of ``record``; None where it came in after the cube."""
        number = 0
        keys = (record.code, record.geo, record.period, str(record.position))
        for name, key, size in zip(DIMENSIONS, keys, self.size, strict=True):
            if key not in self.index[name]:
                return None
            number = number * size + self.index[name][key]
        return number

    def pieces(self) -> Iterator[str]:
        """Yield the text of the dataset; the figures are read once, whatever their number."""
        parts = {name: _Members() for name in ("status", "vintage", "observations")}
        values = _Members()
        yield _dumps(self.head)[:-1] + ', "value": {'
        for record in records(self.scope):
            cell = self.cell(record)
            if cell is None:
                continue
            yield values.member(cell, number(record.value))
            if record.flag:
                parts["status"].keep(cell, _dumps(record.flag))
            parts["vintage"].keep(cell, str(record.vintage))
            parts["observations"].keep(cell, _dumps(_more(record)))
        yield '}, "status": {'
        yield from parts["status"].kept()
        yield '}, "extension": ' + _dumps(self.extension)[:-1] + ', "vintage": {'
        yield from parts["vintage"].kept()
        yield '}, "observations": {'
        yield from parts["observations"].kept()
        yield "}}}"


class _Members:
    """The members of a JSON object: written at once, or kept aside (on disk beyond a size)."""

    def __init__(self) -> None:
        self.is_first = True
        self.aside = None

    def member(self, cell: int, text: str) -> str:
        comma, self.is_first = ("" if self.is_first else ", "), False
        return f'{comma}"{cell}": {text}'

    def keep(self, cell: int, text: str) -> None:
        if self.aside is None:
            self.aside = SpooledTemporaryFile(IN_MEMORY, mode="w+", encoding="utf-8")  # noqa: SIM115
        self.aside.write(self.member(cell, text))

    def kept(self) -> Iterator[str]:
        if self.aside is None:
            return
        with self.aside as text:
            text.seek(0)
            while piece := text.read(COPIED):
                yield piece


def number(value: Decimal | None) -> str:
    """Return an exact value as JSON writes a number: every digit, no exponent."""
    return "null" if value is None else f"{value:f}"


def _dumps(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _more(record: Record) -> dict:
    more = {"released_at": plain(record.released_at), "disputed": record.disputed}
    if record.note_fr or record.note_nl:
        more["note"] = {"fr": record.note_fr, "nl": record.note_nl}
    if record.sources:
        more["sources"] = list(record.sources)
    return more


def _head(scope: Scope, href: str) -> dict:
    updated = scope.extent["updated"]
    head = {
        "version": "2.0",
        "class": "dataset",
        "href": href,
        "label": translated(scope.subject, "name")[0] if scope.subject else _("Indicators"),
        "source": source_words(scope) or None,
        "updated": plain(updated) if updated else None,
        "note": [*_notes(scope)],
    }
    return {name: value for name, value in head.items() if value}


def _notes(scope: Scope) -> Iterator[str]:
    if isinstance(scope.subject, Indicator):
        yield translated(scope.subject, "definition")[0]
    meanings = ", ".join(f"{letter} = {words}" for letter, words in FLAGS.items())
    yield _("Flags: %(meanings)s") % {"meanings": meanings}


def _extension(scope: Scope) -> dict:
    licences = [
        {"name": each.name, "url": each.url, "indicators": codes}
        for each, codes in scope.licences.items()
    ]
    return {
        "as_of": scope.known_on.isoformat(),
        "licence": licences,
        "unit": {each.code: each.unit_code for each in scope.indicators.values()},
    }


def _indicator_labels(scope: Scope) -> dict[str, str]:
    return {each.code: translated(each, "name")[0] for each in scope.indicators.values()}


def _periods(scope: Scope) -> list[str]:
    found = scope.released().order_by().values_list("period", flat=True).distinct()
    return sorted(found, key=lambda text: (Period.parse(text).position, text))


def _position_labels(scope: Scope) -> dict[str, str]:
    found = scope.released().order_by().values_list("position", flat=True).distinct()
    words = _("value %(number)s")
    return {str(place): words % {"number": place + 1} for place in sorted(found)}


def _unit(indicator: Indicator) -> dict:
    return {"label": translated(indicator, "unit")[0], "decimals": indicator.decimals}


def _dimension_label(name: str) -> str:
    labels = {
        "indicator": _("Indicator"),
        "geo": _("Territory"),
        "time": _("Period"),
        "position": _("Number among contradictory values"),
    }
    return labels[name]
