"""The links that this app owns."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import trace
from core.permissions import reads_everything
from core.trace import Edge


def author_is_named(user) -> Q:
    """Return which ideas may be tied to their organisation: those whose author wished so."""
    return Q() if reads_everything(user) else Q(display="organisation")


trace.register(
    Edge(
        up="stakeholders.Idea",
        down="stakeholders.Idea",
        through="stakeholders.Idea",
        up_path="pk",
        down_path="duplicate_of",
        label=_("merged into"),
        reverse=_("took in"),
    )
)
trace.register(
    Edge(
        up="stakeholders.Idea",
        down="stakeholders.Idea",
        through="stakeholders.Idea",
        up_path="split_from",
        down_path="pk",
        label=_("separated into"),
        reverse=_("separated from"),
        # What became of the part is told on its own page: it is one of two proposals.
        gathers=True,
    )
)
trace.register(
    Edge(
        up="stakeholders.Organisation",
        down="stakeholders.Idea",
        through="stakeholders.Idea",
        up_path="organisation",
        down_path="pk",
        label=_("proposed"),
        reverse=_("proposed by"),
        visible=author_is_named,
    )
)
trace.register(
    Edge(
        up="stakeholders.Interaction",
        down="stakeholders.Idea",
        through="stakeholders.Idea",
        up_path="raised_in",
        down_path="pk",
        label=_("raised the idea"),
        reverse=_("raised during"),
    )
)
trace.register(
    Edge(
        up="programme.Workstream",
        down="stakeholders.Idea",
        through="stakeholders.Idea",
        up_path="workstream",
        down_path="pk",
        label=_("answered by the idea"),
        reverse=_("for the priority workstream"),
    )
)
