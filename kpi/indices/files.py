"""Files of indices: CSV or XLSX as a plain table of texts; nothing is understood here yet."""

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

from core.exports import FORMULA_SIGNS

MOST_BYTES = 5 * 1024 * 1024
#: What the parts of an XLSX may unpack to: a small archive can hold a very large table.
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 2000, 1000
SEPARATORS = (";", ",", "\t")


class Unreadable(Exception):
    """A file that is no table; `str()` says how to mend it."""


@dataclass(frozen=True)
class Sheet:
    """A table as it was read: headings as written, rows with the number of their line."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]

    def as_json(self) -> dict:
        """Return it for keeping."""
        return {"headers": self.headers, "rows": self.rows}

    @classmethod
    def from_json(cls, kept: dict) -> "Sheet":
        """Return what `as_json` gave."""
        return cls(kept["headers"], [(line, cells) for line, cells in kept["rows"]])


def read(content: bytes) -> Sheet:
    """Return the table of a file; empty rows are left out.

    CSV with comma, semicolon or tab, with or without a byte-order mark, in UTF-8, UTF-16 or
    Windows-1252; or the first sheet of an XLSX. Raises `Unreadable`.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB."))
    lines = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content)
    filled = [(line, cells) for line, cells in lines if any(cells)]
    if len(filled) < 2:
        raise Unreadable(_("The file has no rows: headings in the first row, then the inputs."))
    if len(filled) > MOST_ROWS or len(filled[0][1]) > MOST_COLUMNS:
        raise Unreadable(_("The file has too many rows or columns for an index."))
    return Sheet(filled[0][1], filled[1:])


def _read_csv(content: bytes) -> list[tuple[int, list[str]]]:
    text = _decoded(content)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [(reader.line_num, [_text(cell) for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise Unreadable(_("The file is no table with separators.")) from error


def _decoded(content: bytes) -> str:
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("The file is neither CSV nor XLSX. Save it as one of them."))


def _read_xlsx(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable(_("The file is larger than 5 MB."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        return [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise Unreadable(_("The workbook cannot be opened. Save it again as XLSX.")) from error


def _text(cell) -> str:
    """Return a cell as text: whole numbers without ".0", without our mark before a formula."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        cell = int(cell) if cell.is_integer() else repr(cell)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(cell)).strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_SIGNS) else text
