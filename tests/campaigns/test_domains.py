"""Limits of domains: what one domain does not take yet waits, and the others get theirs."""

import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns import services
from campaigns.models import Delivery
from campaigns.progress import progress_of
from campaigns.services import letters
from core.models import DomainBudget, SenderBudget
from core.posting import budget
from core.posting.domains import bucket, domain_of
from core.posting.drain import Drain, End
from core.posting.reaping import reap
from core.posting.rows_sql import Rows
from tests.campaigns.conftest import opened, send_everything
from tests.factories.campaigns import SubscriberFactory

pytestmark = pytest.mark.django_db

SLOW = "slow.example"


def limit(per_minute: int, domain=SLOW, tokens: float = 0):
    DomainBudget.objects.create(domain=domain, per_minute=per_minute)
    SenderBudget.objects.create(sender=bucket(domain), tokens=tokens)


def fill(tokens: float, domain=SLOW):
    """Give the bucket so many tokens now: how long the test took until here counts for nothing."""
    SenderBudget.objects.filter(sender=bucket(domain)).update(
        tokens=tokens, refilled_at=timezone.now()
    )


def people(campaign, number, domain=SLOW):
    for each in range(number):
        SubscriberFactory(topic=campaign.topic, email=f"p{each}@{domain}")


def got(server, domain=SLOW) -> int:
    return sum(each["to"].endswith(f"@{domain}") for each in server.received)


def pass_time(campaign, seconds: float):
    """Let time pass for the buckets and for what waits."""
    span = timedelta(seconds=seconds)
    SenderBudget.objects.update(refilled_at=F("refilled_at") - span)
    campaign.deliveries.update(next_try_at=F("next_try_at") - span)


def test_what_a_domain_does_not_take_yet_waits_its_turn_without_an_attempt(campaign, staff, server):
    people(campaign, 5)
    people(campaign, 15, "fast.example")
    limit(60)
    opened(campaign, staff)
    fill(2)
    drained = services.drain(campaign.pk)
    assert (drained.taken, drained.end) == (17, End.EMPTY)
    assert (got(server), got(server, "fast.example")) == (2, 15)
    rows = list(campaign.deliveries.filter(state=0).order_by("next_try_at"))
    assert {(row.attempts, row.smtp_code, row.lease_owner) for row in rows} == {(0, None, None)}
    steps = [(later.next_try_at - row.next_try_at).total_seconds() for row, later in pairwise(rows)]
    assert steps == [pytest.approx(60 / 50, abs=0.2)] * 2
    services.tick()
    campaign.refresh_from_db()
    assert campaign.status == "sending", "not finished while rows wait"


def test_no_minute_sees_more_than_the_limit_and_nobody_starves(campaign, staff, server):
    people(campaign, 8)
    limit(6)
    opened(campaign, staff)
    fill(1)
    for _step in range(6):  # one minute: a bucket of one, filled five times
        services.drain(campaign.pk)
        pass_time(campaign, 12.001)
    assert got(server) == 6
    for _step in range(2):
        services.drain(campaign.pk)
        pass_time(campaign, 12.001)
    send_everything(campaign)
    assert got(server) == len({each["to"] for each in server.received}) == 8
    assert campaign.status == "finished"


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_share_the_limit(campaign, staff, server):
    people(campaign, 30)
    people(campaign, 30, "fast.example")
    began = time.monotonic()  # the bucket fills from its first moment
    limit(120, tokens=5)
    opened(campaign, staff)
    mailing = letters.mailing_of(campaign)

    def drain():
        Drain(mailing, seconds=60).run()
        connection.close()

    both = [threading.Thread(target=drain) for _each in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    passed = time.monotonic() - began
    assert got(server, "fast.example") == 30
    assert 5 <= got(server) <= 5 + budget.refill(120) * passed
    assert len({each["to"] for each in server.received}) == len(server.received)


def test_a_sender_that_dies_while_it_sends_rows_back_loses_none(
    campaign, staff, server, monkeypatch
):
    people(campaign, 4)
    limit(600)
    opened(campaign, staff)
    fill(1)

    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Rows, "postpone", die)
        with pytest.raises(KeyboardInterrupt):
            services.drain(campaign.pk)
    assert set(campaign.deliveries.values_list("state", flat=True)) == {2}
    assert reap(Delivery) == {"queued": 4, "sent": 0, "uncertain": 0}
    for _step in range(4):
        services.drain(campaign.pk)
        pass_time(campaign, 10)
    send_everything(campaign)
    assert got(server) == len({each["to"] for each in server.received}) == 4


