"""Unsubscribing by mail: the address that is written to proves what is wished."""

import re

import pytest

from campaigns import services
from core.models import Bounce, BounceRaw, Message
from core.posting import bounces, mailbox, wishes
from stakeholders.models import ConsentEvent
from tests.campaigns.conftest import readers, send_everything
from tests.core import mailboxes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bounce_address(settings):
    settings.MAIL_BOUNCE_ADDRESS = "bounce@example.org"


@pytest.fixture
def header(campaign, staff, server):
    """The header of a mail that was sent, as its reader has it."""
    readers(campaign, 1)
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    return server.received[0]["list-unsubscribe"]


def address_in(header) -> str:
    return re.search(r"<mailto:([^?]+)\?subject=unsubscribe>", header)[1]


def mail_to(address, more="", text="unsubscribe") -> bytes:
    head = f"From: an@example.org\r\nTo: <{address}>\r\nSubject: unsubscribe\r\n{more}"
    return f"{head}\r\n{text}\r\n".encode()


def subscription(campaign):
    return campaign.topic.subscriptions.get()


def withdrawals() -> int:
    return ConsentEvent.objects.filter(event="withdrawn").count()


def test_the_header_has_one_link_and_one_address(header, server):
    assert len(re.findall(r"<https?://[^>]+/u/[^>]+>", header)) == 1
    assert header.count("<") == 2
    assert server.received[0]["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    local, _at, host = address_in(header).partition("@")
    assert (host, local.startswith("bounce+unsub.")) == ("example.org", True)
    assert len(local) <= 64
    assert local == local.lower()


@pytest.mark.parametrize(
    "where", ["", "x" * 60 + "@example.org"], ids=["no mailbox", "no room for the signature"]
)
def test_without_such_an_address_the_link_stands_alone(campaign, settings, where):
    settings.MAIL_BOUNCE_ADDRESS = where
    assert services.letters.list_headers(campaign)["List-Unsubscribe"].count("<") == 1


def test_the_longest_number_of_a_person_still_fits():
    local = services.letters.leave_address(services.letters.ANYBODY, 10**6).partition("@")[0]
    assert 0 < len(local) <= 64


@pytest.mark.parametrize(("kind", "open_box"), [("pop3", mailboxes.pop3), ("imap", mailboxes.imap)])
def test_a_mail_to_it_ends_the_subscription_once(campaign, header, kind, open_box):
    address = address_in(header)
    again = mail_to(address.upper(), text="again, in capitals")
    box = open_box([mail_to(address), mail_to(address), again])
    assert mailbox.fetch(f"{kind}://an:x@127.0.0.1:{box.port}") == 3
    box.close()
    assert subscription(campaign).status == "unsubscribed"
    assert withdrawals() == 1
    assert ConsentEvent.objects.get(event="withdrawn").source == "mailto:"
    assert not Message.objects.exists(), "nothing is sent back"
    assert not Bounce.objects.exists()
    assert set(BounceRaw.objects.values_list("state", "text")) == {("read", "")}


def forged(address):
    local, _at, host = address.partition("@")
    return f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{host}"


@pytest.mark.parametrize(
    "change",
    [
        forged,
        lambda address: address.replace(".", ".9", 1),
        lambda address: re.sub(r"\.[0-9a-f]+@", "@", address),
        lambda address: address.replace("unsub", "other"),
        lambda address: "bounce@example.org",
    ],
)
def test_an_address_that_is_not_signed_does_nothing(campaign, header, change):
    raw = bounces.keep(mail_to(change(address_in(header)), text=address_in(header)))
    assert bounces.read(raw) is None
    raw.refresh_from_db()
    assert raw.state == "unreadable", "kept for a person to read"
    assert subscription(campaign).status == "active"
    assert withdrawals() == 0


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
    ],
)
def test_what_answers_by_itself_wishes_nothing(campaign, header, more):
    bounces.read(bounces.keep(mail_to(address_in(header), more)))
    assert subscription(campaign).status == "active"


def test_an_address_of_an_older_key_is_good(campaign, header, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the portal, long enough for anything"
    bounces.read(bounces.keep(mail_to(address_in(header))))
    assert subscription(campaign).status == "unsubscribed"


def test_somebody_who_is_gone_is_no_error(campaign, header):
    subscription(campaign).delete()
    raw = bounces.keep(mail_to(address_in(header)))
    bounces.read(raw)
    raw.refresh_from_db()
    assert raw.state == "read"


def test_a_bounce_is_not_taken_for_a_wish():
    assert wishes.WISH.search("bounce+campaign-1.2.0a1b2c3d@example.org") is None
