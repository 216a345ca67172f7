"""The page on which the office follows the sending of a campaign."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from campaigns import services
from campaigns.progress import progress_of, story_of
from core.models import Suppression
from core.posting.addresses import keyed_hash
from tests.campaigns.conftest import send_everything
from tests.factories.campaigns import CampaignFactory, SubscriberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(users, server):
    made = CampaignFactory(approved=True, created_by=users["staff"], approved_by=users["secretary"])
    for number, language in enumerate(("fr", "nl", "en", "fr")):
        SubscriberFactory(topic=made.topic, email=f"reader{number}@example.org", language=language)
    Suppression.objects.create(
        email_hmac=keyed_hash("reader3@example.org"), scope="mailings", reason="hard_bounce"
    )
    return made


def address(campaign, language="fr"):
    with translation.override(language):
        return reverse("campaigns:progress", args=[campaign.slug])


def sent(campaign, users):
    services.start_campaign(campaign, by=users["staff"])
    send_everything(campaign)
    return campaign


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Sur la liste figée"), ("nl", "Op de vastgelegde lijst")]
)
def test_it_tells_what_became_of_everybody(client, users, campaign, language, words):
    sent(campaign, users)
    client.force_login(users["staff"])
    page = client.get(address(campaign, language))
    assert words in page.content.decode()
    found = page.context["progress"]
    assert found.counts["sent"] == found.settled == 3
    assert page.context["moves"] == [], "there is nothing uncertain to send again"
    assert [number for _reason, number in found.left_out] == [1]


def test_before_the_start_it_says_that_nobody_is_on_the_list(client, users, campaign):
    client.force_login(users["auditor"])
    page = client.get(address(campaign))
    assert page.status_code == 200
    assert page.context["moves"] == []
    assert "hx-get" not in page.content.decode()


def test_it_is_for_those_who_read_drafts(client, users, campaign):
    assert client.get(address(campaign)).status_code == 302
    client.force_login(users["juror"])
    assert client.get(address(campaign)).status_code == 404


def test_while_it_moves_the_page_renews_itself(client, users, campaign):
    services.start_campaign(campaign, by=users["staff"])
    services.begin_campaign(campaign)
    client.force_login(users["staff"])
    assert 'hx-trigger="every 5s"' in client.get(address(campaign)).content.decode()
    part = client.get(address(campaign), headers={"hx-request": "true"}).content.decode()
    assert part.strip().startswith('<div id="progress"')
    assert "<h1" not in part
    names = [move["name"] for move in client.get(address(campaign)).context["moves"]]
    assert names == ["pause", "cancel"]


def test_the_pace_of_the_last_minute_gives_the_time_left(users, campaign):
    services.start_campaign(campaign, by=users["staff"])
    services.begin_campaign(campaign)
    first = campaign.deliveries.order_by("pk").first()
    campaign.deliveries.filter(pk=first.pk).update(state=3, handed_at=timezone.now())
    found = progress_of(campaign)
    assert (found.a_minute, found.minutes_left) == (1, 2)
    campaign.deliveries.filter(pk=first.pk).update(handed_at=timezone.now() - timedelta(minutes=2))
    assert progress_of(campaign).minutes_left is None


@pytest.mark.parametrize(
    ("change", "words", "language"),
    [
        ({}, "took this message", "nl"),
        ({"bounced_at": timezone.now()}, "came back", "nl"),
        ({"state": 4, "smtp_code": 550, "smtp_text": "no such user"}, "refused", "nl"),
        ({"state": 5}, "may have arrived", "nl"),
        ({"state": 7, "reason": "unsubscribed"}, "unsubscribed", "nl"),
        ({"state": 0, "handed_at": None}, "waits", "nl"),
    ],
)
def test_the_story_of_one_address(users, campaign, change, words, language):
    sent(campaign, users)
    campaign.deliveries.filter(email="reader1@example.org").update(**change)
    story = story_of(campaign, " Reader1@Example.org")
    assert words in story.words
    assert story.language == language
    if "smtp_code" in change:
        assert story.answer == "550 no such user"


def test_the_story_of_who_is_not_on_the_list(client, users, campaign):
    assert "not frozen" in story_of(campaign, "x@example.org").words
    sent(campaign, users)
    assert "not on the list" in story_of(campaign, "x@example.org").words
    assert "not written to" in story_of(campaign, "reader3@example.org").words
    services.forget_addresses(timezone.now() + timedelta(days=400))
    assert "took this message" in story_of(campaign, "reader0@example.org").words


def test_whom_it_is_about_is_asked_on_the_page(client, users, campaign):
    sent(campaign, users)
    client.force_login(users["staff"])
    page = client.get(address(campaign), {"who": "reader1@example.org"})
    assert page.context["story"].at
    page = client.get(address(campaign), {"who": "nobody"})
    assert page.context["story"] is None
    assert page.context["form"].errors["who"]


def test_uncertain_mails_are_listed_and_settled_by_a_writer(client, users, campaign):
    sent(campaign, users)
    campaign.deliveries.filter(email="reader0@example.org").update(state=5)
    client.force_login(users["auditor"])
    page = client.get(address(campaign))
    assert "reader0@example.org" in page.content.decode()
    assert client.post(address(campaign)).status_code == 403
    client.force_login(users["staff"])
    page = client.get(address(campaign))
    assert "send_again" in [move["name"] for move in page.context["moves"]]
    assert client.post(address(campaign)).status_code == 302
    assert progress_of(campaign).counts["uncertain"] == 0


def test_the_trouble_of_the_mail_server_is_told(client, users, campaign, settings):
    services.start_campaign(campaign, by=users["staff"])
    settings.EMAIL_PORT = 9
    services.drain(campaign.pk)
    client.force_login(users["staff"])
    assert 'role="alert"' in client.get(address(campaign)).content.decode()


def test_a_test_and_a_preview_are_addressed_to_somebody(client, users, campaign, server):
    services.edit_campaign(campaign, by=users["staff"], body_fr="Bonjour {name}, <b>")
    client.force_login(users["staff"])
    page = client.get(reverse("campaigns:preview-mail", args=[campaign.slug, "fr"]))
    assert "{name}" not in page.content.decode()
    users["staff"].name = '<i>Zoé & "An"</i>'
    context = services.trial_context(campaign, "fr", users["staff"].name)
    (section,) = context["sections"]
    assert "Bonjour &lt;i&gt;Zoé &amp;" in section.html
    assert 'Bonjour <i>Zoé & "An"</i>' in section.text


def test_at_night_the_page_says_when_it_goes_on(client, users, campaign, settings):
    services.start_campaign(campaign, by=users["staff"])
    client.force_login(users["staff"])
    words = "la nuit"
    assert words not in client.get(address(campaign)).content.decode()
    hour = timezone.localtime().hour
    settings.CAMPAIGN_QUIET_HOURS = (hour, (hour + 1) % 24)
    assert words in client.get(address(campaign)).content.decode()
