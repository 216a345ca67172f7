"""What pages and files show of an import: preview, faults, failed rows, template."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from core import spreadsheets
from core.exports import safe
from core.typography import NO_BREAK

from ..models import ImportJob, ImportStatus, Indicator, Observation, Verdict
from ..periods import Period
from ..revisions import in_words, with_former
from ..tables import FLAGS
from .files import COLUMNS
from .messages import column_label, in_full, sentence

#: So many faults, and so many lines of the preview, stand on the page.
SHOWN_FAULTS = 1_000
SHOWN_ROWS = 200
#: The heading of what is wrong; whoever sends a mended file may leave it there.
ERROR = "error"
BOM = "\ufeff"


def as_written(value: Decimal | None, *, signed: bool = False) -> str:
    """Return a value with all the decimals that it has, in the language of the page."""
    return in_words(value, 12, signed=signed)


def worded(value: Decimal | None, flag: str | None) -> str:
    """Return a value with its flags in words; "–" where there is none at all."""
    words = [str(FLAGS[letter]) for letter in flag or ""]
    if value is None:
        return ", ".join(words) or "–"
    return f"{as_written(value)} ({', '.join(words)})" if words else as_written(value)


def preview(job: ImportJob) -> dict | None:
    """Return what a release adds as a table for the page, changed figures first; None if nothing.

    After the release it is read from the figures, before it from the staged rows.
    """
    if job.status == ImportStatus.RELEASED:
        lines = [_released_line(row) for row in _released(job)]
    else:
        lines = [_staged_line(row) for row in _staged(job)]
    if not lines:
        return None
    columns = [
        *((_("Indicator"), "text"), (_("Territory"), "text"), (_("Period"), "text")),
        *((pgettext("vintage", "Before"), "number"), (pgettext("vintage", "After"), "number")),
        *((_("Difference"), "number"), (_("What it is"), "text")),
    ]
    return {
        "caption": _("What the release adds"),
        "columns": [{"label": label, "kind": kind} for label, kind in columns],
        "rows": lines,
    }


def _staged(job):
    rows = job.rows.filter(verdict__in=(Verdict.CHANGED, Verdict.NEW))
    rows = list(rows.order_by("verdict", "number")[:SHOWN_ROWS])
    codes = Indicator.objects.in_bulk({row.target for row in rows})
    for row in rows:
        row.code = codes[row.target].code
    return rows


def _released(job):
    rows = Observation.objects.filter(release=job.release).select_related("indicator")
    return with_former(rows).order_by("-vintage", "indicator__code", "geo", "period")[:SHOWN_ROWS]


def _staged_line(row) -> list[str]:
    old_flag = row.old_flag if row.verdict == Verdict.CHANGED else None
    return _line(
        row.code, row.place, row.moment, (row.old_value, old_flag), (row.amount, row.letters)
    )


def _released_line(row) -> list[str]:
    before, after = (row.old_value, row.old_flag), (row.value, row.flag)
    return _line(row.indicator.code, row.geo_id, row.period, before, after)


def _line(code, place, period, before, after) -> list[str]:
    known = None not in (before[0], after[0])
    return [
        code,
        place,
        Period.parse(period).label.replace(" ", NO_BREAK),
        worded(*before),
        worded(*after),
        as_written(after[0] - before[0], signed=True) if known else "–",
        str(Verdict.NEW.label if before[1] is None else Verdict.CHANGED.label),
    ]


def faults_table(job: ImportJob, level: str) -> dict | None:
    """Return the first faults of one level as a table for the page; None where there are none."""
    faults = list(job.faults.filter(level=level)[:SHOWN_FAULTS])
    if not faults:
        return None
    by_hand = job.origin == ImportJob.Origin.HAND
    labels = [_("Line"), _("Column"), _("What stands there"), _("What is wrong")]
    lines = [
        [
            "–" if by_hand or fault.number is None else str(fault.number),
            column_label(fault) or _("the file"),
            fault.value[:80] or "–",
            sentence(fault),
        ]
        for fault in faults
    ]
    return {
        "caption": _("Errors") if level == "error" else _("Please check"),
        "columns": [{"label": label, "kind": "text"} for label in labels],
        "rows": lines,
    }


def failed_rows(job: ImportJob, language: str) -> Iterator[str]:
    """Yield the lines of a CSV file: the rows with errors as they came, and what is wrong.

    What is wrong is said in ``language``, also where the file is sent after its request has ended.

    Text that a spreadsheet would take for a formula is neutralised, numbers stay numbers. The file
    can be mended and sent again: its last column is not read.
    """
    columns = [name for name in COLUMNS if name in job.columns]
    yield BOM + _csv_line([*columns, ERROR])
    with override(language):
        for row, words in _failed(job):
            yield _csv_line([*(_cell(row, name) for name in columns), safe(words)])


def _failed(job) -> Iterator[tuple]:
    """Yield (row, what is wrong with it), some thousand rows at a time."""
    rows = {}
    faults = job.faults.filter(level="error", number__isnull=False).order_by("number", "pk")
    for number, found in groupby(faults.iterator(), key=lambda fault: fault.number):
        if number not in rows:
            following = job.rows.filter(number__gte=number).order_by("number")[:SHOWN_FAULTS]
            rows = {row.number: row for row in following}
        yield rows[number], " · ".join(in_full(fault) for fault in found)


def _cell(row, name: str) -> str:
    text = getattr(row, name)
    is_number = name == "value" and row.amount is not None
    return text if is_number else safe(text)


def _csv_line(cells) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(cells)
    return out.getvalue()


def template(kind: str, indicator: Indicator | None) -> bytes:
    """Return a file to fill in, with the headings in the language of the page and two examples.

    ``kind`` is "csv" or "xlsx".
    """
    code = indicator.code if indicator else "basic-digital-skills"
    unit = indicator.unit_code if indicator else "percent"
    geo = indicator.geo_id if indicator else "BXL"
    header = [str(label) for label in COLUMNS.values()]
    rows = [
        [code, geo, "2024", Decimal("61.2"), "", "Valeur arrondie", "Afgeronde waarde", unit],
        [code, geo, "2025", None, "m", "", "", unit],
    ]
    if kind == "xlsx":
        return spreadsheets.to_xlsx(spreadsheets.Sheet("figures", "", header, rows, []))
    text = "".join(_csv_line(["" if cell is None else cell for cell in row]) for row in rows)
    return (BOM + _csv_line(header) + text).encode()


def column_help() -> list[tuple[str, str, str]]:
    """Return (heading, what belongs there, example) of each column of a file."""
    words = {
        "indicator": (
            _("The code of the indicator, as in the address of its page."),
            "fttp-coverage",
        ),
        "geo": (
            _("The code of the territory: BXL, BE, EU, or the NIS code of a municipality."),
            "BXL",
        ),
        "period": (_("A year, half-year, quarter or month."), "2025, 2025-S1, 2025-Q3, 2025-05"),
        "value": (
            _("The number, with a decimal point or a decimal comma, the same in the whole file."),
            "61.2, -4.75",
        ),
        "flag": (
            _("Empty, or letters: b break, e estimated, f forecast, m missing, p provisional."),
            "m",
        ),
        "note_fr": (
            _("What has to be known of the figure; with its Dutch text, or empty."),
            "arrondi",
        ),
        "note_nl": (_("The same in Dutch."), "afgerond"),
        "unit": (_("Optional: the unit code of the indicator, as a check."), "percent"),
    }
    return [(str(COLUMNS[name]), *words[name]) for name in COLUMNS]
