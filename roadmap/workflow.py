"""The state machines of initiatives and milestones."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.permissions import is_office
from core.publication import parity_guard
from core.workflow import Transition, TransitionRefused, Workflow

from .models import InitiativeStatus, MilestoneStatus
from .permissions import can_report
from .selectors import is_adopted

S = InitiativeStatus


def selected_guard(initiative) -> None:
    """Only what an adopted decision selected is "selected", and in both languages."""
    parity_guard(initiative)
    outcome = initiative.outcome
    if outcome is None or not outcome.is_selected or not is_adopted(outcome.decision):
        raise TransitionRefused(_t("No adopted decision selects this initiative."))


def existing_guard(initiative) -> None:
    """What existed before enters with its source; what a decision selected enters by it."""
    parity_guard(initiative)
    if initiative.origin != initiative.Origin.EXISTING:
        raise TransitionRefused(
            _t("This initiative comes from a decision: publish the selection instead.")
        )


def planned_guard(initiative) -> None:
    """A plan has a start and an end."""
    parity_guard(initiative)
    if not (initiative.starts_on and initiative.ends_on):
        raise TransitionRefused(_t("Give the planned start and the planned end first."))


INITIATIVE = Workflow(
    "roadmap.Initiative",
    InitiativeStatus,
    [
        Transition(
            "select",
            (S.CANDIDATE,),
            S.SELECTED,
            is_office,
            _("Enter as selected"),
            guard=selected_guard,
            style="primary",
        ),
        Transition(
            "enter_planned",
            (S.CANDIDATE,),
            S.PLANNED,
            is_office,
            _("Publish as planned"),
            guard=existing_guard,
        ),
        Transition(
            "enter_ongoing",
            (S.CANDIDATE,),
            S.IN_PROGRESS,
            is_office,
            _("Publish as ongoing"),
            guard=existing_guard,
        ),
        Transition(
            "enter_completed",
            (S.CANDIDATE,),
            S.COMPLETED,
            is_office,
            _("Publish as completed"),
            guard=existing_guard,
        ),
        Transition(
            "plan",
            (S.SELECTED,),
            S.PLANNED,
            is_office,
            pgettext_lazy("initiative", "Plan"),
            guard=planned_guard,
            style="primary",
        ),
        Transition(
            "start",
            (S.PLANNED,),
            S.IN_PROGRESS,
            can_report,
            pgettext_lazy("initiative", "Start"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "hold",
            (S.IN_PROGRESS,),
            S.ON_HOLD,
            can_report,
            pgettext_lazy("initiative", "Suspend"),
            guard=parity_guard,
            form="roadmap.forms.StateReasonForm",
        ),
        Transition(
            "resume",
            (S.ON_HOLD,),
            S.IN_PROGRESS,
            can_report,
            pgettext_lazy("initiative", "Resume"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "complete",
            (S.IN_PROGRESS,),
            S.COMPLETED,
            can_report,
            pgettext_lazy("initiative", "Complete"),
            guard=parity_guard,
            confirm=_("Is everything done? A completed initiative is not opened again."),
        ),
        Transition(
            "stop",
            (S.SELECTED, S.PLANNED, S.IN_PROGRESS, S.ON_HOLD),
            S.STOPPED,
            is_office,
            pgettext_lazy("initiative", "Stop"),
            guard=parity_guard,
            form="roadmap.forms.StateReasonForm",
            confirm=_("A stopped initiative stays on the roadmap with its reasons."),
            style="danger",
        ),
        Transition(
            "merge",
            (S.SELECTED, S.PLANNED, S.IN_PROGRESS, S.ON_HOLD),
            S.MERGED,
            is_office,
            _("Merge into another"),
            guard=parity_guard,
            form="roadmap.forms.MergeForm",
            confirm=_("The page stays and leads to the other initiative."),
        ),
    ],
)

MILESTONE = Workflow(
    "roadmap.Milestone",
    MilestoneStatus,
    [
        Transition(
            "achieve",
            (MilestoneStatus.PLANNED,),
            MilestoneStatus.ACHIEVED,
            can_report,
            _("Record as achieved"),
            guard=parity_guard,
            form="roadmap.forms.AchieveForm",
            style="primary",
        ),
    ],
)
