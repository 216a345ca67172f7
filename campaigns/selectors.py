"""What pages, panels and services ask about campaigns: texts, addressees, counts."""

import hashlib
import json
from dataclasses import dataclass

from django.core import signing
from django.db.models import Count, F, Q
from django.utils.safestring import SafeString

from core.markdown import body_html, body_text
from core.posting.rows import LEFT_OUT, OPEN_STATES, CopyState
from core.publication import REQUIRED
from core.search import LANGUAGES
from core.templatetags.ui import translated
from stakeholders.models import Subscription, SubscriptionState

from .audience import audience_rows
from .models import CAMPAIGN_TEXTS, Campaign, CommunicationPlan
from .segments import BadRule

#: Signs the links to unsubscribe. Nothing is stored; SECRET_KEY_FALLBACKS keeps old links valid.
SIGNER = signing.Signer(salt="campaigns.unsubscribe", sep=".")


@dataclass(frozen=True)
class Section:
    """The text of a campaign in one language, safe to show."""

    language: str
    subject: str
    preheader: str
    html: SafeString
    text: str


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


def audience(campaign):
    """Return (contact_id, email, name, language) of everybody whom ``campaign`` is meant for."""
    return (
        audience_rows(campaign)
        .order_by()
        .values("contact_id", "language", email=F("contact__email"), name=F("contact__name"))
    )


def considered(campaign) -> int | None:
    """Return how many people the audience of ``campaign`` has now, None for a broken segment."""
    try:
        return audience(campaign).count()
    except BadRule:
        return None


def unfinished_deliveries(campaign):
    """Return the deliveries that keep a campaign from being finished."""
    return campaign.deliveries.filter(state__in=OPEN_STATES)


def outcome(campaign) -> dict[str, int]:
    """Return {"prepared", "sent", "failed", "uncertain", "excluded", "waiting"} of ``campaign``.

    The five outcomes add up to what was prepared. "not_taken" is the sum of the three in between.
    """
    has = {
        "sent": Q(state=CopyState.SENT),
        "failed": Q(state=CopyState.FAILED),
        "uncertain": Q(state=CopyState.UNCERTAIN),
        "excluded": Q(state__in=LEFT_OUT),
        "waiting": Q(state__in=OPEN_STATES),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in has.items()}
    found = campaign.deliveries.aggregate(prepared=Count("pk"), **counts)
    return found | {"not_taken": found["prepared"] - found["sent"] - found["waiting"]}


def plans():
    """Return the communication plans that everybody sees; the deliverable COMM counts these."""
    return CommunicationPlan.objects.public()


def to_approve(user):
    """Return the campaigns that wait for a second pair of eyes, which may be those of ``user``."""
    waiting = Campaign.objects.filter(status__in=[Campaign.Status.IN_REVIEW, Campaign.Status.HELD])
    return waiting.exclude(created_by=user).exclude(editors=user).order_by("pk")


def unsubscribe_token(subscription) -> str:
    """Return the token of the link with which this person leaves this topic."""
    return token_for(subscription.contact_id, subscription.topic_id)


def token_for(contact: int, topic: int) -> str:
    """Return the token with which the person ``contact`` leaves ``topic`` (both keys)."""
    return SIGNER.sign(f"{contact}-{topic}")


def subscription_of(token: str):
    """Return the subscription that ``token`` opens, or None; nothing is changed by looking."""
    try:
        contact, topic = SIGNER.unsign(token).split("-")
    except signing.BadSignature:
        return None
    return Subscription.objects.filter(contact_id=contact, topic_id=topic).first()
