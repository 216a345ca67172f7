"""The downloads of the portal's own lists."""

from django.utils.translation import gettext as _

from core.exports import Column, Table

from .answers import answer_to


def news_table(rows, words: str) -> Table:
    """Return the news as a table."""
    columns = (
        Column("slug", _("address"), lambda row: row.slug),
        Column("published_on", _("published on"), lambda row: row.published_on),
        Column("title", _("title"), lambda row: row.title),
        Column("body", _("text"), lambda row: row.body),
        Column("demo", _("demonstration content"), lambda row: row.is_demo),
    )
    return Table(_("news"), columns, rows, words)


def question_table(rows, words: str) -> Table:
    """Return what members of Parliament have asked, with what answers it."""
    columns = (
        Column("code", _("code"), lambda row: row.code),
        Column("asked", _("asked"), lambda row: row.asked),
        Column("due", _("what the portal owes"), lambda row: row.due),
        Column("sources", _("sources"), source_keys),
        Column("answer", _("answer"), lambda row: answer_to(row.code).extent.label),
    )
    return Table(_("parliamentary questions"), columns, rows, words)


def source_keys(row) -> str:
    """Return the keys of the sources of a row."""
    return " ".join(source.key for source in row.sources.all())


def journey_table(rows, words: str) -> Table:
    """Return the ideas with the step that each has reached."""
    columns = (
        Column("reference", _("reference"), lambda row: row.reference),
        Column("title", _("title"), lambda row: row.title),
        Column("language", _("language"), lambda row: row.language),
        Column("theme", _("theme"), lambda row: row.theme.name),
        Column("status", _("status"), lambda row: row.get_status_display()),
        Column("step", _("step reached (of 6)"), lambda row: row.reach),
        Column("demo", _("demonstration content"), lambda row: row.is_demo),
    )
    return Table(_("journeys of ideas"), columns, rows, words)
