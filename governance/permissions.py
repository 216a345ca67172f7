"""Who may do what with meetings, decisions and actions. The administrator records nothing."""

import rules

from accounts.roles import Role
from core.permissions import has_role, is_chair, is_office

from .kinds import RECORDERS
from .models import Decision, Meeting


def meeting_of(obj) -> Meeting | None:
    """Return the meeting that ``obj`` is or belongs to; None for a row that has none yet."""
    if isinstance(obj, Meeting):
        return obj
    if isinstance(obj, Decision):
        return obj.meeting if obj.meeting_id else None
    return None


@rules.predicate
def records(user, obj):
    """Tell whether the user writes down what this body decides.

    Where the body is not known yet, only the secretariat, which transcribes for every body.
    """
    meeting = meeting_of(obj)
    if meeting is None or not meeting.body_id:
        return has_role(Role.SECRETARY)(user)
    return has_role(*RECORDERS[meeting.body.kind])(user)


@rules.predicate
def owns_action(user, obj):
    """Tell whether the action was given to this user."""
    return obj is not None and obj.owner_id is not None and obj.owner_id == user.pk


convenes = records | is_office
follows_up = is_office | is_chair
works_on_action = follows_up | owns_action
verifies_action = follows_up & ~owns_action
