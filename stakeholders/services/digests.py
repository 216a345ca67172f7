"""What saved searches have newly found: one mail a day at most for each person."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.models import Message

from .. import follow_mails
from ..following import SavedSearch
from ..models import Followed, Subscription, SubscriptionState

#: An idea is published a moment before others can see it: nothing younger is looked at.
SETTLED = timedelta(minutes=5)
#: So many ideas of one search are named; the list has the others.
SHOWN = 10
PREFIX = "idea-digest:"


def send_digests(now=None) -> int:
    """Write to everybody whose saved searches have found something new; return how many mails.

    Each person is a transaction of its own: what was told and up to when it was looked go together.
    """
    now = now or timezone.now()
    people = _searches().order_by("contact").values_list("contact", flat=True).distinct()
    return sum(_digest(pk, now) for pk in list(people))


def _searches():
    return Subscription.objects.filter(
        kind=Followed.SEARCH, status=SubscriptionState.ACTIVE
    ).exclude(contact__email="")


@transaction.atomic
def _digest(contact_pk: int, now) -> bool:
    rows = _searches().filter(contact=contact_pk).select_related("contact").order_by("pk")
    searches = list(rows.select_for_update(of=["self"]))
    key = f"{PREFIX}{contact_pk}:{timezone.localdate(now)}"
    if not searches or Message.objects.filter(key=key).exists():
        return False
    until = now - SETTLED
    language = searches[-1].language
    sections = _sections(searches, until, language)
    if not sections:
        return False
    follow_mails.send_digest(searches[0].contact, language, sections, key)
    Subscription.objects.filter(pk__in=[each.pk for each in searches], seen_until__lt=until).update(
        seen_until=until
    )
    return True


def _sections(searches, until, language) -> list[dict]:
    """Return what each search has found, an idea that several found under the first one only."""
    seen, found = set(), []
    for each in searches:
        rows = SavedSearch(each.target).ideas().exclude(pk__in=seen)
        fresh = rows.filter(published_at__gt=each.seen_until, published_at__lte=until)
        ideas, total = list(fresh[:SHOWN]), fresh.count()
        seen.update(fresh.values_list("pk", flat=True))
        if ideas:
            found.append(follow_mails.section(each.target, ideas, total, language))
    return found


def reason_not_to_send(message: Message) -> str | None:
    """Return why a digest is not wanted any more, or None (slot `mail.veto`)."""
    if not message.key.startswith(PREFIX):
        return None
    contact_pk = message.key.split(":")[1]
    wanted = _searches().filter(contact=contact_pk).exists()
    return None if wanted else "unsubscribed"
