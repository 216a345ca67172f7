"""The pages that show an audience: names and numbers, preview, back office."""

import pytest
from django.urls import reverse

from campaigns import services
from campaigns.models import Campaign, Segment
from core.models import Suppression
from core.posting.addresses import keyed_hash
from tests.campaigns.conftest import form_of, readers
from tests.factories.campaigns import (
    CampaignFactory,
    SegmentFactory,
    SubscriberFactory,
    rule_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, users):
    client.force_login(users["staff"])
    return client


def address_of(segment):
    return segment.get_absolute_url()


# --- names and small numbers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "names", "total"),
    [("staff", 1, 6), ("administrator", 1, 6), ("auditor", 0, 6), ("secretary", 0, 6)],
)
def test_names_are_for_those_who_work_with_people(client, users, role, names, total):
    for number in range(6):
        SubscriberFactory(language="fr", email=f"anna{number}@example.org")
    client.force_login(users[role])
    page = client.get(address_of(SegmentFactory()))
    assert page.content.decode().count("anna0@example.org") == names
    reach = page.context["reach"]
    assert bool(reach.sample) is bool(names)
    assert reach.total in (total, None)


def test_a_small_number_is_withheld_from_whoever_may_not_know_people(client, users):
    SubscriberFactory(language="fr")
    segment = SegmentFactory()
    shown = {}
    for role in ("staff", "auditor", "secretary"):
        client.force_login(users[role])
        shown[role] = client.get(address_of(segment)).context["reach"].total
    assert shown == {"staff": 1, "auditor": 1, "secretary": None}


# --- the preview and the back office -------------------------------------------------------------


def test_the_preview_tells_whom_it_reaches_and_whom_not(desk, users):
    campaign = CampaignFactory(created_by=users["staff"])
    for number, language in enumerate(("fr", "fr", "nl", "en")):
        SubscriberFactory(
            topic=campaign.topic, email=f"reader{number}@example.org", language=language
        )
    Suppression.objects.create(
        email_hmac=keyed_hash("reader1@example.org"), scope="mailings", reason="hard_bounce"
    )
    without = SubscriberFactory(topic=campaign.topic, email="x@example.org", language="fr")
    type(without.contact).objects.filter(pk=without.contact_id).update(email="")
    campaign.segments.add(segment := SegmentFactory(rule=rule_of("language", "is", "fr", "nl")))
    page = desk.get(reverse("campaigns:preview", args=[campaign.slug]))
    expected = page.context["expected"]
    assert expected.languages == {"fr": 1, "nl": 1, "en": 0}
    assert [number for _reason, number in expected.left_out] == [1, 1]
    assert expected.considered == 4
    assert segment.get_absolute_url() in page.content.decode()


def test_the_preview_of_a_broken_segment_says_so(desk):
    campaign = CampaignFactory()
    campaign.segments.add(SegmentFactory())
    Segment.objects.update(rule=rule_of("language", "is", "xx"))
    page = desk.get(reverse("campaigns:preview", args=[campaign.slug]))
    assert page.status_code == 200
    assert page.context["expected"] is None


@pytest.fixture
def approved(users):
    campaign = CampaignFactory(created_by=users["secretary"])
    readers(campaign, 1)
    services.submit_campaign(campaign, by=users["secretary"])
    services.approve_campaign(campaign, by=users["staff"])
    return campaign


def test_segments_are_chosen_in_the_back_office_and_void_the_approval(desk, approved):
    segment, archived = SegmentFactory(), SegmentFactory()
    services.archive_segment(archived, by=approved.created_by)
    where = reverse("admin:campaigns_campaign_change", args=[approved.pk])
    page = desk.get(where)
    offered = page.context["adminform"].form.fields["segments"].queryset
    assert list(offered) == [segment]
    fields = form_of(page) | {"segments": [segment.pk]}
    both = desk.post(where, fields | {"excluded_segments": [segment.pk]})
    assert list(both.context["adminform"].form.errors) == ["excluded_segments"]
    assert desk.post(where, fields).status_code == 302
    approved.refresh_from_db()
    assert (approved.status, list(approved.segments.all())) == ("draft", [segment])


def test_a_list_of_segments_that_somebody_else_changed_is_not_overwritten(desk, approved):
    segment = SegmentFactory()
    where = reverse("admin:campaigns_campaign_change", args=[approved.pk])
    fields = form_of(desk.get(where)) | {"subject_fr": "Autre"}
    approved.segments.add(segment)
    response = desk.post(where, fields)
    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors()
    assert list(Campaign.objects.get().segments.all()) == [segment]


def test_the_approval_says_how_many_people_it_is_for(desk, users):
    campaign = CampaignFactory(created_by=users["secretary"])
    readers(campaign, 3)
    services.submit_campaign(campaign, by=users["secretary"])
    where = reverse("admin:campaigns_campaign_transition", args=[campaign.pk, "approve"])
    assert "3" in desk.get(where).context["form"].fields["note"].help_text


def test_a_held_campaign_is_confirmed_with_both_numbers(client, users):
    campaign = CampaignFactory(created_by=users["staff"])
    readers(campaign, 3)
    services.submit_campaign(campaign, by=users["staff"])
    services.approve_campaign(campaign, by=users["secretary"])
    services.start_campaign(campaign, by=users["staff"])
    SubscriberFactory.create_batch(4, topic=campaign.topic)
    services.begin_campaign(campaign)
    where = reverse("admin:campaigns_campaign_transition", args=[campaign.pk, "confirm_audience"])
    client.force_login(users["staff"])
    assert client.get(where).status_code == 403
    follow = client.get(reverse("campaigns:progress", args=[campaign.slug]))
    assert follow.context["progress"].considered == 7
    assert [each["name"] for each in follow.context["moves"]] == ["reopen", "cancel"]
    client.force_login(users["secretary"])
    form = client.get(where).context["form"]
    assert form.fields["seen"].initial == 7
    assert {"3", "7"} <= set(form.fields["agreed"].label.split())
    refused = client.post(where, {"seen": "7", "note": ""})
    assert refused.context["form"].errors["agreed"]
    assert client.post(where, {"seen": "7", "agreed": "on", "note": ""}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.status, campaign.approved_count) == ("freezing", 7)


def test_the_menu_of_the_back_office_leads_to_the_segments(client, users):
    for role, there in (("staff", True), ("auditor", True), ("facilitator", False)):
        client.force_login(users[role])
        page = client.get(reverse("admin:index"), headers={"accept-language": "fr"})
        assert ("/news/segments/" in page.content.decode()) is there, role


def test_the_back_office_shows_segments_to_read(desk, users):
    segment = SegmentFactory()
    where = reverse("admin:campaigns_segment_change", args=[segment.pk])
    page = desk.get(where, headers={"accept-language": "fr"})
    assert page.status_code == 200
    assert "/news/segments/" in page.content.decode()
    assert desk.post(where, {"name_fr": "x"}).status_code == 403
    assert desk.get(reverse("admin:campaigns_segment_add")).status_code == 403
