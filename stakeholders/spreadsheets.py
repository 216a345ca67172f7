"""CSV and XLSX of organisations: read with any of our headings; the template."""

from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.failed_rows import write
from core.search import LANGUAGES
from core.table_files import NotATable, open_table, plain_heading, reason, tidy

MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024
#: What the parts of an XLSX may unpack to: a small archive can hold a very large table.
MOST_UNPACKED = 200 * 1024 * 1024

#: The columns by their key, in the order of the template.
COLUMNS = {
    "legal_id": gettext_lazy("Enterprise number"),
    "name_fr": pgettext_lazy("column", "Name (French)"),
    "name_nl": pgettext_lazy("column", "Name (Dutch)"),
    "name_en": pgettext_lazy("column", "Name (English)"),
    "short_name_fr": pgettext_lazy("column", "Short name (French)"),
    "short_name_nl": pgettext_lazy("column", "Short name (Dutch)"),
    "helix": pgettext_lazy("column", "Helix group"),
    "helix_secondary": pgettext_lazy("column", "Second helix group"),
    "municipality": pgettext_lazy("column", "Municipality"),
    "website": pgettext_lazy("column", "Website"),
    "contact_name": pgettext_lazy("column", "Contact: name"),
    "contact_email": pgettext_lazy("column", "Contact: e-mail address"),
    "contact_language": pgettext_lazy("column", "Contact: language"),
    "contact_role": pgettext_lazy("column", "Contact: role"),
}


class Unreadable(Exception):
    """A file that is no table of organisations; `str()` says how to mend it."""


@dataclass
class Sheet:
    """What was read: headings as written, their keys (None for a foreign one), rows with lines."""

    headers: list[str]
    keys: list[str | None]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def as_json(self) -> dict:
        """Return it for keeping."""
        return {"headers": self.headers, "keys": self.keys, "rows": self.rows}

    def cells(self) -> list[tuple[int, dict[str, str]]]:
        """Return (line, {key: text}) for each row; what stands under a foreign heading is left."""
        return [
            (line, {key: text for key, text in zip(self.keys, texts, strict=False) if key})
            for line, texts in self.rows
        ]


def heading_key(text: str) -> str | None:
    """Return the key of a heading in French, Dutch or English, or of the bare key itself."""
    return _headings().get(plain_heading(text))


def _headings() -> dict[str, str]:
    found = {plain_heading(key): key for key in COLUMNS}
    for code in LANGUAGES:
        with translation.override(code):
            found |= {plain_heading(str(label)): key for key, label in COLUMNS.items()}
    return found


def read(name: str, content: bytes) -> Sheet:
    """Read an uploaded file; raise `Unreadable` with a sentence where that cannot be done."""
    try:
        table = open_table(content, most_bytes=MOST_BYTES, most_unpacked=MOST_UNPACKED)
        lines = [(number, [tidy(cell) for cell in cells]) for number, cells in table.rows]
    except NotATable as trouble:
        too_large = _("The file is larger than 10 MB. Split it.")
        raise Unreadable(reason(trouble, too_large)) from trouble
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise Unreadable(_("The file is empty."))
    (_first, headers), *rows = lines
    keys = [heading_key(text) for text in headers]
    _check_keys(headers, keys)
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("The file has more than 20,000 rows. Split it."))
    return Sheet(headers, keys, rows)


def _check_keys(headers, keys):
    known = [key for key in keys if key]
    twice = sorted({headers[keys.index(key)] for key in known if known.count(key) > 1})
    if twice:
        raise Unreadable(
            _("A column stands there twice: %(columns)s.") % {"columns": ", ".join(twice)}
        )
    if not {"legal_id", "name_fr", "name_nl"} & set(known):
        raise Unreadable(
            _(
                "No column is recognised. The first row has to hold the headings of the template, "
                "in French, Dutch or English."
            )
        )


def template(kind: str) -> bytes:
    """Return the empty table with the headings in the language of the page."""
    return write(kind, [[str(label) for label in COLUMNS.values()]])
