"""What a dead sender leaves, and how many mails a minute may go."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from campaigns import services
from campaigns.models import Campaign, Delivery
from campaigns.services import letters, sending
from core.models import MailSender
from core.posting import budget, journal
from core.posting.drain import Drain, End
from core.posting.reaping import reap
from tests.campaigns.conftest import opened, readers, states

pytestmark = pytest.mark.django_db


class Dead:
    """What a killed sender leaves: rows it holds, and its journal, if any."""

    def __init__(self, campaign, state, lines=None):
        self.owner = uuid.uuid4()
        MailSender.objects.create(owner=self.owner, machine=journal.machine())
        campaign.deliveries.update(
            state=state, lease_owner=self.owner, lease_until=timezone.now() + timedelta(minutes=2)
        )
        if lines is not None:
            (row,) = campaign.deliveries.all()
            text = f"boot {journal.boot_id()}\n{lines.format(row.pk)}"
            (journal.folder() / f"{self.owner}.log").write_text(text)


@pytest.mark.parametrize(
    ("state", "lines", "becomes"),
    [
        (2, None, 5),  # no journal: nothing is certain
        (2, "", 0),  # never begun
        (2, "B {0}\n", 5),  # begun, no answer
        (2, "B {0}\nS {0}\n", 3),  # taken, not yet written
        (2, "B {0}\nR {0}\n", 0),  # refused for now
        (2, "B {0}\nR {0}\nB {0}\n", 5),  # begun again
        (2, "B {0}", 0),  # the line itself was not finished: not begun
    ],
)
def test_what_a_dead_sender_left_is_settled_from_its_journal(
    campaign, staff, state, lines, becomes
):
    readers(campaign, 1)
    opened(campaign, staff)
    Dead(campaign, state, lines)
    reap(Delivery)
    row = campaign.deliveries.get()
    assert (row.state, row.lease_owner) == (becomes, None)
    assert not MailSender.objects.exists()


def test_the_journal_of_another_boot_proves_nothing(campaign, staff):
    readers(campaign, 1)
    opened(campaign, staff)
    dead = Dead(campaign, 2, "B {0}\nS {0}\n")
    path = journal.folder() / f"{dead.owner}.log"
    path.write_text(path.read_text().replace(journal.boot_id(), "another"))
    reap(Delivery)
    assert campaign.deliveries.get().state == 5


def test_a_living_sender_keeps_its_rows(campaign, staff):
    readers(campaign, 1)
    opened(campaign, staff)
    owner = uuid.uuid4()
    alive = journal.Journal(owner)
    MailSender.objects.create(owner=owner, machine=journal.machine())
    campaign.deliveries.update(state=2, lease_owner=owner, lease_until=timezone.now())
    reap(Delivery)
    assert campaign.deliveries.get().state == 2
    alive.close(settled=False)
    reap(Delivery)
    assert campaign.deliveries.get().state == 0
    alive.path.unlink()


def test_a_sender_of_another_machine_is_given_an_hour(campaign, staff):
    readers(campaign, 1)
    opened(campaign, staff)
    dead = Dead(campaign, 2)
    MailSender.objects.update(machine="elsewhere")
    reap(Delivery)
    assert campaign.deliveries.get().state == 2
    MailSender.objects.filter(owner=dead.owner).update(
        heard_at=timezone.now() - timedelta(hours=1, minutes=1)
    )
    reap(Delivery)
    assert campaign.deliveries.get().state == 5


def test_no_minute_sees_more_than_the_rate_allows(campaign):
    budget.open_budget("a")
    clock = 0.0
    for rate in (1, 7, 60, 600, 100_000):
        capacity, refill = budget.capacity(rate), budget.refill(rate)
        assert capacity + 60 * refill <= max(rate, 1) + 1e-9 or rate == 1
        clock += capacity
    assert not budget.take("a", 1, 60)


def test_two_senders_have_budgets_of_their_own():
    for sender in ("a", "b"):
        budget.open_budget(sender)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_senderbudget SET tokens = 5")
    assert budget.take("a", 5, 60)
    assert not budget.take("a", 1, 60)
    assert budget.take("b", 5, 60)


def test_a_rate_holds_the_drain_back(campaign, staff, server):
    readers(campaign, 5)
    Campaign.objects.filter(pk=campaign.pk).update(rate_per_minute=60)
    campaign.refresh_from_db()
    opened(campaign, staff)
    drained = Drain(letters.mailing_of(campaign), seconds=0.2).run()
    assert drained.end == End.TIME
    assert drained.taken == 0
    assert set(states(campaign).values()) == {0}


def test_senders_do_not_multiply(campaign, staff, monkeypatch, settings):
    settings.CAMPAIGN_CONNECTIONS = 2
    readers(campaign, 60)
    opened(campaign, staff)
    called = []
    monkeypatch.setattr(
        sending.current_app, "send_task", lambda name, args, **rest: called.append(name)
    )
    monkeypatch.setattr(sending, "Drain", lambda mailing: Drain(mailing, seconds=0))
    for round_ in range(1, 4):
        assert services.drain(campaign.pk).end == End.TIME
        services.tick()
        assert len(called) == round_, "one successor each, and none from the tick"
    cache.clear()
    campaign.deliveries.update(
        state=2, lease_owner=(alive := uuid.uuid4()), lease_until=timezone.now()
    )
    log = journal.Journal(alive)
    MailSender.objects.create(owner=alive, machine=journal.machine())
    services.tick()
    assert len(called) == 3, "whoever holds rows is at work"
    log.close(settled=True)
    Delivery.objects.update(state=0, lease_owner=None, lease_until=None)
    services.tick()
    assert len(called) == 5, "nobody is: one for each connection"
