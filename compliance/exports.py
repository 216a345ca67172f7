"""The files of the matrix."""

from django.utils.translation import gettext as _

from core.exports import Column, Table


def statement_table(rows, words: str) -> Table:
    """Return the export of statements, one line for each initiative and standard."""
    columns = (
        Column("initiative", _("Initiative"), lambda row: row.initiative.title),
        Column("initiative_slug", _("Address"), lambda row: row.initiative.slug),
        Column("standard", _("Standard"), lambda row: row.standard.name),
        Column("answer", _("Answer"), lambda row: row.get_status_display()),
        Column("answer_code", _("Code of the answer"), lambda row: row.status),
        Column("version", _("Version checked"), lambda row: row.version),
        Column("checked_on", _("Checked on"), lambda row: row.checked_on),
        Column("evidence", _("Evidence"), lambda row: row.evidence),
        Column("reason", _("Reason"), lambda row: row.reason),
        Column("is_demo", _("Demonstration"), lambda row: row.is_demo),
    )
    return Table("compliance", columns, rows, words)
