"""The states of a workshop and the moves between them."""

from django.utils.translation import gettext_lazy as _

from core.publication import parity_guard
from core.workflow import Transition, Workflow

from .guards import every_idea_has_a_result, tells_why
from .models import WorkshopStatus
from .permissions import runs_workshops

S = WorkshopStatus
BEFORE = (S.PUBLISHED, S.REGISTRATION_OPEN, S.REGISTRATION_CLOSED)

WORKSHOP = Workflow(
    "workshops.Workshop",
    WorkshopStatus,
    [
        Transition(
            "publish",
            (S.DRAFT,),
            S.PUBLISHED,
            runs_workshops,
            _("Announce"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "reschedule",
            (S.POSTPONED,),
            S.PUBLISHED,
            runs_workshops,
            _("Announce the new date"),
            guard=parity_guard,
            form="workshops.forms.NewDateForm",
            style="primary",
        ),
        Transition(
            "open_registration",
            (S.PUBLISHED, S.REGISTRATION_CLOSED),
            S.REGISTRATION_OPEN,
            runs_workshops,
            _("Open registration"),
        ),
        Transition(
            "close_registration",
            (S.REGISTRATION_OPEN,),
            S.REGISTRATION_CLOSED,
            runs_workshops,
            _("Close registration"),
        ),
        Transition("start", BEFORE, S.IN_PROGRESS, runs_workshops, _("Start")),
        Transition("hold", (*BEFORE, S.IN_PROGRESS), S.HELD, runs_workshops, _("It was held")),
        Transition(
            "report",
            (S.HELD,),
            S.REPORTED,
            runs_workshops,
            _("Publish the report"),
            guard=every_idea_has_a_result,
            form="workshops.forms.ReportForm",
            style="primary",
        ),
        Transition(
            "postpone",
            BEFORE,
            S.POSTPONED,
            runs_workshops,
            _("Postpone"),
            guard=tells_why,
            form="workshops.forms.ReasonForm",
        ),
        Transition(
            "cancel",
            (S.DRAFT, *BEFORE, S.POSTPONED),
            S.CANCELLED,
            runs_workshops,
            _("Cancel the workshop"),
            guard=tells_why,
            form="workshops.forms.ReasonForm",
            confirm=_("A cancelled workshop stays cancelled; its page says why. Cancel it?"),
            style="danger",
        ),
    ],
)
