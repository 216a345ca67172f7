"""The working pages of meetings, and the story of the demonstration."""

import io
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from core.models import Message, StatusChange
from stakeholders import playbook, services
from stakeholders.meeting_selectors import bilateral_counts
from stakeholders.models import BilateralMeeting, BilateralStatus, Interaction
from stakeholders.services.erasing import erase_contact
from tests.factories.meetings import held, shared
from tests.factories.programme import PortfolioFactory
from tests.factories.register import AffiliationFactory, BilateralFactory, CommitmentFactory
from tests.factories.stakeholders import ContactFactory
from tests.stakeholders.conftest import address, mails_to

pytestmark = pytest.mark.django_db
ALL = set(BilateralStatus.values)


def page_of(meeting, language="fr"):
    return address("meeting", meeting.pk, language=language)


def do(meeting, name):
    return address("meeting-do", meeting.pk, name)


def test_a_meeting_is_proposed_on_its_page(login, staff):
    affiliation = AffiliationFactory()
    organisation = affiliation.organisation
    client, url = login(staff), address("meeting-new")
    for words in ("", "?organisation=x", "?organisation=99999", "?search=nobody"):
        assert client.get(url + words).context["found"] == [], words
    found = client.get(f"{url}?kind=stakeholder&search={organisation.name_nl}")
    url += found.context["found"][0].link
    assert client.get(url).status_code == 200
    data = {
        "kind": "stakeholder",
        "starts_at": "2027-02-01T10:00",
        "ends_at": "2027-02-01T11:00",
        "language": "nl",
        "contacts": [affiliation.contact.pk],
        "agenda": "Data",
    }
    answer = client.post(url, data)
    made = BilateralMeeting.objects.get()
    assert answer.url == page_of(made)
    assert (made.owner, made.series_no, made.status) == (staff, 1, "proposed")
    assert list(made.contacts.all()) == [affiliation.contact]
    wrong = {
        "ends_at": "2027-02-01T09:00",
        "kind": "political",
        "language": "de",
        "starts_at": "2027-03-28T02:30",
    }
    for field, value in wrong.items():
        form = client.post(url, {**data, field: value}).context["form"]
        assert form.errors, field
    assert BilateralMeeting.objects.count() == 1


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_page_shows_steps_promises_ideas_and_minutes(login, staff, second, meeting, language):
    CommitmentFactory(organisation=meeting.organisation, text="Send the list")
    CommitmentFactory(text="Of somebody else")
    shared(meeting, staff)
    client = login(staff)
    text = client.get(page_of(meeting, language)).content.decode()
    assert "Send the list" in text
    assert "Of somebody else" not in text
    assert "<h2>Convenu</h2>" in text.replace("h3>", "h2>")
    assert "raised_in" in text
    pdf = client.get(address("meeting-minutes", meeting.pk, language=language))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_open_promises_stand_beside_the_invitation(login, staff, to_come):
    CommitmentFactory(organisation=to_come.organisation, text="Send the list")
    for url in (page_of(to_come), do(to_come, "invite")):
        assert "Send the list" in login(staff).get(url).content.decode()
    assert "zoe@example.org" in login(staff).get(do(to_come, "invite")).content.decode()


def test_each_button_opens_its_page_and_does_it(login, staff, second, meeting, to_come):
    client = login(staff)
    for made in (meeting, to_come):
        for move in client.get(page_of(made)).context["moves"]:
            assert client.get(move["url"]).status_code == 200, move["name"]
    assert client.post(do(to_come, "invite"), {"note": ""}).status_code == 302
    later = {"starts_at": "2027-07-07T10:00", "ends_at": "2027-07-07T09:00", "place": ""}
    assert "ends_at" in client.post(do(to_come, "reschedule"), later).context["form"].errors
    later["ends_at"] = "2027-07-07T11:00"
    assert client.post(do(to_come, "reschedule"), later).status_code == 302
    assert len(mails_to("zoe@example.org")) == 2
    for name, data in (
        ("agree", {}),
        ("hold", {"present": [], "outcomes": ["pilot"], "summary": "Good", "needs": "A room"}),
        ("set_results", {"outcomes": ["pilot", "data"], "needs": "Two rooms"}),
        ("write_minutes", {"body": "Words"}),
        ("rewrite_minutes", {"body": "Better words"}),
        ("share_minutes", {}),
        ("correct_minutes", {"body": "Best words"}),
        ("share_minutes", {}),
        ("follow_up", {"note": "It goes on."}),
    ):
        assert client.get(do(meeting, name)).status_code == 200
        assert client.post(do(meeting, name), data).status_code == 302, name
    assert client.post(do(meeting, "validate"), {}).status_code == 403
    assert login(second).post(do(meeting, "validate"), {}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.status, meeting.needs) == ("validated", "Two rooms")
    assert meeting.interaction.participations.filter(side="theirs").count() == 1  # nobody by name


