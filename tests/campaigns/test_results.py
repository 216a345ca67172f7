"""What a campaign led to, in numbers: for the office as a table, for everybody the totals."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from campaigns import services
from campaigns.models import CampaignLink
from campaigns.results import clicks_in_total, results_of
from campaigns.selectors import outcome
from core.models import Bounce
from stakeholders.services import unsubscribe
from tests.campaigns.conftest import send_everything
from tests.factories.campaigns import (
    CampaignFactory,
    PlanFactory,
    PlanKPIFactory,
    SubscriberFactory,
)

pytestmark = pytest.mark.django_db
URL = "https://www.example.org/canal"


@pytest.fixture
def sent(users, server):
    """A campaign that four people got."""
    campaign = CampaignFactory(
        approved=True,
        created_by=users["staff"],
        approved_by=users["secretary"],
        plan=PlanFactory(),
        body_fr=f"Voir [le canal]({URL}).",
        body_nl=f"Zie [het kanaal]({URL}).",
    )
    for number, language in enumerate(("fr", "nl", "en", "fr")):
        SubscriberFactory(
            topic=campaign.topic, email=f"reader{number}@example.org", language=language
        )
    services.start_campaign(campaign, by=users["staff"])
    send_everything(campaign)
    assert campaign.status == "finished"
    return campaign


def numbers(campaign) -> dict:
    """Return {key: number} of the results of ``campaign``."""
    return {each.key: each.number for each in results_of(campaign, outcome(campaign)).counts}


def come_back(campaign, number, *kinds):
    """Have the mail of a reader come back in these ways."""
    row = campaign.deliveries.get(email=f"reader{number}@example.org")
    for kind in kinds:
        Bounce.objects.create(mailing=f"campaign-{campaign.pk}", copy=row.pk, kind=kind)
    if {"hard", "soft"} & set(kinds):
        campaign.deliveries.filter(pk=row.pk).update(bounced_at=timezone.now())


def wish(campaign, number):
    return campaign.topic.subscriptions.get(contact__email=f"reader{number}@example.org")


def address(name, campaign, language="fr"):
    with translation.override(language):
        return reverse(f"campaigns:{name}", args=[campaign.slug])


def test_what_came_back_is_told_by_its_worst_way(sent):
    come_back(sent, 0, "soft", "soft", "hard")
    come_back(sent, 1, "soft")
    come_back(sent, 2, "complaint", "auto_reply")
    Bounce.objects.create(mailing="campaign-0", copy=1, kind="hard")
    found = numbers(sent)
    assert (found["handed_over"], found["refused"]) == (4, 0)
    assert (found["came_back"], found["hard"], found["soft"], found["complaints"]) == (2, 1, 1, 1)


def test_who_left_is_counted_for_two_weeks_after_their_own_mail(sent):
    other = CampaignFactory()
    for number in range(3):
        unsubscribe(wish(sent, number))
    late = wish(sent, 1)
    late.ended_at += timedelta(days=15)
    late.save()
    early = wish(sent, 2)
    early.ended_at -= timedelta(days=1)
    early.save()
    stranger = SubscriberFactory(topic=sent.topic, email="stranger@example.org")
    unsubscribe(stranger)
    unsubscribe(SubscriberFactory(topic=other.topic, contact=wish(sent, 3).contact))
    assert numbers(sent)["ended"] == 1


def test_clicks_are_told_by_language_and_small_numbers_are_not(sent):
    CampaignLink.objects.filter(campaign=sent, language="fr").update(clicks=7)
    CampaignLink.objects.filter(campaign=sent, language="nl").update(clicks=4)
    clicks = results_of(sent, outcome(sent)).clicks
    told = {each.language: each.number for each in clicks if each.url == URL}
    assert told == {"fr": 7, "nl": None}
    assert next(each.words for each in clicks if each.language == "nl") == "fewer than 5"
    total = sum(each.number or 0 for each in clicks)
    assert clicks_in_total(sent) == total, "nothing can be subtracted from it"
    CampaignLink.objects.filter(campaign=sent).update(clicks=4)
    assert clicks_in_total(sent) is None


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_office_reads_the_results_once_sending_began(client, users, sent, language):
    CampaignLink.objects.filter(campaign=sent).update(clicks=4)
    client.force_login(users["auditor"])
    page = client.get(address("progress", sent, language))
    words = page.content.decode()
    assert 'id="results"' in words
    assert 'id="clicks"' in words
    assert (
        'id="results"'
        not in client.get(
            address("progress", sent, language), headers={"hx-request": "true"}
        ).content.decode()
    )
    draft = CampaignFactory()
    assert client.get(address("progress", draft, language)).context["results"] is None


def test_the_key_figures_of_the_plan_that_it_feeds_are_named(client, users, sent):
    kpi = PlanKPIFactory(plan=sent.plan, metric="campaigns")
    PlanKPIFactory(plan=sent.plan)
    PlanKPIFactory(metric="mails")
    services.keep_plan_figures()
    client.force_login(users["staff"])
    page = client.get(address("progress", sent))
    (figure,) = page.context["results"].figures
    assert (figure.kpi, figure.reading.value) == (kpi, 1)
    assert kpi.name_fr in page.content.decode()


def test_the_table_is_given_as_a_file_with_the_same_numbers(client, users, sent):
    CampaignLink.objects.filter(campaign=sent, language="fr").update(clicks=7)
    client.force_login(users["staff"])
    for kind in ("csv", "xlsx", "ods", "json"):
        answer = client.get(address("progress", sent), {"format": kind})
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
    text = client.get(address("progress", sent), {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == "handed_over"
    assert "4" in rows[1]
    data = json.loads(client.get(address("progress", sent), {"format": "json"}).content)
    clicks = [row for row in data["rows"] if row["measure"] == "clicks"]
    assert [row["number"] for row in clicks if row["address"] == URL] == [7, None]
    assert "reader" not in text


def test_the_results_are_for_those_who_read_drafts(client, users, sent):
    client.force_login(users["juror"])
    assert client.get(address("progress", sent), {"format": "csv"}).status_code == 404


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_everybody_reads_the_totals_in_the_archive(client, sent, language):
    come_back(sent, 0, "hard")
    CampaignLink.objects.filter(campaign=sent, language="fr").update(clicks=1234)
    page = client.get(address("campaign-detail", sent, language))
    assert page.context["outcome"]["came_back"] == 1
    assert page.context["clicks"] == clicks_in_total(sent) >= 1234
    assert "234" in page.content.decode()
    assert "reader0" not in page.content.decode()


def test_the_pages_take_as_many_queries_for_three_links_and_mails_as_for_one(client, users, sent):
    PlanKPIFactory(plan=sent.plan, metric="campaigns")
    client.force_login(users["staff"])
    found = {}
    for more in (1, 3):
        for number in range(1, more):
            CampaignLink.objects.create(campaign=sent, language="fr", url=f"{URL}/{number}")
            come_back(sent, number, "hard")
            PlanKPIFactory(plan=sent.plan, metric="mails")
        for name in ("progress", "campaign-detail"):
            client.get(address(name, sent))
            with CaptureQueriesContext(connection) as queries:
                client.get(address(name, sent))
            found.setdefault(name, []).append(len(queries))
    assert found["progress"][0] == found["progress"][1]
    assert found["campaign-detail"][0] == found["campaign-detail"][1]
