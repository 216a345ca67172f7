"""The pages of the indicators, in each language, with their files and their query counts."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from core import trace
from kpi.charts import chart_of
from kpi.models import ImportJob, Indicator, InitiativeIndicator, Observation
from kpi.selectors import facts_of
from kpi.sentences import share
from kpi.tables import as_table, range_words
from tests.factories import kpi as make

pytestmark = pytest.mark.django_db
ENGLISH_WORDS = ("The figures", "Take it with you", "Definition", "What is measured")


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
        assert answer.status_code == 200
        if answer.streaming:
            assert b"".join(answer.streaming_content)
    return len(captured)


def test_the_list_asks_the_same_for_one_and_for_many(client):
    def more(number):
        for _each in range(number):
            make.basic_skills()

    more(1)
    one = queries(client, "/fr/kpi/")
    more(2)
    assert queries(client, "/fr/kpi/") == one
    more(30)
    assert queries(client, "/fr/kpi/") == one


FILES = ("?format=csv", "?format=json", "?format=xlsx", "data.csv", "data.json", "data.xlsx")


@pytest.mark.parametrize("path", ["", *FILES, "data.csv-metadata.json", "chart.svg", "embed/"])
def test_a_page_and_its_files_ask_the_same_for_few_figures_and_for_many(client, path):
    indicator = make.IndicatorFactory(geo="BXL")
    for year in ("1999", "2000"):
        make.ObservationFactory(indicator=indicator, geo="BXL", period=year)
    url = f"/fr/kpi/{indicator.code}/{path}"
    few = queries(client, url)
    for number, code in enumerate(("BXL", "BE", "EU"), start=1):
        for year in range(2000 + number, 2020):
            make.ObservationFactory(indicator=indicator, geo=code, period=str(year))
    assert queries(client, url) == few


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_list_and_page_in_each_language(client, language):
    indicator = make.basic_skills()
    for url in (f"/{language}/kpi/", f"/{language}/kpi/{indicator.code}/"):
        response = client.get(url)
        text = response.content.decode()
        assert response.status_code == 200
        assert f'<html lang="{language}">' in text
        name = indicator.name_nl if language == "nl" else indicator.name_fr
        assert name in text
        assert "<mark>61" in text


def test_who_sees_which_state(client, users, login):
    for state in Indicator.Status.values:
        make.IndicatorFactory(status=state, code=state)
    for state in Indicator.Status.values:
        wanted = 200 if state in ("published", "retired") else 404
        assert client.get(f"/fr/kpi/{state}/").status_code == wanted
    text = client.get("/fr/kpi/").content.decode()
    assert "/fr/kpi/draft/" not in text
    assert "/fr/kpi/suspended/" not in text
    assert [
        row[0] for row in read_csv(client.get("/fr/kpi/?status=published&format=csv"))[1:2]
    ] == ["published"]
    login(users["staff"])
    assert client.get("/fr/kpi/draft/").status_code == 200


def test_filters_narrow_page_and_file_alike(client):
    off = make.basic_skills()
    old = make.IndicatorFactory(name_fr="Délai moyen")
    make.series(old, {"2010": Decimal(1)})
    empty = make.IndicatorFactory(framework=make.FrameworkFactory(slug="other"))
    for query, wanted in {
        "search=delai": {old},
        "standing=off_track": {off},
        "freshness=overdue": {old},
        "freshness=no_data": {empty},
        "framework=other": {empty},
        "geo=BE": {off},
        "status=retired": set(),
    }.items():
        rows = json.loads(client.get(f"/fr/kpi/?{query}&format=json").content)["rows"]
        assert {row["code"] for row in rows} == {each.code for each in wanted}, query
        page = client.get(f"/fr/kpi/?{query}")
        assert set(page.context["page_obj"].object_list) == wanted, query


def test_a_filter_that_makes_no_sense_does_no_harm(client):
    make.basic_skills()
    for query in ("standing=x", "freshness=x", "theme=x", "page=x", "page=999", "format=exe"):
        assert client.get(f"/fr/kpi/?{query}").status_code == 200


def test_french_and_dutch_files_hold_the_same_figures(client):
    make.basic_skills()
    french, dutch = (
        json.loads(client.get(f"/{code}/kpi/?format=json").content)["rows"][0]
        for code in ("fr", "nl")
    )
    numbers = {key for key, value in french.items() if isinstance(value, int | float)}
    assert numbers >= {"value", "target"}
    assert {key: french[key] for key in numbers} == {key: dutch[key] for key in numbers}
    assert french["name"] != dutch["name"]


def test_the_page_as_known_on_a_day(client):
    indicator = make.basic_skills()
    url = f"/fr/kpi/{indicator.code}/"
    assert "<mark>" not in client.get(f"{url}?as_of=2001-01-01").content.decode()
    assert client.get(f"{url}?as_of=").status_code == 200
    for nonsense in ("x", "2024-02-31", "9999-12-31"):
        assert client.get(f"{url}?as_of={nonsense}").status_code == 404


def test_the_file_of_an_indicator_holds_what_the_table_holds(client):
    indicator = make.IndicatorFactory(geo="BE")
    make.series(indicator, {"2019": Decimal("1.50"), "2020": Decimal(70000)})
    make.ObservationFactory(indicator=indicator, period="2021", value=None, flag="m")
    note = {"note_fr": "=1+1", "note_nl": "afgerond"}
    make.ObservationFactory(indicator=indicator, period="2022", value=Decimal(-4), **note)
    rows = read_csv(client.get(f"/fr/kpi/{indicator.code}/?format=csv"))[1:5]
    assert [row[3] for row in rows] == ["1.5", "70000", "", "-4"]
    assert rows[3][9] == "'=1+1"
    with override("en"):
        table = as_table(facts_of([indicator], everywhere=True)[indicator.pk])
    assert [row[1] for row in table["rows"]] == ["1.5", "70,000.0", "missing", "\u22124.0"]


def test_chart_and_table_come_from_the_same_rows():
    indicator = make.IndicatorFactory(geo="BE")
    make.TargetFactory(indicator=indicator)
    make.series(indicator, {"2017": Decimal(1), "2018": Decimal(2)})
    make.ObservationFactory(indicator=indicator, period="2019", value=Decimal(66), flag="b")
    make.ObservationFactory(indicator=indicator, period="2020", value=None, flag="m")
    for place, value in enumerate((70, 80)):
        make.ObservationFactory(
            indicator=indicator, period="2021", value=value, position=place, disputed=True
        )
    make.ObservationFactory(indicator=indicator, geo="EU", period="2021", value=Decimal(50))
    with override("en"):
        chart = chart_of(facts_of([indicator], everywhere=True)[indicator.pk])
    before, after, union, disputed, target = chart.figure["data"]
    assert before["y"] == [1, 2]
    assert after["y"] == [66, None, None, None]
    assert union["y"] == [50]
    assert disputed["y"] == [70, 80]
    assert target["y"] == [80]
    assert len(chart.table["rows"]) == 6
    assert chart.table["rows"][2][-1] == "break in the series"
    assert len(chart.notes) == 2
    assert "From 1.0% in 2017 to 80.0% in 2021." in chart.description


def test_one_period_of_several_territories_is_told_by_bars_and_one_figure_by_its_table(client):
    indicator = make.IndicatorFactory()
    make.series(indicator, {"2024": Decimal(36)})
    page = client.get(f"/fr/kpi/{indicator.code}/")
    assert page.context["chart"] is None
    assert page.context["table"]["rows"]
    make.series(indicator, {"2024": Decimal(40)}, geo="BE")
    page = client.get(f"/fr/kpi/{indicator.code}/")
    assert page.context["chart"].figure["data"][0]["type"] == "bar"


def test_figures_bring_no_markup_that_the_policy_would_block():
    with override("en"):
        chart = chart_of(facts_of([make.basic_skills()], everywhere=True).popitem()[1])
    assert "<b" not in json.dumps(chart.figure)


def test_an_unofficial_text_and_a_demonstration_are_marked(client):
    indicator = make.basic_skills(is_demo=True, not_proofread=["fr"], verified=False)
    text = client.get(f"/fr/kpi/{indicator.code}/").content.decode()
    assert "chip-demo" in text
    assert text.count('class="fallback"') >= 2


def test_a_retired_indicator_points_to_its_successor(client):
    successor = make.IndicatorFactory()
    indicator = make.IndicatorFactory(status="retired", is_frozen=True, replaced_by=successor)
    text = client.get(f"/nl/kpi/{indicator.code}/").content.decode()
    assert f'href="/nl/kpi/{successor.code}/"' in text


def test_recording_a_figure_through_the_page(client, users, login):
    indicator = make.IndicatorFactory()
    url = reverse("kpi:indicator-record", args=[indicator.code])
    assert client.get(url).status_code == 302
    login(users["nobody"])
    assert client.get(url).status_code == 403
    login(users["staff"])
    data = {"period": "2024-q3", "value": "12,5", "geo": "BXL", "reason": "scheduled"}
    response = client.post(url.replace("/en/", "/fr/"), data)
    job = ImportJob.objects.get()
    assert response.url == f"/fr/kpi/imports/{job.pk}/"
    assert (job.rows.get().amount, job.rows.get().moment) == (Decimal("12.5"), "2024-Q3")
    assert client.get(response.url).status_code == 200
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"period": "yesterday"},
        {"period": ""},
        {"value": "many"},
        {"value": "", "flag": ""},
        {"geo": "XX"},
        {"flag": "?"},
        {"note_fr": "seul"},
    ],
)
def test_what_was_typed_stays_until_it_is_right(client, users, login, bad):
    indicator = make.IndicatorFactory()
    login(users["staff"])
    data = {"period": "2024", "value": "12.5", "geo": "BXL", "reason": "correction"} | bad
    response = client.post(f"/fr/kpi/{indicator.code}/record/", data)
    text = response.content.decode()
    assert response.status_code == 200
    assert "error-summary" in text
    assert 'value="correction" selected' in text
    assert not ImportJob.objects.exists()


def test_an_owner_records_for_an_indicator_that_is_not_public_yet(client, make_user, login):
    owner = make_user("owner")
    indicator = make.IndicatorFactory(status="draft", owner=owner)
    login(owner)
    url = f"/fr/kpi/{indicator.code}/record/"
    data = {"period": "2024", "value": "3", "geo": "BXL", "reason": "scheduled"}
    assert client.post(url, data).url == f"/fr/kpi/imports/{ImportJob.objects.get().pk}/"
    other = make.IndicatorFactory(status="draft")
    assert client.get(f"/fr/kpi/{other.code}/record/").status_code == 404


def test_the_edge_to_initiatives_is_registered():
    edge = next(edge for edge in trace.EDGES if edge.down == "kpi.Indicator")
    assert (edge.up, edge.through) == ("roadmap.Initiative", "kpi.InitiativeIndicator")
    assert InitiativeIndicator._meta.label == edge.through


@pytest.mark.parametrize(
    ("ratio", "words"),
    [("0.994", "99%"), ("0.9995", "99.9%"), ("0.995", "99.5%"), ("1", "100%"), ("1.2", "120%")],
)
def test_what_is_not_all_is_never_said_to_be_all(ratio, words):
    with override("en"):
        assert share(Decimal(ratio)) == words
        assert share(None) == "n/a"


@pytest.mark.django_db
def test_one_figure_is_no_range():
    indicator = make.ObservationFactory(value=Decimal("99.9"), period="2025").indicator
    with override("en"):
        words = range_words(facts_of([indicator])[indicator.pk])
    assert words == "99.9% in 2025."


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Union européenne, 2025\xa0: "), ("nl", "Europese Unie, 2025: ")]
)
def test_of_another_place_the_sentence_says_its_name(client, language, words):
    indicator = make.IndicatorFactory(geo="BE", headline_fr="En Belgique {value}, en {period}.")
    make.series(indicator, {"2023": Decimal(40), "2024": Decimal(41), "2025": Decimal(42)})
    union = make.place("EU")
    union.name_fr, union.name_nl = "Union européenne", "Europese Unie"
    union.save()
    make.ObservationFactory(indicator=indicator, geo="EU", period="2025", value=Decimal(60))
    page = client.get(f"/{language}/kpi/{indicator.code}/?place=EU")
    assert page.context["headline"].text.startswith(words)
    assert "En Belgique" not in page.context["headline"].text
    figure = page.context["chart"].figure
    assert [len(line["x"]) for line in figure["data"]] == [1, 3]  # lines, its own first
