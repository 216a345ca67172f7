"""Who may do what with sheets, sessions and ballots (the table of `docs/permissions.md`).

A superuser or an administrator has no vote here and no look into a ballot: every predicate asks for
a role or for a mandate.
"""

import rules

from accounts.roles import Role
from core.permissions import (
    has_role,
    is_auditor,
    is_chair,
    is_government,
    is_office,
    is_secretary,
    is_system,
)

from .models import Assignment


@rules.predicate
def leads_sheet(user, sheet=None):
    """Tell whether ``user`` is the project lead of this sheet."""
    return (
        sheet is not None
        and sheet.lead_id is not None
        and sheet.lead_id == getattr(user, "pk", None)
        and user.has_role(Role.LEAD)
    )


@rules.predicate
def holds_mandate(user, assignment=None):
    """Tell whether the ballot of this assignment is the user's own (reading it stays possible)."""
    contact = assignment.mandate.contact if assignment else None
    return (
        contact is not None
        and contact.user_id is not None
        and contact.user_id == getattr(user, "pk", None)
    )


@rules.predicate
def is_conflicted(user, declaration=None):
    """Tell whether the declaration is the user's own, so that somebody else has to rule on it."""
    return declaration is not None and holds_mandate(user, declaration.assignment)


@rules.predicate
def is_juror_of(user, session=None):
    """Tell whether ``user`` scores in this session."""
    return session is not None and Assignment.objects.of(user).filter(session=session).exists()


runs_session = is_secretary | is_chair
edits_sheet = is_office | leads_sheet
judges_sheet = is_secretary | is_chair
decides_sheet = is_government | is_secretary
publishes_selection = is_office | is_government | is_system
casts_ballot = holds_mandate & has_role(Role.JUROR, Role.CHAIR)
rules_on_conflict = is_chair & ~is_conflicted
reads_board = is_secretary | is_chair | is_auditor
reads_results = reads_board | is_juror_of | is_government
