"""Columns of the exports."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.exports import Column, Table
from core.templatetags.ui import translated


def words(obj, field: str) -> str:
    """Return a translated field in the language of the file."""
    return translated(obj, field)[0] if obj else ""


def sheet_table(sheets, filter_words: str) -> Table:
    """Return the export of a list of sheets. No score is in it."""
    columns = (
        Column("reference", _("Reference"), lambda row: row.reference),
        Column("title", _("Title"), lambda row: words(row, "title")),
        Column("summary", _("Summary"), lambda row: words(row, "summary")),
        Column("call", _("Call"), lambda row: row.call.slug),
        Column("theme", _("Theme"), lambda row: words(row.theme, "name")),
        Column("owner", _("Project owner"), lambda row: words(row.owner_organisation, "name")),
        Column("status", _("Status"), lambda row: row.get_status_display()),
        Column("outcome", _("Decision of the Government"), _outcome),
        Column("decision", _("Number of the decision"), _decision),
        Column("cost_low", _("Cost, low (euro)"), lambda row: row.cost_low),
        Column("cost_likely", _("Cost, likely (euro)"), lambda row: row.cost_likely),
        Column("cost_high", _("Cost, high (euro)"), lambda row: row.cost_high),
        Column("demo", _("Demonstration"), lambda row: row.is_demo),
    )
    return Table(_("project sheets"), columns, sheets, filter_words)


def result_table(session, rows) -> Table:
    """Return the export of the results that the reader may see."""
    columns = (
        Column("rank", _("Rank"), lambda row: row.place.rank if row.place else None),
        Column("reference", _("Reference"), lambda row: row.sheet.reference),
        Column("title", _("Title"), lambda row: words(row.sheet, "title")),
        Column("mean", _("Mean"), lambda row: row.mean),
        Column("median", _("Median"), lambda row: row.median),
        Column("minimum", pgettext("ballots", "Lowest"), lambda row: row.minimum),
        Column("maximum", pgettext("ballots", "Highest"), lambda row: row.maximum),
        Column("deviation", _("Standard deviation"), lambda row: row.deviation),
        Column("ballots", _("Ballots"), lambda row: row.figures.count),
        Column("abstained", pgettext("ballots", "Abstained"), lambda row: row.abstained),
        Column("recused", pgettext("ballots", "Recused"), lambda row: row.recused),
        Column("missing", pgettext("ballots", "Missing"), lambda row: row.missing),
    )
    return Table(session.slug, columns, rows)


def _outcome(row):
    result = getattr(row, "result", None)
    return result.get_outcome_display() if result else ""


def _decision(row):
    result = getattr(row, "result", None)
    return result.decision.number if result else ""
