"""Subscriptions with double opt-in, each step in the ledger of consent."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import tokens
from core.models import Token

from .. import mails
from ..models import ConsentEvent, Subscription, SubscriptionRequest, SubscriptionState
from ..selectors import SUBSCRIBE_PURPOSE
from .intake import contact_for, delete_if_unreferenced

SUBSCRIBE_TTL = timedelta(hours=72)


def address_hmac(email: str) -> str:
    """Return the keyed hash under which the ledger knows an address."""
    return salted_hmac("stakeholders.consent", email.lower(), algorithm="sha256").hexdigest()


@transaction.atomic
def request_subscription(*, email: str, topics, language: str, wording_version: str):
    """Note a wish to be written to, and send the link that confirms it; return the request.

    An address that is subscribed already gets the same mail, so that nobody learns who is.
    """
    contact = contact_for(email, language=language)
    request = SubscriptionRequest.objects.create(
        contact=contact, language=language, wording_version=wording_version
    )
    request.topics.set(topics)
    for topic in topics:
        _make_pending(contact, topic, language)
        _record(contact, topic, ConsentEvent.Event.REQUESTED, language, wording_version, "web")
    raw = tokens.issue(SUBSCRIBE_PURPOSE, request, ttl=SUBSCRIBE_TTL)
    mails.ask_subscription(request, raw)
    return request


def _make_pending(contact, topic, language):
    subscription, is_new = Subscription.objects.get_or_create(
        contact=contact, topic=topic, defaults={"language": language}
    )
    if not is_new and subscription.status == SubscriptionState.UNSUBSCRIBED:
        subscription.status = SubscriptionState.PENDING
        subscription.asked_at = timezone.now()
        subscription.save(update_fields=["status", "asked_at"])


@transaction.atomic
def confirm_subscription(raw: str) -> SubscriptionRequest | None:
    """Use the link of the mail: the topics of that request become active; None where it is dead."""
    token = tokens.consume(SUBSCRIBE_PURPOSE, raw)
    requests = SubscriptionRequest.objects.select_related("contact")
    request = token and requests.filter(pk=token.subject_pk).first()
    if not request:
        return None
    request.confirmed_at = timezone.now()
    request.save(update_fields=["confirmed_at"])
    for topic in request.topics.all():
        _activate(request, topic)
    return request


def _activate(request, topic):
    Subscription.objects.update_or_create(
        contact=request.contact,
        topic=topic,
        defaults={
            "status": SubscriptionState.ACTIVE,
            "language": request.language,
            "confirmed_at": request.confirmed_at,
            "ended_at": None,
        },
    )
    event = ConsentEvent.Event.CONFIRMED
    _record(request.contact, topic, event, request.language, request.wording_version, "web")


@transaction.atomic
def unsubscribe(subscription, *, source: str = "") -> bool:
    """End a subscription and note it in the ledger; return False where it had ended already."""
    locked = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if locked.status == SubscriptionState.UNSUBSCRIBED:
        return False
    locked.status = SubscriptionState.UNSUBSCRIBED
    locked.ended_at = timezone.now()
    locked.save(update_fields=["status", "ended_at"])
    _record(locked.contact, locked.topic, ConsentEvent.Event.WITHDRAWN, locked.language, "", source)
    subscription.refresh_from_db()
    return True


@transaction.atomic
def purge_unconfirmed_subscriptions() -> int:
    """Delete the requests that nobody confirmed in time; return how many went."""
    limit = timezone.now() - SUBSCRIBE_TTL
    old = SubscriptionRequest.objects.filter(confirmed_at=None, asked_at__lte=limit)
    requests = list(old.select_related("contact"))
    for request in requests:
        Token.objects.filter(subject=tokens.subject_of(request)).delete()
        pending = request.contact.subscriptions.filter(status=SubscriptionState.PENDING)
        pending.filter(asked_at__lte=limit).delete()
        request.delete()
        delete_if_unreferenced(request.contact)
    return len(requests)


def record_erasure(contact) -> None:
    """Note in the ledger, under the keyed hash alone, that a person was erased."""
    if contact.email:
        _record(contact, None, ConsentEvent.Event.ERASED, contact.language, "", "")


def _record(contact, topic, event, language, wording_version, source):
    ConsentEvent.objects.create(
        address_hmac=address_hmac(contact.email),
        topic=topic,
        event=event,
        wording_version=wording_version,
        language=language,
        source=source,
    )
