"""Subscriptions with double opt-in, each step in the ledger of consent."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import tokens
from core.models import Token

from .. import consents, follow_mails, mails
from ..following import in_the_ledger
from ..models import ConsentEvent, Contact, Followed, Subscription, SubscriptionRequest
from ..models import SubscriptionState as State
from ..selectors import SUBSCRIBE_PURPOSE
from .intake import contact_for, delete_if_unreferenced

SUBSCRIBE_TTL = timedelta(hours=72)


def address_hmac(email: str) -> str:
    """Return the keyed hash under which the ledger knows an address."""
    return salted_hmac("stakeholders.consent", email.lower(), algorithm="sha256").hexdigest()


@transaction.atomic
def request_subscription(
    *, email: str, language: str, wording_version: str, topics=(), kind=Followed.TOPIC, target=""
):
    """Note a wish to be written to, and send the link that confirms it; return the request.

    It is about ``topics``, or about the ``target`` of another ``kind``. An address that is
    subscribed already gets the same mail, so that nobody learns who is.
    """
    request = SubscriptionRequest.objects.create(
        contact=contact_for(email, language=language),
        language=language,
        wording_version=wording_version,
        kind=kind,
        target=target,
    )
    request.topics.set(topics)
    for key in _keys_of(request):
        _make_pending(request, key)
        _record(request.contact, key, ConsentEvent.Event.REQUESTED, language, wording_version)
    raw = tokens.issue(SUBSCRIBE_PURPOSE, request, ttl=SUBSCRIBE_TTL)
    mails.ask_subscription(request, raw)
    return request


def _keys_of(request) -> list[dict]:
    """Return {"kind", "topic", "target"} of each subscription that ``request`` asks for."""
    topics = request.topics.all() if request.kind == Followed.TOPIC else [None]
    return [{"kind": request.kind, "topic": each, "target": request.target} for each in topics]


def _make_pending(request, key):
    subscription, is_new = Subscription.objects.get_or_create(
        contact=request.contact, **key, defaults={"language": request.language}
    )
    if not is_new and subscription.status == State.UNSUBSCRIBED:
        subscription.status = State.PENDING
        subscription.asked_at = timezone.now()
        subscription.save(update_fields=["status", "asked_at"])


@transaction.atomic
def confirm_subscription(raw: str) -> SubscriptionRequest | None:
    """Use the link of the mail: what that request asks for is active; None where it is dead."""
    token = tokens.consume(SUBSCRIBE_PURPOSE, raw)
    requests = SubscriptionRequest.objects.select_related("contact")
    request = token and requests.filter(pk=token.subject_pk).first()
    if not request:
        return None
    request.confirmed_at = timezone.now()
    request.save(update_fields=["confirmed_at"])
    for key in _keys_of(request):
        _activate(request, key)
    return request


def _activate(request, key):
    """Make a subscription active; a saved search tells what is new from now on."""
    subscription, _new = Subscription.objects.select_for_update().get_or_create(
        contact=request.contact, **key, defaults={"language": request.language}
    )
    if subscription.status != State.ACTIVE and request.kind == Followed.SEARCH:
        subscription.seen_until = request.confirmed_at
    subscription.status = State.ACTIVE
    subscription.language = request.language
    subscription.confirmed_at = request.confirmed_at
    subscription.ended_at = None
    subscription.save()
    event, version = ConsentEvent.Event.CONFIRMED, request.wording_version
    _record(request.contact, key, event, request.language, version)


@transaction.atomic
def unsubscribe(subscription, *, source: str = "") -> bool:
    """End a subscription and note it in the ledger; return False where it had ended already."""
    locked = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if locked is None or locked.status == State.UNSUBSCRIBED:
        return False
    locked.status = State.UNSUBSCRIBED
    locked.ended_at = timezone.now()
    locked.save(update_fields=["status", "ended_at"])
    key = {"kind": locked.kind, "topic": locked.topic, "target": locked.target}
    event = ConsentEvent.Event.WITHDRAWN
    _record(locked.contact, key, event, locked.language, "", source)
    subscription.refresh_from_db()
    return True


@transaction.atomic
def send_subscription_links(email: str, *, language: str) -> None:
    """Send one mail to what this address follows, and to what it still has to confirm.

    Nothing is sent where there is neither. The links of earlier mails that confirm something die.
    """
    contact = _known(email)
    waiting = _renewed(contact) if contact else []
    follows = contact and contact.subscriptions.filter(status=State.ACTIVE).exists()
    if waiting or follows:
        follow_mails.send_subscriptions(contact, waiting, language)
    else:
        follow_mails.render_for_nobody(language)


def _known(email: str) -> Contact | None:
    contact = Contact.objects.select_related("merged_into").filter(email__iexact=email).first()
    return contact and (contact.merged_into or contact)


def _renewed(contact) -> list[tuple]:
    """Return (request, new raw token) of what waits for this person, the newest first."""
    limit = timezone.now() - SUBSCRIBE_TTL
    rows = contact.subscription_requests.filter(confirmed_at=None, asked_at__gt=limit)
    found = []
    for request in rows:
        tokens.revoke(SUBSCRIBE_PURPOSE, request)
        left = request.asked_at - limit
        found.append((request, tokens.issue(SUBSCRIBE_PURPOSE, request, ttl=left)))
    return found


@transaction.atomic
def purge_unconfirmed_subscriptions() -> int:
    """Delete the requests that nobody confirmed in time; return how many went."""
    limit = timezone.now() - SUBSCRIBE_TTL
    old = SubscriptionRequest.objects.filter(confirmed_at=None, asked_at__lte=limit)
    requests = list(old.select_related("contact"))
    for request in requests:
        Token.objects.filter(subject=tokens.subject_of(request)).delete()
        pending = request.contact.subscriptions.filter(status=State.PENDING)
        pending.filter(asked_at__lte=limit).delete()
        request.delete()
        delete_if_unreferenced(request.contact)
    return len(requests)


def record_erasure(contact) -> None:
    """Note in the ledger, under the keyed hash alone, that a person was erased."""
    if contact.email:
        key = {"kind": "", "topic": None, "target": ""}
        _record(contact, key, ConsentEvent.Event.ERASED, contact.language, "", "")


def _record(contact, key, event, language, wording_version, source="web"):
    ConsentEvent.objects.create(
        address_hmac=address_hmac(contact.email),
        topic=key["topic"],
        kind=key["kind"],
        target=in_the_ledger(key["kind"], key["target"]),
        event=event,
        wording_version=wording_version,
        wording_sha256=consents.fingerprint(wording_version, language),
        language=language,
        source=source,
    )
