"""Mails that come back: what is believed, what follows, and what never does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import services
from campaigns.models import Delivery
from core.models import Bounce, BounceRaw, Message, Suppression
from core.posting import bounces, mailbox
from core.posting.envelopes import envelope, message_id, trace_in
from tests.campaigns.conftest import send_everything
from tests.core import mailboxes
from tests.factories.campaigns import CampaignFactory, SubscriberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bounce_address(settings):
    settings.MAIL_BOUNCE_ADDRESS = "bounce@example.org"


@pytest.fixture
def row(make_user, server):
    """A copy that was sent."""
    staff = make_user("staff")
    campaign = CampaignFactory(approved=True, created_by=staff, approved_by=make_user("secretary"))
    SubscriberFactory(topic=campaign.topic, email="an@example.org")
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    return campaign.deliveries.get()


def key_of(row):
    return f"campaign-{row.campaign_id}"


def report(row, *, action="failed", status="5.1.1", to=None) -> bytes:
    """A delivery status as a mail server writes it, with a folded diagnosis."""
    to = envelope(key_of(row), row.pk) if to is None else to
    return f"""From: MAILER-DAEMON@example.net
To: {to}
Subject: Undelivered
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; an@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550
  {status} no such
  user here

--b--
""".replace("\n", "\r\n").encode()


def take(content: bytes, days: float = 0) -> Bounce | None:
    raw = bounces.keep(content)
    if days:
        BounceRaw.objects.filter(pk=raw.pk).update(
            received_at=timezone.now() + timedelta(days=days)
        )
    return bounces.read(raw)


def test_the_sender_of_the_envelope_names_the_copy(row, server):
    sender = envelope(key_of(row), row.pk)
    assert sender.startswith(f"bounce+campaign-{row.campaign_id}.{row.pk}.")
    assert trace_in(sender).copy == row.pk
    assert trace_in(message_id(key_of(row), row.pk)).copy == row.pk
    assert server.senders == [sender]


def test_without_an_address_for_it_mails_come_back_to_ours(settings):
    settings.MAIL_BOUNCE_ADDRESS = ""
    settings.DEFAULT_FROM_EMAIL = "The Office <office@example.org>"
    assert envelope("campaign-1", 1) == "office@example.org"


def test_an_address_that_does_not_exist_is_not_written_to_again(row):
    bounce = take(report(row))
    assert (bounce.kind, bounce.status) == ("hard", "5.1.1")
    assert bounce.diagnosis == "smtp; 550 5.1.1 no such user here"
    assert Suppression.objects.get().email_hmac == row.email_hmac
    row.refresh_from_db()
    assert row.bounced_at


def test_the_same_mail_twice_is_one_bounce(row):
    first = take(report(row))
    assert take(report(row)) == first
    assert Bounce.objects.count() == BounceRaw.objects.count() == 1


def test_delayed_is_noted_and_nothing_follows(row):
    assert take(report(row, action="delayed", status="4.4.7")).kind == "delayed"
    row.refresh_from_db()
    assert row.bounced_at is None
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.7.1", ""])
def test_what_may_pass_is_soft(row, status):
    assert take(report(row, status=status)).kind == "soft"
    assert not Suppression.objects.exists()


def test_four_in_one_day_count_once(row):
    for number in range(4):
        take(report(row, status="4.2.2").replace(b"Undelivered", b"U%d" % number))
    assert bounces.soft_score(row.email_hmac, timezone.now()) == 1
    assert not Suppression.objects.exists()


def test_on_four_days_it_is_given_up(row):
    for number in range(4):
        assert not Suppression.objects.exists()
        take(report(row, status="4.2.2").replace(b"Undelivered", b"U%d" % number), days=number)
    assert Suppression.objects.get().reason == "soft_bounces"


def test_soft_ones_are_forgotten_after_thirty_days_without(row):
    for number, day in enumerate((0, 1, 2, 33)):
        take(report(row, status="4.2.2").replace(b"Undelivered", b"U%d" % number), days=day)
    assert not Suppression.objects.exists()


def test_a_forged_trace_is_not_believed(row):
    forged = f"bounce+campaign-{row.campaign_id}.{row.pk}.00000000@example.org"
    bounce = take(report(row, to=forged))
    assert (bounce.mailing, bounce.copy) == ("", None)
    assert not Suppression.objects.exists()


def test_what_cannot_be_read_is_kept(row):
    assert take(b"\xff\x00 nonsense") is None
    assert BounceRaw.objects.get().state == "unreadable"


def test_somebody_on_holiday_is_no_bounce(row):
    reply = (
        f"From: an@example.org\r\nTo: {envelope(key_of(row), row.pk)}\r\n"
        "Auto-Submitted: auto-replied\r\nSubject: Absent\r\n\r\nBack on Monday.\r\n"
    )
    assert take(reply.encode()).kind == "auto_reply"
    row.refresh_from_db()
    assert row.bounced_at is None
    assert not Suppression.objects.exists()
    assert not Message.objects.exists(), "no answer, ever"
    assert row.contact.subscriptions.get().status == "active"


def test_a_complaint_ends_the_mailings(row):
    content = report(row).replace(b"report-type=delivery-status", b"report-type=feedback-report")
    assert take(content).kind == "complaint"
    assert Suppression.objects.get().reason == "complaint"


def test_a_bounce_settles_what_was_uncertain(row):
    Delivery.objects.filter(pk=row.pk).update(state=5, handed_at=None)
    take(report(row))
    row.refresh_from_db()
    assert row.state == 3
    assert row.handed_at


@pytest.mark.parametrize(("kind", "open_box"), [("pop3", mailboxes.pop3), ("imap", mailboxes.imap)])
def test_a_mailbox_is_read_once_and_emptied(row, kind, open_box):
    box = open_box([report(row), b"Subject: .\r\n\r\n.dots\r\n..\r\n"])
    address = f"{kind}://an%40x:p%2Fw@127.0.0.1:{box.port}"
    assert mailbox.fetch(address) == 2
    assert box.mails == {}
    assert mailbox.fetch(address) == 0
    box.close()
    assert sorted(BounceRaw.objects.values_list("state", flat=True)) == ["read", "unreadable"]


def test_who_dies_between_storing_and_deleting_loses_and_doubles_nothing(row, monkeypatch):
    box = mailboxes.pop3([report(row)])
    address = f"pop3://an:x@127.0.0.1:{box.port}"

    def die(*_args):
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(mailbox.PopBox, "delete", die)
        with pytest.raises(ConnectionResetError):
            mailbox.fetch(address)
    assert mailbox.fetch(address) == 1
    box.close()
    assert Bounce.objects.count() == 1


def test_without_a_mailbox_nothing_is_fetched():
    assert mailbox.fetch() == 0
