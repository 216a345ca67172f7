"""The back office of campaigns, and their seed."""

import pytest
from django.apps import apps
from django.urls import reverse

from campaigns import seed, services
from campaigns.admin import EDITABLE
from campaigns.models import Campaign, CommunicationPlan, Segment
from tests.campaigns.conftest import form_of
from tests.factories.campaigns import CampaignFactory, CampaignTopicFactory, SubscriberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, users):
    client.force_login(users["staff"])
    return client


def change_address(campaign):
    return reverse("admin:campaigns_campaign_change", args=[campaign.pk])


def test_a_campaign_is_written_by_whoever_adds_it(desk, users):
    topic = CampaignTopicFactory()
    address = reverse("admin:campaigns_campaign_add")
    fields = form_of(desk.get(address)) | {
        "topic": topic.pk,
        "slug": "new",
        "subject_nl": "Een woord",
        "not_proofread": [],
        "segments": [],
        "excluded_segments": [],
    }
    response = desk.post(address, fields)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert Campaign.objects.get().created_by == users["staff"]


def test_an_edit_in_the_back_office_voids_the_approval(desk, users):
    campaign = CampaignFactory(created_by=users["secretary"])
    SubscriberFactory(topic=campaign.topic)
    services.submit_campaign(campaign, by=users["secretary"])
    services.approve_campaign(campaign, by=users["staff"])
    fields = form_of(desk.get(change_address(campaign))) | {"subject_fr": "Six projets"}
    response = desk.post(change_address(campaign), fields)
    assert response.status_code == 302, response.context["adminform"].form.errors
    campaign.refresh_from_db()
    assert (campaign.status, campaign.subject_fr) == ("draft", "Six projets")
    assert campaign.approved_by is None
    assert list(campaign.editors.all()) == [users["staff"]]


def test_the_rate_is_given_in_the_back_office(desk, users):
    campaign = CampaignFactory(created_by=users["secretary"])
    fields = form_of(desk.get(change_address(campaign)))
    refused = desk.post(change_address(campaign), fields | {"rate_per_minute": "0"})
    assert refused.context["adminform"].form.errors["rate_per_minute"]
    assert (
        desk.post(change_address(campaign), fields | {"rate_per_minute": "600"}).status_code == 302
    )
    campaign.refresh_from_db()
    assert campaign.rate_per_minute == 600


def test_saving_without_a_change_keeps_the_approval(desk, users):
    campaign = CampaignFactory(approved=True, approved_by=users["secretary"])
    fields = form_of(desk.get(change_address(campaign)))
    assert desk.post(change_address(campaign), fields).status_code == 302
    campaign.refresh_from_db()
    assert campaign.status == "approved"


def test_what_was_sent_is_read_only(desk, users):
    campaign = CampaignFactory(finished=True, approved_by=users["secretary"])
    assert desk.get(change_address(campaign)).status_code == 200
    assert desk.post(change_address(campaign), {"subject_fr": "x"}).status_code == 403


def test_approving_through_the_button_asks_a_second_person(client, users):
    campaign = CampaignFactory(created_by=users["staff"])
    SubscriberFactory(topic=campaign.topic)
    services.submit_campaign(campaign, by=users["staff"])
    address = reverse("admin:campaigns_campaign_transition", args=[campaign.pk, "approve"])
    client.force_login(users["staff"])
    assert client.post(address, {"note": ""}).status_code == 403
    client.force_login(users["secretary"])
    assert client.post(address, {"note": ""}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.approved_by == users["secretary"]


def test_sending_through_the_button_asks_first(desk, users):
    campaign = CampaignFactory(approved=True, approved_by=users["secretary"])
    SubscriberFactory(topic=campaign.topic)
    address = reverse("admin:campaigns_campaign_transition", args=[campaign.pk, "start"])
    assert (
        "confirmed subscriber"
        in desk.get(address, headers={"accept-language": "en"}).content.decode()
    )
    assert desk.post(address, {"note": ""}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.status == "freezing"


@pytest.mark.parametrize("name", ["campaign", "delivery", "segment"])
@pytest.mark.parametrize(
    ("role", "status"), [("staff", 200), ("auditor", 200), ("juror", 302), ("facilitator", 403)]
)
def test_the_lists_open_for_their_readers(client, users, name, role, status):
    client.force_login(users[role])
    address = reverse(f"admin:campaigns_{name}_changelist")
    assert client.get(address).status_code == status


def test_every_editable_name_is_a_field():
    names = {field.name for field in Campaign._meta.get_fields()}
    assert set(EDITABLE) <= names


def counts() -> dict:
    wanted = ("campaigns", "stakeholders", "accounts", "core")
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in wanted
    }


def test_the_seed_loads_once():
    seed.load()
    first = counts()
    seed.load()
    assert counts() == first
    assert first["campaigns.Campaign"] == 3
    assert first["campaigns.PlanAction"] == 23
    assert first["campaigns.Segment"] == 3
    assert [each.campaigns.count() for each in Segment.objects.order_by("pk")] == [0, 0, 1]
    assert CommunicationPlan.objects.get().is_demo
    assert set(Campaign.objects.values_list("status", flat=True)) == {
        "draft",
        "approved",
        "finished",
    }


def test_what_the_seed_approved_can_be_sent(users):
    seed.load()
    campaign = Campaign.objects.get(status="approved")
    services.start_campaign(campaign, by=users["staff"])
    services.begin_campaign(campaign)
    assert campaign.prepared == 6
    assert (campaign.candidates, campaign.excluded) == (6, 0)


def test_facts_only_makes_nothing():
    before = counts()
    seed.load(demo=False)
    assert counts() == before


def test_an_invented_author_cannot_log_in(client):
    seed.load()
    from accounts.models import User

    assert not User.objects.filter(is_demo=True, is_active=True).exists()
