"""Whether an answer helped: asked once, two weeks after it; a "no" is a task for the Office."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import tokens
from core.permissions import SYSTEM

from .. import mails
from ..models import AnswerFeedback, IdeaStatus, OfficialStatement, Submission
from ..selectors import FEEDBACK_PURPOSE
from ..statement_workflow import FEEDBACK

ASK_AFTER = timedelta(days=14)
#: An answer older than this is not asked about any more: those of before, or after a long outage.
ASK_WITHIN = timedelta(days=44)
FEEDBACK_TTL = timedelta(days=90)


def ask_whether_helped(now=None) -> int:
    """Ask each contributor who wants mails whether the answer helped; return how many were asked.

    Each is asked once about an answer, whoever runs this and however often: the row of the
    question, its link and its mail are one transaction. Only the answer that holds is asked about.
    """
    now = now or timezone.now()
    ripe = OfficialStatement.objects.current_answers().filter(
        published_at__lte=now - ASK_AFTER,
        published_at__gt=now - ASK_WITHIN,
        idea__status=IdeaStatus.ANSWERED,
    )
    asked = 0
    for statement in ripe.select_related("idea"):
        for submission in _still_to_ask(statement):
            asked += _ask(statement, submission)
    return asked


def _still_to_ask(statement):
    rows = Submission.objects.filter(idea=statement.idea_id, notify=True)
    rows = rows.exclude(contact__email="").exclude(feedback__statement=statement)
    return rows.select_related("contact").order_by("pk")


@transaction.atomic
def _ask(statement, submission) -> bool:
    # Locked: whoever is erased at this moment is not asked.
    if not Submission.objects.select_for_update().filter(pk=submission.pk).exists():
        return False
    asked, is_new = AnswerFeedback.objects.get_or_create(statement=statement, submission=submission)
    if is_new:
        raw = tokens.issue(FEEDBACK_PURPOSE, asked, ttl=FEEDBACK_TTL)
        mails.ask_whether_helped(asked, raw)
    return is_new


@transaction.atomic
def reply_feedback(raw: str, *, helps: bool, comment: str) -> AnswerFeedback | None:
    """Use the secret link: note whether the answer helped; None where the link is dead.

    "No" opens a review.
    """
    token = tokens.consume(FEEDBACK_PURPOSE, raw)
    feedback = token and AnswerFeedback.objects.filter(pk=token.subject_pk).first()
    if not feedback:
        return None
    name = "thank" if helps else "complain"
    FEEDBACK.run(feedback, name, by=SYSTEM, comment=comment)
    return feedback


@FEEDBACK.verb("thank")
def note_helped(feedback, *, by, comment="", note=""):
    """Note that the answer helped."""
    return _reply(feedback, "thank", by, comment)


@FEEDBACK.verb("complain")
def note_not_helped(feedback, *, by, comment="", note=""):
    """Note that the answer did not help: the Office looks at it again."""
    return _reply(feedback, "complain", by, comment)


def _reply(feedback, name, by, comment):
    return FEEDBACK.apply(feedback, name, by=by, comment=comment, replied_at=timezone.now())


@FEEDBACK.verb("close")
def close_review(feedback, *, by, note):
    """Close a review without a new answer; ``note`` says why."""
    return FEEDBACK.apply(feedback, "close", by=by, note=note, closed_at=timezone.now())


@FEEDBACK.verb("answer_anew")
def close_answered_anew(feedback, *, by, statement, note=""):
    """Close a review because ``statement`` replaced the answer that did not help."""
    return FEEDBACK.apply(
        feedback, "answer_anew", by=by, note=note, closed_at=timezone.now(), closed_by=statement
    )
