"""Life of an import: what one person sends, another approves, and the portal releases."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.permissions import is_system
from core.publication import parity_guard
from core.workflow import Transition, TransitionRefused, Workflow

from ..models import ImportStatus
from ..permissions import may_approve_import, sent_import

UPLOADED = ImportStatus.UPLOADED
REFUSED = ImportStatus.REFUSED
VALIDATED = ImportStatus.VALIDATED
IN_REVIEW = ImportStatus.IN_REVIEW
APPROVED = ImportStatus.APPROVED
RELEASED = ImportStatus.RELEASED
REJECTED = ImportStatus.REJECTED
WITHDRAWN = ImportStatus.WITHDRAWN


def has_something(job) -> None:
    """Refuse an import that would not change anything."""
    if not job.to_write:
        raise TransitionRefused(_("All these figures are on record already: nothing to release."))
    parity_guard(job)


IMPORT = Workflow(
    "kpi.ImportJob",
    ImportStatus,
    [
        Transition("validate", (UPLOADED,), VALIDATED, is_system, gettext_lazy("Take as checked")),
        Transition(
            "refuse",
            (UPLOADED, IN_REVIEW, APPROVED),
            REFUSED,
            is_system,
            gettext_lazy("Refuse for its errors"),
        ),
        Transition(
            "submit",
            (VALIDATED,),
            IN_REVIEW,
            sent_import,
            gettext_lazy("Submit for approval"),
            guard=has_something,
            confirm=gettext_lazy("Somebody else approves the figures before they are public."),
            style="primary",
        ),
        Transition(
            "approve",
            (IN_REVIEW,),
            APPROVED,
            may_approve_import,
            gettext_lazy("Approve and release"),
            guard=has_something,
            confirm=gettext_lazy(
                "The figures are added as shown in the preview. They cannot be taken back, only "
                "corrected by later ones."
            ),
            style="primary",
        ),
        Transition("release", (APPROVED,), RELEASED, is_system, gettext_lazy("Release")),
        Transition(
            "reconsider", (APPROVED,), IN_REVIEW, is_system, gettext_lazy("Show the new preview")
        ),
        Transition(
            "reject",
            (IN_REVIEW,),
            REJECTED,
            may_approve_import,
            gettext_lazy("Reject"),
            reason=True,
            style="danger",
        ),
        Transition(
            "withdraw",
            (UPLOADED, VALIDATED, IN_REVIEW),
            WITHDRAWN,
            sent_import,
            gettext_lazy("Withdraw"),
            confirm=gettext_lazy("The figures are not released. Send them again to release them."),
            style="danger",
        ),
    ],
)
