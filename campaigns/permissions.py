"""Who may do what with a campaign."""

import rules

from core.permissions import is_office


@rules.predicate
def wrote_none_of_it(user, campaign=None):
    """Tell whether the user neither made nor edited the campaign: a second pair of eyes."""
    if campaign.pk is None:
        return True
    return campaign.created_by_id != user.pk and not campaign.editors.filter(pk=user.pk).exists()


writes_campaigns = is_office
approves_campaign = is_office & wrote_none_of_it
