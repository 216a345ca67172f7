"""Who may do what on the roadmap."""

import rules

from core.permissions import is_office


@rules.predicate
def owns_initiative(user, obj=None):
    """Tell whether the user is the named owner of the initiative or of a milestone's initiative."""
    initiative = getattr(obj, "initiative", obj)
    owner = getattr(initiative, "owner_id", None)
    return owner is not None and getattr(user, "is_active", False) and owner == user.pk


#: What an owner reports on the own initiative; what is stopped or merged is for the Office.
can_report = is_office | owns_initiative
can_publish_selection = is_office
can_publish_edition = is_office
