"""The actions and the key figures of a plan as files."""

from django.utils.translation import gettext as _

from core.exports import Column, Table

from .plan_content import source_words


def action_table(rows, actions, *, inside: bool, filter_in_words: str = "") -> Table:
    """Return ``actions`` of a plan as a table; ``inside`` tells who looks after each.

    What is said is told once French and Dutch are both there, as on the page.
    """
    numbers = {each.pk: place for place, each in enumerate(rows.objectives, 1)}
    columns = (
        Column("title", _("Action"), lambda row: row.title),
        Column("objective", _("Objective"), lambda row: numbers.get(row.objective_id)),
        Column("audiences", _("Audiences"), lambda row: _names(row.audiences.all())),
        Column("channel", _("Channel"), lambda row: row.get_channel_display()),
        Column("starts_on", _("From"), lambda row: row.starts_on),
        Column("ends_on", _("Until"), lambda row: row.ends_on),
        Column("status", _("Status"), lambda row: row.get_status_display()),
        Column("done_on", _("Done on"), lambda row: row.done_on),
        Column("lead", _("Carried by"), lambda row: row.lead and str(row.lead)),
        Column("partners", _("Partners"), lambda row: _names(row.partners.all())),
        Column("budget", _("Budget (euro)"), lambda row: row.budget),
        Column("text", _("What is said"), lambda row: row.text if row.has_public_text else None),
    )
    if inside:
        owner = Column("owner", _("Looked after by"), lambda row: row.owner and str(row.owner))
        columns = (*columns, owner)
    demo = Column("demonstration", _("Demonstration"), lambda row: rows.plan.is_demo)
    name = f"{rows.plan} {_('actions')}"
    return Table(name, (*columns, demo), actions, filter=filter_in_words)


def kpi_table(rows) -> Table:
    """Return the key figures of a plan with their newest readings as a table."""
    numbers = {each.pk: place for place, each in enumerate(rows.objectives, 1)}
    columns = (
        Column("name", _("Key figure"), lambda row: row.kpi.name),
        Column("unit", _("Unit"), lambda row: row.kpi.unit),
        Column("objective", _("Objective"), lambda row: numbers.get(row.kpi.objective_id)),
        Column("action", _("Action"), lambda row: row.kpi.action and row.kpi.action.title),
        Column("baseline", _("At the start"), lambda row: row.kpi.baseline),
        Column("target", _("Target value"), lambda row: row.kpi.target),
        Column("due", _("To be reached by"), lambda row: row.kpi.due),
        Column("value", _("Value"), lambda row: row.reading and row.reading.value),
        Column("as_of", _("As of"), lambda row: row.reading and row.reading.on),
        Column("source", _("Source"), lambda row: source_words(row.kpi.source, row.kpi.metric)),
        Column("demonstration", _("Demonstration"), lambda row: rows.plan.is_demo),
    )
    return Table(f"{rows.plan} {_('key figures')}", columns, rows.figures)


def _names(rows) -> str:
    return ", ".join(str(each) for each in rows)
