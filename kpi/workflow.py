"""Life of an indicator: what one person submits, another approves; life of a report of a figure."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.permissions import is_office
from core.publication import parity_guard
from core.workflow import Transition, TransitionRefused, Workflow

from .models import FigureReport, IndicatorStatus, Observation, ReportStatus
from .permissions import may_answer, may_approve, may_edit

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

#: What is reported of these is mended by a further vintage.
IN_FIGURES = frozenset({FigureReport.Reason.VALUE, FigureReport.Reason.OUTDATED})


def correction_guard(report) -> None:
    """Refuse to call a figure corrected before a figure was recorded since the report."""
    if report.reason not in IN_FIGURES:
        return
    rows = Observation.objects.filter(indicator=report.indicator, released_at__gt=report.at)
    if not rows.exists():
        raise TransitionRefused(
            gettext("No figure was recorded since this report. Record the corrected one first.")
        )


REPORT = Workflow(
    "kpi.FigureReport",
    ReportStatus,
    [
        Transition(
            "answer",
            (ReportStatus.NEW,),
            ReportStatus.ANSWERED,
            may_answer,
            _("Answer the question"),
            reason=True,
            style="primary",
        ),
        Transition(
            "correct",
            (ReportStatus.NEW,),
            ReportStatus.CORRECTED,
            may_answer,
            _("It was corrected"),
            guard=correction_guard,
            reason=True,
        ),
        Transition(
            "reject",
            (ReportStatus.NEW,),
            ReportStatus.REJECTED,
            may_answer,
            _("There is no error"),
            reason=True,
        ),
    ],
)
