"""What is said of a draft that no person has written."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .models import Campaign


def made_by_the_portal(campaign: Campaign, codes) -> Iterator[tuple[str, str]]:
    """Yield (language, advice) for each text that the portal has put together."""
    if campaign.created_by_id is None and campaign.events.exists():
        words = _("The portal has put this text together: somebody has to read it word for word.")
        yield from ((code, words) for code in codes)
