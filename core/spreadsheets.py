"""Tables as XLSX: typed cells, a header that stays in sight, and no text that is a formula."""

import io
import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
#: What XML cannot hold, and so no spreadsheet either.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
NAME_LENGTH = 31
WIDEST = 60
#: The calendar of XLSX begins in 1900; an older day is text.
OLDEST_YEAR = 1901
DAY_FORMAT, MOMENT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
BOLD = Font(bold=True)


@dataclass(frozen=True)
class Sheet:
    """A table as spreadsheets take it: typed values, and the lines (label, value) at its foot."""

    name: str
    language: str
    header: list[str]
    rows: list[list]
    footer: list[tuple[str, str]]

    @property
    def short_name(self) -> str:
        """Return the name without what spreadsheets refuse in one."""
        return NOT_IN_A_NAME.sub(" ", clean(self.name))[:NAME_LENGTH].strip() or "1"


def typed(value):
    """Return ``value`` as number, date, Brussels time without zone, text or None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        return local.replace(microsecond=0)
    if value is None or isinstance(value, bool | int | date):
        return value
    return clean(str(value))


def clean(text: str) -> str:
    """Return ``text`` as XML can hold it, its lines ended in one way."""
    return NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def to_xlsx(sheet: Sheet) -> bytes:
    """Return ``sheet`` as a workbook with one sheet."""
    return workbook([sheet])


def workbook(sheets: list[Sheet], title: str = "") -> bytes:
    """Return ``sheets`` as a workbook, by default with the title and language of the first."""
    book = Workbook(write_only=True)
    book.properties.title = clean(title or sheets[0].name)
    book.properties.language = sheets[0].language
    for sheet in sheets:
        _write(book.create_sheet(sheet.short_name), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page, sheet: Sheet) -> None:
    page.freeze_panes = "A2"
    for number, width in enumerate(widths(sheet), start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_cell(page, label, bold=True) for label in sheet.header])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
    if sheet.footer:
        page.append([])
    for label, value in sheet.footer:
        page.append([_cell(page, label, bold=True), _cell(page, value)])


def widths(sheet: Sheet) -> list[int]:
    """Return for each column how many signs its longest cell has, within reason."""
    columns = zip(sheet.header, *sheet.rows, strict=True)
    return [min(WIDEST, 2 + max(len(str(value)) for value in column)) for column in columns]


def _cell(page, value, *, bold=False):
    if isinstance(value, date) and value.year < OLDEST_YEAR:
        value = value.isoformat()
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes "=1" for a formula and "#N/A" for an error
        cell.quotePrefix = value.startswith(FORMULA_SIGNS)  # so does whoever edits the cell
    elif isinstance(value, datetime):
        cell.number_format = MOMENT_FORMAT
    elif isinstance(value, date):
        cell.number_format = DAY_FORMAT
    if bold:
        cell.font = BOLD
    return cell
