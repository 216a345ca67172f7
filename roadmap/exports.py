"""The files of the roadmap."""

from django.utils.translation import gettext as _

from core.exports import Column, Table

from .words import milestone_state


def names(rows) -> str:
    """Return related things in one cell."""
    return "; ".join(str(each) for each in rows)


def initiative_table(rows, words: str) -> Table:
    """Return the export of initiatives (rows from `selectors.initiatives_for_export`)."""
    columns = (
        Column("slug", _("Address"), lambda row: row.slug),
        Column("title", _("Title"), lambda row: row.title),
        Column("summary", _("Summary"), lambda row: row.summary),
        Column("state", _("State"), lambda row: row.status_words),
        Column("lead", _("Carried by"), lambda row: row.lead),
        Column("organisations", _("Organisations"), lambda row: names(row.organisations.all())),
        Column("theme", _("Theme"), lambda row: row.theme),
        Column("orientation", _("Orientation"), lambda row: row.orientation),
        Column("workstream", _("Priority workstream"), lambda row: row.workstream),
        Column("portfolio", _("Portfolio"), lambda row: row.portfolio),
        Column("municipalities", _("Municipalities"), lambda row: names(row.municipalities.all())),
        Column("origin", _("Origin"), lambda row: row.get_origin_display()),
        Column(
            "sheet", _("Project sheet"), lambda row: row.outcome and row.outcome.sheet.reference
        ),
        Column("decision", _("Decision"), lambda row: row.outcome and row.outcome.decision.number),
        Column("period", _("Period as published"), lambda row: row.period),
        Column("starts_on", _("Start"), lambda row: row.starts_text),
        Column("ends_on", _("End"), lambda row: row.ends_text),
        Column("size", _("Budget or size as published"), lambda row: row.size),
        Column("budget_planned", _("Planned budget (euro)"), lambda row: row.budget_planned),
        Column("sources", _("Sources"), lambda row: names(row.sources.all())),
        Column("verified", _("Seen in a source"), lambda row: row.verified),
        Column("is_demo", _("Demonstration"), lambda row: row.is_demo),
    )
    return Table("roadmap", columns, rows, words)


def milestone_table(rows, words: str) -> Table:
    """Return the export of milestones."""
    columns = (
        Column("initiative", _("Initiative"), lambda row: row.initiative.title),
        Column("address", _("Address"), lambda row: row.initiative.slug),
        Column("title", _("Milestone"), lambda row: row.title),
        Column("planned_on", _("Planned for"), lambda row: row.planned_on),
        Column("achieved_on", _("Achieved on"), lambda row: row.achieved_on),
        Column("state", _("State"), lambda row: milestone_state(row).words),
        Column("evidence", _("Evidence"), lambda row: row.evidence),
        Column("is_demo", _("Demonstration"), lambda row: row.initiative.is_demo),
    )
    return Table("milestones", columns, rows, words)
