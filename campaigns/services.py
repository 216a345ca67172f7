"""Everything that can be done with a campaign."""

import secrets
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core import mail
from core.models import Message
from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders.models import SubscriptionState

from . import selectors
from .models import Campaign, Delivery
from .permissions import writes_campaigns
from .workflow import CAMPAIGN

CHUNK = 100
APPROVAL_VOID = {"approved_by": None, "approved_hash": ""}


def create_campaign(campaign: Campaign, *, by) -> Campaign:
    """Save the new draft ``campaign`` as written by ``by``."""
    _check_writer(by)
    campaign.created_by = by
    campaign.save()
    return campaign


@transaction.atomic
def edit_campaign(campaign: Campaign, *, by, **changes) -> Campaign:
    """Change fields of ``campaign``; whatever was approved or in review is a draft again.

    ``by`` becomes one of its editors and cannot approve it any more.
    """
    _check_writer(by)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.status in (Campaign.Status.IN_REVIEW, Campaign.Status.APPROVED):
        CAMPAIGN.apply(locked, "reopen", by=by, note=_("Edited."), **APPROVAL_VOID)
    elif locked.status != Campaign.Status.DRAFT:
        raise TransitionRefused(_("What was sent or cancelled is not changed any more."))
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=list(changes))
    locked.editors.add(by)
    campaign.refresh_from_db()
    return campaign


def _check_writer(by) -> None:
    if not writes_campaigns(by):
        raise PermissionRefused(_("You may not do this."))


@CAMPAIGN.verb("submit")
def submit_campaign(campaign, *, by, note=""):
    """Ask for the approval of a second person."""
    return CAMPAIGN.apply(campaign, "submit", by=by, note=note)


@CAMPAIGN.verb("approve")
def approve_campaign(campaign, *, by, note=""):
    """Approve exactly these texts: their hash is kept."""
    approval = {"approved_by": by, "approved_hash": selectors.content_hash(campaign)}
    return CAMPAIGN.apply(campaign, "approve", by=by, note=note, **approval)


@CAMPAIGN.verb("send_back")
def send_back_campaign(campaign, *, by, note):
    """Return a campaign to its authors, with the reason."""
    return CAMPAIGN.apply(campaign, "send_back", by=by, note=note)


@CAMPAIGN.verb("reopen")
def reopen_campaign(campaign, *, by, note=""):
    """Take a campaign back to draft; an approval is void."""
    return CAMPAIGN.apply(campaign, "reopen", by=by, note=note, **APPROVAL_VOID)


@CAMPAIGN.verb("start")
@transaction.atomic
def start_campaign(campaign, *, by, note=""):
    """Freeze the list of addressees and begin to send, after the commit."""
    change = CAMPAIGN.apply(campaign, "start", by=by, note=note, started_at=timezone.now())
    freeze(campaign)
    transaction.on_commit(lambda: wake(campaign.pk))
    return change


def freeze(campaign) -> int:
    """Make one delivery for each confirmed subscriber; running it again adds nobody twice."""
    contacts = selectors.subscribers(campaign.topic).values_list("contact_id", flat=True)
    rows = [Delivery(campaign=campaign, contact_id=pk) for pk in contacts.order_by("contact_id")]
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000))


def wake(pk: int) -> None:
    """Ask a worker to prepare the mails of campaign ``pk``; a lost call is repaired by `tick`."""
    try:
        current_app.send_task("campaigns.drain", args=[pk], retry=False)
    except OperationalError:
        return  # the rows wait for the next tick


def drain(pk: int) -> int:
    """Queue the mail of every waiting delivery of campaign ``pk``; return how many were handled.

    May run several times and in several workers at once: each takes other rows.
    """
    handled = 0
    while chunk := _drain_chunk(pk):
        handled += chunk
    return handled


@transaction.atomic
def _drain_chunk(pk: int) -> int:
    campaign = Campaign.objects.select_related("topic").get(pk=pk)
    if campaign.status != Campaign.Status.SENDING:
        return 0
    rows = list(
        selectors.waiting_deliveries(campaign)
        .select_for_update(skip_locked=True, of=["self"])
        .select_related("contact")
        .order_by("pk")[:CHUNK]
    )
    active = selectors.subscribers(campaign.topic).filter(contact__in=[r.contact_id for r in rows])
    subscriptions = {each.contact_id: each for each in active}
    for row in rows:
        _prepare(campaign, row, subscriptions.get(row.contact_id))
    return len(rows)


