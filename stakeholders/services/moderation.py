"""What happens to an idea once it is received: the verb of each transition."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from core.permissions import SYSTEM
from core.workflow import TransitionRefused

from .. import mails
from ..models import IdeaQuestion, IdeaReport, IdeaStatus, text_state
from ..selectors import open_question
from ..workflow import IDEA
from .intake import issue_tracking
from .reports import close_reports

#: The transition that follows a reply, by the state in which the question was asked.
RESUMES = {
    IdeaStatus.RECEIVED: "resume_moderation",
    IdeaStatus.PUBLISHED: "resume_publication",
    IdeaStatus.UNDER_REVIEW: "resume_review",
}

#: What a refusal says, in both languages or not at all.
REFUSAL_WORDS = ("public_note_fr", "public_note_nl", "instead_fr", "instead_nl")


def contributors(idea, *, willing: bool = True):
    """Return the contributions of an idea, those who want to be told or all."""
    rows = idea.submissions.select_related("contact", "idea").order_by("pk")
    return rows.filter(notify=True) if willing else rows


def nothing_more(submission) -> dict:
    """Context of a mail that needs nothing but the idea."""
    return {}


@IDEA.verb("publish")
@transaction.atomic
def publish_idea(idea, *, by, note="", seen=""):
    """Let an idea through moderation; its contributors are told.

    ``seen`` is the `text_state` that the moderator read: a text that its author corrected
    meanwhile is not published unread.
    """
    locked = type(idea)._base_manager.select_for_update().get(pk=idea.pk)
    if seen and locked.status == IdeaStatus.RECEIVED and seen != text_state(locked):
        raise TransitionRefused(
            gettext("The author has corrected the text meanwhile. Read it as it is now, below.")
        )
    change = IDEA.apply(idea, "publish", by=by, note=note, published_at=timezone.now())
    mails.tell_contributors(change, "idea_published", contributors(idea), nothing_more)
    return change


@IDEA.verb("ask_info")
@transaction.atomic
def ask_question(idea, *, by, question, note=""):
    """Ask the contributors something; each gets the question with a link to reply."""
    asked_from = idea.status
    change = IDEA.apply(idea, "ask_info", by=by, note=note)
    IdeaQuestion.objects.create(
        idea=idea, text=question, asked_from=asked_from, asked_by=by, asked_at=change.at
    )

    def context(submission):
        raw = issue_tracking(submission)
        link = mails.address("idea-tracking", raw, language=submission.language)
        return {"question": question, "link": link}

    asked = contributors(idea, willing=False).filter(via=None)
    mails.tell_contributors(change, "idea_question", asked, context)
    return change


def reply_to_question(idea, *, reply: str, by=SYSTEM):
    """Take the contributor's reply to the open question; the idea goes on where it was."""
    question = open_question(idea)
    name = RESUMES[question.asked_from] if question else "resume_moderation"
    return _resume(idea, name, by=by, reply=reply)


@IDEA.verb("resume_moderation")
def resume_moderation(idea, *, by, reply, note=""):
    """Close the open question and go on with the moderation."""
    return _resume(idea, "resume_moderation", by=by, reply=reply, note=note)


@IDEA.verb("resume_publication")
def resume_publication(idea, *, by, reply, note=""):
    """Close the open question of a published idea."""
    return _resume(idea, "resume_publication", by=by, reply=reply, note=note)


@IDEA.verb("resume_review")
def resume_review(idea, *, by, reply, note=""):
    """Close the open question and go on with the review."""
    return _resume(idea, "resume_review", by=by, reply=reply, note=note)


@transaction.atomic
def _resume(idea, name, *, by, reply, note=""):
    change = IDEA.apply(idea, name, by=by, note=note)
    idea.questions.filter(replied_at=None).update(reply=reply, replied_at=change.at)
    return change


@IDEA.verb("start_review")
def start_review(idea, *, by, note=""):
    """Say in public that somebody works on the answer."""
    return IDEA.apply(idea, "start_review", by=by, note=note)


@IDEA.verb("refuse")
@transaction.atomic
def refuse_idea(idea, *, by, reason, note="", **words):
    """Declare an idea not admissible; the reason is told to its contributors and nobody else.

    ``words`` are the columns of `REFUSAL_WORDS`: why, and where to go instead, in both languages.
    """
    missing = [name for name in REFUSAL_WORDS if not words.get(name, "").strip()]
    if missing or not reason:
        raise TransitionRefused(
            gettext("Give the reason, say why, and where to go instead, in French and in Dutch.")
        )
    change = IDEA.apply(idea, "refuse", by=by, note=note, closing_reason=reason, **words)

    def context(submission):
        return {
            "reasons": mails.passages(idea, "public_note", submission.language),
            "instead": mails.passages(idea, "instead", submission.language),
        }

    mails.tell_contributors(change, "idea_refused", contributors(idea, willing=False), context)
    return change


@IDEA.verb("withdraw")
@transaction.atomic
def withdraw_idea(idea, *, by, reason, explanation, note=""):
    """Take an idea back with a reason; a page that was public stays and says so."""
    change = IDEA.apply(
        idea,
        "withdraw",
        by=by,
        note=note,
        closing_reason=reason,
        withdrawal_words=explanation,
    )
    told = contributors(idea, willing=False)
    mails.tell_contributors(change, "idea_withdrawn", told, nothing_more)
    return change


@IDEA.verb("hide")
@transaction.atomic
def hide_idea(idea, *, by, note):
    """Take an abusive idea out of sight; ``note`` says why. What was reported is settled by it."""
    change = IDEA.apply(idea, "hide", by=by, note=note)
    close_reports(idea.reports.open(), by=by, how=IdeaReport.How.HIDDEN, note=note)
    return change


@IDEA.verb("archive")
def archive_idea(idea, *, by, note=""):
    """Take an answered idea out of the list; its page stays."""
    return IDEA.apply(idea, "archive", by=by, note=note)
