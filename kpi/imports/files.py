"""Files of figures: CSV and XLSX read line by line, headings in three languages, template."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import itemgetter

from django.utils import translation
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.exports import FORMULA_SIGNS
from core.search import LANGUAGES, fold

#: The largest file that is taken, and what the parts of an XLSX may unpack to.
MOST_BYTES = 64_000_000
MOST_UNPACKED = 400_000_000
SEPARATORS = (";", ",", "\t")
#: The columns in the order of the template, and what they are called on the pages.
COLUMNS = {
    "indicator": gettext_lazy("Indicator"),
    "geo": gettext_lazy("Territory"),
    "period": gettext_lazy("Period"),
    "value": gettext_lazy("Value"),
    "flag": gettext_lazy("Flag"),
    "note_fr": gettext_lazy("Note (French)"),
    "note_nl": gettext_lazy("Note (Dutch)"),
    "unit": gettext_lazy("Unit"),
}
REQUIRED = tuple(name for name in COLUMNS if name != "unit")
#: What else people call them; our own files of an indicator say "Code".
SYNONYMS = {
    "indicator": ("code", "indicateur", "indicator code"),
    "geo": ("territory", "territoire", "gebied", "grondgebied"),
    "period": ("période", "periode", "time_period"),
    "value": ("valeur", "waarde", "obs_value"),
    "flag": ("drapeau", "vlag", "signe", "obs_status"),
    "note_fr": ("note (fr)", "nota (fr)"),
    "note_nl": ("note (nl)", "nota (nl)"),
    "unit": ("unité", "eenheid", "unit code"),
}
#: First bytes of what is no table although it may be called one.
FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"GIF8", b"Rar!")
#: Signs that a page or a spreadsheet puts into a number.
SPACES = str.maketrans({"\u00a0": None, "\u202f": None, "\u2212": "-"})


class Unreadable(Exception):
    """A file that is no table of figures: ``code`` of the fault, what stands there, what would do.

    ``number`` is the line, where one can be named. The sentence is in `kpi.import_messages`.
    """

    def __init__(self, code: str, value: str = "", near: str = "", number: int | None = None):
        super().__init__(code)
        self.code, self.value, self.near, self.number = code, value, near, number
        self.column, self.level = "", "error"


@dataclass(frozen=True)
class Sheet:
    """A table that is being read: known columns by place, rows as (line, cells of the file)."""

    headers: list[str]
    keys: list[str | None]
    rows: Iterator[tuple[int, list[str]]]
    #: Whether cells may carry our own mark before a formula, or spaces inside numbers.
    is_marked: bool = False

    @property
    def columns(self) -> list[str]:
        """Return the names of the known columns that are there."""
        return [key for key in self.keys if key]

    def staged(self) -> Iterator[list]:
        """Yield [line, indicator, geo, …, unit, surplus]: one list for each row that is not blank.

        Cells are text without white space at the ends; a column that is missing is empty.
        """
        width = len(self.headers)
        places = [self.keys.index(name) if name in self.keys else width for name in COLUMNS]
        pick, value = itemgetter(*places), list(COLUMNS).index("value")
        for number, raw in self.rows:
            cells = [cell.strip() for cell in raw]
            if not any(cells):
                continue
            surplus = " ".join(filter(None, cells[width:]))
            cells = [*cells[:width], *[""] * (width + 1 - len(cells[:width]))]
            row = [number, *pick(cells), surplus]
            if self.is_marked:
                row[1:] = [without_mark(cell) for cell in row[1:]]
                row[value + 1] = row[value + 1].translate(SPACES)
            yield row


def without_mark(cell: str) -> str:
    """Return a cell without the apostrophe that our own files put before a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_SIGNS) else cell


def read(content: bytes) -> Sheet:
    """Return the table in a file, told by its bytes; raise `Unreadable` where there is none."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", near=str(MOST_BYTES))
    if content.startswith(FOREIGN):
        raise Unreadable("file_type")
    is_workbook = content.startswith(b"PK")
    lines, is_marked = _read_xlsx(content) if is_workbook else _read_csv(content)
    first = next(((number, cells) for number, cells in lines if any(map(str.strip, cells))), None)
    if first is None:
        raise Unreadable("empty_file")
    headers = [cell.strip() for cell in first[1]]
    while headers and not headers[-1]:
        headers.pop()
    keys = keys_of(headers)
    return Sheet(headers, keys, lines, is_marked)


def keys_of(headers: list[str]) -> list[str | None]:
    """Return the known name of each heading, None for a foreign one; each may stand there once."""
    known = headings()
    keys = [known.get(plain(text)) for text in headers]
    found = [key for key in keys if key]
    if not found:
        raise Unreadable("no_heading", value=", ".join(headers)[:200], near=", ".join(REQUIRED))
    twice = next((key for key in found if found.count(key) > 1), None)
    if twice:
        raise Unreadable("column_twice", value=headers[keys.index(twice)])
    return keys


def plain(text: str) -> str:
    """Return a heading without case, accents and signs."""
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())


def headings() -> dict[str, str]:
    """Return {plain heading: column} in English, French and Dutch."""
    found = {plain(word): key for key, words in SYNONYMS.items() for word in (key, *words)}
    for code in LANGUAGES:
        with translation.override(code):
            found |= {plain(str(label)): key for key, label in COLUMNS.items()}
    return found


def _read_csv(content: bytes) -> tuple[Iterator, bool]:
    text = _decoded(content)
    first = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count))
    marked = any("'" + sign in text for sign in FORMULA_SIGNS)
    return _lines(reader), marked or any(chr(sign) in text for sign in SPACES)


def _lines(reader) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise Unreadable("no_table", number=reader.line_num) from error


def _decoded(content: bytes) -> str:
    # "Unicode text" of a spreadsheet program begins with the mark of its byte order.
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise Unreadable("encoding", number=number) from error
    if "\0" in text:
        raise Unreadable("file_type")
    return text


def _read_xlsx(content: bytes) -> tuple[Iterator, bool]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable("too_large", near=str(MOST_BYTES))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise Unreadable("file_type") from error
    return enumerate(([cell_text(cell) for cell in row] for row in rows), 1), True


def cell_text(cell) -> str:
    """Return a cell of a workbook as it would stand in a CSV file.

    Numbers of a workbook are binary: they are read to 15 digits, as spreadsheets show them. A month
    that a spreadsheet took for a day becomes a month again.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        number = round(Decimal(f"{cell:.15g}"), 12)
        whole = number == number.to_integral_value()
        return f"{number.quantize(Decimal(1)) if whole else number.normalize():f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    return str(cell).replace("\0", "")
