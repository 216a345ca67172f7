"""What the mail engine shows in the back office: mails that nothing could be read from."""

from django.urls import reverse
from django.utils.translation import gettext as _

from . import slots
from .models import BounceRaw
from .permissions import is_staff
from .queues import Queue, Waiting

SHOWN = 10
VOLET = 1


def unreadable_mails(user) -> Queue | None:
    """Queue: mails that came back and say nothing that could be read, the oldest first."""
    if not is_staff(user):
        return None
    rows = BounceRaw.objects.filter(state=BounceRaw.State.UNREADABLE).order_by("received_at", "pk")
    found = [_waiting(raw) for raw in rows.only("sha256", "received_at")[:SHOWN]]
    if not found:
        return None
    url = reverse("admin:core_bounceraw_changelist") + "?state__exact=unreadable"
    title = _("Mails that came back and could not be read")
    return Queue(title, VOLET, found, rows.count(), url)


def _waiting(raw) -> Waiting:
    url = reverse("admin:core_bounceraw_change", args=[raw.pk])
    words = _("Mail %(number)s") % {"number": raw.pk}
    return Waiting(words, url, since=raw.received_at, whom=_("Staff"))


slots.register("office.queues", unreadable_mails)
