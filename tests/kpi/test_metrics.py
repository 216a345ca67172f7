"""Indicators that compute themselves from the portal's own records, and plan against outcome."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from core.models import StatusChange
from core.workflow import PermissionRefused
from governance.models import Decision
from kpi import panels, tasks
from kpi.counting import seed as seed_programme
from kpi.counting.computing import code_of, codes_between, compute_figures, moved_metrics
from kpi.counting.metrics import METRICS, Window
from kpi.models import UNKNOWN_METRIC, Indicator, Observation
from kpi.services import record_observation
from tests.factories import kpi as make
from tests.factories.programme import DeliverableFactory
from tests.factories.projects import FrozenSheetFactory
from tests.factories.register import BilateralFactory
from tests.factories.rows import editions, initiatives, milestones
from tests.factories.stakeholders import IdeaFactory
from tests.factories.workshops import WorkshopFactory
from tests.kpi.conftest import sent_back

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _in_march():
    with time_machine.travel(NOON, tick=False):
        yield


def counted(metric="theme_workshops", **fields):
    """Return an indicator that the portal counts."""
    return make.IndicatorFactory(metric=metric, unit_code="count", decimals=0, **fields)


def workshop(day: str, status="held", kind="multidisciplinary", **fields):
    moment = datetime.fromisoformat(f"{day}T10:00:00+00:00")
    return WorkshopFactory(starts_at=moment, status=status, kind=kind, **fields)


def figures(indicator) -> list[tuple]:
    rows = Observation.objects.filter(indicator=indicator).order_by("period", "vintage")
    return [(row.period, row.vintage, row.value, row.flag) for row in rows]


# --- the counts --------------------------------------------------------------------------------


def test_every_metric_counts_nothing_where_nothing_is():
    for slug, metric in METRICS.items():
        assert metric.count(Window(TODAY)) in (0, None, 100), slug
        assert metric.since is None or metric.since() is None, slug


def test_a_metric_watches_models_that_exist_and_names_pages_that_exist():
    from django.apps import apps
    from django.urls import reverse

    for metric in METRICS.values():
        for label in metric.watches:
            assert apps.get_model(label)
        assert not metric.page or reverse(metric.page)


def test_rows_are_counted_up_to_the_last_day_of_the_window():
    workshop("2024-05-02")
    workshop("2025-05-02", status="reported", report_fr="Fait.", report_nl="Gedaan.")
    workshop("2025-06-02", status="published")
    workshop("2025-06-02", kind="collaborative")
    metric = METRICS["theme_workshops"]
    assert metric.count(Window(date(2024, 12, 31))) == 1
    assert metric.count(Window(date(2025, 5, 2))) == 2
    assert metric.count(Window(TODAY, date(2025, 1, 1))) == 1
    assert metric.since() == date(2024, 5, 2)


def test_validated_meetings_with_stakeholders_count():
    BilateralFactory(status="proposed")
    assert METRICS["bilaterals"].count(Window(TODAY)) == 0


def test_decisions_initiatives_and_editions_count():
    far = Window(date(2099, 1, 1))
    editions(1)
    initiatives(1)
    assert METRICS["decisions"].count(far) == Decision.objects.public().count() > 0
    assert METRICS["initiatives_on_roadmap"].count(far) == 1
    assert METRICS["editions"].count(far) == 1
    assert METRICS["editions"].since() <= far.last


def test_a_sheet_counts_once_however_often_it_was_frozen():
    sheet = FrozenSheetFactory()
    sheet.versions.create(number=7, content={}, sha256="0" * 64, frozen_at=NOON)
    metric = METRICS["sheets"]
    assert metric.count(Window(TODAY)) == 1
    assert metric.count(Window(metric.since() - timedelta(days=1))) == 0


def test_milestones_in_time_are_a_share_of_those_that_were_due():
    milestones(3)
    from roadmap.models import Milestone

    first, second, third = Milestone.objects.order_by("pk")
    reached = {"status": "achieved", "evidence_fr": "oui", "evidence_nl": "ja"}
    days = {"planned_on": date(2025, 6, 1)}
    Milestone.objects.filter(pk=first.pk).update(achieved_on=date(2025, 5, 30), **days, **reached)
    Milestone.objects.filter(pk=second.pk).update(achieved_on=date(2025, 7, 1), **days, **reached)
    Milestone.objects.filter(pk=third.pk).update(
        planned_on=date(2026, 9, 1), status="planned", achieved_on=None
    )
    metric = METRICS["milestones_in_time"]
    assert metric.count(Window(TODAY)) == 50
    assert metric.count(Window(date(2024, 12, 31))) is None


def test_the_share_of_dutch_is_not_told_of_fewer_than_five():
    for _n in range(4):
        IdeaFactory(language="nl", received_at=NOON)
    metric = METRICS["ideas_in_dutch"]
    assert metric.count(Window(TODAY)) is None
    IdeaFactory(language="fr", received_at=NOON)
    assert metric.count(Window(TODAY)) == 80


def test_public_texts_are_complete_in_both_languages():
    make.IndicatorFactory()
    make.IndicatorFactory(status="draft", name_nl="")
    assert METRICS["texts_in_both_languages"].count(Window(TODAY)) == 100


# --- periods -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "code", "codes"),
    [
        ("A", "2026", ["2025", "2026"]),
        ("S", "2026-S1", ["2025-S2", "2026-S1"]),
        ("Q", "2026-Q1", ["2025-Q4", "2026-Q1"]),
        ("M", "2026-03", ["2025-12", "2026-01", "2026-02", "2026-03"]),
    ],
)
def test_periods_by_frequency(frequency, code, codes):
    assert code_of(TODAY, frequency) == code
    assert codes_between(date(2025, 12, 31), TODAY, frequency) == codes


# --- the task ----------------------------------------------------------------------------------


def test_figures_are_cumulative_and_that_of_the_running_period_is_provisional():
    indicator = counted()
    workshop("2024-05-02")
    workshop("2025-05-02")
    workshop("2026-02-02")
    assert compute_figures(everything=True) == 3
    assert figures(indicator) == [("2024", 1, 1, ""), ("2025", 1, 2, ""), ("2026", 1, 3, "p")]
    assert set(Observation.objects.values_list("author", flat=True)) == {None}


def test_run_twice_it_writes_once():
    indicator = counted()
    workshop("2026-02-02")
    tasks.compute_all_figures()
    tasks.compute_all_figures()
    assert figures(indicator) == [("2026", 1, 1, "p")]


def test_another_count_is_another_vintage_once_a_day():
    indicator = counted()
    workshop("2026-02-02")
    compute_figures(everything=True)
    workshop("2026-03-01")
    assert compute_figures(everything=True) == 0
    with time_machine.travel(datetime(2026, 3, 11, 3, tzinfo=UTC), tick=False):
        assert compute_figures(everything=True) == 1
        assert compute_figures(everything=True) == 0
    assert figures(indicator) == [("2026", 1, 1, "p"), ("2026", 2, 2, "p")]


def test_the_end_of_a_period_makes_its_figure_final_and_a_late_entry_corrects_it():
    indicator = counted()
    workshop("2026-02-02")
    compute_figures(everything=True)
    with time_machine.travel(datetime(2027, 1, 1, 4, tzinfo=UTC), tick=False):
        compute_figures(everything=True)
    assert figures(indicator)[1:] == [("2026", 2, 1, ""), ("2027", 1, 1, "p")]
    workshop("2026-12-30")
    with time_machine.travel(datetime(2027, 1, 2, 4, tzinfo=UTC), tick=False):
        compute_figures(everything=True)
    row = Observation.objects.get(indicator=indicator, period="2026", vintage=3)
    assert (row.value, row.flag, row.reason) == (2, "", "correction")


def test_what_is_known_of_the_present_only_is_never_carried_back():
    indicator = counted("indicators", frequency="M")
    compute_figures(everything=True)
    assert figures(indicator) == [("2026-03", 1, 1, "p")]
    make.IndicatorFactory()
    with time_machine.travel(datetime(2026, 4, 2, 4, tzinfo=UTC), tick=False):
        compute_figures(everything=True)
    assert figures(indicator) == [
        ("2026-03", 1, 1, "p"),
        ("2026-03", 2, 1, ""),
        ("2026-04", 1, 2, "p"),
    ]


def test_what_cannot_be_told_gets_no_figure():
    indicator = counted("ideas_in_dutch")
    compute_figures(everything=True)
    assert figures(indicator) == []


@pytest.mark.parametrize("fields", [{"status": "retired"}, {"is_frozen": True}, {"metric": "x"}])
def test_what_has_ended_or_is_unknown_is_left_alone(fields):
    indicator = counted(**fields)
    compute_figures(everything=True)
    assert figures(indicator) == []


def test_one_whose_count_no_longer_exists_does_not_stop_the_others(make_user, client):
    first, lost, last = counted(), counted("gone"), counted("ideas_received")
    counted("gone", status="retired")
    make.ObservationFactory(indicator=lost, period="2024", value=Decimal(3))
    workshop("2026-02-02")
    IdeaFactory(received_at=NOON)
    assert compute_figures(everything=True) == 2
    assert figures(first) == figures(last) == [("2026", 1, 1, "p")]
    staff = make_user("staff")
    found = panels.left_without_count(staff)
    assert [row.text for row in found.rows] == [str(lost)]
    assert found.rows[0].since == lost.observations.get().released_at
    assert panels.left_without_count(make_user("auditor")) is None
    assert client.get(f"/nl/kpi/{lost.code}/").context["facts"].latest.value == 3
    client.force_login(staff)
    assert found.rows[0].url in client.get("/admin/").text
    assert client.get(found.rows[0].url).status_code == 200


def move_of(row):
    """Write a line of history about a row."""
    StatusChange.objects.create(subject=row, transition="seed", target=row.status)


def test_only_what_has_moved_is_counted_again():
    workshops, ideas = counted(), counted("ideas_received")
    move_of(workshop("2026-02-02"))
    assert compute_figures() == 1
    assert figures(workshops)
    assert not figures(ideas)
    last = StatusChange.objects.latest("pk").pk
    assert moved_metrics(last, last) == set()


def test_a_run_without_news_costs_the_same_however_many_indicators_there_are():
    counts = []
    for _n in range(2):
        counted()
        move_of(workshop("2026-02-02"))
        tasks.compute_figures()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tasks.compute_figures()
        counts.append(len(queries))
    assert counts == [3, 3]


def test_nobody_types_what_the_portal_counts(make_user, login):
    staff = make_user("staff")
    indicator = counted(owner=staff)
    with pytest.raises(PermissionRefused):
        record_observation(indicator, by=staff, period="2025", value=Decimal(1))
    assert login(staff).get(f"/fr/kpi/{indicator.code}/record/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_one_vintage():
    indicator = counted()
    workshop("2026-02-02")
    start = threading.Barrier(2, timeout=10)

    def run():
        start.wait()
        compute_figures(everything=True)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert figures(indicator) == [("2026", 1, 1, "p")]


# --- which count fills it, in the back office --------------------------------------------------


def office_form(client, indicator, **data):
    """Open the form of an indicator and send it back with ``data``; return both pages."""
    url = reverse("admin:kpi_indicator_change", args=[indicator.pk])
    page = client.get(url)
    return page, client.post(url, sent_back(page) | data)


def beside_metric(page) -> list[str]:
    return page.context["adminform"].form.errors.get("metric", [])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("rempli par des personnes", "ateliers pluridisciplinaires tenus")),
        ("nl", ("door mensen ingevuld", "gehouden multidisciplinaire workshops")),
    ],
)
def test_the_back_office_offers_the_counts_in_words(make_user, login, language, words):
    indicator = counted(name_fr="Ateliers", name_nl="Workshops")
    client = login(make_user("staff", language=language))
    client.cookies["language"] = language
    page, saved = office_form(client, indicator, metric="ideas_received")
    options = dict(page.context["adminform"].form.fields["metric"].choices)
    assert list(options) == ["", *METRICS]
    with override(language):
        assert options["theme_workshops"] == METRICS["theme_workshops"].label
        assert (options[""], options["theme_workshops"]) == words
    assert saved.status_code == 302
    indicator.refresh_from_db()
    assert indicator.metric == "ideas_received"
    office_form(client, indicator, metric="")
    indicator.refresh_from_db()
    assert indicator.metric == ""
    login(make_user("auditor"))
    with override(language):
        page = client.get(reverse("admin:kpi_indicator_change", args=[indicator.pk]))
        assert words[0] in page.text


def test_an_unknown_count_is_refused_beside_its_field(make_user, login):
    indicator = counted()
    _page, refused = office_form(login(make_user("staff")), indicator, metric="gossip")
    assert beside_metric(refused) == [str(UNKNOWN_METRIC)]
    indicator.metric = "gossip"
    with pytest.raises(ValidationError) as refusal:
        indicator.full_clean()
    assert refusal.value.message_dict["metric"] == [str(UNKNOWN_METRIC)]


def test_a_count_that_no_longer_exists_is_shown_and_has_to_be_replaced(make_user, login):
    indicator = counted("gone")
    client = login(make_user("staff"))
    page, refused = office_form(client, indicator)
    options = dict(page.context["adminform"].form.fields["metric"].choices)
    assert "gone" in str(options["gone"])
    assert beside_metric(refused) == [str(UNKNOWN_METRIC)]
    _page, saved = office_form(client, indicator, metric="theme_workshops")
    assert saved.status_code == 302


# --- plan against outcome ----------------------------------------------------------------------


def planned(code="MULTI-WS", **fields):
    """Return an indicator with the target of a deliverable of twenty, half of the way to it."""
    deliverable = DeliverableFactory(code=code, target=20)
    indicator = counted(**fields)
    indicator.deliverables.add(deliverable)
    make.BaselineFactory(indicator=indicator, period="2017", value=Decimal(0))
    make.TargetFactory(indicator=indicator, period="2021", value=Decimal(20))
    make.ObservationFactory(indicator=indicator, period="2021", value=Decimal(10))
    return indicator


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", ("20", "Plan et résultat")), ("nl", ("20", "Plan en resultaat"))],
)
def test_the_page_shows_plan_count_and_standing(client, language, words):
    indicator = planned()
    workshop("2026-02-02")
    page = client.get(f"/{language}/kpi/programme/")
    text = page.content.decode()
    assert page.status_code == 200
    assert indicator.get_absolute_url().partition("/kpi/")[2] in text
    assert "?kind=multidisciplinary" in text
    (_package, (row,)) = page.context["packages"][0]
    assert (row.line.deliverable.target, row.line.record.count) == (20, 1)
    assert row.measures[0].facts.standing == "off_track"
    assert words[0] in text


def test_an_indicator_of_the_programme_without_deliverable_stands_beyond(client):
    beyond = counted(framework=make.FrameworkFactory(slug="programme"))
    make.IndicatorFactory(framework=beyond.framework, status="draft")
    page = client.get("/fr/kpi/programme/")
    assert [each.indicator for each in page.context["beyond"]] == [beyond]


def test_the_page_asks_the_same_however_many_indicators_there_are(client):
    counts = []
    for n in range(2):
        for code in ["MULTI-WS", "ADMIN-WS"][n : n + 1] if n == 0 else ["ADMIN-WS", "BILAT"]:
            planned(code)
        client.get("/fr/kpi/programme/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/nl/kpi/programme/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_is_a_file_too(client):
    indicator = planned()
    content = client.get("/fr/kpi/programme/?format=csv").content.decode("utf-8-sig")
    line = next(line for line in content.splitlines() if indicator.code in line)
    assert "MULTI-WS" in line
    assert "off_track" in line


def test_seed_makes_them_published_and_counted_and_never_twice():
    make.place("BXL")
    make.FrameworkFactory(slug="programme")
    deliverable = DeliverableFactory(code="MULTI-WS", target=20)
    workshop("2026-02-02")
    for _n in range(2):
        seed_programme.load()
    assert Indicator.objects.count() == 14
    assert not Indicator.objects.exclude(status="published", is_demo=False).exists()
    indicator = deliverable.indicators.get()
    assert figures(indicator) == [("2026", 1, 1, "p")]
    assert set(Indicator.objects.values_list("metric", flat=True)) <= set(METRICS)
