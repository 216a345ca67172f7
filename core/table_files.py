"""Tables that people send: CSV with any usual separator, or the first sheet of an XLSX."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .search import fold
from .spreadsheets import FORMULA_SIGNS, NOT_IN_XML

SEPARATORS = (";", ",", "\t")
#: First bytes of what is no table although it may be called one.
FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"GIF8", b"Rar!")
#: What is raised by reading an archive that is no workbook, or the XML of a broken one.
BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    IndexError,
    SyntaxError,
    EOFError,
)


class NotATable(Exception):
    """A file that is no table. ``code`` says why, ``number`` in which line, where one can be named.

    Codes: ``too_large``, ``file_type``, ``encoding``, ``no_table`` (CSV that cannot be parted),
    ``workbook`` (an archive that is no workbook).
    """

    def __init__(self, code: str, number: int | None = None):
        super().__init__(code)
        self.code, self.number = code, number


@dataclass(frozen=True)
class TableFile:
    """A table that is being read: (number of the row from 1, texts), and the whole text of a CSV.

    The rows are read while they are asked for: `NotATable` may come with any of them.
    """

    rows: Iterator[tuple[int, list[str]]]
    text: str | None = None


def open_table(
    content: bytes,
    *,
    most_bytes: int,
    most_unpacked: int,
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252"),
    decimals: int | None = None,
) -> TableFile:
    """Return the table in a file, which is told by its bytes; raise `NotATable` where it is none.

    ``most_unpacked`` is what the parts of a workbook may unpack to, in bytes: a small archive can
    hold a very large table. ``decimals``: to how many the numbers of a workbook are rounded.
    """
    if len(content) > most_bytes:
        raise NotATable("too_large")
    if content.startswith(FOREIGN):
        raise NotATable("file_type")
    if content.startswith(b"PK"):
        return TableFile(_rows_of_workbook(content, most_unpacked, decimals))
    text = _decoded(content, encodings)
    return TableFile(_rows_of_text(text), text)


def _rows_of_text(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count))
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise NotATable("no_table", reader.line_num) from error


def _decoded(content: bytes, encodings) -> str:
    # "Unicode text" of a spreadsheet program begins with the mark of its byte order.
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    at = 0
    for encoding in ("utf-16",) if marked else encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            at = at or content.count(b"\n", 0, error.start) + 1
            continue
        if "\0" in text:
            raise NotATable("file_type")
        return text
    raise NotATable("encoding", at)


def _rows_of_workbook(content: bytes, most_unpacked: int, decimals) -> Iterator:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > most_unpacked:
                raise NotATable("too_large")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        yield from enumerate(([cell_text(cell, decimals) for cell in row] for row in rows), 1)
    except BROKEN as error:
        raise NotATable("workbook") from error


def reason(trouble: NotATable, too_large: str) -> str:
    """Return the sentence that says how to mend it; ``too_large`` is that of the one who asks."""
    return {
        "too_large": too_large,
        "no_table": _("The file is no table with separators."),
        "workbook": _("The workbook cannot be opened. Save it again as XLSX."),
    }.get(trouble.code) or _("The file is neither CSV nor XLSX. Save it as one of them.")


def cell_text(cell, decimals: int | None = None) -> str:
    """Return a cell of a workbook as it would stand in a CSV file.

    Numbers of a workbook are binary: they are read to 15 digits, as spreadsheets show them. A month
    that a spreadsheet took for a day becomes a month again.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        number = Decimal(f"{cell:.15g}")
        number = number if decimals is None else round(number, decimals)
        whole = number == number.to_integral_value()
        return f"{number.quantize(Decimal(1)) if whole else number.normalize():f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    return str(cell).replace("\0", "")


def without_mark(cell: str) -> str:
    """Return a cell without the apostrophe that our own files put before a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_SIGNS) else cell


def tidy(cell: str) -> str:
    """Return a cell without white space around it, control characters and our mark."""
    return without_mark(NOT_IN_XML.sub("", cell).strip())


def plain_heading(text: str) -> str:
    """Return a heading without case, accents and signs, so that spellings of it are the same."""
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())
