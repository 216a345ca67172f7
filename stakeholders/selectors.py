"""What pages, mails and other apps ask about ideas, organisations and subscriptions."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone

from accounts.roles import Role
from core import tokens

from .models import (
    IN_WORK,
    AnswerFeedback,
    Idea,
    IdeaStatus,
    OfficialStatement,
    Organisation,
    StatementKind,
    Submission,
    Subscription,
    SubscriptionRequest,
    SubscriptionState,
)

CONFIRM_PURPOSE = "idea-confirm"
TRACKING_PURPOSE = "idea-tracking"
FEEDBACK_PURPOSE = "idea-feedback"
SUBSCRIBE_PURPOSE = "subscribe-confirm"
CONFIRM_TTL = timedelta(hours=72)
TRACKING_TTL = timedelta(days=730)

#: The Office's own time limit, for its queues of files and corrections. See `clock` for ideas.
MODERATION_WITHIN = timedelta(days=7)
REPORTS_WITHIN = timedelta(days=2)

IDEA_NAMES = ("theme", "workstream", "municipality", "organisation", "duplicate_of")


def visible_ideas(user):
    """Return the ideas that ``user`` may open, with what a line about them names."""
    return Idea.objects.visible_to(user).select_related(*IDEA_NAMES)


def public_ideas(user):
    """Return the ideas that have a public page, the same for everybody who may see them."""
    return visible_ideas(user).public()


def listed_ideas(user):
    """Return the ideas of the list without a filter: public and going on."""
    return public_ideas(user).current()


def listed_organisations(user):
    """Return the register as the public sees it, in the order of the page's language."""
    return Organisation.objects.visible_to(user).public().order_by_translated("name", "pk")


def survivor_at(slug: str, user) -> Organisation | None:
    """Return the organisation into which the one at ``slug`` was merged, if ``user`` may see it."""
    merged = Organisation.objects.filter(slug=slug, merged_into__isnull=False)
    return Organisation.objects.visible_to(user).filter(pk__in=merged.values("merged_into")).first()


def tracked_submission(raw: str) -> Submission | None:
    """Return the contribution that the secret tracking link ``raw`` opens, or None."""
    return _submission_of(tokens.find(TRACKING_PURPOSE, raw))


def awaiting_submission(raw: str) -> Submission | None:
    """Return the contribution that the link ``raw`` would confirm, or None; nothing is changed."""
    return _submission_of(tokens.find(CONFIRM_PURPOSE, raw))


def _submission_of(token):
    if token is None:
        return None
    rows = Submission.objects.select_related("contact", *(f"idea__{n}" for n in IDEA_NAMES))
    return rows.filter(pk=token.subject_pk).first()


def awaiting_request(raw: str) -> SubscriptionRequest | None:
    """Return the request that the link ``raw`` would confirm, or None; nothing is changed."""
    token = tokens.find(SUBSCRIBE_PURPOSE, raw)
    return token and SubscriptionRequest.objects.filter(pk=token.subject_pk).first()


def asked_feedback(raw: str) -> AnswerFeedback | None:
    """Return the question that the link ``raw`` would answer, or None; nothing is changed."""
    token = tokens.find(FEEDBACK_PURPOSE, raw)
    rows = AnswerFeedback.objects.select_related("statement__idea")
    return token and rows.filter(pk=token.subject_pk).first()


@dataclass(frozen=True)
class Told:
    """What was published about an idea, the newest first."""

    answer: OfficialStatement | None
    earlier: list[OfficialStatement]
    updates: list[OfficialStatement]
    acknowledgements: list[OfficialStatement]


def told_about(idea) -> Told:
    """Return the published statements about ``idea``: the answer that holds, and the rest."""
    by_kind = {kind: [] for kind in StatementKind}
    for statement in idea.statements.public():
        by_kind[statement.kind].append(statement)
    answers = by_kind[StatementKind.ANSWER]
    return Told(
        answer=answers[0] if answers else None,
        earlier=answers[1:],
        updates=by_kind[StatementKind.UPDATE],
        acknowledgements=by_kind[StatementKind.ACKNOWLEDGEMENT],
    )


def open_question(idea):
    """Return the question that waits for a reply, or None."""
    return idea.questions.filter(replied_at=None).first()


def pending_edit(idea):
    """Return the correction that waits for the Office, or None."""
    return idea.edits.pending().select_related("theme", "municipality").first()


def on_paper(idea) -> Submission | None:
    """Return the contribution of whoever sent ``idea`` and has no e-mail address, or None."""
    rows = idea.submissions.filter(via=None, contact__email="", contact__erased_at=None)
    return rows.select_related("contact", "idea").order_by("pk").first()


def contributions_to(ideas):
    """Return who sent each of ``ideas``, a merged one included: confirmed, and not hidden."""
    left_out = (IdeaStatus.SUBMITTED, IdeaStatus.HIDDEN)
    rows = Submission.objects.filter(idea__in=ideas).exclude(idea__status__in=left_out)
    return rows.select_related("idea", "contact").order_by("idea__reference", "pk")


def names_of(column: str, keys) -> dict:
    """Return {key: name} of themes or municipalities in the language of the page; "" for none."""
    model = Idea._meta.get_field(column).related_model
    found = model.objects.in_bulk([key for key in keys if key is not None])
    return {key: str(found[key]) if key in found else "" for key in keys}


def active_subscriptions(topic):
    """Return the confirmed subscriptions to ``topic`` of people who can be written to."""
    rows = Subscription.objects.filter(topic=topic, status=SubscriptionState.ACTIVE)
    return rows.exclude(contact__email="").select_related("contact", "topic").order_by("pk")


def colleagues():
    """Return the staff by name, each with ``load`` ideas to evaluate, ``late`` of them overdue."""
    running = Q(idea_assignments__ended_at=None, idea_assignments__idea__status__in=IN_WORK)
    late = running & Q(idea_assignments__due_on__lt=timezone.localdate())
    staff = get_user_model().objects.filter(is_active=True, groups__name=Role.STAFF)
    counts = {
        name: Count("idea_assignments", filter=each)
        for name, each in (("load", running), ("late", late))
    }
    return staff.annotate(**counts).order_by("name", "email")
