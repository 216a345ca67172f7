"""The roles of the portal. Each is a Django group of the same code, made by `sync_roles`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who somebody is for the portal; one person may hold several roles."""

    STAFF = "staff", _("Staff of the Office")
    FACILITATOR = "facilitator", _("Facilitator")
    JUROR = "juror", _("Jury member")
    CHAIR = "chair", _("Chair of the jury")
    SECRETARY = "secretary", _("Secretariat")
    GOVERNMENT = "government", _("Government and cabinets")
    BOARD = "board", _("Board member")
    LEAD = "lead", _("Project lead")
    OWNER = "owner", _("Owner of an initiative or an indicator")
    TRANSLATOR = "translator", _("Translator")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


#: Roles that may not work without a second factor where MFA_OBLIGATORY is set.
SECOND_FACTOR_ROLES = frozenset(
    {
        Role.STAFF,
        Role.JUROR,
        Role.CHAIR,
        Role.SECRETARY,
        Role.GOVERNMENT,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    }
)

#: Roles that enter the back office (the Django admin); what they see there is decided per model.
OFFICE_ROLES = frozenset(
    {
        Role.STAFF,
        Role.FACILITATOR,
        Role.SECRETARY,
        Role.TRANSLATOR,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)
