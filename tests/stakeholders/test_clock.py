"""The clock of an idea, its pauses, and the figures that the Office publishes about itself."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core import typography
from core.models import StatusChange
from core.workflow import record_change
from stakeholders import clock, punctuality, services, tasks
from stakeholders.models import AnswerFeedback, AnsweringFigure, Idea
from stakeholders.panels import ideas_to_answer, ideas_to_moderate
from tests.factories.stakeholders import IdeaFactory, StatementFactory, SubmissionFactory
from tests.stakeholders.conftest import address, answer, propose

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(days, **more):
    """Return the moment ``days`` after the start."""
    return START + timedelta(days=days, **more)


def moved(idea, name, source, target, days):
    record_change(idea, name, source, target, by=None, at=at(days))


def with_pauses(*pauses, status="published", **more):
    """Return a published idea that waited for its contributor during ``pauses`` (days)."""
    idea = IdeaFactory(status=status, received_at=START, published_at=at(2), **more)
    moved(idea, "publish", "received", "published", 2)
    for begin, end in pauses:
        moved(idea, "ask_info", "published", "info_requested", begin)
        if end is not None:
            moved(idea, "resume_publication", "info_requested", "published", end)
    return idea


def due(idea, now):
    return clock.look_up(idea, now=now).answer_due_on


def test_the_deadlines_are_those_of_the_settings(settings):
    idea = with_pauses()
    assert due(idea, at(3)) == at(60).date()
    assert clock.look_up(idea).acknowledge_due_on == at(10).date()
    settings.IDEA_ANSWER_WITHIN_DAYS, settings.IDEA_ACKNOWLEDGE_WITHIN_DAYS = 30, 5
    assert due(idea, at(3)) == at(30).date()
    assert clock.look_up(idea).acknowledge_due_on == at(5).date()


def test_pauses_are_added_and_an_open_one_grows():
    assert due(with_pauses((5, 8), (10, 14)), at(20)) == at(67).date()
    waiting = with_pauses((5, 8), (10, None), status="info_requested")
    assert due(waiting, at(10)) == at(63).date()
    assert due(waiting, at(15)) == at(68).date()
    assert clock.look_up(waiting, now=at(200)).is_overdue is False


def test_a_pause_over_the_change_to_summer_time_is_as_long_as_it_was():
    begin = datetime(2026, 3, 28, 12, tzinfo=UTC)
    idea = IdeaFactory(status="info_requested", received_at=START, published_at=at(2))
    record_change(idea, "ask_info", "published", "info_requested", by=None, at=begin)
    found = clock.look_up(idea, now=begin + timedelta(hours=24))
    assert found.paused == timedelta(hours=24)


def test_a_pause_that_ended_otherwise_is_a_pause_too():
    idea = with_pauses((5, None), status="withdrawn", closing_reason="solved")
    moved(idea, "withdraw", "info_requested", "withdrawn", 9)
    assert clock.look_up(idea, now=at(100)).paused == timedelta(days=4)


def test_the_day_of_the_deadline_is_in_time():
    idea = with_pauses()
    last_moment = timezone.make_aware(datetime(2026, 5, 1, 23, 59))
    assert due(idea, at(3)).isoformat() == "2026-05-01"
    assert clock.look_up(idea, now=last_moment).is_overdue is False
    assert clock.look_up(idea, now=last_moment + timedelta(minutes=2)).is_overdue is True


@pytest.mark.parametrize(
    ("move", "days"),
    [(("publish", "published"), 3), (("ask_info", "info_requested"), 4), (("refuse", "x"), 5)],
)
def test_the_first_reaction_acknowledges(move, days):
    idea = IdeaFactory(received_at=START)
    moved(idea, "confirm", "submitted", "received", 0)
    assert clock.look_up(idea).acknowledged_at is None
    moved(idea, move[0], "received", move[1], days)
    moved(idea, "start_review", "published", "under_review", 20)
    assert clock.look_up(idea).acknowledged_at == at(days)
    StatementFactory(idea=idea, kind="acknowledgement", outcome="", published_at=at(1))
    assert clock.look_up(idea).acknowledged_at == at(1)


def test_the_first_answer_counts_not_the_last(make_user):
    idea = with_pauses(
        status="answered",
        answered_at=at(40),
        statement=False,
        outcome="accepted",
        answer_fr="Oui.",
        answer_nl="Ja.",
    )
    first = StatementFactory(idea=idea, published_at=at(40))
    StatementFactory(idea=idea, published_at=at(90), supersedes=first)
    assert clock.look_up(idea).answered_at == at(40)
    assert clock.look_up(idea).answered_in_time is True


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_tracking_page_says_it_in_plain_words(client, make_user, language):
    staff = make_user("staff")
    submission = SubmissionFactory(idea__received_at=timezone.now())
    page = address("idea-tracking", services.issue_tracking(submission), language=language)
    idea = submission.idea

    def expected():
        with translation.override(language):
            return clock.sentence(clock.look_up(Idea.objects.get(pk=idea.pk)))

    seen = []
    for step in (
        lambda: None,
        lambda: services.publish_idea(idea, by=staff),
        lambda: services.ask_question(idea, by=staff, question="Où ?"),
        lambda: services.reply_to_question(idea, reply="Ici."),
    ):
        step()
        assert expected()
        assert expected() in client.get(page).content.decode()
        seen.append(expected())
    assert len(set(seen)) == 3, "received, published (twice), standing still"
    Idea.objects.update(received_at=timezone.now() - timedelta(days=70))
    late = expected()
    assert late in client.get(page).content.decode()
    assert late not in seen
    answer(idea, by=staff)
    assert expected() == ""


def test_the_queues_know_the_deadlines(make_user):
    staff = make_user("staff")
    now = timezone.now()
    fresh = IdeaFactory(received_at=now - timedelta(days=9))
    late = IdeaFactory(received_at=now - timedelta(days=12))
    rows = {row.text: row.is_overdue for row in ideas_to_moderate(staff).rows}
    assert rows == {str(late): True, str(fresh): False}
    paused = IdeaFactory(published=True, received_at=now - timedelta(days=63))
    overdue = IdeaFactory(published=True, received_at=now - timedelta(days=62))
    for name, source, target, days in (
        ("ask_info", "published", "info_requested", 40),
        ("resume_publication", "info_requested", "published", 30),
    ):
        record_change(paused, name, source, target, by=None, at=now - timedelta(days=days))
    queue = ideas_to_answer(staff)
    assert [row.text for row in queue.rows] == [str(paused), str(overdue)]
    assert [row.is_overdue for row in queue.rows] == [False, True]


def test_a_queue_asks_as_often_for_three_as_for_one(make_user, django_assert_max_num_queries):
    staff = make_user("staff")
    with_pauses((5, 8))
    ContentType.objects.get_for_model(Idea)
    with django_assert_max_num_queries(20) as first:
        ideas_to_answer(staff)
    for _n in range(2):
        with_pauses((5, 8))
    with django_assert_max_num_queries(len(first.captured_queries)):
        ideas_to_answer(staff)


def test_staff_read_the_deadline_on_the_idea(client, login, make_user):
    idea = with_pauses((5, 8))
    login(make_user("staff"))
    url = reverse("admin:stakeholders_idea_change", args=[idea.pk])
    page = client.get(url, headers={"accept-language": "fr"})
    with translation.override("fr"):
        words = clock.office_words(clock.look_up(idea))
    assert words in page.content.decode()


# --- what is published about it ------------------------------------------------------------------


def values(now=None) -> dict:
    return {each.code: (each.published, each.published_base) for each in punctuality.figures(now)}


def answered(days, **more):
    """Return an idea that was answered ``days`` after it was received."""
    words = {"answer_fr": "Oui.", "answer_nl": "Ja.", "outcome": "accepted"}
    return with_pauses(status="answered", answered_at=at(days), **words, **more)


def test_nothing_to_count_is_not_zero(client):
    assert set(values().values()) == {(None, 0)}
    page = client.get(address("idea-answering", language="fr"))
    words = [row[1] for row in page.context["table"]["rows"]]
    assert len(set(words)) == 1
    assert "0" not in words[0]


def test_four_are_not_published():
    for _n in range(4):
        answered(20)
    assert values()["answered_on_time"] == (None, None)
    assert punctuality.words(punctuality.figures()[1]) == "not published"


def test_the_figures_are_what_their_definitions_say():
    for days in (20, 30, 50, 60, 61):
        answered(days)
    now = at(70)
    assert values(now)["answered_on_time"] == (80.0, 5)
    assert values(now)["median_days_to_answer"] == (50.0, 5)
    with_pauses()  # waits since 70 days: late
    with_pauses((5, 20))  # has until day 75
    with_pauses((5, None), status="info_requested")
    with_pauses(status="withdrawn", closing_reason="solved")
    with_pauses(status="hidden")
    IdeaFactory(status="submitted", reference=None, received_at=None)
    found = values(now)
    assert found["answered_on_time"] == (pytest.approx(100 * 4 / 6), 6)
    # All published on day 2 have been acknowledged in time; the hidden one is not counted.
    assert found["acknowledged_on_time"] == (100.0, 9)
    IdeaFactory(received_at=START)  # nobody has read it
    IdeaFactory(received_at=at(65))  # there is time left
    assert values(now)["acknowledged_on_time"] == (90.0, 10)
    assert values(now)["median_days_to_acknowledge"] == (2.0, 9)


def test_pauses_are_not_counted_in_the_days_to_the_answer():
    for _n in range(5):
        idea = answered(50)
        moved(idea, "ask_info", "published", "info_requested", 10)
        moved(idea, "resume_publication", "info_requested", "published", 30)
    assert values()["median_days_to_answer"] == (30.0, 5)


def test_the_share_of_yes_is_published_from_five_replies_on():
    idea = answered(20)
    statement = idea.statements.get()
    for status in ("helped", "helped", "helped", "closed", "asked"):
        AnswerFeedback.objects.create(
            statement=statement,
            submission=SubmissionFactory(idea=idea),
            status=status,
            replied_at=None if status == "asked" else at(30),
            closed_at=at(31) if status == "closed" else None,
        )
    assert values()["helped"] == (None, None)
    AnswerFeedback.objects.filter(status="asked").update(status="review", replied_at=at(30))
    assert values()["helped"] == (60.0, 5)


def test_a_proposal_changes_no_figure(make_user):
    for _n in range(5):
        answered(20)
    before = values()
    propose(IdeaFactory(published=True, received_at=timezone.now()))
    assert values()["answered_on_time"] == before["answered_on_time"]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_page_and_files_say_the_same(client, language):
    for days in (20, 30, 50, 60, 61):
        answered(days)
    path = address("idea-answering", language=language)
    page = client.get(path).content.decode()
    found = json.loads(client.get(f"{path}?format=json").content)["rows"]
    lines = {row["figure"]: row for row in found}
    assert set(lines) == set(punctuality.MEASURES)
    assert lines["answered_on_time"]["value"] == 80
    assert lines["answered_on_time"]["base"] == 5
    assert lines["helped"]["value"] is None
    for line in found:
        assert line["definition"] in page
        assert line["said"] in page
    for kind in ("csv", "xlsx", "ods"):
        assert client.get(f"{path}?format={kind}").status_code == 200
    table = list(csv.reader(io.StringIO(client.get(f"{path}?format=csv").content.decode())))
    assert len(table[0]) == 8
    assert client.get(f"{path}?format=exe").status_code == 404


def test_the_list_of_ideas_leads_there(client):
    assert address("idea-answering") in client.get(address("idea-list")).content.decode()


# --- counted by a task, read by everybody ---------------------------------------------------------


def read(client, language="fr") -> dict:
    """Return {figure: line} of the file of the page."""
    path = address("idea-answering", language=language)
    found = json.loads(client.get(f"{path}?format=json").content)["rows"]
    return {row["figure"]: row for row in found}


def test_the_page_shows_what_was_counted_last_and_when(client):
    for days in (20, 30, 50, 60, 61):
        answered(days)
    services.keep_figures(at(70))
    services.keep_figures(at(71, hours=5))
    for _n in range(5):
        answered(20)
    lines = read(client)
    assert (lines["answered_on_time"]["value"], lines["answered_on_time"]["base"]) == (80, 5)
    assert lines["answered_on_time"]["counted_at"].startswith("2026-05-12T16:00")
    page = client.get(address("idea-answering", language="nl")).text
    with translation.override("nl"):
        assert typography.moment(at(71, hours=5)) in page
    tasks.keep_figures()
    assert read(client)["answered_on_time"]["base"] == 10
    assert read(client)["helped"]["value"] is None


def test_counted_again_on_a_day_the_figures_take_the_place_of_those_before():
    answered(20)
    assert services.keep_figures(at(70)) == len(punctuality.MEASURES)
    for _n in range(5):
        answered(20)
    services.keep_figures(at(70, hours=1))
    rows = AnsweringFigure.objects.all()
    assert rows.count() == len(punctuality.MEASURES)
    assert rows.get(code="answered_on_time").base == 6
    assert rows.get(code="helped").value is None


def test_before_the_first_count_a_visitor_waits_once(client, django_assert_num_queries):
    answered(20)
    path = address("idea-answering")
    client.get(path)
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))
        services.keep_figures()
    assert counts == [counts[0]] * 2
    assert "stakeholders_idea" not in str(asked.captured_queries)


def test_a_figure_that_was_never_counted_is_not_zero(client):
    services.keep_figures()
    AnsweringFigure.objects.filter(code="helped").delete()
    assert punctuality.published().figures[-1] == punctuality.Figure("helped", None, 0)


@pytest.mark.parametrize(
    "change", [{"base": 0}, {"value": None}, {"base": -1}, {"code": "helped", "day": "2026-03-02"}]
)
def test_the_database_refuses_a_figure_of_nothing_and_a_second_one(change):
    AnsweringFigure.objects.create(day="2026-03-02", code="helped", value=50.0, base=6)
    values = {"day": "2026-03-03", "code": "other", "value": 50.0, "base": 6, **change}
    with pytest.raises(IntegrityError), transaction.atomic():
        AnsweringFigure.objects.create(**values)


def test_the_figures_are_read_with_two_queries(django_assert_num_queries):
    for _n in range(3):
        answered(20)
    ContentType.objects.get_for_model(Idea)
    with django_assert_num_queries(2):
        punctuality.figures()
    assert StatusChange.objects.exists()
