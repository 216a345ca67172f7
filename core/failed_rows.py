"""Rows of a file that could not be taken, as a file to mend: as they came, and what is wrong.

Whoever sends the mended file may leave the messages in it: readers ask `is_message`.
"""

import csv
import io
import re
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from . import spreadsheets
from .exports import XLSX_TYPE, safe
from .search import LANGUAGES
from .table_files import plain_heading

#: The kinds of file, each with its type.
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX_TYPE}
MESSAGE = "message"
#: A negative number begins like a formula and is none.
NEGATIVE = re.compile(r"-\d+([.,]\d+)?")


def failed_rows(
    headers: list[str], rows: Iterable[tuple[int, list[str]]], messages: dict[int, str], kind: str
) -> bytes:
    """Return the rows of ``messages`` ({line: words}) as they came, with the words beside them.

    ``rows`` are (line, cells), ``kind`` is one of `KINDS`.
    """
    # A file that was mended once brings its old messages along.
    places = [place for place, text in enumerate(headers) if not is_message(text)]
    lines = [[*(headers[place] for place in places), _("Message")]]
    for line, cells in rows:
        if line in messages:
            padded = [*cells, *[""] * len(headers)]
            lines.append([*(padded[place] for place in places), messages[line]])
    return write(kind, lines)


def is_message(heading: str) -> bool:
    """Tell whether a column holds what was wrong with an earlier file, in any of the languages."""
    words = {MESSAGE}
    for code in LANGUAGES:
        with translation.override(code):
            words.add(plain_heading(_("Message")))
    return plain_heading(heading) in words


def write(kind: str, lines: list[list[str]]) -> bytes:
    """Return lines of text, the headings first, as a file of ``kind``.

    What a spreadsheet would take for a formula is neutralised; negative numbers stay numbers.
    """
    header, *rows = [[_marked(cell) for cell in line] for line in lines]
    if kind == "xlsx":
        language = translation.get_language() or ""
        return spreadsheets.to_xlsx(spreadsheets.Sheet("", language, header, rows, []))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([header, *rows])
    return ("\ufeff" + out.getvalue()).encode()


def _marked(cell: str) -> str:
    return cell if NEGATIVE.fullmatch(cell) else safe(cell)
