"""What saved searches have newly found: one mail a day at most for each person.

A digest that waits keeps which searches it looked through, from when to when, and is made anew when
it is handed over: so it names what anybody may see at that moment, and nothing twice.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import mail
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
    sections = _sections([(each.target, each.seen_until) for each in searches], until, language)
    if not sections:
        return False
    facts = {
        "after": {str(each.pk): each.seen_until.isoformat() for each in searches},
        "until": until.isoformat(),
    }
    follow_mails.send_digest(searches[0].contact, language, sections, key, facts)
    Subscription.objects.filter(pk__in=[each.pk for each in searches], seen_until__lt=until).update(
        seen_until=until
    )
    return True


def _sections(searches, until, language) -> list[dict]:
    """Return what each of ``searches`` ([(query, after)]) has found up to ``until``.

    An idea that several found stands under the first one only.
    """
    seen, found = set(), []
    for query, after in searches:
        rows = SavedSearch(query).ideas().exclude(pk__in=seen)
        fresh = rows.filter(published_at__gt=after, published_at__lte=until)
        ideas, total = list(fresh[:SHOWN]), fresh.count()
        seen.update(fresh.values_list("pk", flat=True))
        if ideas:
            found.append(follow_mails.section(query, ideas, total, language))
    return found


def made_anew(message: Message) -> dict | None:
    """Return what a digest tells when it is handed over, None for any other mail (`mail.context`).

    It is about the searches that its reader still follows; raises `mail.Refused` where these find
    nothing of that time any more.
    """
    if not message.key.startswith(PREFIX):
        return None
    after = {int(pk): datetime.fromisoformat(at) for pk, at in message.facts["after"].items()}
    rows = _searches().filter(pk__in=after).select_related("contact").order_by("pk")
    searches = [(each.target, after[each.pk]) for each in rows]
    until = datetime.fromisoformat(message.facts["until"])
    sections = _sections(searches, until, message.language)
    if not sections:
        raise mail.Refused(str(_("Nothing of it is public or followed any more.")), final=True)
    return follow_mails.digest_context(rows[0].contact, sections)
