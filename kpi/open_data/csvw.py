"""The figures as CSV (RFC 4180), and what its columns mean as CSVW, the W3C's CSV on the Web."""

import csv
import hashlib
import io
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from core.exports import plain, safe

from ..models import Framework, Indicator
from ..tables import FLAGS
from .figures import Record, Scope, records, source_words, title_of

SDMX = "http://purl.org/linked-data/sdmx/2009"
SEPARATOR = ";"
#: Name of a column, its label, its type, what it is: the names are the first line of the file.
COLUMNS = (
    ("code", gettext_lazy("Code"), "string", "http://purl.org/dc/terms/identifier"),
    ("geo", gettext_lazy("Territory"), "string", f"{SDMX}/dimension#refArea"),
    ("period", gettext_lazy("Period"), "string", f"{SDMX}/dimension#refPeriod"),
    ("position", gettext_lazy("Number among contradictory values"), "integer", "#position"),
    ("value", gettext_lazy("Value"), "decimal", f"{SDMX}/measure#obsValue"),
    ("unit", gettext_lazy("Unit"), "string", f"{SDMX}/attribute#unitMeasure"),
    ("flag", gettext_lazy("Flag"), "string", f"{SDMX}/attribute#obsStatus"),
    ("disputed", gettext_lazy("Contradicted by another source"), "boolean", "#disputed"),
    ("vintage", gettext_lazy("Vintage"), "integer", "http://purl.org/pav/version"),
    ("released_at", gettext_lazy("Released"), "dateTime", "http://purl.org/dc/terms/issued"),
    ("note_fr", gettext_lazy("Note in French"), "string", f"{SDMX}/attribute#comment"),
    ("note_nl", gettext_lazy("Note in Dutch"), "string", f"{SDMX}/attribute#comment"),
    ("sources", gettext_lazy("Sources"), "string", "http://purl.org/dc/terms/source"),
)
HEADER = [name for name, *_rest in COLUMNS]
KEY = ("code", "geo", "period", "position")
OPTIONAL = frozenset({"value", "flag", "note_fr", "note_nl", "sources"})
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
#: How much of the file is handed over at once.
CHUNK = 64_000


def cells(record: Record) -> list:
    """Return a line of the file: exact numbers, ISO dates, no text that is a formula."""
    return [safe(_text(value)) for value in record]


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    return plain(value)


def to_csv(scope: Scope) -> Iterator[str]:
    """Yield the file piece by piece, without a byte-order mark and without a foot."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for record in records(scope):
        writer.writerow(cells(record))
        if out.tell() > CHUNK:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


class Fingerprints:
    """The SHA-256 of the CSV of each of several indicators, from records in their usual order."""

    def __init__(self, codes) -> None:
        self.out = io.StringIO()
        self.writer = csv.writer(self.out)
        head = self._line(HEADER)
        self.hashes = {code: hashlib.sha256(head) for code in codes}

    def take(self, record: Record) -> None:
        """Add a line to the file of its indicator."""
        self.hashes[record.code].update(self._line(cells(record)))

    def finished(self) -> dict[str, str]:
        """Return {code: SHA-256 in hexadecimal}."""
        return {code: each.hexdigest() for code, each in self.hashes.items()}

    def _line(self, values: list) -> bytes:
        self.out.seek(0)
        self.out.truncate()
        self.writer.writerow(values)
        return self.out.getvalue().encode()


def metadata(scope: Scope, *, url: str, page: str) -> dict:
    """Return the description of the CSV at ``url``; ``page`` is where people read of it.

    It is the same in every language: titles and legend are in all three.
    """
    updated = scope.extent["updated"]
    found = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": url,
        "dc:title": _texts({code: title_of(scope, code) for code in LANGUAGES}),
        "dc:description": _texts({code: _description(scope, code) for code in LANGUAGES}),
        "dc:publisher": settings.SITE["name"],
        "dc:source": source_words(scope) or None,
        "dc:license": [{"@id": each.url} for each in scope.licences if each.url],
        "dc:rights": [each.name for each in scope.licences],
        "dc:issued": updated.date().isoformat() if updated else None,
        "dc:valid": scope.known_on.isoformat(),
        "dc:isReferencedBy": {"@id": page},
        "notes": [_flag_note(letter) for letter in FLAGS],
        "tableSchema": {
            "columns": [_column(*column) for column in COLUMNS],
            "primaryKey": list(KEY),
        },
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def _texts(by_language: dict[str, str]) -> list[dict]:
    return [{"@value": text, "@language": code} for code, text in by_language.items() if text]


def _description(scope: Scope, language: str) -> str:
    if isinstance(scope.subject, Indicator):
        return getattr(scope.subject, f"definition_{language}") or ""
    with translation.override(language):
        if isinstance(scope.subject, Framework):
            return gettext("The current figures of every published indicator of this framework.")
        return gettext("The current figures of every published indicator.")


def _in_each(words) -> dict[str, str]:
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = str(words)
    return found


def _column(name: str, label, datatype: str, meaning: str) -> dict:
    # The name is a title too: readers compare the first line of the file with the titles.
    titles = {code: [name, words] for code, words in _in_each(label).items()}
    column = {"name": name, "titles": titles, "datatype": datatype, "propertyUrl": meaning}
    if name not in OPTIONAL:
        column["required"] = True
    if name == "sources":
        column["separator"] = SEPARATOR
    if name.startswith("note_"):
        column["lang"] = name.removeprefix("note_")
    return column


def _flag_note(letter: str) -> dict:
    return {"flag": letter, "meaning": _texts(_in_each(FLAGS[letter]))}
