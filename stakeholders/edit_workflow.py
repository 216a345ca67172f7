"""The states of a correction by the author, and the moves between them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.permissions import is_staff, is_system
from core.workflow import Transition, TransitionRefused, Workflow

from .models import EditStatus, Idea, IdeaStatus, words_of
from .permissions import is_own_edit

PENDING = EditStatus.PENDING
#: The text of an idea changes in these states; an answer or an end was given to the text as it is.
CORRECTABLE_STATES = frozenset(
    {
        IdeaStatus.RECEIVED,
        IdeaStatus.INFO_REQUESTED,
        IdeaStatus.PUBLISHED,
        IdeaStatus.UNDER_REVIEW,
    }
)


def refuse_closed(idea):
    """Refuse where the text of the idea can no longer change."""
    if idea.status not in CORRECTABLE_STATES:
        raise TransitionRefused(
            gettext("The text can no longer be corrected: the idea is “%(state)s”.")
            % {"state": idea.get_status_display()}
        )


def still_fits(edit):
    """Refuse where the idea is closed, or where somebody else changed what this one changes."""
    idea = Idea._base_manager.get(pk=edit.idea_id)
    refuse_closed(idea)
    now = words_of(idea)
    moved = [name for name in edit.changed if now[name] != edit.former[name]]
    if moved:
        names = ", ".join(str(Idea._meta.get_field(name).verbose_name) for name in moved)
        raise TransitionRefused(
            gettext(
                "Since this correction was sent, somebody has changed: %(fields)s. Refuse it with "
                "this reason, so that its author can look again."
            )
            % {"fields": names}
        )


#: Nobody decides on a correction of an idea of their own.
decides = is_staff & ~is_own_edit

EDIT = Workflow(
    "stakeholders.IdeaEdit",
    EditStatus,
    [
        Transition("apply", (PENDING,), EditStatus.APPLIED, is_system, _("Put in place")),
        Transition(
            "approve",
            (PENDING,),
            EditStatus.APPROVED,
            decides,
            _("Publish the correction"),
            guard=still_fits,
            style="primary",
        ),
        Transition(
            "refuse",
            (PENDING,),
            EditStatus.REFUSED,
            decides,
            _("Refuse the correction"),
            form="stakeholders.forms.EditRefusalForm",
            style="danger",
        ),
        Transition("replace", (PENDING,), EditStatus.REPLACED, is_system, _("Replaced")),
    ],
)
