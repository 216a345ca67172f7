"""The states of a workshop and the moves between them."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.permissions import has_role
from core.publication import parity_guard
from core.workflow import Transition, TransitionRefused, Workflow

from .models import WorkshopStatus

S = WorkshopStatus
runs_workshops = has_role(Role.STAFF, Role.FACILITATOR)
BEFORE = (S.PUBLISHED, S.REGISTRATION_OPEN, S.REGISTRATION_CLOSED)


def every_idea_has_a_result(workshop):
    """Refuse a report while an idea on the agenda has no result, naming the ideas."""
    open_ones = workshop.agenda.filter(result="").select_related("idea")
    if open_ones:
        names = ", ".join(entry.idea.reference for entry in open_ones)
        raise TransitionRefused(
            _t("Enter a result with its reason for each idea first: %(ideas)s.") % {"ideas": names}
        )
    parity_guard(workshop)


WORKSHOP = Workflow(
    "workshops.Workshop",
    WorkshopStatus,
    [
        Transition(
            "publish",
            (S.DRAFT, S.POSTPONED),
            S.PUBLISHED,
            runs_workshops,
            _("Announce"),
            guard=parity_guard,
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
            form="workshops.forms.ReasonForm",
        ),
        Transition(
            "cancel",
            (S.DRAFT, *BEFORE, S.POSTPONED),
            S.CANCELLED,
            runs_workshops,
            _("Cancel the workshop"),
            form="workshops.forms.ReasonForm",
            style="danger",
        ),
    ],
)