def test_a_refusal_is_told_and_the_words_are_kept(login, staff, meeting):
    client = login(staff)
    answer = client.post(do(meeting, "follow_up"), {"note": "My words"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert "My words" in answer.content.decode()
    assert client.get(do(meeting, "explode")).status_code == 404
    assert client.post(do(meeting, "cancel"), {"note": ""}).context["form"].errors


def test_nobody_else_opens_the_working_pages(login, users, meeting, client):
    names = [page_of(meeting), address("meetings"), address("political-round")]
    writes = [do(meeting, "agree"), do(meeting, "invite"), address("meeting-new")]
    for url in (*names, *writes):
        assert client.get(url).status_code == 302
    for role, user in users.items():
        login(user)
        reads = role in {"staff", "auditor", "administrator"}
        for url in names:
            assert (client.get(url).status_code == 200) == reads, (role, url)
        for url in writes:
            assert (client.get(url).status_code == 200) == (role == "staff"), (role, url)
            if role != "staff":
                assert client.post(url, {}).status_code in {403, 404}, (role, url)
    assert client.get(address("meeting-minutes", meeting.pk)).status_code in {403, 404}
    meeting.refresh_from_db()
    assert (meeting.status, meeting.invited_at) == ("proposed", None)


@pytest.mark.parametrize("name", ["meetings", "meeting", "political-round"])
def test_the_number_of_queries_does_not_grow(name, login, staff, partner):
    client, counts = login(staff), []
    for size in (1, 2):
        for _number in range(size):
            made = BilateralFactory(
                kind="political", portfolio=PortfolioFactory(), owner=staff, status="agreed"
            )
            made.contacts.add(ContactFactory())
            CommitmentFactory(organisation=BilateralMeeting.objects.last().organisation)
        last = BilateralMeeting.objects.order_by("pk").first()
        last.contacts.add(ContactFactory())
        url = address(name, last.pk) if name == "meeting" else address(name)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_back_office_lists_and_leads_to_the_working_pages(login, staff, users, meeting):
    CommitmentFactory()
    client = login(staff)
    for model in ("interaction", "bilateralmeeting", "commitment"):
        url = reverse(f"admin:stakeholders_{model}_changelist")
        assert client.get(url + "?q=a").status_code == 200
        for role in ("secretary", "translator"):
            assert login(users[role]).get(url).status_code == 403, (role, model)
        assert login(users["auditor"]).get(url).status_code == 200
        add = reverse(f"admin:stakeholders_{model}_add")
        assert login(users["auditor"]).get(add).status_code == 403
    client = login(staff)
    for model, name in (("interaction", "exchange-new"), ("bilateralmeeting", "meeting-new")):
        answer = client.get(reverse(f"admin:stakeholders_{model}_add"))
        assert answer.url.split("?")[0].endswith(reverse(f"stakeholders:{name}")[4:])
    change = reverse("admin:stakeholders_bilateralmeeting_change", args=[meeting.pk])
    assert meeting.get_absolute_url() in client.get(change).content.decode()


def test_who_held_a_meeting_cannot_be_changed_to_validate_it(login, staff, second, meeting):
    shared(meeting, staff)
    url = reverse("admin:stakeholders_bilateralmeeting_change", args=[meeting.pk])
    login(staff).post(url, {"owner": second.pk, "language": "fr", "agenda": "Other"})
    meeting.refresh_from_db()
    assert (meeting.owner, meeting.agenda) == (staff, "Other")
    services.validate_meeting(meeting, by=second)
    assert login(staff).get(url).status_code == 200
    login(staff).post(url, {"owner": second.pk, "language": "fr", "agenda": "Changed"})
    meeting.refresh_from_db()
    assert (meeting.owner, meeting.agenda) == (staff, "Other")


@pytest.fixture
def seeded(db):
    from programme import seed as programme_seed
    from stakeholders import seed

    programme_seed.load()
    seed.load()


def test_the_seed_tells_a_story_that_holds_together(seeded, client, login, staff):
    rows = BilateralMeeting.objects.all()
    assert rows.count() == 12
    assert not rows.filter(is_demo=False).exists()
    assert not Interaction.objects.filter(is_demo=False).exists()
    assert not Message.objects.exists()
    assert {row.status for row in rows} >= ALL - {"no_show"}
    assert not rows.exclude(organisation__is_demo=True).exists()
    for each in rows:
        kind = ContentType.objects.get_for_model(each)
        moves = list(
            StatusChange.objects.filter(content_type=kind, object_id=each.pk).order_by("at", "pk")
        )
        assert moves[-1].target == each.status, each
        for before, after in itertools.pairwise(moves):
            assert before.target == after.source, each
    now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    asked = {task.step.code for task in playbook.tasks(staff, now)}
    assert asked == {"invite", "agenda", "minutes", "validation", "follow_up"}
    assert bilateral_counts()["stakeholder"] == {"validated": 3, "held": 6, "target": 20}
    assert bilateral_counts()["political"]["validated"] == 1
    text = client.get(address("bilateral-list")).content.decode()
    assert text.count("démonstration") >= 4
    login(staff)
    for each in rows:
        assert client.get(page_of(each)).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "données personnelles effacées le"), ("nl", "persoonsgegevens gewist op")],
)
def test_minutes_say_that_an_address_was_erased_from_them(login, staff, meeting, language, words):
    meeting.language = language
    meeting.save()
    gone = ContactFactory(email="gone@example.org")
    held(meeting, staff)
    services.write_minutes(meeting, by=staff, body="Agreed with gone@example.org.")
    client = login(staff)
    page = page_of(meeting, language)
    assert words not in client.get(page).content.decode()
    erase_contact(gone, by=staff)
    assert words in client.get(page).content.decode()
    pdf = client.get(address("meeting-minutes", meeting.pk, language=language)).content
    text = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert words in text
    assert "gone@" not in text


