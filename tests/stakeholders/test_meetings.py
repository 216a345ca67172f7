"""Bilateral meetings and promises: states, mails, minutes, the playbook, what counts."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from core.models import Message, StatusChange
from core.workflow import PermissionRefused, TransitionRefused
from programme.models import Portfolio
from stakeholders import playbook, services
from stakeholders.meeting_panels import commitments_overdue, playbook_tasks, progress
from stakeholders.meeting_selectors import bilateral_counts
from stakeholders.meeting_workflow import BILATERAL, COMMITMENT
from stakeholders.models import BilateralMeeting, BilateralStatus, Commitment, Interaction
from tests.factories.programme import DeliverableFactory, PortfolioFactory, WorkstreamFactory
from tests.factories.register import AffiliationFactory, BilateralFactory, CommitmentFactory
from tests.factories.stakeholders import ContactFactory, OrganisationFactory
from tests.stakeholders.conftest import address, mails_to

pytestmark = pytest.mark.django_db
PAST = datetime(2026, 9, 15, 12, tzinfo=UTC)
ALL = set(BilateralStatus.values)


@pytest.fixture
def staff(users):
    return users["staff"]


@pytest.fixture
def second(make_user):
    return make_user("staff", name="Second pair of eyes")


@pytest.fixture
def partner(db):
    return ContactFactory(name="Zoé Dupont", email="zoe@example.org")


@pytest.fixture
def meeting(staff, partner):
    """A meeting proposed for the past, with one person invited."""
    made = BilateralFactory(owner=staff, agenda="Données\nLieux", place="Rue Royale 1")
    made.contacts.add(partner)
    return made


@pytest.fixture
def to_come(staff, partner):
    """A meeting proposed for next summer."""
    starts = datetime(2027, 7, 6, 8, tzinfo=UTC)
    made = BilateralFactory(
        owner=staff,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        agenda="Données\n\n Lieux ",
        place="Rue Royale 1",
    )
    made.contacts.add(partner)
    return made


def held(meeting, staff, outcomes=("pilot",)):
    services.agree(meeting, by=staff)
    services.hold(meeting, by=staff, outcomes=outcomes)
    return meeting


def shared(meeting, staff, **changes):
    held(meeting, staff, **changes)
    services.write_minutes(meeting, by=staff, body="## Convenu\n\n- Un pilote.")
    services.share_minutes(meeting, by=staff)
    return meeting


def history(obj):
    kind = ContentType.objects.get_for_model(obj)
    rows = StatusChange.objects.filter(content_type=kind, object_id=obj.pk).order_by("pk")
    return list(rows.values_list("transition", flat=True))


def calendar_of(message):
    (event,) = Calendar.from_ical(message.calendar).walk("VEVENT")
    return event


# --- states -------------------------------------------------------------------------------------


def test_from_the_proposal_to_the_validation(meeting, staff, second, partner):
    shared(meeting, staff)
    services.validate_meeting(meeting, by=second)
    assert meeting.status == "validated"
    assert (meeting.validated_by, meeting.outcomes) == (second, ["pilot"])
    assert meeting.minutes.status == "signed"
    exchange = meeting.interaction
    assert (exchange.kind, exchange.happened_at) == ("bilateral", meeting.starts_at)
    assert exchange.minutes_long == 60
    assert exchange.participations.get(side="theirs").contact == partner
    assert exchange.participations.get(side="ours").user == staff
    assert history(meeting) == [
        *("agree", "hold", "write_minutes", "share_minutes", "validate"),
    ]


def test_every_move_from_every_state(staff, second, partner):
    """What the table does not allow is refused, whoever asks, and writes nothing."""
    data = {
        "write_minutes": {"body": "Words"},
        "correct_minutes": {"body": "Words"},
        "cancel": {"note": "Why"},
    }
    for name, step in BILATERAL.table.items():
        for status in ALL - set(step.sources):
            meeting = BilateralFactory.build(owner=staff, organisation=OrganisationFactory())
            if status in {"held", "minutes_draft", "minutes_shared", "validated"}:
                continue
            meeting.status = status
            meeting.save()
            with pytest.raises(TransitionRefused):
                BILATERAL.run(meeting, name, by=second, **data.get(name, {}))
            meeting.refresh_from_db()
            assert meeting.status == status
    assert not Interaction.objects.exists()
    assert not Message.objects.exists()


def test_what_took_place_does_not_go_back(meeting, staff, second):
    shared(meeting, staff)
    for name in ("agree", "hold", "cancel", "miss", "share_minutes", "write_minutes"):
        data = {"write_minutes": {"body": "x"}, "cancel": {"note": "x"}}.get(name, {})
        with pytest.raises(TransitionRefused):
            BILATERAL.run(meeting, name, by=second, **data)
    assert Interaction.objects.count() == 1


def test_the_future_is_neither_held_nor_missed(to_come, staff):
    services.agree(to_come, by=staff)
    for verb in (services.hold, services.miss_meeting):
        with pytest.raises(TransitionRefused, match="still to come"):
            verb(to_come, by=staff)
    assert not Interaction.objects.exists()


def test_the_host_does_not_validate(meeting, staff, second, users):
    shared(meeting, staff)
    names = {step.name for step in BILATERAL.available(meeting, staff)}
    assert names == {"correct_minutes"}
    with pytest.raises(PermissionRefused):
        services.validate_meeting(meeting, by=staff)
    for role in ("auditor", "administrator", "secretary", "superuser", "nobody"):
        with pytest.raises(PermissionRefused):
            services.validate_meeting(meeting, by=users[role])
    assert bilateral_counts()["stakeholder"]["validated"] == 0
    services.validate_meeting(meeting, by=second)


def test_validation_needs_an_outcome(meeting, staff, second):
    shared(meeting, staff, outcomes=())
    with pytest.raises(TransitionRefused, match="outcome"):
        services.validate_meeting(meeting, by=second)
    services.set_results(meeting, by=staff, outcomes=["data"], needs="A room")
    services.validate_meeting(meeting, by=second)
    assert (meeting.outcomes, meeting.needs) == (["data"], "A room")
    with pytest.raises(TransitionRefused):
        services.set_results(meeting, by=staff, outcomes=["pilot"])


def test_minutes_need_words_and_somebody_to_read_them(meeting, staff, partner):
    held(meeting, staff)
    with pytest.raises(TransitionRefused):
        services.write_minutes(meeting, by=staff, body="  \n ")
    services.write_minutes(meeting, by=staff, body="Words")
    partner.email = ""
    partner.save()
    with pytest.raises(TransitionRefused, match="e-mail"):
        services.share_minutes(meeting, by=staff)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.minutes.status) == ("minutes_draft", "draft")


def test_minutes_are_corrected_and_shared_again(meeting, staff, second):
    held(meeting, staff)
    services.write_minutes(meeting, by=staff, body="One")
    services.rewrite_minutes(meeting, by=staff, body="Two")
    services.share_minutes(meeting, by=staff)
    with pytest.raises(TransitionRefused):
        services.rewrite_minutes(meeting, by=staff, body="Three")
    services.correct_minutes(meeting, by=staff, body="Three")
    services.share_minutes(meeting, by=staff)
    sent = mails_to("zoe@example.org", "bilateral_minutes")
    assert ["Two" in sent[0].text, "Three" in sent[1].text] == [True, True]
    services.validate_meeting(meeting, by=second)
    bodies = meeting.minutes.versions.order_by("number").values_list("body", flat=True)
    assert list(bodies) == ["One", "Two", "Three"]
    with pytest.raises(TransitionRefused):
        services.correct_minutes(meeting, by=staff, body="Four")


def test_a_cancelled_meeting_has_its_reason(to_come, staff):
    with pytest.raises(TransitionRefused, match="reason"):
        services.cancel_meeting(to_come, by=staff)
    services.cancel_meeting(to_come, by=staff, note="Strike")
    assert to_come.status == "cancelled"
    assert not Message.objects.exists()  # nobody had been invited


def test_numbers_follow_each_other_in_each_series(staff):
    organisation, portfolio = OrganisationFactory(), PortfolioFactory()

    def propose(**changes):
        words = {"organisation": organisation, "language": "nl", "owner": staff}
        times = {"starts_at": PAST, "ends_at": PAST + timedelta(hours=1)}
        made = BilateralMeeting(**{**words, **times, **changes})
        return services.propose_meeting(made, by=staff).series_no

    political = {"kind": "political", "portfolio": portfolio}
    assert [propose(), propose(), propose(**political), propose()] == [1, 2, 1, 3]


# --- mails --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject", "moment"),
    [
        ("fr", "Invitation", "6 juillet 2027"),
        ("nl", "Uitnodiging", "6 juli 2027"),
        ("en", "Invitation", "6 July 2027"),
    ],
)
def test_the_invitation_is_in_the_language_of_the_partner(
    to_come, staff, language, subject, moment
):
    to_come.language = language
    to_come.save()
    assert services.invite(to_come, by=staff) == 1
    (mail,) = mails_to("zoe@example.org")
    assert mail.language == language
    assert mail.subject.startswith(subject)
    for part in (mail.text, mail.html):
        assert moment in part
        assert "10" in part  # eight o'clock in London
        assert "Rue Royale 1" in part
    assert "Zoé Dupont" in mail.text
    assert mail.headers["Reply-To"] == staff.email
    event = calendar_of(mail)
    assert event["DTSTART"].dt == to_come.starts_at
    assert event["SEQUENCE"] == 0
    assert "METHOD:REQUEST" in mail.calendar


def test_each_change_has_the_same_uid_and_a_higher_number(to_come, staff):
    services.invite(to_come, by=staff)
    later = to_come.starts_at + timedelta(days=7)
    services.reschedule(
        to_come, by=staff, starts_at=later, ends_at=later + timedelta(hours=2), place="En ligne"
    )
    services.invite(to_come, by=staff)
    services.cancel_meeting(to_come, by=staff, note="Strike")
    mails = mails_to("zoe@example.org")
    events = [calendar_of(mail) for mail in mails]
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2, 3]
    assert len({str(event["UID"]) for event in events}) == 1
    assert events[1]["DTSTART"].dt == later
    assert str(events[1]["LOCATION"]) == "En ligne"
    assert "METHOD:CANCEL" in mails[3].calendar
    assert events[3]["STATUS"] == "CANCELLED"
    assert mails[1].subject != mails[0].subject


def test_before_the_invitation_a_move_is_told_to_nobody(to_come, staff):
    later = to_come.starts_at + timedelta(days=7)
    services.reschedule(
        to_come, by=staff, starts_at=later, ends_at=later + timedelta(hours=1), place=""
    )
    assert to_come.starts_at == later
    assert not Message.objects.exists()


def test_the_agenda_is_sent_point_by_point(to_come, staff):
    services.send_agenda(to_come, by=staff)
    (mail,) = mails_to("zoe@example.org", "bilateral_agenda")
    assert "1. Données\n2. Lieux" in mail.text
    assert "<li>Lieux</li>" in mail.html
    to_come.agenda = " "
    to_come.save()
    with pytest.raises(TransitionRefused, match="agenda"):
        services.send_agenda(to_come, by=staff)


def test_nobody_is_invited_against_their_will(to_come, staff, partner):
    partner.do_not_contact = True
    partner.save()
    with pytest.raises(TransitionRefused):
        services.invite(to_come, by=staff)
    other = ContactFactory()
    to_come.contacts.add(other)
    assert services.invite(to_come, by=staff) == 1
    assert not mails_to("zoe@example.org")


def test_nothing_is_sent_about_what_is_over(meeting, staff):
    held(meeting, staff)
    for verb in (services.invite, services.send_agenda):
        with pytest.raises(TransitionRefused):
            verb(meeting, by=staff)
    with pytest.raises(TransitionRefused):
        services.reschedule(meeting, by=staff, starts_at=PAST, ends_at=PAST, place="")


def test_hostile_words_stay_words(to_come, staff, partner):
    partner.name = "<script>alert(1)</script>"
    partner.save()
    to_come.agenda = "<b>x</b>\n[link](javascript:alert(1))"
    to_come.save()
    services.send_agenda(to_come, by=staff)
    (mail,) = mails_to("zoe@example.org")
    assert "<script>" not in mail.html
    assert "<b>" not in mail.html
    assert "<script>alert(1)</script>" in mail.text


# --- the playbook -------------------------------------------------------------------------------


def codes(meeting, now=None):
    return [task.step.code for task in playbook.tasks_of(meeting, now)]


def test_days_are_counted_in_brussels(meeting):
    """Across the change of the clock, the end of a month and a late evening."""
    cases = {
        # In summer half past midnight in Brussels is still the day before in London.
        datetime(2026, 7, 1, 22, 30, tzinfo=UTC): (date(2026, 6, 11), date(2026, 8, 31)),
        # Over both changes of the clock.
        datetime(2026, 3, 30, 7, tzinfo=UTC): (date(2026, 3, 9), date(2026, 5, 29)),
        datetime(2026, 10, 26, 8, tzinfo=UTC): (date(2026, 10, 5), date(2026, 12, 25)),
        # A leap year and a turn of the year.
        datetime(2028, 3, 10, 9, tzinfo=UTC): (date(2028, 2, 18), date(2028, 5, 9)),
        datetime(2026, 1, 31, 9, tzinfo=UTC): (date(2026, 1, 10), date(2026, 4, 1)),
    }
    first, last = playbook.STEPS[0], playbook.STEPS[-1]
    for starts, days in cases.items():
        meeting.starts_at = starts
        assert (playbook.due_on(meeting, first), playbook.due_on(meeting, last)) == days
    offsets = {step.code: step.days for step in playbook.STEPS}
    assert offsets == {
        "invite": -21,
        "agenda": -7,
        "minutes": 5,
        "validation": 10,
        "follow_up": 60,
    }


def test_a_day_is_due_until_its_end_also_when_the_clock_changes(meeting):
    meeting.starts_at = datetime(2026, 3, 24, 9, tzinfo=UTC)
    meeting.ends_at = meeting.starts_at + timedelta(hours=1)
    meeting.status = "agreed"
    (task,) = playbook.tasks_of(meeting, datetime(2026, 3, 28, tzinfo=UTC))
    assert task.due_on == date(2026, 3, 29)  # the day with 23 hours
    assert task.due.astimezone(UTC) == datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=UTC)


def test_a_task_is_there_until_it_is_done(to_come, staff, second):
    assert codes(to_come) == ["invite", "agenda"]
    services.invite(to_come, by=staff)
    assert codes(to_come) == ["agenda"]
    services.send_agenda(to_come, by=staff)
    assert codes(to_come) == []
    assert codes(to_come, to_come.ends_at) == ["minutes"]  # still not said to be agreed
    services.agree(to_come, by=staff)
    assert codes(to_come, to_come.ends_at - timedelta(minutes=1)) == []
    assert codes(to_come, to_come.ends_at) == ["minutes"]


def test_after_the_meeting(meeting, staff, second):
    assert codes(meeting) == ["minutes"]
    expected = {"agree": "hold", "hold": "write_minutes", "write_minutes": "share_minutes"}
    assert playbook.tasks_of(meeting)[0].action == "agree"
    for name, after in expected.items():
        data = {"body": "Words"} if name == "write_minutes" else {}
        data |= {"outcomes": ["pilot"]} if name == "hold" else {}
        BILATERAL.run(meeting, name, by=staff, **data)
        assert playbook.tasks_of(meeting)[0].action == after
    assert codes(meeting) == ["minutes", "follow_up"]
    services.share_minutes(meeting, by=staff)
    assert codes(meeting) == ["validation", "follow_up"]
    services.validate_meeting(meeting, by=second)
    assert codes(meeting) == ["follow_up"]
    with pytest.raises(TransitionRefused):
        services.follow_up(meeting, by=staff, note=" ")
    services.follow_up(meeting, by=staff, note="The pilot has begun.")
    assert codes(meeting) == []
    assert history(meeting)[-1] == "follow_up"


@pytest.mark.parametrize("status", ["cancelled", "no_show"])
def test_what_is_off_asks_for_nothing(to_come, status):
    to_come.status = status
    assert codes(to_come) == codes(to_come, to_come.ends_at) == []


def test_the_queue_names_day_and_person_and_leads_to_the_act(meeting, staff, second, users, login):
    shared(meeting, staff)
    mine, theirs = playbook_tasks(staff), playbook_tasks(second)
    assert [row.text.split(" · ")[0] for row in mine.rows] == ["Follow up"]
    first = theirs.rows[0]
    assert first.text.startswith("Validate the meeting")
    assert str(staff) in first.whom
    assert timezone.localdate(first.due) == date(2026, 9, 25)
    assert first.is_overdue
    page = login(second).get(first.url)
    assert page.status_code == 200
    login(second).post(first.url, {"note": ""})
    meeting.refresh_from_db()
    assert meeting.status == "validated"
    assert [row.text.split(" · ")[0] for row in playbook_tasks(second).rows] == ["Follow up"]
    for role, user in users.items():
        assert (playbook_tasks(user) is None) == (role != "staff"), role
    assert b"Follow up" in login(second).get(reverse("admin:index")).content


def test_the_queue_takes_as_many_queries_for_three_as_for_one(staff):
    counts = []
    playbook_tasks(staff)  # the roles of a user are asked for once
    for _size in (1, 2):
        for _number in range(_size):
            BilateralFactory(status="agreed")
        with CaptureQueriesContext(connection) as queries:
            playbook_tasks(staff)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- what counts --------------------------------------------------------------------------------


@pytest.fixture
def counted(staff, second, partner):
    """One meeting in each state that took place, for both series."""
    portfolio = PortfolioFactory()
    for kind in ("stakeholder", "political"):
        for steps in range(3):
            changes = {"portfolio": portfolio} if kind == "political" else {}
            if kind == "political" and steps:
                changes = {"portfolio": PortfolioFactory()}
            made = BilateralFactory(kind=kind, owner=staff, **changes)
            made.contacts.add(partner)
            if steps == 0:
                held(made, staff)
            else:
                shared(made, staff)
            if steps == 2:
                services.validate_meeting(made, by=second)
    BilateralFactory()
    BilateralFactory(status="cancelled")


def test_only_what_is_validated_counts_each_series_by_itself(counted):
    DeliverableFactory(code="BILAT", target=20)
    one = {"validated": 1, "held": 3, "target": 20}
    two = {"validated": 1, "held": 3, "target": Portfolio.objects.count()}
    assert bilateral_counts() == {"stakeholder": one, "political": two}


def test_without_a_contract_there_is_no_target(db):
    counts = bilateral_counts()
    assert counts["stakeholder"] == {"validated": 0, "held": 0, "target": None}


def test_the_number_of_the_programme_opens_exactly_its_list(counted, client):
    DeliverableFactory(code="BILAT", target=20)
    entry = progress()["BILAT"]
    page = client.get(entry["url"])
    assert page.context["page_obj"].paginator.count == entry["count"] == 1
    assert client.get(address("bilateral-list")).context["page_obj"].paginator.count == 2
    for language in ("fr", "nl"):
        path = reverse("portal:programme").replace("/en/", f"/{language}/", 1)
        text = client.get(path).content.decode()
        assert "bilaterals/?kind=stakeholder" in text


@pytest.mark.parametrize("kind", ["", "csv", "json"])
def test_the_public_list_shows_nothing_internal(staff, second, partner, client, kind):
    secret = {"positions": "CANARY-9z", "needs": "CANARY-9z", "synergies": "CANARY-9z"}
    for listed in (True, False):
        organisation = OrganisationFactory(
            is_listed=listed, name_fr=f"Nom {listed}", name_nl=f"Naam {listed}"
        )
        made = BilateralFactory(
            owner=staff, organisation=organisation, place="CANARY-9z", agenda="CANARY-9z"
        )
        made.contacts.add(partner)
        services.agree(made, by=staff)
        services.hold(made, by=staff, outcomes=["refusal"], summary="CANARY-9z", **secret)
        services.write_minutes(made, by=staff, body="CANARY-9z")
        services.share_minutes(made, by=staff)
        services.validate_meeting(made, by=second, note="CANARY-9z")
    query = f"?format={kind}" if kind else ""
    for language, name in (("fr", "Nom"), ("nl", "Naam")):
        answer = client.get(address("bilateral-list", language=language) + query)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f"{name} True" in text
        for hidden in ("9z", f"{name} False", "Zoé", staff.email, "Second pair"):
            assert hidden not in text
        assert "2026" in text
    assert client.get(address("bilateral-list") + "?format=exe").status_code == 404
    bad = client.get(address("bilateral-list") + "?kind=secret&page=x")
    assert bad.status_code == 200
    assert "9z" not in client.get(reverse("portal:search") + "?q=CANARY").content.decode()


def test_the_political_round_has_one_line_for_each_cabinet(login, staff, second, partner):
    first, other = PortfolioFactory(), PortfolioFactory()
    made = BilateralFactory(kind="political", portfolio=first, owner=staff)
    made.contacts.add(partner)
    services.agree(made, by=staff)
    words = {"positions": "In favour", "synergies": "Stops", "workstream": WorkstreamFactory()}
    services.hold(made, by=staff, outcomes=["funding"], **words)
    page = login(staff).get(address("political-round"))
    assert page.context["lines"] == [(first, made), (other, None)]
    assert "In favour" in page.content.decode()
    text = login(staff).get(made.get_absolute_url()).content.decode()
    assert "Stops" in text


# --- the working pages --------------------------------------------------------------------------


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


# --- promises -----------------------------------------------------------------------------------


def test_a_promise_is_begun_and_kept_with_evidence(staff):
    promise = CommitmentFactory()
    services.start_commitment(promise, by=staff)
    with pytest.raises(TransitionRefused, match="shows"):
        services.keep_commitment(promise, by=staff, evidence=" ")
    services.keep_commitment(promise, by=staff, evidence="Mail of 3 March")
    assert (promise.status, promise.closed_on) == ("done", timezone.localdate())
    with pytest.raises(TransitionRefused):
        services.drop_commitment(promise, by=staff, note="Too late")


def test_a_promise_is_dropped_with_its_reason(staff, users):
    promise = CommitmentFactory()
    with pytest.raises(TransitionRefused, match="reason"):
        services.drop_commitment(promise, by=staff)
    for role in ("auditor", "administrator", "superuser"):
        with pytest.raises(PermissionRefused):
            services.drop_commitment(promise, by=users[role], note="x")
        assert not COMMITMENT.available(promise, users[role])
    services.drop_commitment(promise, by=staff, note="The partner closed")
    assert (promise.status, promise.closed_on) == ("dropped", timezone.localdate())


def test_overdue_promises_wait_in_the_queue_and_the_list_shows_the_same(staff, users, login):
    today = timezone.localdate()
    late = CommitmentFactory(due_on=today - timedelta(days=1))
    other = CommitmentFactory(due_on=today - timedelta(days=2), made_by="stakeholder")
    CommitmentFactory(due_on=today)
    CommitmentFactory(due_on=today - timedelta(days=9), status="dropped", closed_on=today)
    queue = commitments_overdue(staff)
    assert [row.text.split(" · ")[0] for row in queue.rows] == [other.text, late.text]
    assert all(row.is_overdue for row in queue.rows)
    client = login(staff)
    assert client.get(queue.url).context["cl"].result_count == queue.total == 2
    ours = client.get(queue.url + "&made_by__exact=office").context["cl"]
    assert ours.result_count == 1
    assert commitments_overdue(users["auditor"]) is None
    url = reverse("admin:stakeholders_commitment_transition", args=[late.pk, "keep"])
    assert client.get(url).status_code == 200
    assert "evidence" in client.post(url, {"evidence": ""}).context["form"].errors
    assert client.post(url, {"evidence": "Seen"}).status_code == 302
    assert Commitment.objects.get(pk=late.pk).status == "done"


# --- the story of the demonstration -------------------------------------------------------------


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
