"""The kinds of bodies, and which roles speak for each: data that models and permissions share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


class BodyKind(models.TextChoices):
    """What sort of body it is."""

    BOARD = "board", _("Governance Board")
    JURY = "jury", _("jury")
    GOVERNMENT = "government", _("Government")
    STEERING = "steering", _("steering committee")
    WORKING_GROUP = "working_group", _("working group")


#: Who records what a body decides. The secretariat transcribes for all; the administrator never.
RECORDERS = {
    BodyKind.BOARD: (Role.SECRETARY, Role.CHAIR),
    BodyKind.JURY: (Role.SECRETARY, Role.CHAIR),
    BodyKind.GOVERNMENT: (Role.SECRETARY, Role.GOVERNMENT),
    BodyKind.STEERING: (Role.SECRETARY, Role.STAFF),
    BodyKind.WORKING_GROUP: (Role.SECRETARY, Role.STAFF),
}
#: Who reads the papers that are for members only, beside the office itself.
READERS = {
    BodyKind.BOARD: (Role.BOARD, Role.CHAIR),
    BodyKind.JURY: (Role.JUROR, Role.CHAIR),
    BodyKind.GOVERNMENT: (Role.GOVERNMENT,),
    BodyKind.STEERING: (Role.BOARD,),
    BodyKind.WORKING_GROUP: (Role.BOARD,),
}


def kinds_for(user, table) -> list[str]:
    """Return the kinds of bodies for which ``user`` holds a role of ``table``."""
    holds = getattr(user, "has_role", lambda *roles: False)
    return [kind for kind, roles in table.items() if holds(*roles)]
