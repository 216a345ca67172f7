"""The states of a communication plan and of its actions."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.publication import LANGUAGE_NAMES, missing_texts, parity_guard
from core.workflow import Transition, TransitionRefused, Workflow

from .models import ActionStatus, PlanStatus
from .permissions import writes_plans

#: What hangs at a plan and is adopted with it.
ROWS = ("objectives", "audiences", "actions", "kpis")
#: Without one of each there is no plan to adopt.
NEEDED = ("objectives", "audiences", "actions")
#: The words of an action are written as its day comes near; one that is done has both languages.
WRITTEN_LATER = ("actions", "text")


def can_adopt(plan) -> None:
    """Refuse a plan that lacks a language somewhere, or says not why, to whom or what."""
    parity_guard(plan)
    missing = [
        f"{row}: {row._meta.get_field(field).verbose_name} ({LANGUAGE_NAMES[code]})"
        for name in ROWS
        for row in getattr(plan, name).all()
        for field, code in missing_texts(row)
        if (name, field) != WRITTEN_LATER
    ]
    if missing:
        raise TransitionRefused(
            _("French and Dutch are published together. Still missing: %(fields)s.")
            % {"fields": "; ".join(missing)}
        )
    if not all(getattr(plan, name).exists() for name in NEEDED):
        raise TransitionRefused(
            _("Before it is adopted, a plan has at least one objective, one audience, one action.")
        )


PLAN = Workflow(
    "campaigns.CommunicationPlan",
    PlanStatus,
    [
        Transition(
            "adopt",
            (PlanStatus.DRAFT,),
            PlanStatus.ADOPTED,
            writes_plans,
            gettext_lazy("Adopt"),
            guard=can_adopt,
            confirm=gettext_lazy(
                "Adopt the plan as it stands? It becomes public, and this version is kept for good."
            ),
            style="primary",
        ),
        Transition(
            "amend",
            (PlanStatus.ADOPTED,),
            PlanStatus.DRAFT,
            writes_plans,
            gettext_lazy("Amend"),
            reason=True,
            confirm=gettext_lazy(
                "Until the plan is adopted again, the public reads its last adopted version."
            ),
        ),
        Transition(
            "close",
            (PlanStatus.ADOPTED,),
            PlanStatus.CLOSED,
            writes_plans,
            gettext_lazy("Close the plan"),
            reason=True,
            confirm=gettext_lazy("Close this plan? It stays public and is not changed any more."),
            style="danger",
        ),
    ],
)


def plan_goes_on(action) -> None:
    """Refuse to move an action of a plan that is closed."""
    if action.plan.status == PlanStatus.CLOSED:
        raise TransitionRefused(_("The plan is closed: its actions stay as they are."))


def can_complete(action) -> None:
    """Refuse to call done what was said in one language only."""
    plan_goes_on(action)
    filled = {code: bool((getattr(action, f"text_{code}") or "").strip()) for code in ("fr", "nl")}
    if len(set(filled.values())) > 1:
        lacking = next(code for code, is_there in filled.items() if not is_there)
        raise TransitionRefused(
            _("What is said lacks its text in %(language)s. Write it first.")
            % {"language": LANGUAGE_NAMES[lacking]}
        )


ACTION = Workflow(
    "campaigns.PlanAction",
    ActionStatus,
    [
        Transition(
            "complete",
            (ActionStatus.PLANNED,),
            ActionStatus.DONE,
            writes_plans,
            gettext_lazy("Report as done"),
            guard=can_complete,
            form="campaigns.plan_forms.DoneForm",
            style="primary",
        ),
        Transition(
            "drop",
            (ActionStatus.PLANNED,),
            ActionStatus.DROPPED,
            writes_plans,
            gettext_lazy("Drop the action"),
            guard=plan_goes_on,
            reason=True,
        ),
        Transition(
            "reopen",
            (ActionStatus.DONE, ActionStatus.DROPPED),
            ActionStatus.PLANNED,
            writes_plans,
            gettext_lazy("Plan again"),
            guard=plan_goes_on,
            reason=True,
        ),
    ],
)