def typed(page, **changes):
    """Return what a browser sends back: the form as it was shown, with changes."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value is not None}
    return data | page.context["hidden"] | changes


def test_of_two_who_write_minutes_the_second_is_told(login, staff, meeting):
    held(meeting, staff)
    services.write_minutes(meeting, by=staff, body="First words")
    client, url = login(staff), do(meeting, "rewrite_minutes")
    mine, theirs = client.get(url), client.get(url)
    assert client.post(url, typed(theirs, body="Their words")).status_code == 302
    told = client.post(url, typed(mine, body="My words"))
    assert told.context["form"].non_field_errors()
    text = told.content.decode()
    assert "My words" in text
    assert "Their words" in text
    assert meeting.minutes.versions.count() == 2
    assert client.post(url, typed(told)).status_code == 302
    assert meeting.minutes.versions.order_by("-number").first().body == "My words"


def test_of_two_who_write_results_the_second_is_told(login, staff, meeting):
    held(meeting, staff)
    client, url = login(staff), do(meeting, "set_results")
    mine, theirs = client.get(url), client.get(url)
    assert client.post(url, typed(theirs, needs="A room")).status_code == 302
    told = client.post(url, typed(mine, synergies="A map"))
    (words,) = told.context["form"].non_field_errors()
    assert str(BilateralMeeting._meta.get_field("needs").verbose_name) in words
    assert "A map" in told.content.decode()
    meeting.refresh_from_db()
    assert (meeting.needs, meeting.synergies) == ("A room", "")
    assert client.post(url, typed(told)).status_code == 302


def test_what_was_done_is_said_once(login, staff, to_come):
    page = login(staff).post(do(to_come, "agree"), {}, follow=True).content.decode()
    assert page.count("C’est fait") == 1


def test_a_moved_meeting_says_from_when_to_when_and_instead_of_what(staff, to_come):
    services.invite(to_come, by=staff)
    start, end = to_come.starts_at, to_come.ends_at
    day = timedelta(days=1)
    services.reschedule(to_come, by=staff, starts_at=start + day, ends_at=end + day, place="B")
    services.reschedule(to_come, by=staff, starts_at=start + day, ends_at=end + day, place="C")
    first, moved, elsewhere = (mail.text for mail in mails_to("zoe@example.org"))
    assert "6 juillet 2027 à 10 h 00 – 11 h 00" in first.replace("\xa0", " ")
    assert "7 juillet 2027 à 10 h 00 – 11 h 00" in moved.replace("\xa0", " ")
    assert "au lieu du 6 juillet 2027 à 10 h 00" in moved.replace("\xa0", " ")
    assert "au lieu" not in elsewhere
