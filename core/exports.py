"""The one writer of exported tables: CSV, XLSX, ODS, JSON; formula-safe, the same in FR and NL.

Spreadsheets get real numbers and dates. In CSV and JSON numbers are written the same in every
language (point as decimal sign, ISO dates), so that the same job gives a French and a Dutch file
which differ in words only. Each file ends with its as-of time, its filter and the SHA-256 of its
rows, which is the same in every format.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import opendocument, spreadsheets
from .spreadsheets import FORMULA_SIGNS


@dataclass(frozen=True)
class Column:
    """A column: stable ``key`` (JSON), translated ``label`` (CSV), ``value`` (row) → cell."""

    key: str
    label: str
    value: Callable


@dataclass(frozen=True)
class Table:
    """What is exported: ``name`` of the file, columns, rows, and the filter in words."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable
    filter: str = ""

    def values(self) -> list[list]:
        """Return the table as what its columns answer."""
        return [[column.value(row) for column in self.columns] for row in self.rows]

    def cells(self) -> list[list]:
        """Return the table as plain values."""
        return plain_rows(self.values())


def plain(value):
    """Return ``value`` as number, text or None: dates in ISO form, decimals exact."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        return value
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def plain_rows(values: list[list]) -> list[list]:
    """Return every value of a table as `plain` writes it."""
    return [[plain(value) for value in row] for row in values]


def safe(cell):
    """Return a CSV cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return "'" + cell
    return "" if cell is None else cell


def fingerprint(cells: list[list]) -> str:
    """Return the SHA-256 of the rows: same rows, same hash, whatever the format."""
    text = json.dumps(cells, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_csv(table: Table) -> str:
    """Return the table as CSV (RFC 4180), a byte-order mark first so that Excel reads UTF-8."""
    cells = table.cells()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(str(column.label)) for column in table.columns])
    writer.writerows([safe(cell) for cell in row] for row in cells)
    writer.writerow([])
    for label, value in footer(table, cells):
        writer.writerow([safe(str(label)), safe(value)])
    return "\ufeff" + out.getvalue()


def to_json(table: Table) -> str:
    """Return {"rows": […], "meta": {…}}; decimals are written as numbers."""
    cells = table.cells()
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, (_number(cell) for cell in row), strict=True)) for row in cells]
    meta = {
        "as_of": plain(timezone.now()),
        "filter": table.filter,
        "language": get_language(),
        "sha256": fingerprint(cells),
    }
    return json.dumps({"meta": meta, "rows": rows}, ensure_ascii=False, indent=1)


def to_sheet(table: Table) -> spreadsheets.Sheet:
    """Return the table as the writers of spreadsheets take it."""
    values = table.values()
    return spreadsheets.Sheet(
        name=str(table.name),
        language=get_language() or "",
        header=[spreadsheets.clean(str(column.label)) for column in table.columns],
        rows=[[spreadsheets.typed(value) for value in row] for row in values],
        footer=[
            (str(label), spreadsheets.clean(str(value)))
            for label, value in footer(table, plain_rows(values))
        ],
    )


def to_xlsx(table: Table) -> bytes:
    """Return the table as a workbook."""
    return spreadsheets.to_xlsx(to_sheet(table))


def to_ods(table: Table) -> bytes:
    """Return the table as an OpenDocument spreadsheet."""
    return opendocument.to_ods(to_sheet(table))


def footer(table: Table, cells) -> list[tuple[str, str]]:
    """Return what every file ends with, as (label, value)."""
    return [
        (_("As of"), plain(timezone.now())),
        (_("Filter"), table.filter or _("none")),
        (_("SHA-256 of the rows"), fingerprint(cells)),
    ]


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, XLSX_TYPE),
    "ods": (to_ods, opendocument.MIMETYPE),
    "json": (to_json, "application/json; charset=utf-8"),
}


def response(table: Table, kind: str) -> HttpResponse:
    """Return the download of ``table`` as ``kind``; KeyError for one that is not in `WRITERS`."""
    write, content_type = WRITERS[kind]
    name = f"{slugify(table.name)}-{get_language()}.{kind}"
    return HttpResponse(
        write(table),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _number(cell):
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell
