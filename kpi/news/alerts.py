"""Telling followers what has happened to a figure, and owners what is due: once each.

A notice is made in the transaction that queues its mails. What is not published (suspended,
retired, back in draft) sends nothing, nor does a mail that still waits about it.
"""

from collections import defaultdict
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import mail
from core.models import Message
from core.typography import day as day_words
from stakeholders import preferences
from stakeholders.follow_mails import absolute
from stakeholders.models import Followed, Subscription, SubscriptionState, Watch

from ..models import Indicator, IndicatorStatus, Notice
from ..periods import Period
from ..progress import Standing
from ..selectors import facts_of
from ..sentences import headline, position
from . import reminders
from .notices import News, news

WATCH = "indicator-news"
PREFIX = "figure-news:"
Kind = Notice.Kind
#: What followers are told; that a figure is due soon concerns its owner alone.
TOLD = frozenset({Kind.RELEASE, Kind.STANDING, Kind.LATE, Kind.STALE})


def tell_news(now: datetime | None = None) -> int:
    """Note and tell what has happened to figures since the last look; return how many notices.

    All that concerns one owner is one transaction and one mail to them.
    """
    now = now or timezone.now()
    start = {"position": int(now.timestamp())}
    watch = Watch.objects.get_or_create(name=WATCH, defaults=start)[0]
    found = news(datetime.fromtimestamp(watch.position, UTC), now)
    count = sum(tell(group) for group in by_owner(found))
    Watch.objects.filter(pk=watch.pk, position__lt=start["position"]).update(**start)
    return count


def by_owner(found: list[News]) -> list[list[News]]:
    """Return news together that concern one owner; of indicators without one, each by itself."""
    groups = defaultdict(list)
    for each in found:
        owner = each.indicator.owner_id
        groups[("owner", owner) if owner else ("indicator", each.indicator.pk)].append(each)
    return list(groups.values())


@transaction.atomic
def tell(group: list[News]) -> int:
    """Note the news of one owner and queue all mails about them; return how many were new."""
    made = defaultdict(list)
    for each in group:
        notice, is_new = Notice.objects.get_or_create(
            indicator=each.indicator, key=each.key, defaults=each.fields
        )
        if is_new:
            made[each.indicator].append((notice, each))
    for indicator, pairs in made.items():
        tell_followers(indicator, [pair for pair in pairs if is_told(pair[1])])
    notices = [notice for pairs in made.values() for notice, _news in pairs]
    reminders.remind(group[0].indicator.owner, notices)
    return len(notices)


def is_told(each: News) -> bool:
    """Tell whether followers are written to about this."""
    return each.kind in TOLD and not each.is_quiet


def tell_followers(indicator: Indicator, pairs: list[tuple[Notice, News]]) -> None:
    """Write one mail to each follower, about what happened since they began to follow."""
    if not pairs:
        return
    for row in followers(indicator).select_related("contact"):
        notices = [notice for notice, each in pairs if row.confirmed_at <= each.since]
        if notices:
            send(row, notices)


def followers(indicator: Indicator):
    """Return the confirmed subscriptions to an indicator."""
    rows = Subscription.objects.filter(
        kind=Followed.INDICATOR, target=indicator.code, status=SubscriptionState.ACTIVE
    )
    return rows.exclude(contact__email="").order_by("pk")


def send(row: Subscription, notices: list[Notice]) -> None:
    """Queue the mail about ``notices`` of one indicator to one follower."""
    link = preferences.link(row.contact, row)
    mail.enqueue(
        key=f"{PREFIX}{notices[0].pk}:{row.contact.pk}",
        template="figure_news",
        to=row.contact.email,
        language=row.language,
        context=lambda: context_of(notices, link),
        headers=preferences.list_headers(link, "figures"),
        facts={"notices": [each.pk for each in notices], "subscription": row.pk},
    )


def context_of(notices: list[Notice], link: str) -> dict:
    """Return what the template of a mail needs, as of now, in the language that is active."""
    indicator = notices[0].indicator
    facts = facts_of([indicator])[indicator.pk]
    return {
        "title": title_of(notices[0]),
        "indicator": indicator,
        "happened": [words_of(each) for each in notices],
        "headline": headline(facts),
        "position": position(facts),
        "page": absolute(indicator),
        "preferences": link,
    }


def title_of(notice: Notice) -> str:
    """Return what happened in two words, for the subject."""
    return {
        Kind.RELEASE: _("New figure"),
        Kind.STANDING: _("A threshold is crossed"),
        Kind.LATE: _("Late figure"),
        Kind.STALE: _("Outdated figure"),
    }[notice.kind]


def words_of(notice: Notice) -> str:
    """Return what happened as a sentence."""
    if notice.kind == Kind.STANDING:
        words = _("Held against its target, the indicator now stands here: %(standing)s.")
        return words % {"standing": Standing(notice.value).label}
    if notice.kind == Kind.RELEASE:
        return _release_words(*notice.key.split(":")[2:])
    words = _("The figure that was expected by %(day)s is late.")
    if notice.kind == Kind.STALE:
        words = _("The figure that was expected by %(day)s is still missing: the last one is old.")
    return words % {"day": day_words(notice.day)}


def _release_words(period: str, vintage: str) -> str:
    words = {"period": Period.parse(period).label}
    if vintage in {"1", "p"}:
        return _("There is a new figure for %(period)s.") % words
    return _("The figure for %(period)s was revised.") % words


def _of_mail(message: Message) -> tuple[list[Notice], Subscription | None] | None:
    """Return the notices and the subscription of a mail of this kind, None for any other."""
    if not message.key.startswith(PREFIX):
        return None
    notices = Notice.objects.filter(pk__in=message.facts["notices"]).select_related("indicator")
    row = Subscription.objects.filter(pk=message.facts["subscription"])
    alive = row.filter(status=SubscriptionState.ACTIVE).select_related("contact").first()
    return list(notices.order_by("pk")), alive


def reason_not_to_send(message: Message) -> str | None:
    """Return why a mail about a figure is not wanted any more, or None (slot `mail.veto`)."""
    found = _of_mail(message)
    if found is None:
        return None
    notices, row = found
    if not notices or notices[0].indicator.status != IndicatorStatus.PUBLISHED:
        return str(_("The indicator is not published any more."))
    return None if row else str(_("Nobody wants it any more."))


def made_anew(message: Message):
    """Return what a mail tells when it is handed over: the figure of now (slot `mail.context`)."""
    found = _of_mail(message)
    if found is None:
        return None
    notices, row = found
    return lambda: context_of(notices, preferences.link(row.contact, row))
