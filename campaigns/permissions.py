"""Who may do what with a campaign."""

import rules
from django.utils.translation import gettext as _

from accounts.roles import Role
from core.permissions import has_role, is_office, is_translator
from core.search import LANGUAGES
from core.workflow import PermissionRefused


@rules.predicate
def wrote_none_of_it(user, campaign=None):
    """Tell whether the user neither made nor edited the campaign: a second pair of eyes."""
    if campaign.pk is None:
        return True
    return campaign.created_by_id != user.pk and not campaign.editors.filter(pk=user.pk).exists()


writes_campaigns = is_office
#: Writes communication plans, adopts them and says what became of their actions.
writes_plans = is_office
approves_campaign = is_office & wrote_none_of_it


def check_writer(user) -> None:
    """Raise `PermissionRefused` for who does not write campaigns."""
    if not writes_campaigns(user):
        raise PermissionRefused(_("You may not do this."))


def check_planner(user, changed=()) -> None:
    """Raise `PermissionRefused` for who does not write plans; translators may change texts only.

    ``changed`` names the fields that are changed of an existing row.
    """
    only_texts = bool(changed) and all(is_text(name) for name in changed)
    if not (writes_plans(user) or (only_texts and is_translator(user))):
        raise PermissionRefused(_("You may not do this."))


def is_text(name: str) -> bool:
    """Tell whether a field is a column of a translated text, or the mark that it was read."""
    return name == "not_proofread" or name.rpartition("_")[2] in LANGUAGES


#: Who is told the names behind a number. Auditors check numbers and procedures, not people.
names_people = has_role(Role.STAFF, Role.ADMINISTRATOR)
