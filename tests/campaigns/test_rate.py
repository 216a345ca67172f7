"""The rate of a campaign is changed while it is paused, and only then."""

import pytest
from django.db import connection
from django.urls import reverse

from campaigns import services
from campaigns.models import Campaign
from campaigns.services import letters
from core.posting.drain import Drain, End
from core.selectors import history_of
from core.workflow import PermissionRefused, TransitionRefused
from tests.campaigns.conftest import opened, readers, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def paused(campaign, staff):
    readers(campaign, 3)
    opened(campaign, staff)
    services.pause_campaign(campaign, by=staff)
    return campaign


def page_of(campaign):
    return reverse("campaigns:progress", args=[campaign.slug])


def test_the_new_rate_stands_in_the_history(paused, staff):
    services.change_rate(paused, by=staff, rate=600, seen=None)
    services.change_rate(paused, by=staff, rate=None, seen=600)
    assert (paused.rate_per_minute, paused.status) == (None, "paused")
    notes = history_of(paused).filter(transition="change_rate").values_list("note", flat=True)
    assert list(notes) == ["600 → ∞", "∞ → 600"]


def test_while_it_is_being_sent_the_rate_stays(campaign, staff):
    readers(campaign, 1)
    opened(campaign, staff)
    with pytest.raises(TransitionRefused):
        services.change_rate(campaign, by=staff, rate=60, seen=None)
    campaign.refresh_from_db()
    assert campaign.rate_per_minute is None


def test_whoever_only_reads_changes_nothing(paused, make_user):
    with pytest.raises(PermissionRefused):
        services.change_rate(paused, by=make_user("auditor"), rate=60, seen=None)


def test_somebody_elses_change_is_told(paused, staff):
    services.change_rate(paused, by=staff, rate=600, seen=None)
    with pytest.raises(TransitionRefused, match="600 now"):
        services.change_rate(paused, by=staff, rate=60, seen=None)
    assert paused.rate_per_minute == 600


@pytest.mark.django_db(transaction=True)
def test_who_still_sends_at_the_old_rate_stops(campaign, staff, server):
    readers(campaign, 40)
    opened(campaign, staff)
    count = []

    def change():
        count.append(1)
        if len(count) == 5:  # all of it while ten mails are handed over
            row = Campaign.objects.get(pk=campaign.pk)
            services.pause_campaign(row, by=staff)
            services.change_rate(row, by=staff, rate=60, seen=None)
            services.resume_campaign(row, by=staff)
            connection.close()

    server.on_mail = change
    drained = Drain(letters.mailing_of(campaign)).run()
    assert (drained.end, drained.taken) == (End.STOPPED, 10)
    assert list(states(campaign).values()).count(0) == 30


def test_the_page_changes_it(client, paused, staff):
    client.force_login(staff)
    page = client.get(page_of(paused))
    assert page.context["rate_form"].fields["rate"].min_value == 1
    answer = client.post(page_of(paused), {"act": "rate", "rate": "60", "seen": ""})
    assert answer.status_code == 302
    paused.refresh_from_db()
    assert paused.rate_per_minute == 60
    client.post(page_of(paused), {"act": "rate", "rate": "", "seen": "60"})
    paused.refresh_from_db()
    assert paused.rate_per_minute is None


@pytest.mark.parametrize("typed", ["0", "-1", "fast", "9999999999"])
def test_what_is_no_rate_is_told_beside_it_and_kept(client, paused, staff, typed):
    client.force_login(staff)
    page = client.post(page_of(paused), {"act": "rate", "rate": typed, "seen": ""})
    form = page.context["rate_form"]
    assert list(form.errors) == ["rate"]
    assert form["rate"].value() == typed
    paused.refresh_from_db()
    assert paused.rate_per_minute is None


def test_the_page_tells_of_somebody_elses_change_and_takes_the_next_answer(client, paused, staff):
    services.change_rate(paused, by=staff, rate=600, seen=None)
    client.force_login(staff)
    page = client.post(page_of(paused), {"act": "rate", "rate": "60", "seen": ""})
    form = page.context["rate_form"]
    assert "600 now" in form.errors["rate"][0]
    assert (form["rate"].value(), form["seen"].value()) == ("60", 600)
    client.post(page_of(paused), {"act": "rate", "rate": "60", "seen": "600"})
    paused.refresh_from_db()
    assert paused.rate_per_minute == 60


def test_only_writers_of_a_paused_campaign_are_asked(client, users, paused):
    client.force_login(users["auditor"])
    assert client.get(page_of(paused)).context["rate_form"] is None
    sent = {"act": "rate", "rate": "60", "seen": ""}
    assert client.post(page_of(paused), sent).status_code == 403
    services.resume_campaign(paused, by=users["staff"])
    client.force_login(users["staff"])
    assert client.get(page_of(paused)).context["rate_form"] is None
    assert client.post(page_of(paused), sent).status_code == 302
    paused.refresh_from_db()
    assert paused.rate_per_minute is None


def test_the_back_office_asks_the_same(client, paused, staff):
    client.force_login(staff)
    address = reverse("admin:campaigns_campaign_transition", args=[paused.pk, "change_rate"])
    assert "Mails a minute" in client.get(address).content.decode()
    assert client.post(address, {"rate": "60", "seen": ""}).status_code == 302
    paused.refresh_from_db()
    assert paused.rate_per_minute == 60
