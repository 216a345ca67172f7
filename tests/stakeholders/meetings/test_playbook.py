"""The playbook of a meeting and what counts towards the contract."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionRefused
from programme.models import Portfolio
from stakeholders import playbook, services
from stakeholders.meeting_panels import playbook_tasks, progress
from stakeholders.meeting_selectors import bilateral_counts
from stakeholders.meeting_workflow import BILATERAL
from tests.factories.meetings import held, history, shared
from tests.factories.programme import DeliverableFactory, PortfolioFactory, WorkstreamFactory
from tests.factories.register import BilateralFactory
from tests.factories.stakeholders import OrganisationFactory
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db


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