@pytest.mark.parametrize("number", [1, 3, 25])
def test_without_a_limit_a_drain_asks_once_and_takes_no_token(campaign, staff, server, number):
    people(campaign, number, "fast.example")
    opened(campaign, staff)
    with CaptureQueriesContext(connection) as found:
        assert Drain(letters.mailing_of(campaign)).run().taken == number
    asked = [each["sql"] for each in found if "core_domainbudget" in each["sql"]]
    assert len(asked) == 1, "once a drain, whatever there is to send"
    assert not any("core_senderbudget" in each["sql"] for each in found)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        (" An@Skynet.BE ", "skynet.be"),
        ("an@mail.skynet.be", "mail.skynet.be"),
        ("an@café.example", "xn--caf-dma.example"),
        ('"a@b"@skynet.be', "skynet.be"),
    ],
)
def test_the_domain_of_an_address(address, domain):
    assert domain_of(address) == domain


def test_a_subdomain_has_a_limit_of_its_own(campaign, staff, server):
    people(campaign, 2, f"mail.{SLOW}")
    limit(60)
    opened(campaign, staff)
    send_everything(campaign)
    assert got(server, f"mail.{SLOW}") == 2


@pytest.mark.parametrize(
    "wrong", [{"per_minute": 0}, {"domain": "Skynet.be"}, {"domain": "@skynet.be"}]
)
def test_the_database_refuses_what_is_no_limit(wrong):
    values = {"domain": "skynet.be", "per_minute": 60} | wrong
    with pytest.raises(ValidationError):
        DomainBudget(**values).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        DomainBudget.objects.create(**values)


def test_the_page_says_how_many_wait_for_a_domain(campaign, staff, server, client):
    people(campaign, 3)
    limit(60)
    opened(campaign, staff)
    fill(1)
    services.drain(campaign.pk)
    assert progress_of(campaign).held_back == 2
    client.force_login(staff)
    page = client.get(reverse("campaigns:progress", args=[campaign.slug])).content.decode()
    assert "Waits for the limit of a domain" in page
    campaign.deliveries.filter(state=0).update(attempts=1, next_try_at=timezone.now())
    assert progress_of(campaign).held_back == 0


@pytest.mark.parametrize("role", ["staff", "administrator"])
def test_staff_and_administrators_set_a_limit(users, login, role):
    client, add = login(users[role]), reverse("admin:core_domainbudget_add")
    assert "skynet.be" in client.get(add).content.decode()
    typed = {"domain": " An@Skynet.BE", "per_minute": "60", "note": "Proximus"}
    assert client.post(add, typed).status_code == 302
    assert DomainBudget.objects.values_list("domain", "per_minute").get() == ("skynet.be", 60)


def test_a_wrong_limit_is_told_beside_its_field(users, login):
    page = login(users["staff"]).post(
        reverse("admin:core_domainbudget_add"), {"domain": "skynet", "per_minute": "0"}
    )
    errors = page.context["adminform"].form.errors
    assert set(errors) == {"domain", "per_minute"}
    assert "skynet.be" in errors["domain"][0]
    assert page.context["adminform"].form["domain"].value() == "skynet"
    assert not DomainBudget.objects.exists()
