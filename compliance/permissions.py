"""Who answers for the standards."""

from core.permissions import is_office
from roadmap.permissions import owns_initiative

#: The Office, and the named owner of the initiative.
can_assess = is_office | owns_initiative
