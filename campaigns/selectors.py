"""What pages, panels and services ask about campaigns: texts, addressees, counts."""

import hashlib
import json
from dataclasses import dataclass

import nh3
from django.core import signing
from django.db.models import Count, Q
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from core.models import Message
from core.publication import REQUIRED
from core.search import LANGUAGES
from core.templatetags.ui import translated
from stakeholders.models import Subscription, SubscriptionState

from .models import CAMPAIGN_TEXTS, Campaign, CommunicationPlan, Delivery

MARKDOWN = MarkdownIt("commonmark", {"html": False})
ALLOWED_TAGS = {
    *("p", "br", "strong", "em", "a", "ul", "ol", "li"),
    *("h2", "h3", "h4", "blockquote", "hr", "code"),
}
ALLOWED_ATTRIBUTES = {"a": {"href"}}
ALLOWED_SCHEMES = {"https", "http", "mailto", "tel"}

#: Signs the links to unsubscribe. Nothing is stored; SECRET_KEY_FALLBACKS keeps old links valid.
SIGNER = signing.Signer(salt="campaigns.unsubscribe", sep=".")

FINAL_STATES = (Message.Status.SENT, Message.Status.FAILED, Message.Status.UNCERTAIN)


@dataclass(frozen=True)
class Section:
    """The text of a campaign in one language, safe to show."""

    language: str
    subject: str
    preheader: str
    html: SafeString
    text: str


def body_html(source: str) -> SafeString:
    """Return Markdown as HTML in which only harmless tags and links are left."""
    clean = nh3.clean(
        MARKDOWN.render(source),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
    )
    return mark_safe(clean)


def body_text(source: str) -> str:
    """Return Markdown as plain text: words as they are, links with their address behind them."""
    blocks, mark = [], ""
    for token in MARKDOWN.parse(source):
        if token.type == "list_item_open":
            mark = "- "
        elif token.type == "inline":
            blocks.append(mark + _inline_text(token.children))
            mark = ""
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip())
    return "\n\n".join(blocks) + "\n"


def _inline_text(tokens) -> str:
    words, addresses = [], []
    for token in tokens:
        if token.type == "link_open":
            addresses.append(token.attrGet("href"))
        elif token.type == "link_close":
            words.append(f" ({addresses.pop()})")
        elif token.type in ("softbreak", "hardbreak"):
            words.append("\n")
        else:
            words.append(token.content)
    return "".join(words)


def plan_text(plan: CommunicationPlan, field: str) -> dict:
    """Return {"name", "title", "language", "html"} of a Markdown field of ``plan`` for a page."""
    words, language = translated(plan, field)
    title = plan._meta.get_field(field).verbose_name
    return {"name": field, "title": title, "language": language, "html": body_html(words)}


def section(campaign: Campaign, language: str) -> Section:
    """Return the text of ``campaign`` in ``language``."""
    subject, preheader, body = (
        getattr(campaign, f"{field}_{language}") or "" for field in CAMPAIGN_TEXTS
    )
    return Section(language, subject, preheader, body_html(body), body_text(body))


def sections(campaign: Campaign, language: str) -> list[Section]:
    """Return what a reader of ``language`` gets: that text, or where it is missing both others."""
    wanted = section(campaign, language)
    if wanted.subject and wanted.text.strip():
        return [wanted]
    return [section(campaign, code) for code in REQUIRED]


def content_hash(campaign: Campaign) -> str:
    """Return the hash of everything that is sent: topic and texts in the three languages."""
    texts = [getattr(campaign, f"{f}_{code}") or "" for f in CAMPAIGN_TEXTS for code in LANGUAGES]
    words = json.dumps([campaign.topic_id, *texts], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def subscribers(topic):
    """Return the confirmed subscriptions of ``topic`` whose contact has an address."""
    rows = Subscription.objects.filter(topic=topic, status=SubscriptionState.ACTIVE)
    return rows.exclude(contact__email="")


def subscribers_by_language(topic) -> dict[str, int]:
    """Return {language: number} of the confirmed subscriptions of ``topic``, all three named."""
    rows = subscribers(topic).order_by().values_list("language").annotate(Count("pk"))
    return dict.fromkeys(LANGUAGES, 0) | dict(rows)


def waiting_deliveries(campaign):
    """Return the frozen deliveries for which there is neither a mail nor a reason."""
    return campaign.deliveries.filter(message=None, excluded="")


def unfinished_deliveries(campaign):
    """Return the deliveries that keep a campaign from being finished."""
    handled = Q(message__status__in=FINAL_STATES) | ~Q(excluded="")
    return campaign.deliveries.exclude(handled)


def outcome(campaign) -> dict[str, int]:
    """Return {"prepared", "sent", "failed", "uncertain", "excluded", "waiting"} of ``campaign``.

    The five outcomes add up to what was prepared.
    """
    has = {name: Count("pk", filter=Q(message__status=name)) for name in FINAL_STATES}
    row = Delivery.objects.filter(campaign=campaign).aggregate(
        prepared=Count("pk"), excluded=Count("pk", filter=~Q(excluded="")), **has
    )
    done = row["excluded"] + sum(row[name] for name in FINAL_STATES)
    return row | {"waiting": row["prepared"] - done}


def plans():
    """Return the communication plans that everybody sees; the deliverable COMM counts these."""
    return CommunicationPlan.objects.public()


def to_approve(user):
    """Return the campaigns that wait for a second pair of eyes, which may be those of ``user``."""
    waiting = Campaign.objects.filter(status=Campaign.Status.IN_REVIEW)
    return waiting.exclude(created_by=user).exclude(editors=user).order_by("pk")


def unsubscribe_token(subscription) -> str:
    """Return the token of the link with which this person leaves this topic."""
    return SIGNER.sign(f"{subscription.contact_id}-{subscription.topic_id}")


def subscription_of(token: str):
    """Return the subscription that ``token`` opens, or None; nothing is changed by looking."""
    try:
        contact, topic = SIGNER.unsign(token).split("-")
    except signing.BadSignature:
        return None
    return Subscription.objects.filter(contact_id=contact, topic_id=topic).first()
