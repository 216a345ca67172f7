"""Workshops as a downloadable table."""

from django.utils.translation import gettext_lazy as _

from core.exports import Column, Table
from core.templatetags.ui import translated

COLUMNS = (
    Column("kind", _("Series"), lambda row: row.get_kind_display()),
    Column("number", _("Number"), lambda row: row.series_no),
    Column("title", _("Title"), lambda row: translated(row, "title")[0]),
    Column(
        "theme", _("Theme"), lambda row: translated(row.theme, "name")[0] if row.theme else None
    ),
    Column("starts_at", _("Start"), lambda row: row.starts_at),
    Column("ends_at", _("End"), lambda row: row.ends_at),
    Column("venue", _("Venue"), lambda row: translated(row, "venue")[0]),
    Column("status", _("State"), lambda row: row.get_status_display()),
    Column("ideas", _("Ideas on the agenda"), lambda row: row.idea_count),
    Column("demonstration", _("Demonstration"), lambda row: row.is_demo),
)


def workshop_table(rows, words: str) -> Table:
    """Return the download of ``rows`` under the filter ``words``."""
    return Table("workshops", COLUMNS, rows, words)
