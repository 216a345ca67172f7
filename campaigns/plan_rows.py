"""A plan with everything that hangs at it, loaded with a fixed number of queries."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch

from stakeholders.models import Organisation

from .models import (
    ActionStatus,
    CommunicationPlan,
    PlanAction,
    PlanAudience,
    PlanObjective,
)
from .plan_figures import Figure, figures_of


@dataclass(frozen=True)
class PlanRows:
    """The rows of one plan; the audiences of each action are loaded."""

    plan: CommunicationPlan
    objectives: list[PlanObjective] = field(default_factory=list)
    audiences: list[PlanAudience] = field(default_factory=list)
    actions: list[PlanAction] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    @property
    def kept(self) -> list[PlanAction]:
        """Return the actions that were not dropped."""
        return [each for each in self.actions if each.status != ActionStatus.DROPPED]

    @property
    def done(self) -> int:
        """Return how many actions are done."""
        return sum(each.status == ActionStatus.DONE for each in self.actions)

    @property
    def budget(self) -> Decimal | None:
        """Return what the actions that were not dropped cost, None where none has a budget."""
        known = [each.budget for each in self.kept if each.budget is not None]
        return sum(known) if known else None

    @property
    def is_budget_partial(self) -> bool:
        """Tell whether an action that was not dropped has no budget yet."""
        return any(each.budget is None for each in self.kept)

    def figures_for(self, *, objective=None, action=None) -> list[Figure]:
        """Return the key figures of one objective, or of one action."""
        return [
            each
            for each in self.figures
            if (objective and each.kpi.objective_id == objective.pk)
            or (action and each.kpi.action_id == action.pk)
        ]


def rows_of(plan: CommunicationPlan, user) -> PlanRows:
    """Return the rows of ``plan`` as ``user`` may see them: organisations that are not listed
    are left out for the public.
    """
    seen = Organisation.objects.visible_to(user)
    actions = plan.actions.select_related("owner", "objective").prefetch_related(
        "audiences", Prefetch("lead", seen), Prefetch("partners", seen)
    )
    return PlanRows(
        plan=plan,
        objectives=list(plan.objectives.select_related("smart_city_objective")),
        audiences=list(plan.audiences.all()),
        actions=list(actions),
        figures=figures_of(plan.kpis.select_related("objective", "action")),
    )
