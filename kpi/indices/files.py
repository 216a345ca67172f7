"""Files of indices: CSV or XLSX as a plain table of texts; nothing is understood here yet."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.table_files import NotATable, open_table, reason, tidy

MOST_BYTES = 5 * 1024 * 1024
#: What the parts of an XLSX may unpack to: a small archive can hold a very large table.
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 2000, 1000


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
    try:
        table = open_table(content, most_bytes=MOST_BYTES, most_unpacked=MOST_UNPACKED)
        lines = [(number, [tidy(cell) for cell in cells]) for number, cells in table.rows]
    except NotATable as trouble:
        raise Unreadable(reason(trouble, _("The file is larger than 5 MB."))) from trouble
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if len(filled) < 2:
        raise Unreadable(_("The file has no rows: headings in the first row, then the inputs."))
    if len(filled) > MOST_ROWS or len(filled[0][1]) > MOST_COLUMNS:
        raise Unreadable(_("The file has too many rows or columns for an index."))
    return Sheet(filled[0][1], filled[1:])
