"""The state machines of meetings, decisions and actions."""

from django.utils.translation import gettext_lazy as _

from core.publication import parity_guard
from core.workflow import Transition, Workflow

from .guards import may_be_taken, may_end, nothing_left_to_do, tells_why
from .models import ActionStatus as Action
from .models import DecisionStatus as Status
from .models import MeetingStatus as Sitting
from .permissions import convenes, follows_up, records, verifies_action, works_on_action

FORMS = "governance.forms."

MEETING = Workflow(
    "governance.Meeting",
    Sitting,
    [
        Transition(
            "convene",
            (Sitting.DRAFT,),
            Sitting.CONVENED,
            convenes,
            _("Convene"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "begin",
            (Sitting.CONVENED,),
            Sitting.IN_PROGRESS,
            convenes,
            _("Open the session"),
            style="primary",
        ),
        Transition(
            "close",
            (Sitting.IN_PROGRESS,),
            Sitting.CLOSED,
            convenes,
            _("Close the session"),
            style="primary",
        ),
        Transition(
            "postpone",
            (Sitting.CONVENED,),
            Sitting.POSTPONED,
            convenes,
            _("Postpone"),
            guard=tells_why,
            form=FORMS + "StatusReasonForm",
        ),
        Transition(
            "reconvene",
            (Sitting.POSTPONED,),
            Sitting.CONVENED,
            convenes,
            _("Convene again"),
            guard=parity_guard,
            form=FORMS + "NewTimeForm",
            style="primary",
        ),
        Transition(
            "cancel",
            (Sitting.CONVENED, Sitting.POSTPONED),
            Sitting.CANCELLED,
            convenes,
            _("Cancel the meeting"),
            guard=tells_why,
            form=FORMS + "StatusReasonForm",
            confirm=_("A cancelled meeting cannot be opened again. Cancel it?"),
            style="danger",
        ),
    ],
)

DECISION = Workflow(
    "governance.Decision",
    Status,
    [
        Transition(
            "adopt",
            (Status.PROPOSED, Status.DEFERRED),
            Status.ADOPTED,
            records,
            _("Record as adopted"),
            guard=may_be_taken,
            form=FORMS + "TakenForm",
            confirm=_("What is recorded is public at once and stays so. Record it?"),
            style="primary",
        ),
        Transition(
            "reject",
            (Status.PROPOSED, Status.DEFERRED),
            Status.REJECTED,
            records,
            _("Record as rejected"),
            guard=may_be_taken,
            form=FORMS + "TakenForm",
            confirm=_("What is recorded is public at once and stays so. Record it?"),
        ),
        Transition(
            "defer",
            (Status.PROPOSED,),
            Status.DEFERRED,
            records,
            _("Record as deferred"),
            guard=may_be_taken,
            form=FORMS + "TakenForm",
        ),
        Transition(
            "withdraw",
            (Status.PROPOSED,),
            Status.WITHDRAWN,
            records,
            _("Withdraw the proposal"),
            reason=True,
            style="danger",
        ),
        Transition(
            "implement",
            (Status.ADOPTED,),
            Status.IMPLEMENTED,
            follows_up,
            _("Record as implemented"),
            guard=nothing_left_to_do,
        ),
        Transition(
            "rescind",
            (Status.ADOPTED,),
            Status.RESCINDED,
            records,
            _("Record as rescinded"),
            guard=may_end,
            form=FORMS + "EndForm",
            style="danger",
        ),
        Transition(
            "supersede",
            (Status.ADOPTED,),
            Status.SUPERSEDED,
            records,
            _("Record as superseded"),
            guard=may_end,
            form=FORMS + "EndForm",
        ),
    ],
)

ACTION = Workflow(
    "governance.ActionItem",
    Action,
    [
        Transition(
            "start",
            (Action.OPEN,),
            Action.IN_PROGRESS,
            works_on_action,
            _("Start"),
            style="primary",
        ),
        Transition(
            "block",
            (Action.IN_PROGRESS,),
            Action.BLOCKED,
            works_on_action,
            _("Say what blocks it"),
            reason=True,
        ),
        Transition(
            "resume", (Action.BLOCKED,), Action.IN_PROGRESS, works_on_action, _("Take it up again")
        ),
        Transition(
            "complete",
            (Action.IN_PROGRESS,),
            Action.DONE,
            works_on_action,
            _("Report as done"),
            style="primary",
        ),
        Transition(
            "verify",
            (Action.DONE,),
            Action.VERIFIED,
            verifies_action,
            _("Confirm that it is done"),
            style="primary",
        ),
        Transition(
            "send_back",
            (Action.DONE,),
            Action.IN_PROGRESS,
            verifies_action,
            _("Send back"),
            reason=True,
        ),
        Transition(
            "cancel",
            (Action.OPEN, Action.IN_PROGRESS, Action.BLOCKED),
            Action.CANCELLED,
            follows_up,
            _("Drop the action"),
            reason=True,
            style="danger",
        ),
    ],
)
