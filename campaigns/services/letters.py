"""What goes out: the mail of a campaign as bytes, its headers, and whom it still concerns."""

from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.inline_pictures import InlinePicture
from core.posting import skeleton, wishes
from core.posting.mailing import Claimed, Condition, Mailing

from .. import selectors
from ..hyperlinks import with_other_addresses
from ..models import Campaign, Delivery
from ..sections import NAME, blocks_of, sections
from .links import counting_addresses

#: The field that the name of whoever reads becomes.
NAME_FIELD = "@@name@@"
UNSUBSCRIBE_FIELD = "@@unsubscribe@@"
LEAVE_FIELD = "@@leave@@"
#: The wish to leave a topic, as the address of a mail says it (see `core.posting.wishes`).
LEAVE = "unsub"
#: A person's number may have so many digits: longer than any, to see whether an address fits.
ANYBODY = 10**10
#: Stands where the link to unsubscribe would: whoever looks at a preview ends nothing by a click.
INERT_LINK = "#"
#: Whoever began at another rate stops: the rate is changed while the campaign is paused, and a
#: sender that is slow with its ten mails may not have noticed the pause at all.
IS_OPEN = """(SELECT status = 'sending' AND rate_per_minute IS NOT DISTINCT FROM %(rate)s
  FROM campaigns_campaign WHERE id = %(campaign)s)"""
#: A row at a time, whatever the planner believes of the table: a list may have 100,000 of them.
IS_SUBSCRIBED = """COALESCE((
  SELECT wish.status FROM stakeholders_subscription AS wish
  WHERE wish.contact_id = copy.contact_id AND wish.topic_id = %(topic)s LIMIT 1
) = 'active', FALSE)"""


def letter_context(campaign: Campaign, language: str) -> dict:
    """Return what the templates of a campaign mail need for a reader of ``language``."""
    return {
        "campaign": campaign,
        "topic": campaign.topic,
        "sections": sections(campaign, language),
    }


def unsubscribe_link(token: str) -> str:
    """Return the absolute address that ``token`` opens."""
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[token])}"


def field_link() -> str:
    """Return the address to unsubscribe as a template has it: the token is filled in later."""
    return unsubscribe_link("TOKEN").replace("TOKEN", UNSUBSCRIBE_FIELD)


def leave_address(contact: int, topic: int) -> str:
    """Return the address to which a mail ends this subscription; "" where none can be had."""
    return wishes.address_for(LEAVE, f"{contact}-{topic}")


def ways_out(topic: int) -> str:
    """Return the link by which one leaves, and the address where mails come back to a mailbox."""
    by_link = f"<{field_link()}>"
    if not leave_address(ANYBODY, topic):
        return by_link
    return f"{by_link}, <mailto:{LEAVE_FIELD}?subject=unsubscribe>"


def list_headers(campaign: Campaign) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe (RFC 2369, RFC 8058)."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "List-Id": f"<{campaign.topic.slug}.{host}>",
        "List-Unsubscribe": ways_out(campaign.topic_id),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Feedback-ID": f"campaign-{campaign.pk}:{campaign.topic.slug}:{host}",
    }


def trial_context(campaign: Campaign, language: str, name: str = "") -> dict:
    """Return the context of a test or a preview: marked, and addressed to ``name``."""
    context = letter_context(campaign, language) | {"is_test": True}
    words = name or _reader(language)
    return context | {"sections": [each.addressed(words) for each in context["sections"]]}


def received_context(campaign: Campaign, language: str, name: str) -> dict:
    """Return the context of the mail as ``name`` gets it; its link to unsubscribe leads nowhere."""
    context = letter_context(campaign, language) | {"unsubscribe_url": INERT_LINK}
    words = name or _reader(language)
    return context | {"sections": [each.addressed(words) for each in context["sections"]]}


def skeleton_of(campaign: Campaign, language: str) -> skeleton.Skeleton:
    """Return the mail of ``campaign`` in ``language``; raise `BadSkeleton` where it cannot be."""
    context = letter_context(campaign, language) | {"unsubscribe_url": field_link()}
    rendered = mail.render("campaign", language, context)
    counting = counting_addresses(campaign, language)
    rendered["html"] = with_other_addresses(rendered["html"], lambda url: counting.get(url, url))
    named = {part: words.replace(NAME, NAME_FIELD) for part, words in rendered.items()}
    return skeleton.build(
        named, list_headers(campaign), language=language, pictures=pictures_of(campaign)
    )


def pictures_of(campaign: Campaign) -> list[InlinePicture]:
    """Return the pictures that go along with every mail of ``campaign``, each once."""
    pictures = {block.picture for block in blocks_of(campaign) if block.picture is not None}
    return [
        InlinePicture(each.content_id, each.mime, bytes(each.content))
        for each in sorted(pictures, key=lambda each: each.pk)
    ]


def skeletons(campaign: Campaign) -> dict[str, skeleton.Skeleton]:
    """Return {language: mail} of ``campaign``."""
    return {code: skeleton_of(campaign, code) for code, _name in settings.LANGUAGES}


def mailing_of(campaign: Campaign) -> Mailing:
    """Return what the engine has to know to send ``campaign``."""
    topic = campaign.topic_id

    def values(row: Claimed) -> dict[str, str]:
        return {
            "name": row.name or _reader(row.language),
            "unsubscribe": selectors.token_for(row.person, topic),
            "leave": leave_address(row.person, topic),
        }

    return Mailing(
        key=f"campaign-{campaign.pk}",
        model=Delivery,
        group="campaign_id",
        pk=campaign.pk,
        skeletons=skeletons(campaign),
        values=values,
        is_open=Condition(IS_OPEN, {"campaign": campaign.pk, "rate": campaign.rate_per_minute}),
        is_wanted=Condition(IS_SUBSCRIBED, {"topic": topic}),
        per_minute=campaign.rate_per_minute,
        sender=f"campaign-{campaign.pk}",
        rests=is_quiet,
    )


@cache
def _reader(language: str) -> str:
    """Return how somebody is addressed whose name is not known."""
    return {"fr": "lectrice, lecteur", "nl": "lezer", "en": "reader"}[language]


def is_quiet() -> bool:
    """Tell whether now, on the clock of Brussels, is an hour at which no campaign is sent."""
    begins, ends = settings.CAMPAIGN_QUIET_HOURS
    hour = timezone.localtime().hour
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends
