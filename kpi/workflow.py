"""Life of an indicator: what one person submits, another approves."""

from django.utils.translation import gettext_lazy as _

from core.permissions import is_office
from core.publication import parity_guard
from core.workflow import Transition, Workflow

from .models import IndicatorStatus
from .permissions import may_approve, may_edit

DRAFT = IndicatorStatus.DRAFT
IN_REVIEW = IndicatorStatus.IN_REVIEW
APPROVED = IndicatorStatus.APPROVED
PUBLISHED = IndicatorStatus.PUBLISHED
SUSPENDED = IndicatorStatus.SUSPENDED
RETIRED = IndicatorStatus.RETIRED

INDICATOR = Workflow(
    "kpi.Indicator",
    IndicatorStatus,
    [
        Transition(
            "submit", (DRAFT,), IN_REVIEW, may_edit, _("Submit for review"), style="primary"
        ),
        Transition(
            "approve",
            (IN_REVIEW,),
            APPROVED,
            may_approve,
            _("Approve"),
            guard=parity_guard,
            style="primary",
        ),
        Transition("send_back", (IN_REVIEW,), DRAFT, is_office, _("Send back"), reason=True),
        Transition(
            "publish",
            (APPROVED,),
            PUBLISHED,
            is_office,
            _("Publish"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "suspend",
            (PUBLISHED,),
            SUSPENDED,
            is_office,
            _("Suspend"),
            reason=True,
            style="danger",
        ),
        Transition(
            "resume",
            (SUSPENDED,),
            PUBLISHED,
            is_office,
            _("Publish again"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "retire",
            (PUBLISHED, SUSPENDED),
            RETIRED,
            is_office,
            _("Retire"),
            guard=parity_guard,
            reason=True,
            form="kpi.forms.RetireForm",
            confirm=_("Page and figures stay, no further figure is expected. Retire it?"),
            style="danger",
        ),
    ],
)
