"""What the pages say about an idea in plain words, and the names of internal pages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import typography

from .models import IdeaStatus, RefusalReason, WithdrawalReason

#: The internal pages of the register, as they stand in menus: (name of the address, label).
FRAME_PAGES = (
    ("register-grid", gettext_lazy("Power/interest grid")),
    ("register-matrix", gettext_lazy("Engagement matrix")),
    ("register-silence", gettext_lazy("Silence radar")),
    ("register-balance", gettext_lazy("Helix balance")),
)
#: The kind of chip that goes with each state.
CHIPS = {
    IdeaStatus.SUBMITTED: "wait",
    IdeaStatus.RECEIVED: "wait",
    IdeaStatus.INFO_REQUESTED: "wait",
    IdeaStatus.PUBLISHED: "info",
    IdeaStatus.UNDER_REVIEW: "info",
    IdeaStatus.ANSWERED: "ok",
    IdeaStatus.MERGED: "info",
    IdeaStatus.WITHDRAWN: "stop",
    IdeaStatus.NOT_ADMISSIBLE: "stop",
    IdeaStatus.HIDDEN: "stop",
    IdeaStatus.ARCHIVED: "info",
}


def sentence(idea) -> str:
    """Return where ``idea`` stands, as one would say it to its author."""
    return SENTENCES[idea.status](idea)


def _submitted(idea):
    return _("It waits for its author to confirm it by mail.")


def _received(idea):
    return _("It arrived on %(day)s. The Office reads it before it is published.") % {
        "day": typography.day(idea.received_at)
    }


def _info_requested(idea):
    return _("The Office has asked its author a question and waits for the reply.")


def _published(idea):
    if idea.published_at is None:
        return _("It is published. The Office has not answered it yet.")
    return _("It was published on %(day)s. The Office has not answered it yet.") % {
        "day": typography.day(idea.published_at)
    }


def _under_review(idea):
    return _("The Office is working on its answer.")


def _answered(idea):
    words = {"day": typography.day(idea.answered_at), "outcome": idea.get_outcome_display()}
    return _("The Office answered on %(day)s: %(outcome)s.") % words


def _merged(idea):
    return _("It was merged into another idea and goes on there.")


def _withdrawn(idea):
    return _("It was withdrawn: %(reason)s.") % {
        "reason": WithdrawalReason(idea.closing_reason).label
    }


def _not_admissible(idea):
    return _("It is not admissible: %(reason)s.") % {
        "reason": RefusalReason(idea.closing_reason).label
    }


def _hidden(idea):
    return _("The Office has taken it off the portal.")


def _archived(idea):
    return _("It is archived. Its page stays.")


SENTENCES = {
    IdeaStatus.SUBMITTED: _submitted,
    IdeaStatus.RECEIVED: _received,
    IdeaStatus.INFO_REQUESTED: _info_requested,
    IdeaStatus.PUBLISHED: _published,
    IdeaStatus.UNDER_REVIEW: _under_review,
    IdeaStatus.ANSWERED: _answered,
    IdeaStatus.MERGED: _merged,
    IdeaStatus.WITHDRAWN: _withdrawn,
    IdeaStatus.NOT_ADMISSIBLE: _not_admissible,
    IdeaStatus.HIDDEN: _hidden,
    IdeaStatus.ARCHIVED: _archived,
}