def _prepare(campaign, delivery, subscription) -> None:
    """Give a delivery its mail, or the reason why there is none."""
    if delivery.contact_id is None:
        delivery.excluded = Delivery.Excluded.REMOVED
    elif subscription is None:
        delivery.excluded = Delivery.Excluded.UNSUBSCRIBED
    else:
        delivery.message = _letter(campaign, delivery.contact, subscription)
    delivery.save(update_fields=["message", "excluded"])


def _letter(campaign, contact, subscription) -> Message:
    link = unsubscribe_link(subscription)
    return mail.enqueue(
        key=f"campaign:{campaign.pk}:{contact.pk}",
        template="campaign",
        to=contact.email,
        language=subscription.language,
        context=letter_context(campaign, subscription.language) | {"unsubscribe_url": link},
        headers=list_headers(campaign, link),
    )


def letter_context(campaign, language: str) -> dict:
    """Return what the templates of a campaign mail need for a reader of ``language``."""
    return {
        "campaign": campaign,
        "topic": campaign.topic,
        "sections": selectors.sections(campaign, language),
    }


def unsubscribe_link(subscription) -> str:
    """Return the absolute address with which this person leaves this topic."""
    path = reverse("unsubscribe", args=[selectors.unsubscribe_token(subscription)])
    return f"{settings.SITE_URL}{path}"


def list_headers(campaign, link: str) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe (RFC 2369, RFC 8058)."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "List-Id": f"<{campaign.topic.slug}.{host}>",
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }


def reason_not_to_send(message: Message) -> str | None:
    """Return why a campaign mail that waits is no longer wanted, or None (slot `mail.veto`)."""
    if not message.key.startswith("campaign:"):
        return None
    delivery = Delivery.objects.select_related("campaign__topic").get(message=message)
    if delivery.campaign.status == Campaign.Status.CANCELLED:
        return str(Delivery.Excluded.CANCELLED.label)
    if delivery.contact_id is None:
        return str(Delivery.Excluded.REMOVED.label)
    subscribed = delivery.contact.subscriptions.filter(
        topic=delivery.campaign.topic, status=SubscriptionState.ACTIVE
    )
    return None if subscribed.exists() else str(Delivery.Excluded.UNSUBSCRIBED.label)


@CAMPAIGN.verb("finish")
def finish_campaign(campaign, *, by=SYSTEM, note=""):
    """Close a campaign all of whose mails have been settled; it enters the archive."""
    return CAMPAIGN.apply(campaign, "finish", by=by, note=note, finished_at=timezone.now())


@CAMPAIGN.verb("cancel")
@transaction.atomic
def cancel_campaign(campaign, *, by, note):
    """Stop a campaign for good: what was not handed over yet stays here."""
    change = CAMPAIGN.apply(campaign, "cancel", by=by, note=note)
    selectors.waiting_deliveries(campaign).update(excluded=Delivery.Excluded.CANCELLED)
    return change


def tick() -> None:
    """Wake the campaigns whose wake-up was lost, and close those that are through (beat)."""
    for campaign in Campaign.objects.filter(status=Campaign.Status.SENDING):
        if selectors.waiting_deliveries(campaign).exists():
            wake(campaign.pk)
        elif not selectors.unfinished_deliveries(campaign).exists():
            _finish_once(campaign)


def _finish_once(campaign) -> None:
    """Finish ``campaign``; another beat may have done it a moment ago, which is as good."""
    try:
        finish_campaign(campaign)
    except TransitionRefused:
        campaign.refresh_from_db()
        if campaign.status == Campaign.Status.SENDING:
            raise


def send_test(campaign, *, by, language: str) -> Message:
    """Send ``campaign`` as it stands to ``by`` alone: marked as a test and counted nowhere."""
    _check_writer(by)
    return mail.enqueue(
        key=f"campaign-test:{campaign.pk}:{by.pk}:{secrets.token_hex(8)}",
        template="campaign",
        to=by.email,
        language=language,
        context=letter_context(campaign, language) | {"is_test": True},
    )
