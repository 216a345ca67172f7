"""What pages and panels ask about the roadmap: a figure and its list have one source here."""

from django.db.models import Prefetch

from governance.models import Decision, DecisionStatus
from programme.models import Municipality, Source
from projects.models import SheetOutcome
from stakeholders.balance import tally
from stakeholders.models import Organisation

from .models import Initiative, Milestone, RoadmapVersion

#: States of a decision that still binds.
ADOPTED = frozenset({DecisionStatus.ADOPTED, DecisionStatus.IMPLEMENTED})


def is_adopted(decision: Decision) -> bool:
    """Tell whether ``decision`` was adopted and still stands."""
    return decision.status in ADOPTED


def selected_outcomes(decision: Decision | None = None):
    """Return the outcomes that select a sheet, of one adopted decision or of all of them."""
    rows = SheetOutcome.objects.filter(decision__status__in=sorted(ADOPTED)).exclude(
        outcome=SheetOutcome.Outcome.NOT_SELECTED
    )
    rows = rows.filter(decision=decision) if decision else rows
    return rows.select_related("sheet", "decision").order_by("sheet__reference")


def outcomes_without_initiative(decision: Decision | None = None):
    """Return the selected outcomes from which no initiative was made yet."""
    return selected_outcomes(decision).filter(initiative=None)


def initiatives_for_list(user):
    """Return the initiatives ``user`` may see with what a list shows of each, newest first."""
    rows = Initiative.objects.visible_to(user).newest_first()
    return rows.select_related("theme").prefetch_related(_milestones())


def initiatives_for_export(rows):
    """Return ``rows`` with everything that a file tells of each."""
    fresh = rows.prefetch_related(None)  # a list may have asked for its milestones already
    return fresh.select_related(
        "theme", "orientation", "workstream", "portfolio", "outcome__sheet", "outcome__decision"
    ).prefetch_related(
        _milestones(),
        Prefetch("organisations", Organisation.objects.public()),
        Prefetch("municipalities", Municipality.objects.order_by("nis")),
        Prefetch("sources", Source.objects.order_by("key")),
    )


def initiative_for_page(user, slug: str):
    """Return the query set with the one initiative of a page and what the page shows of it."""
    rows = Initiative.objects.visible_to(user).filter(slug=slug)
    return initiatives_for_export(rows).select_related("merged_into", "owner")


def outcome_for(initiative, user):
    """Return the outcome from which ``initiative`` was born, if ``user`` may read it, else None."""
    rows = SheetOutcome.objects.visible_to(user).select_related("sheet", "decision__meeting")
    return rows.filter(pk=initiative.outcome_id).first()


def milestones_for_list(user):
    """Return the milestones ``user`` may see, the next first, with their initiatives."""
    rows = Milestone.objects.visible_to(user).select_related("initiative")
    return rows.order_by("planned_on", "pk")


def milestone_counts(user, today=None) -> dict:
    """Return how many milestones stand where; ``hit_rate`` is None while none was due.

    The hit rate is (achieved on time) / (achieved + missed), in per cent.
    """
    rows = Milestone.objects.visible_to(user)
    on_time, late = rows.achieved_on_time().count(), rows.achieved_late().count()
    missed = rows.missed(today).count()
    due = on_time + late + missed
    return {
        "on_time": on_time,
        "late": late,
        "missed": missed,
        "to_come": rows.to_come(today).count(),
        "due": due,
        "hit_rate": 100 * on_time / due if due else None,
    }


def initiatives_of(user, **link):
    """Return the initiatives of one workstream, organisation, sheet or decision, for a panel."""
    rows = Initiative.objects.visible_to(user).filter(**link).newest_first()
    return rows.prefetch_related(_milestones())


def helix_of_initiatives(user):
    """Return in how many initiatives each helix group takes part; one may count for several."""
    return tally(Initiative.objects.visible_to(user), "organisations__helix")


def editions():
    """Return the editions of the roadmap, the last first."""
    return RoadmapVersion.objects.public().select_related("adopted_by")


def _milestones():
    return Prefetch("milestones", Milestone.objects.order_by("planned_on", "pk"))
