"""The states of a bilateral meeting and of a commitment, and the moves between them."""

import rules
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.permissions import is_staff
from core.workflow import Transition, TransitionRefused, Workflow

from .meeting_selectors import wording
from .models import BilateralStatus, CommitmentStatus

PROPOSED, AGREED, HELD = BilateralStatus.PROPOSED, BilateralStatus.AGREED, BilateralStatus.HELD
DRAFT, SHARED = BilateralStatus.MINUTES_DRAFT, BilateralStatus.MINUTES_SHARED
OPEN, IN_PROGRESS = CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS


@rules.predicate
def is_host(user, meeting):
    """Tell whether ``user`` held the meeting for the Office."""
    return meeting is not None and meeting.owner_id is not None and meeting.owner_id == user.pk


#: What was agreed with a partner is confirmed by somebody who did not hold the meeting.
validates = is_staff & ~is_host


def has_begun(meeting):
    """Refuse what can only be said of a meeting whose time has come."""
    if meeting.starts_at > timezone.now():
        raise TransitionRefused(
            gettext("This meeting is still to come. Move it first if it took place earlier.")
        )


def is_written(meeting):
    """Refuse to go on with minutes that have no text."""
    if not wording(meeting).strip():
        raise TransitionRefused(gettext("Write the minutes first."))


def can_be_shared(meeting):
    """Refuse to share minutes that nobody would read."""
    is_written(meeting)
    if not meeting.contacts.exclude(email="").exists():
        raise TransitionRefused(
            gettext("Nobody invited has an e-mail address. Add one to whom the minutes are sent.")
        )


def can_be_validated(meeting):
    """Refuse a meeting without outcome or minutes: it would count without a result."""
    is_written(meeting)
    if not meeting.outcomes:
        raise TransitionRefused(gettext("Say what came of the meeting first: its outcome."))


def has_evidence(commitment):
    """Refuse to call a promise kept that nothing shows to be kept."""
    if not commitment.evidence.strip():
        raise TransitionRefused(gettext("Say what shows that it was kept: a link, a file, a date."))


FORMS = "stakeholders.forms.meetings"

BILATERAL = Workflow(
    "stakeholders.BilateralMeeting",
    BilateralStatus,
    [
        Transition("agree", (PROPOSED,), AGREED, is_staff, _("The partner agreed")),
        Transition(
            "hold",
            (AGREED,),
            HELD,
            is_staff,
            _("Note that it took place"),
            guard=has_begun,
            form=f"{FORMS}.HoldForm",
            style="primary",
        ),
        Transition(
            "write_minutes",
            (HELD,),
            DRAFT,
            is_staff,
            _("Write the minutes"),
            guard=is_written,
            form=f"{FORMS}.MinutesForm",
            style="primary",
        ),
        Transition(
            "share_minutes",
            (DRAFT,),
            SHARED,
            is_staff,
            _("Share the minutes with the partner"),
            guard=can_be_shared,
            style="primary",
        ),
        Transition(
            "correct_minutes",
            (SHARED,),
            DRAFT,
            is_staff,
            _("Correct the minutes"),
            guard=is_written,
            form=f"{FORMS}.MinutesForm",
        ),
        Transition(
            "validate",
            (SHARED,),
            BilateralStatus.VALIDATED,
            validates,
            _("Validate"),
            guard=can_be_validated,
            confirm=_("It then counts towards the contract, and its minutes do not change."),
            style="primary",
        ),
        Transition(
            "cancel",
            (PROPOSED, AGREED),
            BilateralStatus.CANCELLED,
            is_staff,
            _("Cancel the meeting"),
            reason=True,
            confirm=_("Those who were invited are told by mail."),
            style="danger",
        ),
        Transition(
            "miss",
            (AGREED,),
            BilateralStatus.NO_SHOW,
            is_staff,
            _("Nobody came"),
            guard=has_begun,
            style="danger",
        ),
    ],
)

COMMITMENT = Workflow(
    "stakeholders.Commitment",
    CommitmentStatus,
    [
        Transition("start", (OPEN,), IN_PROGRESS, is_staff, _("Begin")),
        Transition(
            "keep",
            (OPEN, IN_PROGRESS),
            CommitmentStatus.DONE,
            is_staff,
            _("It was kept"),
            guard=has_evidence,
            form=f"{FORMS}.EvidenceForm",
            style="primary",
        ),
        Transition(
            "drop",
            (OPEN, IN_PROGRESS),
            CommitmentStatus.DROPPED,
            is_staff,
            _("Drop it"),
            reason=True,
            style="danger",
        ),
    ],
)
