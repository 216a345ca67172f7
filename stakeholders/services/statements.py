"""Decide (internal), propose, publish: an answer passes two people before anybody reads it."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import SYSTEM, is_translator
from core.publication import LANGUAGE_NAMES
from core.workflow import PermissionRefused, TransitionRefused, record_change

from .. import mails
from ..models import (
    AnswerFeedback,
    Idea,
    IdeaDecision,
    IdeaStatus,
    OfficialStatement,
    StatementKind,
    StatementStatus,
)
from ..permissions import moderates
from ..statement_workflow import STATEMENT, evaluates, ready, refuse_unfit
from ..workflow import IDEA
from .feedback import close_answered_anew
from .moderation import contributors

#: The mail that tells a statement of each kind.
TEMPLATES = {
    StatementKind.ACKNOWLEDGEMENT: "idea_acknowledged",
    StatementKind.ANSWER: "idea_answered",
    StatementKind.UPDATE: "idea_updated",
}


def default_signatory() -> dict:
    """Return the columns of the body that signs where nobody names another one."""
    return {f"signatory_{code}": settings.SITE["name"] for code in (*LANGUAGE_NAMES, "en")}


def _locked(idea_pk):
    return Idea._base_manager.select_for_update().get(pk=idea_pk)


@transaction.atomic
def draft_statement(idea, *, by, kind, words: dict, outcome="", reason="", note=""):
    """Begin a statement about ``idea`` and note the internal decision of an answer; return it.

    ``words`` are columns (`body_fr`, …). Nobody is told, nothing public changes. Refused where one
    of this kind is being written already.
    """
    locked = _locked(idea.pk)
    if not moderates(by, locked):
        raise PermissionRefused(_("You may not do this."))
    refuse_unfit(locked, kind)
    if locked.statements.open().filter(kind=kind).exists():
        raise TransitionRefused(_("A statement of this kind is being prepared already."))
    if outcome:
        _decide(locked, outcome, note, by)
    statement = OfficialStatement.objects.create(
        idea=locked, kind=kind, outcome=outcome, reason=reason, **{**default_signatory(), **words}
    )
    # Without the note: it belongs to the decision, and translators read this history.
    record_change(statement, "create", "", statement.status, by=by)
    return statement


def _decide(idea, outcome, note, by):
    IdeaDecision.objects.create(idea=idea, outcome=outcome, note=note, by=by)


@transaction.atomic
def save_draft(statement, *, by) -> None:
    """Keep the changed words of a draft; another outcome is a new internal decision.

    A translator writes words and decides nothing.
    """
    idea = _locked(statement.idea_id)
    stored = OfficialStatement.objects.select_for_update().get(pk=statement.pk)
    if stored.status != StatementStatus.DRAFT:
        raise TransitionRefused(STATEMENT.blocked(stored, "propose"))
    if stored.outcome != statement.outcome:
        if not evaluates(by, stored):
            raise PermissionRefused(_("You may not do this."))
        _decide(idea, statement.outcome, "", by)
    elif not (evaluates(by, stored) or is_translator(by)):
        raise PermissionRefused(_("You may not do this."))
    statement.save()


@STATEMENT.verb("propose")
def propose_statement(statement, *, by, note=""):
    """Hand a draft to a second person, who publishes it or sends it back."""
    return STATEMENT.apply(
        statement, "propose", by=by, note=note, proposed_by=by, proposed_at=timezone.now()
    )


@STATEMENT.verb("send_back")
def send_back_statement(statement, *, by, note):
    """Return a proposal to its author; ``note`` says what is to be mended."""
    return STATEMENT.apply(statement, "send_back", by=by, note=note)


@STATEMENT.verb("drop")
def drop_statement(statement, *, by, note):
    """Give a draft or a proposal up; ``note`` says why."""
    return STATEMENT.apply(statement, "drop", by=by, note=note)


@STATEMENT.verb("publish")
@transaction.atomic
def publish_statement(statement, *, by, note=""):
    """Publish a proposal of somebody else, for good; each contributor is told once.

    An answer moves its idea to "answered", or replaces the answer before it and closes the reviews
    of those whom that one did not help.
    """
    idea = _locked(statement.idea_id)
    statement.refresh_from_db()
    blocked = STATEMENT.blocked(statement, "publish")
    if blocked:
        raise TransitionRefused(blocked)
    ready(statement)
    now = timezone.now()
    changes = {"published_by": by, "published_at": now}
    if statement.kind == StatementKind.ANSWER:
        changes["supersedes"] = idea.statements.current_answers().first()
        _set_answer(idea, statement, by, now)
    change = STATEMENT.apply(statement, "publish", by=by, note=note, **changes)
    if changes.get("supersedes"):
        _close_reviews(statement)
    _tell(statement, change)
    return change


def _set_answer(idea, statement, by, now):
    """Write the answer where lists, mails and the journey read it."""
    answer = {f"answer_{code}": getattr(statement, f"body_{code}") for code in ("fr", "nl", "en")}
    changes = {**answer, "outcome": statement.outcome, "answered_at": now}
    if idea.status != IdeaStatus.ANSWERED:
        IDEA.apply(idea, "answer", by=by, **changes)
        return
    for name, value in changes.items():
        setattr(idea, name, value)
    idea.save(update_fields=list(changes))


def _close_reviews(statement):
    """Close what waits for a new answer: this is it."""
    waiting = AnswerFeedback.objects.to_review().filter(statement__idea=statement.idea_id)
    for feedback in waiting:
        close_answered_anew(feedback, by=SYSTEM, statement=statement)


def _tell(statement, change):
    def context(submission):
        language = submission.language
        return {
            "statement": statement,
            "answer": mails.passages(statement, "body", language),
            "instead": mails.passages(statement, "instead", language),
            "signed": mails.passages(statement, "signatory", language),
        }

    told = contributors(statement.idea)
    mails.tell_contributors(change, TEMPLATES[statement.kind], told, context)


@IDEA.verb("answer")
def answer_idea(idea, *, by, note=""):
    """Publish the answer that somebody else has proposed; see `publish_statement`."""
    proposed = idea.statements.proposed().answers().first()
    if proposed is None:
        raise TransitionRefused(_("Nobody has proposed an answer yet."))
    change = publish_statement(proposed, by=by, note=note)
    idea.refresh_from_db()
    return change


@dataclass
class Batch:
    """What became of several proposals: those published, and (statement, reason) of the others."""

    published: list = field(default_factory=list)
    refused: list[tuple] = field(default_factory=list)


def obstacle(statement, by) -> str:
    """Return why ``by`` cannot publish ``statement`` now, "" where nothing stands against it."""
    if STATEMENT.blocked(statement, "publish"):
        return STATEMENT.blocked(statement, "publish")
    if not STATEMENT.table["publish"].permission(by, statement):
        return _("It is your own proposal or your own idea: a second person publishes it.")
    try:
        ready(statement)
    except TransitionRefused as refusal:
        return str(refusal)
    return ""


def publish_batch(statements, *, by) -> Batch:
    """Publish each of ``statements`` that can be; what is refused is whole as it was.

    Each stands for itself, so that a run which is cut off can be run again: what was published is
    named as such and mails nobody twice.
    """
    batch = Batch()
    for statement in statements:
        against = obstacle(statement, by)
        if not against:
            against = _publish_or_say_why(statement, by)
        if against:
            batch.refused.append((statement, against))
        else:
            batch.published.append(statement)
    return batch


def _publish_or_say_why(statement, by) -> str:
    """Publish one of a batch; somebody may have been faster since it was looked at."""
    try:
        publish_statement(statement, by=by)
    except TransitionRefused as refusal:
        return str(refusal)
    return ""
