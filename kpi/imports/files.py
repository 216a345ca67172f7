"""Files of figures: CSV and XLSX read line by line, headings in three languages, template."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from django.utils import translation
from django.utils.translation import gettext_lazy

from core.exports import FORMULA_SIGNS
from core.search import LANGUAGES
from core.table_files import NotATable, TableFile, open_table, plain_heading, without_mark

#: The largest file that is taken, and what the parts of an XLSX may unpack to.
MOST_BYTES = 64_000_000
MOST_UNPACKED = 400_000_000
#: What the column of values keeps.
DECIMALS = 12
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
#: Signs that a page or a spreadsheet puts into a number.
SPACES = str.maketrans({"\u00a0": None, "\u202f": None, "\u2212": "-"})


class Unreadable(Exception):
    """A file that is no table of figures: ``code`` of the fault, what stands there, what would do.

    ``number`` is the line, where one can be named. The sentence is in `kpi.imports.messages`.
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


def read(content: bytes) -> Sheet:
    """Return the table in a file, told by its bytes; raise `Unreadable` where there is none."""
    try:
        # No guess at old encodings: a figure's note with wrong letters would be published.
        table = open_table(
            content,
            most_bytes=MOST_BYTES,
            most_unpacked=MOST_UNPACKED,
            encodings=("utf-8-sig",),
            decimals=DECIMALS,
        )
    except NotATable as trouble:
        raise unreadable(trouble) from trouble
    rows = _rows(table)
    first = next(((number, cells) for number, cells in rows if any(map(str.strip, cells))), None)
    if first is None:
        raise Unreadable("empty_file")
    headers = [cell.strip() for cell in first[1]]
    while headers and not headers[-1]:
        headers.pop()
    keys = keys_of(headers)
    return Sheet(headers, keys, rows, is_marked(table))


def unreadable(trouble: NotATable) -> Unreadable:
    """Return the fault that says why a file is no table."""
    code = "file_type" if trouble.code == "workbook" else trouble.code
    near = str(MOST_BYTES) if code == "too_large" else ""
    return Unreadable(code, near=near, number=trouble.number)


def is_marked(table: TableFile) -> bool:
    """Tell whether a cell may carry our mark before a formula, or spaces inside a number."""
    if table.text is None:
        return True
    signs = ("'" + sign for sign in FORMULA_SIGNS)
    return any(sign in table.text for sign in signs) or any(chr(s) in table.text for s in SPACES)


def _rows(table: TableFile) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from table.rows
    except NotATable as trouble:
        raise unreadable(trouble) from trouble


def keys_of(headers: list[str]) -> list[str | None]:
    """Return the known name of each heading, None for a foreign one; each may stand there once."""
    known = headings()
    keys = [known.get(plain_heading(text)) for text in headers]
    found = [key for key in keys if key]
    if not found:
        raise Unreadable("no_heading", value=", ".join(headers)[:200], near=", ".join(REQUIRED))
    twice = next((key for key in found if found.count(key) > 1), None)
    if twice:
        raise Unreadable("column_twice", value=headers[keys.index(twice)])
    return keys


def headings() -> dict[str, str]:
    """Return {plain heading: column} in English, French and Dutch."""
    found = {plain_heading(word): key for key, words in SYNONYMS.items() for word in (key, *words)}
    for code in LANGUAGES:
        with translation.override(code):
            found |= {plain_heading(str(label)): key for key, label in COLUMNS.items()}
    return found
