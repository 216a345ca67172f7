"""Tables as ODS (OpenDocument 1.3), the spreadsheet format that belongs to nobody.

Written directly: the file is five short XML texts in a ZIP, and the libraries that write it build
every cell as an object (half a minute for a list of two thousand rows).
"""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from .spreadsheets import Sheet, clean

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = " ".join(
    [
        *(f'xmlns:{name}="{OASIS}{name}:1.0"' for name in ("office", "table", "text", "style")),
        *(f'xmlns:{name}="{OASIS}{name}:1.0"' for name in ("config", "meta")),
        f'xmlns:number="{OASIS}datastyle:1.0"',
        f'xmlns:fo="{OASIS}xsl-fo-compatible:1.0"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)
BLANKS = re.compile(r"\t| {2,}|^ | $")

PARTS = {"/": MIMETYPE} | dict.fromkeys(
    ("content.xml", "meta.xml", "settings.xml", "styles.xml"), "text/xml"
)
ENTRIES = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    for path, kind in PARTS.items()
)
MANIFEST = (
    f'{HEAD}<manifest:manifest xmlns:manifest="{OASIS}manifest:1.0" manifest:version="1.3">'
    f"{ENTRIES}</manifest:manifest>"
)

DAY = (
    '<number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text>'
    '<number:day number:style="long"/>'
)
CLOCK = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/><number:text>:</number:text>'
    '<number:seconds number:style="long"/>'
)
STYLES = f"""<office:automatic-styles>
<number:date-style style:name="N1">{DAY}</number:date-style>
<number:date-style style:name="N2">{DAY}{CLOCK}</number:date-style>
<style:style style:name="head" style:family="table-cell">
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="moment" style:family="table-cell" style:data-style-name="N2"/>
</office:automatic-styles>"""

#: The first row stays in sight: a split below row 1 that cannot be moved (mode 2).
FROZEN = (
    ("HorizontalSplitMode", "short", 0),
    ("VerticalSplitMode", "short", 2),
    ("HorizontalSplitPosition", "int", 0),
    ("VerticalSplitPosition", "int", 1),
    ("ActiveSplitRange", "short", 2),
    ("PositionTop", "int", 0),
    ("PositionBottom", "int", 1),
)


def to_ods(sheet: Sheet) -> bytes:
    """Return ``sheet`` as an OpenDocument file with one table."""
    parts = {
        "content.xml": _document("content", STYLES + _body(sheet)),
        "meta.xml": _document("meta", _meta(sheet)),
        "settings.xml": _document("settings", _settings(sheet)),
        "styles.xml": _document("styles", ""),
        "META-INF/manifest.xml": MANIFEST,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and not compressed, so that the kind of file can be told from its first bytes.
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _document(kind: str, inside: str) -> str:
    name = f"office:document-{kind}"
    return f'{HEAD}<{name} {NAMESPACES} office:version="1.3">{inside}</{name}>'


def _body(sheet: Sheet) -> str:
    header = _row(_cell(label, style="head") for label in sheet.header)
    rows = [_row(map(_cell, row)) for row in sheet.rows]
    foot = [_row([_cell(label, style="head"), _cell(value)]) for label, value in sheet.footer]
    columns = max(len(sheet.header), 2)
    return (
        "<office:body><office:spreadsheet>"
        f"<table:table table:name={quoteattr(sheet.short_name)}>"
        f'<table:table-column table:number-columns-repeated="{columns}"/>'
        f"<table:table-header-rows>{header}</table:table-header-rows>"
        f"{''.join(rows)}{_row([_cell(None)])}{''.join(foot)}"
        "</table:table></office:spreadsheet></office:body>"
    )


def _row(cells) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(value, style: str = "") -> str:
    """Return a cell of the type of ``value``."""
    if value is None:
        return "<table:table-cell/>"
    kind, stored = _stored(value)
    style = style or {"day": "day", "moment": "moment"}.get(kind, "")
    named = f' table:style-name="{style}"' if style else ""
    return f"<table:table-cell{named} {stored}>{_paragraphs(str(value))}</table:table-cell>"


def _stored(value) -> tuple[str, str]:
    """Return the kind of ``value`` and the attributes that hold it."""
    if isinstance(value, bool):
        return "bool", f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    if isinstance(value, int | float | Decimal):
        return "number", f'office:value-type="float" office:value="{value}"'
    if isinstance(value, date):
        kind = "moment" if isinstance(value, datetime) else "day"
        return kind, f'office:value-type="date" office:date-value="{value.isoformat()}"'
    return "text", 'office:value-type="string"'


def _paragraphs(text: str) -> str:
    lines = (BLANKS.sub(_blanks, escape(line)) for line in text.split("\n"))
    return "".join(f"<text:p>{line}</text:p>" for line in lines)


def _blanks(found) -> str:
    """Return an element for blanks: readers of XML take several of them for one."""
    blanks = found.group()
    return "<text:tab/>" if blanks == "\t" else f'<text:s text:c="{len(blanks)}"/>'


def _meta(sheet: Sheet) -> str:
    title, language = escape(clean(sheet.name)), escape(sheet.language)
    return (
        f"<office:meta><dc:title>{title}</dc:title><dc:language>{language}</dc:language>"
        "</office:meta>"
    )


def _settings(sheet: Sheet) -> str:
    name = quoteattr(sheet.short_name)
    items = "".join(
        f'<config:config-item config:name="{key}" config:type="{kind}">{value}</config:config-item>'
        for key, kind, value in FROZEN
    )
    return (
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        '<config:config-item-map-named config:name="Tables">'
        f"<config:config-item-map-entry config:name={name}>{items}</config:config-item-map-entry>"
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set></office:settings>"
    )
