"""Who may do what with workshops."""

from accounts.roles import Role
from core.permissions import has_role

#: Announce, run and report; put ideas on the agenda and record what came of them.
runs_workshops = has_role(Role.STAFF, Role.FACILITATOR)
