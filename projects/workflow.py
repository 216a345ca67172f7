"""State machines of sheets and jury sessions.

A ballot has no history of its own here: the history is read by the administrator, and who has sent
a ballot is not for them to know. Its row keeps the times, `services.ballots` is its only writer.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.permissions import is_chair, is_office, is_secretary
from core.publication import parity_guard
from core.workflow import Transition, TransitionRefused, Workflow

from . import permissions, selectors
from .models import JurySession, SessionStatus, SheetStatus

S = SheetStatus
J = SessionStatus
JUDGED = (S.PROPOSED, S.RESERVE, S.NOT_PROPOSED)
SENT_SESSION = (J.TRANSMITTED, J.DECIDED, J.PUBLISHED)


def deliberation_guard(sheet) -> None:
    """Refuse to judge a sheet while the jury does not deliberate on it."""
    session = selectors.session_of(sheet)
    if session is None or session.status != J.DELIBERATING:
        raise TransitionRefused(gettext("The jury is not deliberating on this sheet."))


def transmitted_guard(sheet) -> None:
    """Refuse to decide on a sheet before the jury has sent its proposals to the Government."""
    session = selectors.session_of(sheet)
    if session is None or session.status not in SENT_SESSION:
        raise TransitionRefused(
            gettext("The jury has not sent its proposals to the Government yet.")
        )


def selected_guard(sheet) -> None:
    """Refuse to put on the roadmap what the Government did not select."""
    if not sheet.result.is_selected:
        raise TransitionRefused(gettext("The Government did not select this sheet."))


def proposals_guard(session) -> None:
    """Refuse to close the deliberation while a sheet has no proposal."""
    _all_sheets(
        session, selectors.sheets_without_proposal(session), gettext("Without a proposal yet")
    )


def outcomes_guard(session) -> None:
    """Refuse to call a session decided while the Government has not decided on each sheet."""
    _all_sheets(
        session, selectors.sheets_without_outcome(session), gettext("Without a decision yet")
    )


def _all_sheets(session, missing, words):
    if missing:
        names = ", ".join(sheet.reference for sheet in missing)
        raise TransitionRefused(f"{words}: {names}.")


SHEET = Workflow(
    "projects.ProjectSheet",
    SheetStatus,
    [
        Transition(
            "send_to_review",
            (S.DRAFT,),
            S.INTERNAL_REVIEW,
            permissions.edits_sheet,
            _("Send to internal review"),
            style="primary",
        ),
        Transition(
            "submit",
            (S.INTERNAL_REVIEW, S.RETURNED),
            S.SUBMITTED,
            permissions.edits_sheet,
            _("Submit"),
            style="primary",
        ),
        Transition(
            "declare_eligible",
            (S.SUBMITTED,),
            S.ELIGIBLE,
            is_office,
            _("Declare eligible"),
            style="primary",
        ),
        Transition(
            "declare_ineligible",
            (S.SUBMITTED,),
            S.INELIGIBLE,
            is_office,
            _("Declare not eligible"),
            reason=True,
            style="danger",
        ),
        Transition(
            "freeze",
            (S.ELIGIBLE,),
            S.FROZEN,
            is_secretary,
            _("Freeze for the jury"),
            guard=parity_guard,
            confirm=_("The text can no longer be changed and everybody can read it. Freeze it?"),
            style="primary",
        ),
        Transition(
            "deliberate",
            (S.FROZEN,),
            S.DELIBERATED,
            permissions.judges_sheet,
            _("Deliberated"),
            guard=deliberation_guard,
            style="primary",
        ),
        Transition(
            "propose",
            (S.DELIBERATED,),
            S.PROPOSED,
            permissions.judges_sheet,
            _("Propose to the Government"),
            guard=deliberation_guard,
            form="projects.forms.ProposalForm",
            style="primary",
        ),
        Transition(
            "put_on_reserve",
            (S.DELIBERATED,),
            S.RESERVE,
            permissions.judges_sheet,
            _("Put on the reserve list"),
            guard=deliberation_guard,
            form="projects.forms.ProposalForm",
        ),
        Transition(
            "not_propose",
            (S.DELIBERATED,),
            S.NOT_PROPOSED,
            permissions.judges_sheet,
            _("Do not propose"),
            guard=deliberation_guard,
            form="projects.forms.ProposalForm",
            style="danger",
        ),
        Transition(
            "return_for_information",
            (S.FROZEN, S.DELIBERATED),
            S.RETURNED,
            permissions.judges_sheet,
            _("Return for completion"),
            guard=deliberation_guard,
            reason=True,
        ),
        Transition(
            "record_outcome",
            JUDGED,
            S.DECIDED,
            permissions.decides_sheet,
            _("Record the decision of the Government"),
            guard=transmitted_guard,
            form="projects.forms.OutcomeForm",
            style="primary",
        ),
        Transition(
            "publish",
            (S.DECIDED,),
            S.PUBLISHED,
            is_secretary,
            _("Publish the decision"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "put_on_roadmap",
            (S.PUBLISHED,),
            S.ON_ROADMAP,
            permissions.publishes_selection,
            _("Put on the roadmap"),
            guard=selected_guard,
        ),
        Transition(
            "withdraw",
            (
                S.DRAFT,
                S.INTERNAL_REVIEW,
                S.SUBMITTED,
                S.ELIGIBLE,
                S.FROZEN,
                S.DELIBERATED,
                *JUDGED,
                S.RETURNED,
            ),
            S.WITHDRAWN,
            permissions.edits_sheet,
            _("Withdraw"),
            reason=True,
            confirm=_("A sheet that was withdrawn does not come back. Withdraw it?"),
            style="danger",
        ),
    ],
)

SESSION = Workflow(
    "projects.JurySession",
    JurySession.Status,
    [
        Transition(
            "freeze_rules",
            (J.PLANNED,),
            J.RULES_FROZEN,
            is_chair,
            _("Freeze the rules"),
            confirm=_("Grid, weights, quorum, dates and sheets can no longer change. Freeze them?"),
            style="primary",
        ),
        Transition(
            "open_scoring",
            (J.RULES_FROZEN,),
            J.SCORING_OPEN,
            is_chair,
            _("Open the scoring"),
            style="primary",
        ),
        Transition(
            "close_scoring",
            (J.SCORING_OPEN,),
            J.CLOSED_SEALED,
            is_chair,
            _("Close the scoring"),
            confirm=_(
                "Ballots that were not sealed will count as missing, and scoring never reopens. "
                "Close it?"
            ),
            style="danger",
        ),
        Transition(
            "open_ballots",
            (J.CLOSED_SEALED,),
            J.OPENED,
            permissions.runs_session,
            _("Open the ballots"),
            confirm=_(
                "The ballots become readable for those who deliberate. If a sheet has fewer "
                "ballots than the quorum, give the reason for opening them in the note."
            ),
            style="primary",
        ),
        Transition(
            "begin_deliberation",
            (J.OPENED,),
            J.DELIBERATING,
            permissions.runs_session,
            _("Begin the deliberation"),
            style="primary",
        ),
        Transition(
            "record_vote",
            (J.DELIBERATING,),
            J.VOTED,
            is_secretary,
            _("The jury has voted"),
            guard=proposals_guard,
            style="primary",
        ),
        Transition(
            "transmit",
            (J.VOTED,),
            J.TRANSMITTED,
            is_secretary,
            _("Send to the Government"),
            style="primary",
        ),
        Transition(
            "record_decision",
            (J.TRANSMITTED,),
            J.DECIDED,
            permissions.decides_sheet,
            _("The Government has decided"),
            guard=outcomes_guard,
            style="primary",
        ),
        Transition(
            "publish",
            (J.DECIDED,),
            J.PUBLISHED,
            permissions.runs_session,
            _("Publish the results"),
            style="primary",
        ),
    ],
)
