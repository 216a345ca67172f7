"""The states of an official statement and of a reaction to one, and the moves between them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.permissions import is_staff, is_system
from core.publication import LANGUAGE_NAMES, missing_texts
from core.workflow import Transition, TransitionRefused, Workflow

from .models import FeedbackStatus, Idea, IdeaStatus, StatementKind, StatementStatus
from .permissions import is_about_own_idea, is_own_proposal

DRAFT, PROPOSED = StatementStatus.DRAFT, StatementStatus.PROPOSED
#: In which states of its idea each kind of statement can be written and published.
FITS = {
    StatementKind.ACKNOWLEDGEMENT: frozenset(
        {
            IdeaStatus.RECEIVED,
            IdeaStatus.INFO_REQUESTED,
            IdeaStatus.PUBLISHED,
            IdeaStatus.UNDER_REVIEW,
        }
    ),
    # The second answer and those after it replace the one before.
    StatementKind.ANSWER: frozenset(
        {IdeaStatus.PUBLISHED, IdeaStatus.UNDER_REVIEW, IdeaStatus.ANSWERED}
    ),
    StatementKind.UPDATE: frozenset({IdeaStatus.ANSWERED, IdeaStatus.ARCHIVED}),
}


def refuse_unfit(idea, kind):
    """Refuse where the state of the idea has no place for this kind of statement."""
    if idea.status not in FITS[kind]:
        raise TransitionRefused(
            gettext("This does not fit an idea that is “%(state)s”.")
            % {"state": idea.get_status_display()}
        )


def lacking(statement) -> list[str]:
    """Return, in words, what stands between ``statement`` and its publication."""
    found = [
        f"{statement._meta.get_field(field).verbose_name} ({LANGUAGE_NAMES[code]})"
        for field, code in missing_texts(statement)
    ]
    if statement.declines:
        found += _lacking_of_refusal(statement)
    return found


def _lacking_of_refusal(statement) -> list[str]:
    """Return what a refusal still has to say: the reason, and where to go instead."""
    found = [] if statement.reason else [gettext("reason for declining")]
    if not any(getattr(statement, f"instead_{code}") for code in LANGUAGE_NAMES):
        found.append(gettext("where to go instead"))
    return found


def ready(statement):
    """Refuse what is incomplete, or what the state or the decision of the idea has overtaken."""
    idea = Idea._base_manager.get(pk=statement.idea_id)
    refuse_unfit(idea, statement.kind)
    missing = lacking(statement)
    if missing:
        raise TransitionRefused(
            gettext("French and Dutch are published together. Still missing: %(fields)s.")
            % {"fields": ", ".join(missing)}
        )
    decision = idea.decisions.first()
    if statement.outcome and (decision is None or decision.outcome != statement.outcome):
        raise TransitionRefused(
            gettext("The internal decision is another one by now. Send the text back.")
        )


evaluates = is_staff & ~is_about_own_idea

STATEMENT = Workflow(
    "stakeholders.OfficialStatement",
    StatementStatus,
    [
        Transition(
            "propose",
            (DRAFT,),
            PROPOSED,
            evaluates,
            _("Propose for publication"),
            style="primary",
        ),
        Transition(
            "publish",
            (PROPOSED,),
            StatementStatus.PUBLISHED,
            evaluates & ~is_own_proposal,
            _("Publish the statement"),
            guard=ready,
            confirm=_("It is published in both languages and sent to the contributors, for good."),
            style="primary",
        ),
        Transition(
            "send_back",
            (PROPOSED,),
            DRAFT,
            evaluates,
            _("Send back to be mended"),
            reason=True,
        ),
        Transition(
            "drop",
            (DRAFT, PROPOSED),
            StatementStatus.DROPPED,
            evaluates,
            _("Drop"),
            reason=True,
            style="danger",
        ),
    ],
)

ASKED, REVIEW = FeedbackStatus.ASKED, FeedbackStatus.REVIEW

FEEDBACK = Workflow(
    "stakeholders.AnswerFeedback",
    FeedbackStatus,
    [
        Transition("thank", (ASKED,), FeedbackStatus.HELPED, is_system, _("It helped")),
        Transition("complain", (ASKED,), REVIEW, is_system, _("It did not help")),
        Transition(
            "close",
            (REVIEW,),
            FeedbackStatus.CLOSED,
            evaluates,
            _("Close the review"),
            reason=True,
            style="primary",
        ),
        Transition(
            "answer_anew",
            (REVIEW,),
            FeedbackStatus.CLOSED,
            is_system,
            _("A new answer was published"),
        ),
    ],
)
