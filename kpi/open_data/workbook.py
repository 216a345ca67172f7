"""The figures as a workbook: the data, what they are and under what conditions, and the flags."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.exports import fingerprint, plain_rows
from core.spreadsheets import Sheet, clean, typed, workbook
from core.templatetags.ui import translated

from ..models import Indicator
from ..tables import FLAGS
from .csvw import COLUMNS, SEPARATOR
from .figures import Record, Scope, records, source_words

#: A workbook is made in memory; who wants more takes the CSV.
MOST_ROWS = 50_000


def is_too_long(scope: Scope) -> bool:
    """Tell whether ``scope`` has more figures, in all vintages, than a workbook is made of."""
    return scope.extent["rows"] > MOST_ROWS


def to_xlsx(scope: Scope) -> bytes:
    """Return the workbook in the language of the page; its numbers are numbers."""
    rows = [_row(each) for each in records(scope)]
    sheets = [
        _sheet("Data", [str(label) for _name, label, *_rest in COLUMNS], rows),
        _sheet("README", [_("What"), _("Words")], readme(scope, fingerprint(plain_rows(rows)))),
        _sheet("Flags", [_("Flag"), _("Meaning")], [[key, str(FLAGS[key])] for key in FLAGS]),
    ]
    if not isinstance(scope.subject, Indicator):
        sheets.insert(1, _indicators(scope))
    return workbook(sheets, title=scope.name)


def _row(record: Record) -> list:
    *values, sources = record
    return [*values, SEPARATOR.join(sources)]


def _sheet(name: str, header: list[str], rows: list[list]) -> Sheet:
    cells = [[typed(value) for value in row] for row in rows]
    return Sheet(name, get_language() or "", [clean(each) for each in header], cells, [])


def _indicators(scope: Scope) -> Sheet:
    header = [_("Code"), _("Name"), _("Definition"), _("Unit")]
    rows = [
        [each.code, *(translated(each, field)[0] for field in ("name", "definition", "unit"))]
        for each in scope.indicators.values()
    ]
    return _sheet("Indicators", header, rows)


def readme(scope: Scope, sha256: str) -> list[list[str]]:
    """Return the lines (what, words) that say what the figures are."""
    lines = (
        _lines_of(scope.subject) if isinstance(scope.subject, Indicator) else _lines_of_all(scope)
    )
    lines += [
        (_("Source"), source_words(scope)),
        (_("Licence"), "; ".join(" ".join(filter(None, (e.name, e.url))) for e in scope.licences)),
        (_("As of"), scope.known_on.isoformat()),
        (_("SHA-256 of the rows"), sha256),
    ]
    return [[label, words] for label, words in lines if words]


def _lines_of(indicator: Indicator) -> list[tuple[str, str]]:
    owner = indicator.owner_organisation
    return [
        (_("Code"), indicator.code),
        (_("Name"), translated(indicator, "name")[0]),
        (_("Definition"), translated(indicator, "definition")[0]),
        (_("Unit"), translated(indicator, "unit")[0]),
        *[
            (_("Method, from %(day)s on") % {"day": each.valid_from.isoformat()}, _method(each))
            for each in indicator.versions.all()
        ],
        (_("Responsible"), str(owner) if owner else ""),
        (_("Frequency"), indicator.get_frequency_display()),
        (_("Confidentiality"), translated(indicator, "confidentiality")[0]),
    ]


def _method(version) -> str:
    return translated(version, "method")[0]


def _lines_of_all(scope: Scope) -> list[tuple[str, str]]:
    name = translated(scope.subject, "name")[0] if scope.subject else _("Indicators")
    return [(_("Name"), name), (_("Indicators"), str(len(scope.indicators)))]
