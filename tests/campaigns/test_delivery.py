"""How a campaign is delivered: each case of the design, against a real mail server."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import selectors, services
from campaigns.models import Campaign, Delivery
from campaigns.services import letters, sending
from campaigns.workflow import CAMPAIGN
from core.models import MailSender, Suppression
from core.posting.addresses import keyed_hash
from core.posting.drain import End
from core.workflow import TransitionRefused
from stakeholders.models import Contact
from stakeholders.services import erase_contact, unsubscribe
from tests.campaigns.conftest import opened, parts, readers, send_everything, states
from tests.factories.campaigns import SubscriberFactory

pytestmark = pytest.mark.django_db


def due_now(campaign):
    campaign.deliveries.update(next_try_at=None)


def test_one_address_gets_one_mail_whoever_has_it(campaign, staff, server):
    readers(campaign, 1)
    twin = SubscriberFactory(topic=campaign.topic, email="else@example.org")
    Contact.objects.filter(pk=twin.contact_id).update(email=" Reader0@Example.org")
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    assert len(server.received) == 1
    assert campaign.exclusions.get().reason == "same_address"
    assert (campaign.candidates, campaign.prepared, campaign.excluded) == (2, 1, 1)


def test_who_is_not_written_to_is_left_out_with_the_reason(campaign, staff):
    gone, kept = readers(campaign, 2)
    without = SubscriberFactory(topic=campaign.topic, email="x@example.org")
    Contact.objects.filter(pk=without.contact_id).update(email="")
    Suppression.objects.create(
        email_hmac=keyed_hash(gone.upper()), scope="mailings", reason="hard_bounce"
    )
    opened(campaign, staff)
    reasons = dict(campaign.exclusions.values_list("contact__email", "reason"))
    assert reasons == {gone: "suppressed", "": "no_address"}
    assert [each.email for each in campaign.deliveries.all()] == [kept]
    assert campaign.deliveries.get().email_hmac == keyed_hash(kept)


def test_a_suppression_that_ended_stops_nothing(campaign, staff, server):
    (kept,) = readers(campaign, 1)
    past = timezone.now() - timedelta(days=1)
    Suppression.objects.create(
        email_hmac=keyed_hash(kept),
        scope="mailings",
        reason="soft_bounces",
        at=past - timedelta(days=30),
        until=past,
    )
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    assert len(server.received) == 1


def test_suppressed_after_the_freeze_is_not_sent_and_says_so(campaign, staff, server):
    gone, kept = readers(campaign, 2)
    opened(campaign, staff)
    Suppression.objects.create(email_hmac=keyed_hash(gone), scope="all", reason="objection")
    send_everything(campaign)
    assert [each["to"] for each in server.received] == [kept]
    assert campaign.deliveries.get(email=gone).reason == "suppressed"
    assert campaign.status == "finished"


def test_a_refusal_that_passes_is_tried_again_and_delivered_once(campaign, staff, server):
    readers(campaign, 1)
    opened(campaign, staff)
    server.recipient_answers = ["450 later", "450 later", "451 later"]
    for _try in range(3):
        assert services.drain(campaign.pk).taken == 0
        due_now(campaign)
    assert services.drain(campaign.pk).taken == 1
    assert len(server.received) == 1
    row = campaign.deliveries.get()
    assert (row.state, row.attempts) == (3, 3)


def test_what_is_refused_waits_before_the_next_try(campaign, staff, server):
    readers(campaign, 1)
    opened(campaign, staff)
    server.recipient_answers = ["450 later"]
    services.drain(campaign.pk)
    row = campaign.deliveries.get()
    assert row.next_try_at > timezone.now() + timedelta(seconds=30)
    assert (row.smtp_code, row.smtp_text) == (450, "later")
    assert services.drain(campaign.pk).taken == 0
    services.tick()
    campaign.refresh_from_db()
    assert campaign.status == "sending"


def test_after_five_refusals_it_is_given_up(campaign, staff, server):
    readers(campaign, 1)
    opened(campaign, staff)
    server.recipient_answers = ["450 later"] * 5
    for _try in range(5):
        services.drain(campaign.pk)
        due_now(campaign)
    assert campaign.deliveries.get().state == 4
    assert services.drain(campaign.pk).taken == 0
    assert server.received == []


def test_one_unknown_address_is_refused_and_the_others_get_theirs(campaign, staff, server):
    readers(campaign, 25)
    opened(campaign, staff)
    server.recipient_answers = ["250 OK", "550 no such user"]
    send_everything(campaign)
    found = list(states(campaign).values())
    assert (found.count(3), found.count(4)) == (24, 1)
    assert len({each["to"] for each in server.received}) == len(server.received) == 24
    assert campaign.status == "finished"


def test_a_server_that_leaves_after_every_fifth_mail_gets_all_once(campaign, staff, server):
    readers(campaign, 23)
    opened(campaign, staff)
    server.drop_after_each = 5
    send_everything(campaign)
    assert set(states(campaign).values()) == {3}
    assert len({each["to"] for each in server.received}) == len(server.received) == 23


def test_an_answer_that_never_came_leaves_it_uncertain_for_ever(campaign, staff, server):
    readers(campaign, 1)
    opened(campaign, staff)
    server.drop_after_data = True
    services.drain(campaign.pk)
    server.drop_after_data = False
    assert set(states(campaign).values()) == {5}
    send_everything(campaign)
    assert server.received == []
    assert campaign.status == "finished"
    assert selectors.outcome(campaign)["uncertain"] == 1


def test_sent_again_are_exactly_the_uncertain_ones(campaign, staff, server):
    addresses = readers(campaign, 6)
    opened(campaign, staff)
    send_everything(campaign)
    with pytest.raises(TransitionRefused):
        services.send_again(campaign, by=staff)
    campaign.deliveries.filter(email__in=addresses[:2]).update(state=5)
    server.received.clear()
    services.send_again(campaign, by=staff)
    send_everything(campaign)
    assert sorted(each["to"] for each in server.received) == addresses[:2]
    assert campaign.status == "finished"


def test_uncertain_ones_can_be_taken_as_arrived(campaign, staff, server):
    readers(campaign, 2)
    opened(campaign, staff)
    send_everything(campaign)
    campaign.deliveries.update(state=5)
    assert services.take_as_arrived(campaign, by=staff) == 2
    assert selectors.outcome(campaign)["uncertain"] == 0


def test_without_a_mail_server_nothing_is_lost_and_it_goes_on_later(
    campaign, staff, server, settings
):
    readers(campaign, 12)
    opened(campaign, staff)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    assert services.drain(campaign.pk).end == End.UNREACHABLE
    services.tick()
    campaign.refresh_from_db()
    assert campaign.status == "sending"
    assert campaign.trouble
    assert campaign.trouble_at
    assert set(states(campaign).values()) == {0}
    assert not MailSender.objects.exists()
    settings.EMAIL_PORT = port
    send_everything(campaign)
    assert len(server.received) == 12
    assert campaign.status == "finished"
    assert campaign.trouble == ""


def test_a_server_that_refuses_our_mail_altogether_pauses_the_campaign(campaign, staff, server):
    readers(campaign, 12)
    opened(campaign, staff)
    server.sender_answer = "550 not from you"
    assert services.drain(campaign.pk).end == End.REFUSED
    campaign.refresh_from_db()
    assert campaign.status == "paused"
    assert "not from you" in campaign.trouble
    assert set(states(campaign).values()) == {0}
    server.sender_answer = None
    services.resume_campaign(campaign, by=staff)
    send_everything(campaign)
    assert len(server.received) == 12


class PausedAt:
    """A server that lets somebody pause the campaign while it takes mail number ``at``."""

    def __init__(self, server, at, act):
        self.count, self.at, self.act = 0, at, act
        server.on_mail = self

    def __call__(self):
        self.count += 1
        if self.count == self.at:
            self.act()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("verb", "state"), [("pause", 0), ("cancel", 6)])
def test_paused_or_cancelled_ten_more_go_out_at_most(campaign, staff, server, verb, state):
    readers(campaign, 60)
    opened(campaign, staff)

    def stop():
        note = {"note": "The date changed."}
        CAMPAIGN.run(Campaign.objects.get(pk=campaign.pk), verb, by=staff, **note)
        connection.close()

    PausedAt(server, 15, stop)
    drained = services.drain(campaign.pk)
    assert drained.end == End.STOPPED
    assert 15 <= len(server.received) <= 15 + 10
    found = list(states(campaign).values())
    assert found.count(3) == len(server.received)
    assert found.count(state) == 60 - len(server.received)


def test_paused_rate_changed_and_resumed_all_is_delivered_once(campaign, staff, server):
    readers(campaign, 8)
    opened(campaign, staff)
    services.pause_campaign(campaign, by=staff)
    assert services.drain(campaign.pk) is None
    services.change_rate(campaign, by=staff, rate=60_000, seen=None)
    assert services.drain(campaign.pk) is None
    services.resume_campaign(campaign, by=staff)
    send_everything(campaign)
    assert len({each["to"] for each in server.received}) == len(server.received) == 8


def test_a_planned_campaign_begins_when_it_is_time(campaign, staff, server):
    readers(campaign, 1)
    services.schedule_campaign(campaign, by=staff, send_at=timezone.now() + timedelta(hours=1))
    services.tick()
    campaign.refresh_from_db()
    assert campaign.status == "scheduled"
    Campaign.objects.filter(pk=campaign.pk).update(send_at=timezone.now())
    services.tick()
    campaign.refresh_from_db()
    assert campaign.status == "freezing"
    send_everything(campaign)
    assert len(server.received) == 1


def test_what_could_not_begin_in_time_is_not_sent(campaign, staff, server):
    readers(campaign, 1)
    now = timezone.now()
    services.schedule_campaign(
        campaign, by=staff, send_at=now + timedelta(hours=1), not_after=now + timedelta(hours=2)
    )
    Campaign.objects.filter(pk=campaign.pk).update(
        send_at=now - timedelta(hours=4), not_after=now - timedelta(hours=3)
    )
    services.tick()
    campaign.refresh_from_db()
    assert campaign.status == "missed"
    assert services.drain(campaign.pk) is None
    assert server.received == []


@pytest.mark.parametrize(
    ("hours", "now", "quiet"),
    [
        ((21, 7), "2026-03-28T23:30+01:00", True),
        ((21, 7), "2026-03-29T04:59Z", True),  # summer time began: it is 6.59
        ((21, 7), "2026-03-29T05:00Z", False),
        ((21, 7), "2026-10-25T05:59Z", True),  # summer time ended: it is 6.59
        ((21, 7), "2026-10-25T06:00Z", False),
        ((12, 14), "2026-11-26T12:00Z", True),
        ((0, 0), "2026-11-26T00:00Z", False),
    ],
)
def test_nothing_is_sent_at_night_on_the_clock_of_brussels(
    settings, monkeypatch, hours, now, quiet
):
    settings.CAMPAIGN_QUIET_HOURS = hours
    moment = timezone.datetime.fromisoformat(now)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with timezone.override("Europe/Brussels"):
        assert letters.is_quiet() is quiet


def test_at_night_a_campaign_rests(campaign, staff, server, settings):
    readers(campaign, 1)
    opened(campaign, staff)
    hour = timezone.localtime().hour
    settings.CAMPAIGN_QUIET_HOURS = (hour, (hour + 1) % 24)
    assert services.drain(campaign.pk) is None
    services.tick()
    campaign.refresh_from_db()
    assert (campaign.status, server.received) == ("sending", [])


def test_due_without_any_task_it_still_starts(campaign, staff, server, monkeypatch):
    readers(campaign, 1)
    woken = []
    monkeypatch.setattr(sending, "wake", woken.append)
    services.start_campaign(campaign, by=staff)  # the broker lost the call
    services.tick()
    assert woken == [campaign.pk]
    send_everything(campaign)
    assert len(server.received) == 1


HOSTILE = '<img src=x onerror=1> & "Zoé"\r\nBcc: v@x'


def test_a_hostile_name_stays_a_name(campaign, staff, server):
    readers(campaign, 1)
    Contact.objects.update(name=HOSTILE)
    Campaign.objects.filter(pk=campaign.pk).update(
        subject_fr="Pour {name} <vous>", body_fr="Bonjour {name},\n\n<b>"
    )
    campaign.refresh_from_db()
    Campaign.objects.filter(pk=campaign.pk).update(approved_hash=selectors.content_hash(campaign))
    campaign.refresh_from_db()
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    (mail,) = server.received
    html, text = parts(mail)
    words = '<img src=x onerror=1> & "Zoé" Bcc: v@x'
    assert mail["subject"] == f"Pour {words} <vous>"
    assert f"Bonjour {words}," in text
    assert "<img" not in html
    assert "&lt;img src=x onerror=1&gt; &amp; &quot;Zoé&quot; Bcc: v@x" in html
    assert mail["bcc"] is None
    assert mail["to"] == "reader0@example.org"


def test_a_reader_without_a_name_is_greeted_all_the_same(campaign, staff, server):
    readers(campaign, 1, language="nl")
    Campaign.objects.filter(pk=campaign.pk).update(body_nl="Dag {name},\n\nZie de pagina.")
    campaign.refresh_from_db()
    Campaign.objects.filter(pk=campaign.pk).update(approved_hash=selectors.content_hash(campaign))
    campaign.refresh_from_db()
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    assert "Dag lezer," in parts(server.received[0])[1]


def test_whoever_leaves_while_it_is_being_sent_is_passed_over(campaign, staff, server):
    addresses = readers(campaign, 12)
    opened(campaign, staff)
    unsubscribe(campaign.topic.subscriptions.get(contact__email=addresses[3]))
    send_everything(campaign)
    assert addresses[3] not in {each["to"] for each in server.received}
    assert campaign.deliveries.get(email=addresses[3]).reason == "unsubscribed"


def test_freezing_twice_adds_nobody(campaign, staff):
    readers(campaign, 3)
    opened(campaign, staff)
    before = set(campaign.deliveries.values_list("pk", flat=True))
    from campaigns.services.freezing import freeze_list

    freeze_list(campaign)
    assert set(campaign.deliveries.values_list("pk", flat=True)) == before
    assert (campaign.candidates, campaign.prepared, campaign.excluded) == (3, 3, 0)


def test_every_mail_has_an_id_of_its_own_that_is_always_the_same(campaign, staff, server):
    readers(campaign, 3)
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    ids = {each["message-id"] for each in server.received}
    assert len(ids) == 3
    assert all(each.startswith(f"<campaign-{campaign.pk}.") for each in ids)


def test_erased_people_leave_no_address_and_get_nothing_more(campaign, staff, server):
    addresses = readers(campaign, 3)
    opened(campaign, staff)
    people = [each.contact for each in campaign.deliveries.order_by("pk")[:2]]
    for person in people:
        erase_contact(person)
    send_everything(campaign)
    assert [each["to"] for each in server.received] == addresses[2:]
    rows = campaign.deliveries.filter(contact__in=people)
    assert set(rows.values_list("email", "name", "reason")) == {("", "", "removed")}
    assert not Delivery.objects.filter(email_norm__in=addresses[:2]).exists()
    assert campaign.status == "finished"
    assert campaign.prepared == 3


def test_a_year_after_its_end_a_campaign_knows_no_address(campaign, staff):
    readers(campaign, 2)
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    assert services.forget_addresses(timezone.now() + timedelta(days=360)) == 0
    assert services.forget_addresses(timezone.now() + timedelta(days=370)) == 2
    assert set(campaign.deliveries.values_list("email", "state")) == {("", 3)}
    assert selectors.outcome(campaign)["sent"] == 2
