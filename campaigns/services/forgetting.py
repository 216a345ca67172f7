"""What deliveries keep of a person, and for how long."""

from dateutil.relativedelta import relativedelta
from django.db.models import F

from core.posting.rows import OPEN_STATES, CopyState

from ..models import Campaign, Delivery, LeftOut

#: Months after its end for which a campaign knows addresses; its counts stay.
KEPT_MONTHS = 12
NOBODY = {"email": "", "name": "", "email_norm": F("email_hmac")}


def forget_people(people) -> None:
    """Empty the deliveries of contacts that are being erased; nothing is sent to them any more.

    The keyed hash of the address stays, so that the list still names everybody once.
    """
    rows = Delivery.objects.filter(contact__in=people)
    rows.filter(state__in=OPEN_STATES).exclude(state=CopyState.SENDING).update(
        state=CopyState.SUPPRESSED,
        reason=LeftOut.REMOVED,
        lease_owner=None,
        lease_until=None,
    )
    rows.update(**NOBODY)


def forget_addresses(now) -> int:
    """Empty the addresses of campaigns that ended twelve months ago (beat); return how many."""
    limit = now - relativedelta(months=KEPT_MONTHS)
    over = Campaign.objects.filter(finished_at__lt=limit)
    return Delivery.objects.filter(campaign__in=over).exclude(email="").update(**NOBODY)
