"""Decisions as a downloadable table."""

from django.utils.translation import gettext_lazy as _

from core.exports import Column, Table
from core.templatetags.ui import translated

COLUMNS = (
    Column("number", _("Number"), lambda row: row.number),
    Column("title", _("Title"), lambda row: translated(row, "title")[0]),
    Column("body", _("Body"), lambda row: translated(row.meeting.body, "name")[0]),
    Column("kind", _("Kind"), lambda row: row.get_kind_display()),
    Column("status", _("Status"), lambda row: row.get_status_display()),
    Column("decided_on", _("Taken on"), lambda row: row.decided_on),
    Column("text", _("Text"), lambda row: translated(row, "text")[0]),
    Column("reasons", _("Reasons"), lambda row: translated(row, "reasons")[0]),
    Column("demonstration", _("Demonstration"), lambda row: row.is_demo),
)


def decision_table(rows, words: str) -> Table:
    """Return the download of ``rows`` under the filter ``words``."""
    return Table("decisions", COLUMNS, rows, words)
