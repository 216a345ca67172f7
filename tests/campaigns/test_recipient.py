"""The mail of a campaign as a real person gets it: looked at, never sent."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.models import Message, Suppression
from core.posting.addresses import keyed_hash
from stakeholders.models import Contact
from tests.factories.campaigns import (
    CampaignFactory,
    SegmentFactory,
    SubscriberFactory,
    rule_of,
)
from tests.factories.stakeholders import ContactFactory

pytestmark = pytest.mark.django_db
HOSTILE = '<img src=x onerror=1> & "Zoé"'


@pytest.fixture
def campaign(users):
    return CampaignFactory(
        created_by=users["staff"],
        subject_nl="Dag {name}",
        body_nl="Dag {name},\n\nZie **de pagina**.",
    )


@pytest.fixture
def reader(campaign):
    made = SubscriberFactory(topic=campaign.topic, email="zoe@example.org", language="nl")
    Contact.objects.filter(pk=made.contact_id).update(name="Zoé Peeters", language="fr")
    return made


@pytest.fixture
def desk(client, users):
    client.force_login(users["staff"])
    return client


def address(campaign, name="recipient", language="fr"):
    with translation.override(language):
        return reverse(f"campaigns:{name}", args=[campaign.slug])


def frame(client, campaign) -> str:
    response = client.get(address(campaign, "recipient-mail"))
    assert response.status_code == 200
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    return response.content.decode()


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("who", ["Zoé Peeters", "zoe peeters", "ZOE@example.org", " zoe "])
def test_the_mail_is_that_of_the_person(desk, campaign, reader, language, who):
    page = desk.post(address(campaign, language=language), {"who": who})
    shown = page.context["shown"]
    assert (shown["person"], shown["reason"]) == (reader.contact, "")
    assert shown["language"] == "nl", "that of the subscription"
    assert shown["mail"]["subject"] == "Dag Zoé Peeters"
    html = frame(desk, campaign)
    assert "Dag Zoé Peeters" in html
    assert '<html lang="nl">' in html
    assert "/u/" not in html + shown["mail"]["text"], "no link that unsubscribes anybody"
    assert 'href="#"' in html
    assert not Message.objects.exists()
    assert not campaign.deliveries.exists()


def test_nothing_personal_stands_in_an_address_or_on_the_page_before(desk, campaign, reader):
    page = desk.post(address(campaign), {"who": "Zoé Peeters"})
    html = page.content.decode()
    asked = [page.request["PATH_INFO"], page.request["QUERY_STRING"]]
    links = [part.split('"')[0] for part in html.split('src="')[1:] + html.split('href="')[1:]]
    for words in ("Zoé", "Zo%C3%A9", "zoe@example.org", f"/{reader.contact_id}/"):
        assert not [each for each in (*asked, *links) if words in each]
    assert "no-store" in page["Cache-Control"]
    assert "Zoé" not in desk.get(address(campaign)).content.decode()
    ignored = desk.get(address(campaign), {"who": "Zoé Peeters"})
    assert ignored.context["shown"] is None


def test_a_hostile_name_stays_text(desk, campaign, reader):
    Contact.objects.filter(pk=reader.contact_id).update(name=f"{HOSTILE}\r\nBcc: v@example.org")
    page = desk.post(address(campaign), {"who": "zoe@example.org"})
    shown = page.context["shown"]
    assert shown["mail"]["subject"] == f"Dag {HOSTILE} Bcc: v@example.org"
    assert HOSTILE in shown["mail"]["text"]
    for html in (frame(desk, campaign), page.content.decode()):
        assert "<img src=x" not in html
        assert "&lt;img src=x onerror=1&gt;" in html


def outsider(campaign, case):
    """Make somebody who gets nothing, and say the words of the reason."""
    if case == "stranger":
        ContactFactory(email="out@example.org")
        return "no subscription"
    status = "unsubscribed" if case == "left" else "active"
    made = SubscriberFactory(
        topic=campaign.topic, email="out@example.org", language="fr", status=status
    )
    if case == "left":
        return "unsubscribed"
    if case == "excluded":
        segment = SegmentFactory(name_en="The French", rule=rule_of("language", "is", "fr"))
        campaign.excluded_segments.add(segment)
        return "The French"
    if case == "not asked":
        campaign.segments.add(SegmentFactory(rule=rule_of("language", "is", "nl")))
        return "none of the segments"
    if case == "suppressed":
        Suppression.objects.create(
            email_hmac=keyed_hash("out@example.org"), scope="mailings", reason="objection"
        )
        return "not written to"
    Contact.objects.filter(pk=made.contact_id).update(email="", name="Out")
    return "no address"


@pytest.mark.parametrize(
    "case", ["stranger", "left", "excluded", "not asked", "suppressed", "no address"]
)
def test_whoever_gets_nothing_is_told_why(desk, campaign, case):
    reason = outsider(campaign, case)
    who = "Out" if case == "no address" else "out@example.org"
    page = desk.post(address(campaign, language="en"), {"who": who})
    assert reason in page.context["shown"]["reason"]
    assert page.context["shown"]["mail"] == {}
    assert "<iframe" not in page.content.decode()


def test_several_of_a_name_are_asked_about(desk, campaign, reader):
    ContactFactory(name="Zoé Peeters", email="other@example.org")
    page = desk.post(address(campaign), {"who": "zoe peeters"})
    assert list(page.context["form"].errors) == ["chosen"]
    assert "other@example.org" in page.content.decode()
    chosen = {"who": "zoe peeters", "chosen": reader.contact_id}
    assert desk.post(address(campaign), chosen).context["shown"]["person"] == reader.contact


@pytest.mark.parametrize("who", ["", " ", "Nobody Here", "x" * 300, "\x00"])
def test_bad_input_is_told_beside_the_field(desk, campaign, reader, who):
    page = desk.post(address(campaign), {"who": who})
    assert list(page.context["form"].errors) == ["who"]
    assert page.context["shown"] is None


def test_suggestions_say_who_is_in_the_audience(desk, campaign, reader):
    ContactFactory(name="Zoé Autre", email="autre@example.org")
    where = address(campaign, "recipient-people", "en")
    html = desk.post(where, {"who": "zoe"}).content.decode()
    assert 'data-value="Zoé Peeters"' in html
    lines = {part.split('"')[0]: part for part in html.split('data-value="')[1:]}
    assert "not in the audience" in lines["Zoé Autre"]
    assert "not in the audience" not in lines["Zoé Peeters"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        *(("staff", 200), ("administrator", 200), ("auditor", 403), ("secretary", 403)),
        *(("juror", 404), ("nobody", 404)),
    ],
)
def test_people_are_for_those_who_work_with_them(client, users, campaign, reader, role, status):
    client.force_login(users[role])
    for name in ("recipient", "recipient-people"):
        assert client.post(address(campaign, name), {"who": "zoe"}).status_code == status
    mail = client.get(address(campaign, "recipient-mail")).status_code
    assert mail == status


def test_the_frame_shows_nobody_who_was_not_looked_up_here(desk, campaign, reader):
    assert desk.get(address(campaign, "recipient-mail")).status_code == 404
    desk.post(address(campaign), {"who": "zoe@example.org"})
    other = CampaignFactory(topic=campaign.topic)
    assert desk.get(address(other, "recipient-mail")).status_code == 404
    reader.delete()
    assert desk.get(address(campaign, "recipient-mail")).status_code == 404


def test_suggestions_ask_as_often_for_one_as_for_three(desk, campaign, reader):
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as found:
            desk.post(address(campaign, "recipient-people"), {"who": "zoe"})
        counts.append(len(found))
        for number in range(2):
            SubscriberFactory(topic=campaign.topic, email=f"zoe{number}{_more}@example.org")
            ContactFactory(name=f"Zoé {number}", email=f"z{number}{_more}@example.org")
    assert counts[0] == counts[1]
