"""The states of an idea and of an organisation, and the moves between them."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.permissions import is_staff, is_system
from core.publication import parity_guard
from core.workflow import Transition, TransitionRefused, Workflow

from .models import CLOSED_IDEA, IdeaStatus, OrganisationStatus
from .permissions import (
    asked_while,
    came_off_line,
    hears_the_reply,
    is_part,
    merged_while,
    moderates,
    publishes_answer,
    takes_back,
)

SUBMITTED, RECEIVED = IdeaStatus.SUBMITTED, IdeaStatus.RECEIVED
INFO_REQUESTED, PUBLISHED = IdeaStatus.INFO_REQUESTED, IdeaStatus.PUBLISHED
UNDER_REVIEW, ANSWERED = IdeaStatus.UNDER_REVIEW, IdeaStatus.ANSWERED

#: While an idea is one of these, a part of it can become an idea of its own.
SPLITTABLE = (RECEIVED, PUBLISHED, UNDER_REVIEW)
#: For so long a merge of ideas can be undone.
UNDO_WITHIN = timedelta(days=30)
REPLY_FORM = "stakeholders.forms.ReplyForm"


def never_published(idea):
    """Refuse where the idea has a public page: then it is answered or hidden, not refused."""
    if idea.published_at is not None:
        raise TransitionRefused(
            gettext("This idea was published already. Give it an answer, or hide it.")
        )


def merge_target_is_alive(idea):
    """Refuse a merge into nothing, into itself, or into an idea that does not go on."""
    target = idea.duplicate_of
    if target is None or target.pk == idea.pk:
        raise TransitionRefused(gettext("Choose another idea to merge this one into."))
    if not target.is_public or target.status in CLOSED_IDEA:
        raise TransitionRefused(gettext("The other idea has to be public and still go on."))


def is_passage(part: str, whole: str) -> bool:
    """Tell whether each paragraph of ``part`` stands in ``whole``, whatever the white space."""
    found = " ".join(whole.split())
    paragraphs = [" ".join(each.split()) for each in part.splitlines() if each.strip()]
    return bool(paragraphs) and all(each in found for each in paragraphs)


def merge_can_be_undone(idea):
    """Refuse thirty days after the merge, and where the other idea was merged on since."""
    merge = idea.merges.select_related("survivor").get(undone_at=None)
    if timezone.now() > merge.at + UNDO_WITHIN:
        raise TransitionRefused(
            gettext("A merge can be undone within thirty days. This one is older.")
        )
    if merge.survivor.status == IdeaStatus.MERGED:
        raise TransitionRefused(
            gettext("The other idea was merged on since. Undo that later merge first.")
        )


def undo_merge(code: str, status: str) -> Transition:
    """Return the move that brings a merged idea back to what it was."""
    return Transition(
        f"undo_merge_{code}",
        (IdeaStatus.MERGED,),
        status,
        moderates & merged_while(status),
        _("Undo the merge"),
        guard=merge_can_be_undone,
        reason=True,
    )


IDEA = Workflow(
    "stakeholders.Idea",
    IdeaStatus,
    [
        Transition("confirm", (SUBMITTED,), RECEIVED, is_system, _("Confirm the address")),
        Transition(
            "register",
            (SUBMITTED,),
            RECEIVED,
            is_staff & came_off_line,
            _("Register what came on paper, by phone or at the desk"),
        ),
        Transition(
            "split_off",
            (SUBMITTED,),
            RECEIVED,
            moderates & is_part,
            _("Register a part of another idea"),
        ),
        Transition(
            "publish",
            (RECEIVED,),
            PUBLISHED,
            moderates,
            _("Publish"),
            form="stakeholders.forms.PublishForm",
            style="primary",
        ),
        Transition(
            "ask_info",
            (RECEIVED, PUBLISHED, UNDER_REVIEW),
            INFO_REQUESTED,
            moderates,
            _("Ask a question"),
            form="stakeholders.forms.QuestionForm",
        ),
        Transition(
            "resume_moderation",
            (INFO_REQUESTED,),
            RECEIVED,
            hears_the_reply & asked_while(RECEIVED),
            _("Enter the reply, back to moderation"),
            form=REPLY_FORM,
        ),
        Transition(
            "resume_publication",
            (INFO_REQUESTED,),
            PUBLISHED,
            hears_the_reply & asked_while(PUBLISHED),
            _("Enter the reply, published again"),
            form=REPLY_FORM,
        ),
        Transition(
            "resume_review",
            (INFO_REQUESTED,),
            UNDER_REVIEW,
            hears_the_reply & asked_while(UNDER_REVIEW),
            _("Enter the reply, back to the review"),
            form=REPLY_FORM,
        ),
        Transition("start_review", (PUBLISHED,), UNDER_REVIEW, moderates, _("Start the review")),
        Transition(
            "answer",
            (PUBLISHED, UNDER_REVIEW),
            ANSWERED,
            publishes_answer,
            _("Publish the answer"),
            guard=parity_guard,
            confirm=_("It is published in both languages and sent to the contributors, for good."),
            style="primary",
        ),
        Transition(
            "refuse",
            (RECEIVED, INFO_REQUESTED),
            IdeaStatus.NOT_ADMISSIBLE,
            moderates,
            _("Not admissible"),
            guard=never_published,
            form="stakeholders.forms.RefusalForm",
            style="danger",
        ),
        Transition(
            "merge",
            (RECEIVED, PUBLISHED, UNDER_REVIEW, ANSWERED),
            IdeaStatus.MERGED,
            moderates,
            _("Merge into another idea"),
            guard=merge_target_is_alive,
            form="stakeholders.forms.MergeForm",
        ),
        undo_merge("received", RECEIVED),
        undo_merge("published", PUBLISHED),
        undo_merge("review", UNDER_REVIEW),
        undo_merge("answered", ANSWERED),
        Transition(
            "withdraw",
            (RECEIVED, INFO_REQUESTED, PUBLISHED, UNDER_REVIEW),
            IdeaStatus.WITHDRAWN,
            takes_back,
            _("Withdraw"),
            form="stakeholders.forms.WithdrawalForm",
            style="danger",
        ),
        Transition(
            "hide",
            (*(PUBLISHED, UNDER_REVIEW, ANSWERED, INFO_REQUESTED), *sorted(CLOSED_IDEA)),
            IdeaStatus.HIDDEN,
            moderates,
            _("Hide"),
            reason=True,
            style="danger",
        ),
        Transition(
            "archive",
            (ANSWERED,),
            IdeaStatus.ARCHIVED,
            moderates,
            _("Archive"),
        ),
    ],
)


ACTIVE, DORMANT = OrganisationStatus.ACTIVE, OrganisationStatus.DORMANT
CLOSED = OrganisationStatus.CLOSED


def is_its_own_record(organisation):
    """Refuse where the organisation was merged: its survivor is the one that moves."""
    if organisation.merged_into_id is not None:
        raise TransitionRefused(
            gettext("This record was merged into another one. Change that one instead.")
        )


ORGANISATION = Workflow(
    "stakeholders.Organisation",
    OrganisationStatus,
    [
        Transition(
            "rest",
            (ACTIVE,),
            DORMANT,
            is_staff,
            _("Mark as dormant"),
            guard=is_its_own_record,
        ),
        Transition(
            "wake", (DORMANT,), ACTIVE, is_staff, _("Mark as active"), guard=is_its_own_record
        ),
        Transition(
            "close",
            (ACTIVE, DORMANT),
            CLOSED,
            is_staff,
            _("Close: it ended"),
            guard=is_its_own_record,
            form="stakeholders.forms.EndForm",
            style="danger",
        ),
        Transition(
            "reopen",
            (CLOSED,),
            ACTIVE,
            is_staff,
            _("Reopen: it was closed by mistake"),
            guard=is_its_own_record,
            reason=True,
        ),
    ],
)
