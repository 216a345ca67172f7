"""Ideas by the hundred that came all the way to a measured indicator, and a portal full of rows."""

from datetime import timedelta

from governance.models import Decision
from kpi.models import Indicator, InitiativeIndicator
from projects.models import ProjectSheet, SheetIdea, SheetOutcome
from roadmap.models import Initiative, Milestone
from stakeholders.models import Idea
from workshops.models import AgendaIdea, Workshop

from . import rows
from .rows import DAY, NOON, words

#: An agenda is not longer than this, however many ideas there are.
PER_WORKSHOP = 30


def chains(count):
    """Make ideas, each with a workshop, a sheet, a decision, an initiative and an indicator."""
    rows.ideas(count)
    rows.workshops(-(-count // PER_WORKSHOP))
    rows.sheets(count)
    rows.decisions(-(-count // PER_WORKSHOP))
    ideas, sheets = _all(Idea), _all(ProjectSheet)
    _discuss(ideas, _all(Workshop))
    SheetIdea.objects.bulk_create(
        SheetIdea(sheet=sheet, idea=idea) for sheet, idea in zip(sheets, ideas, strict=True)
    )
    _measure(_carry_out(_decide(sheets, _all(Decision))))


def _all(model):
    return list(model.objects.order_by("pk"))


def _discuss(ideas, workshops):
    Workshop.objects.update(status="held")
    AgendaIdea.objects.bulk_create(
        AgendaIdea(
            workshop=workshops[n // PER_WORKSHOP], idea=idea, result="retained", **words("reason")
        )
        for n, idea in enumerate(ideas)
    )


def _decide(sheets, decisions):
    ProjectSheet.objects.update(status="on_roadmap")
    return SheetOutcome.objects.bulk_create(
        SheetOutcome(
            sheet=sheet,
            decision=decisions[n // PER_WORKSHOP],
            outcome="selected",
            **words("reasons"),
        )
        for n, sheet in enumerate(sheets)
    )


def _carry_out(outcomes):
    initiatives = Initiative.objects.bulk_create(
        Initiative(
            slug=f"initiative-{n}",
            origin="decision",
            outcome=outcome,
            status="in_progress",
            theme=rows.theme(),
            starts_on=DAY,
            **words("title", "summary", "lead", "period", n=n),
        )
        for n, outcome in enumerate(outcomes)
    )
    Milestone.objects.bulk_create(
        Milestone(initiative=each, planned_on=DAY + timedelta(days=n), **words("title", n=n))
        for each in initiatives
        for n in range(2)
    )
    return initiatives


def _measure(initiatives):
    rows.indicators(len(initiatives))
    InitiativeIndicator.objects.bulk_create(
        InitiativeIndicator(initiative=initiative, indicator=indicator)
        for initiative, indicator in zip(initiatives, _all(Indicator), strict=True)
    )


def everything(count):
    """Make whole chains, and everything else that home page, dashboard and search speak of."""
    chains(count)
    Workshop.objects.filter(pk__in=Workshop.objects.order_by("pk")[:3].values("pk")).update(
        starts_at=NOON + timedelta(days=3650),
        ends_at=NOON + timedelta(days=3650, hours=1),
        status="published",
    )
    for make in (
        rows.organisations,
        rows.workstreams,
        rows.standards,
        rows.news,
        rows.campaigns,
        rows.plans,
    ):
        make(count)
