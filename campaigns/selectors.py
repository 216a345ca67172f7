"""What pages, panels and services ask about campaigns: texts, addressees, counts."""

import hashlib
import json

from django.core import signing
from django.db.models import Count, F, Q

from core.posting.rows import LEFT_OUT, OPEN_STATES, CopyState
from core.search import LANGUAGES
from stakeholders.models import Subscription, SubscriptionState

from .audience import audience_rows
from .models import (
    BLOCK_TEXTS,
    CAMPAIGN_TEXTS,
    Campaign,
    CampaignLink,
    CheckedLink,
    Layout,
    OccasionEvent,
)
from .sections import blocks_of
from .segments import BadRule

#: Signs the links to unsubscribe. Nothing is stored; SECRET_KEY_FALLBACKS keeps old links valid.
SIGNER = signing.Signer(salt="campaigns.unsubscribe", sep=".")


def content_hash(campaign: Campaign) -> str:
    """Return the hash of everything that is sent: topic, texts, layout and blocks with pictures."""
    texts = [getattr(campaign, f"{f}_{code}") or "" for f in CAMPAIGN_TEXTS for code in LANGUAGES]
    blocks = [_block_words(block) for block in blocks_of(campaign)]
    # A plain letter has the hash that it had before there were layouts and blocks.
    more = [campaign.layout, blocks] if blocks or campaign.layout != Layout.LETTER else []
    words = json.dumps([campaign.topic_id, *texts, *more], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def _block_words(block) -> list:
    """Return everything of a block that reaches a reader."""
    texts = [block.text(field, code) for field in BLOCK_TEXTS for code in LANGUAGES]
    begins = block.begins_at.isoformat() if block.begins_at else ""
    picture = block.picture
    shows = [getattr(picture, f"alt_{code}") or "" for code in LANGUAGES] if picture else []
    return [block.kind, block.link, begins, picture.sha256 if picture else "", *shows, *texts]


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

    The five outcomes add up to what was prepared. "not_taken" is the sum of the three in between,
    "came_back" is a part of what was sent.
    """
    has = {
        "sent": Q(state=CopyState.SENT),
        "failed": Q(state=CopyState.FAILED),
        "uncertain": Q(state=CopyState.UNCERTAIN),
        "excluded": Q(state__in=LEFT_OUT),
        "waiting": Q(state__in=OPEN_STATES),
        "came_back": Q(bounced_at__isnull=False),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in has.items()}
    found = campaign.deliveries.aggregate(prepared=Count("pk"), **counts)
    return found | {"not_taken": found["prepared"] - found["sent"] - found["waiting"]}


def to_approve(user):
    """Return the campaigns that wait for a second pair of eyes, which may be those of ``user``."""
    waiting = Campaign.objects.filter(status__in=[Campaign.Status.IN_REVIEW, Campaign.Status.HELD])
    return waiting.exclude(created_by=user).exclude(editors=user).order_by("pk")


def drafts_to_look_at():
    """Return the drafts that the portal made and nobody has touched, the oldest first."""
    made = OccasionEvent.objects.exclude(campaign=None).values("campaign")
    drafts = Campaign.objects.filter(pk__in=made, status=Campaign.Status.DRAFT)
    return drafts.filter(created_by=None, editors=None).order_by("pk")


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


def target_of(pk: int) -> str | None:
    """Return where the link ``pk`` of a campaign leads, None where there is none."""
    return CampaignLink.objects.filter(pk=pk).values_list("url", flat=True).first()


def links_to_check():
    """Return the addresses that somebody asked to be looked up, and nobody has since."""
    asked = CheckedLink.objects.filter(asked_at__isnull=False)
    return asked.filter(Q(checked_at=None) | Q(checked_at__lt=F("asked_at")))
