"""Who may do what with a campaign."""

import rules
from django.utils.translation import gettext as _

from accounts.roles import Role
from core.permissions import has_role, is_office
from core.workflow import PermissionRefused


@rules.predicate
def wrote_none_of_it(user, campaign=None):
    """Tell whether the user neither made nor edited the campaign: a second pair of eyes."""
    if campaign.pk is None:
        return True
    return campaign.created_by_id != user.pk and not campaign.editors.filter(pk=user.pk).exists()


writes_campaigns = is_office
approves_campaign = is_office & wrote_none_of_it


def check_writer(user) -> None:
    """Raise `PermissionRefused` for who does not write campaigns."""
    if not writes_campaigns(user):
        raise PermissionRefused(_("You may not do this."))


#: Who is told the names behind a number. Auditors check numbers and procedures, not people.
names_people = has_role(Role.STAFF, Role.ADMINISTRATOR)
