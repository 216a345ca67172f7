"""The archive, the plan, the preview and the way out, through HTTP."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns import selectors, services
from campaigns.models import Campaign, CommunicationPlan
from core import slots
from core.models import Message
from stakeholders.models import ConsentEvent
from tests.factories.campaigns import (
    CampaignFactory,
    CampaignTopicFactory,
    PlanActionFactory,
    PlanFactory,
    SubscriberFactory,
)

pytestmark = pytest.mark.django_db
ARCHIVE = "/fr/news/campaigns/"


@pytest.fixture
def sent(make_user):
    """A maker of campaigns of the archive."""
    approver = make_user("secretary")

    def make(**fields):
        return CampaignFactory(finished=True, approved_by=approver, **fields)

    return make


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_archive_shows_what_was_sent_and_nothing_else(client, sent, language):
    campaign = sent()
    hidden = CampaignFactory()
    page = client.get(f"/{language}/news/campaigns/").content.decode()
    assert f'<html lang="{language}">' in page
    assert getattr(campaign, f"subject_{language}") in page
    assert hidden.slug not in page


def test_the_archive_asks_the_same_number_of_queries_for_any_number(client, sent):
    counts = []
    topic = CampaignTopicFactory()
    for more in (1, 2, 297):
        Campaign.objects.bulk_create(
            CampaignFactory.build(
                status="finished",
                approved_by=Campaign.objects.first().approved_by if counts else sent().approved_by,
                approved_hash="x",
                finished_at="2026-05-04T10:00Z",
                topic=topic,
            )
            for _ in range(more)
        )
        counts.append(queries(client, ARCHIVE))
    assert counts[0] == counts[1]
    # The third has a second page: one link more, no query more.
    assert counts[2] == counts[1]


def test_filters_and_exports_speak_of_the_same_rows(client, sent):
    one, other = sent(subject_fr="Vélos partagés"), sent()
    response = client.get(ARCHIVE, {"search": "velo"})
    assert list(response.context["page_obj"]) == [one]
    response = client.get(ARCHIVE, {"topic": other.topic.slug})
    assert list(response.context["page_obj"]) == [other]
    rows = json.loads(client.get(ARCHIVE, {"topic": other.topic.slug, "format": "json"}).content)
    assert [row["subject"] for row in rows["rows"]] == [other.subject_fr]
    assert other.topic.name_fr in rows["meta"]["filter"]
    text = client.get(ARCHIVE, {"format": "csv"}).content.decode().removeprefix("\ufeff")
    assert len(list(csv.reader(io.StringIO(text)))) == 1 + 2 + 1 + 3


@pytest.mark.parametrize("query", ["?page=99", "?topic=unknown", "?search=%00", "?format=exe"])
def test_bad_input_is_no_error(client, sent, query):
    sent()
    assert client.get(ARCHIVE + query).status_code == 200


def test_only_the_office_sees_a_campaign_before_it_is_sent(client, users):
    campaign = CampaignFactory()
    address = campaign.get_absolute_url()
    assert client.get(address).status_code == 404
    for role, status in (("staff", 200), ("auditor", 200), ("juror", 404), ("nobody", 404)):
        client.force_login(users[role])
        assert client.get(address).status_code == status, role


def test_a_sent_campaign_is_read_as_it_was_sent(client, sent):
    campaign = sent(body_fr="Voir [la page](https://example.org).", body_en="", subject_en="")
    page = client.get(f"/fr/news/campaigns/{campaign.slug}/").content.decode()
    assert '<a href="https://example.org"' in page
    english = client.get(f"/en/news/campaigns/{campaign.slug}/").content.decode()
    assert '<section class="letter" lang="fr">' in english
    assert '<section class="letter" lang="nl">' in english


@pytest.mark.parametrize(("language", "words"), [("fr", "réalisée"), ("nl", "uitgevoerd")])
def test_the_plan_shows_its_actions(client, sent, language, words):
    plan = PlanFactory()
    PlanActionFactory(plan=plan, done=True)
    campaign = sent(plan=plan)
    CampaignFactory(plan=plan)
    response = client.get(f"/{language}/communication-plans/{plan.pk}/")
    page = response.content.decode()
    assert words in page
    assert getattr(campaign, f"subject_{language}") in page
    assert list(response.context["campaigns"]) == [campaign]
    listing = client.get(f"/{language}/communication-plans/").content.decode()
    assert getattr(plan, f"title_{language}") in listing


def test_the_list_of_plans_asks_the_same_number_of_queries(client):
    counts = []
    for more in (1, 2, 30):
        PlanFactory.create_batch(more)
        counts.append(queries(client, "/nl/communication-plans/"))
    assert len(set(counts)) == 1


def test_the_deliverable_counts_exactly_the_plans_of_its_list(client):
    PlanFactory.create_batch(2)
    with translation.override("fr"):
        (found,) = [each["COMM"] for each in slots.collect("programme.progress") if "COMM" in each]
    response = client.get(found["url"])
    assert found["count"] == response.context["page_obj"].paginator.count == 2


def test_the_preview_is_for_those_who_read_drafts(client, users):
    SubscriberFactory.create_batch(2, topic=(campaign := CampaignFactory()).topic)
    address = reverse("campaigns:preview", args=[campaign.slug])
    assert client.get(address).status_code == 302
    for role, status in (("staff", 200), ("auditor", 200), ("juror", 404), ("facilitator", 404)):
        client.force_login(users[role])
        assert client.get(address).status_code == status, role
    client.force_login(users["staff"])
    page = client.get(address).content.decode()
    for language in ("fr", "nl", "en"):
        assert getattr(campaign, f"subject_{language}") in page


def test_the_framed_mail_cannot_do_anything(client, users):
    campaign = CampaignFactory()
    client.force_login(users["staff"])
    response = client.get(reverse("campaigns:preview-mail", args=[campaign.slug, "nl"]))
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert campaign.subject_nl in response.content.decode()
    address = reverse("campaigns:preview-mail", args=[campaign.slug, "de"])
    assert client.get(address).status_code == 404


def test_a_test_is_sent_by_writers_only(client, users):
    campaign = CampaignFactory()
    address = reverse("campaigns:preview", args=[campaign.slug])
    client.force_login(users["auditor"])
    assert client.post(address, {"language": "fr"}).status_code == 403
    client.force_login(users["staff"])
    assert client.post(address, {"language": "xx"}).status_code == 200
    assert not Message.objects.exists()
    assert client.post(address, {"language": "fr"}).status_code == 302
    assert Message.objects.get().recipient == users["staff"].email


@pytest.fixture
def subscription():
    return SubscriberFactory(language="nl")


def way_out(subscription):
    return "/u/" + selectors.unsubscribe_token(subscription)


def is_active(subscription):
    subscription.refresh_from_db()
    return subscription.status == "active"


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(client, subscription, method):
    for _ in range(10):
        response = getattr(client, method)(way_out(subscription))
        assert response.status_code == 200
    assert is_active(subscription)
    assert not ConsentEvent.objects.exists()


ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize(
    "body",
    [
        {"data": ONE_CLICK},
        {
            "data": "List-Unsubscribe=One-Click",
            "content_type": "application/x-www-form-urlencoded",
        },
        {"data": "", "content_type": "text/plain"},
    ],
    ids=["multipart", "urlencoded", "nothing"],
)
def test_one_click_unsubscribes_once(subscription, body):
    mail_program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = mail_program.post(way_out(subscription), **body)
        assert response.status_code == 200
        assert not response.cookies
    assert not is_active(subscription)
    assert ConsentEvent.objects.filter(event="withdrawn").count() == 1


def test_the_page_speaks_the_language_of_the_subscription(client, subscription):
    response = client.get(way_out(subscription), headers={"accept-language": "fr"})
    assert '<html lang="nl">' in response.content.decode()
    assert response["Content-Language"] == "nl"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def forged(subscription):
    token = selectors.unsubscribe_token(subscription)
    names, _dot, signature = token.partition(".")
    other = SubscriberFactory()
    yield token[:-1]
    yield token + "x"
    yield f"{other.contact_id}-{other.topic_id}.{signature}"
    yield names
    yield "x"


def test_a_forged_link_gets_the_same_pages_and_does_nothing(client, subscription):
    headers = {"accept-language": "nl"}
    real = client.get(way_out(subscription), headers=headers).content
    for token in forged(subscription):
        assert client.get(f"/u/{token}", headers=headers).content == real
    answers = {
        client.post(f"/u/{token}", headers=headers).content for token in forged(subscription)
    }
    assert is_active(subscription)
    assert answers == {client.post(way_out(subscription), headers=headers).content}
    assert ConsentEvent.objects.count() == 1


def test_an_old_key_still_opens_its_links(client, subscription, settings):
    address = way_out(subscription)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    client.post(address)
    assert not is_active(subscription)


def test_somebody_without_a_second_factor_unsubscribes_too(client, users, settings, subscription):
    settings.MFA_OBLIGATORY = True
    client.force_login(users["staff"])
    assert client.post(way_out(subscription)).status_code == 200
    assert not is_active(subscription)


def test_the_link_of_a_real_mail_works(client, users, server):
    campaign = CampaignFactory(created_by=users["staff"])
    subscription = SubscriberFactory(topic=campaign.topic)
    services.submit_campaign(campaign, by=users["staff"])
    services.approve_campaign(campaign, by=users["secretary"])
    services.start_campaign(campaign, by=users["staff"])
    services.drain(campaign.pk)
    link = server.received[0]["list-unsubscribe"].strip("<>")
    client.post("/" + link.split("/", 3)[3], ONE_CLICK)
    assert not is_active(subscription)


def test_the_queue_shows_what_somebody_may_approve(users):
    campaign = CampaignFactory(created_by=users["staff"])
    services.submit_campaign(campaign, by=users["staff"])
    titles = {
        role: [
            row.text
            for queue in slots.collect("office.queues", users[role])
            for row in queue.rows
            if "campaign" in row.url
        ]
        for role in ("staff", "secretary", "juror")
    }
    assert titles == {"staff": [], "secretary": [str(campaign)], "juror": []}


def test_the_search_of_the_portal_finds_the_archive(users, sent):
    campaign = sent(subject_fr="Vélos partagés")
    CampaignFactory(subject_fr="Vélos secrets")
    with translation.override("fr"):
        found = [
            each
            for each in slots.collect("portal.search", "velos", users["nobody"])
            if each["total"]
        ]
    assert [each["rows"] for each in found] == [[campaign]]


def test_there_is_no_plan_without_both_languages(client):
    assert CommunicationPlan.objects.count() == 0
    page = client.get("/fr/communication-plans/").content.decode()
    assert "encore" in page
