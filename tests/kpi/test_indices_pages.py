"""Pages and files of composite indices."""

import csv
import io
import json

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from kpi.indices import panels as index_panels
from kpi.indices.pages import explain
from kpi.indices.selectors import inputs_about, sheet_of
from kpi.models import CompositeIndex, IndexNode, IndexStatus, Indicator
from tests.factories import indices as make
from tests.factories import kpi as kpi_rows

pytestmark = pytest.mark.django_db
API = "/api/v1/index-scores/"
PAGE = "/fr/kpi/indices/desi-2022/"
ENGLISH = "/en/kpi/indices/desi-2022/"


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- queries ---------------------------------------------------------------------------------


def test_the_list_asks_the_same_for_one_and_for_many(client):
    make.small()
    one = queries(client, "/fr/kpi/indices/")
    for _each in range(3):
        make.small()
    assert queries(client, "/fr/kpi/indices/") == one


def test_a_page_asks_the_same_for_few_and_for_many_inputs_and_places(client):
    little = make.small(geos=("EU",))
    large = make.small(weights=(0.125,) * 8, geos=("EU", "FR", "NL", "DE", "LU"))
    for path in ("", "explain/", "?w_1=3", "explain/?node=1&w_1=3"):
        few, many = (
            queries(client, f"/fr/kpi/indices/{each.code}/{path}") for each in (little, large)
        )
        assert few == many, path
    asked = (f"{API}?index={each.code}&geo=BE" for each in (little, large))
    few, many = (queries(client, url) for url in asked)
    assert few == many


# --- the indicator behind an input -----------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "heading", "index", "dimension", "weight"),
    [
        ("fr", "Fait partie de", "Indice DESI 2022", "Compétences des internautes", "6,25"),
        ("nl", "Maakt deel uit van", "DESI-index 2022", "Vaardigheden van", "6,25"),
        ("en", "It is part of", "DESI index 2022", "Internet user skills", "6.25"),
    ],
)
def test_the_page_of_an_indicator_names_the_index_that_it_is_part_of(
    seeded, client, language, heading, index, dimension, weight
):
    text = client.get(f"/{language}/kpi/desi-2022-1a1/").content.decode()
    part = text[text.index('id="part-of"') :].partition("</section>")[0]
    assert heading in part
    assert f'<a href="/{language}/kpi/indices/desi-2022/">' in part
    assert index in part
    assert f"1a {dimension}" in part
    assert f'<span class="num">{weight}' in part
    assert 'id="part-of"' not in client.get(f"/{language}/kpi/desi-score-be/").content.decode()


def test_the_weights_beside_the_indicators_are_those_of_the_explanation(seeded):
    index = CompositeIndex.objects.get()
    rows = explain(sheet_of(index, index.editions.get()), "BE").rows
    for row in rows:
        (found,) = inputs_about(row.row.indicator, AnonymousUser())
        assert float(found.weight_in_whole) == pytest.approx(row.weight, abs=1e-12)


def test_an_indicator_names_published_indices_only(client, users, login):
    indicator = kpi_rows.IndicatorFactory(status=Indicator.Status.PUBLISHED)
    url = f"/fr/kpi/{indicator.code}/"
    index = make.CompositeIndexFactory()
    above = make.node(index, "1", 1)
    make.entry(make.node(index, "1a", 0.5, parent=above), "a", indicator=indicator)
    make.entry(make.node(index, "1b", 0.5, parent=above), "b", indicator=indicator)
    rows = CompositeIndex.objects.filter(pk=index.pk)
    for status, is_public in (
        ("draft", False),
        ("in_review", False),
        ("published", True),
        ("suspended", False),
        ("retired", True),
    ):
        rows.update(status=status)
        assert (index.name_fr in client.get(url).content.decode()) == is_public, status
    login(users["staff"])
    rows.update(status="suspended")
    assert [each["weight"] for each in client.get(url).context["described"]["indices"]] == [
        "50\u202f%",
        "50\u202f%",
    ]


def test_a_page_of_an_indicator_asks_the_same_for_one_input_and_for_many(client):
    indicator = kpi_rows.IndicatorFactory(status=Indicator.Status.PUBLISHED)
    before = queries(client, f"/fr/kpi/{indicator.code}/")
    for _each in range(3):
        index = make.CompositeIndexFactory()
        for code in "ab":
            make.entry(make.node(index, code, 0.5), code, indicator=indicator)
        CompositeIndex.objects.filter(pk=index.pk).update(status=IndexStatus.PUBLISHED)
    assert queries(client, f"/fr/kpi/{indicator.code}/") == before


def test_a_tree_that_goes_round_gives_no_weight_and_ends():
    indicator = kpi_rows.IndicatorFactory()
    index = make.CompositeIndexFactory()
    one, two = make.node(index, "1", 1), make.node(index, "2", 1)
    make.entry(two, "a", indicator=indicator)
    IndexNode.objects.filter(pk=one.pk).update(parent=two)
    IndexNode.objects.filter(pk=two.pk).update(parent=one)
    CompositeIndex.objects.filter(pk=index.pk).update(status=IndexStatus.PUBLISHED)
    assert [each.weight_in_whole for each in inputs_about(indicator, AnonymousUser())] == [None]


# --- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "belgium", "union"),
    [("fr", "50,3", "52,3"), ("nl", "50,3", "52,3"), ("en", "50.3", "52.3")],
)
def test_pages_in_each_language(seeded, client, language, belgium, union):
    for path in ("indices/", "indices/desi-2022/", "indices/desi-2022/explain/"):
        response = client.get(f"/{language}/kpi/{path}")
        assert response.status_code == 200
        assert f'<html lang="{language}">' in response.content.decode()
    text = client.get(f"/{language}/kpi/indices/desi-2022/").content.decode()
    assert belgium in text
    assert union in text


def test_the_sentences_of_the_page(seeded, client):
    with override("en"):
        said = client.get("/en/kpi/indices/desi-2022/").context["headline"]
    assert said == [
        "Belgium: 50.3 points out of 100 in the edition 2022.",
        "European Union: 52.3, which is 2.0 points more.",
        "The distance is largest in “Connectivity”: −20.1.",
    ]


def test_edition_and_places_stand_in_the_address(seeded, client):
    context = client.get(f"{PAGE}?geo=EU&against=BE&edition=2022").context
    assert (context["choice"].geo, context["choice"].against) == ("EU", "BE")
    assert context["official"] == "52,3"
    assert client.get(f"{PAGE}?edition=1999").status_code == 404
    assert client.get(f"{PAGE}?geo=XX").context["choice"].geo == "BE"
    assert client.get(f"{PAGE}?as_of=x").status_code == 404


def test_the_figure_and_its_table_hold_the_same(seeded, client):
    chart = client.get(PAGE).context["chart"]
    (bars,) = chart.figure["data"]
    assert bars["x"] == [pytest.approx(50.3074, abs=1e-4), pytest.approx(52.2752, abs=1e-4)]
    assert [row[1] for row in chart.table["rows"]] == ["52,3", "50,3"]


def test_the_tree_has_each_dimension_with_weight_and_scores(seeded, client):
    rows = client.get(PAGE).context["tree"]
    assert len(rows) == 14
    found = {row.node.code: row for row in rows}
    assert (found["1a"].score, found["1a"].weight.replace("\u202f", ""), found["1a"].depth) == (
        "51,1",
        "50%",
        1,
    )


def test_an_explanation_lists_raw_values_bounds_weights_and_products(seeded, client):
    response = client.get(f"{PAGE}explain/?geo=BE&edition=2022")
    found = response.context["found"]
    assert len(found.rows) == 33
    assert sum(each.contribution for each in found.rows) == pytest.approx(found.score, abs=1e-9)
    assert found.score == pytest.approx(50.3074, abs=1e-4)
    text = response.content.decode()
    assert 'href="/fr/kpi/desi-2022-1a1/"' in text
    first = found.rows[0]
    assert (first.raw, first.bounds, first.z_text) == ("0,542318", "0 → 1", "0,5423")


def test_an_explanation_of_one_dimension_sums_to_its_score(seeded, client):
    found = client.get(f"{PAGE}explain/?node=1a").context["found"]
    assert [each.row.code for each in found.rows] == ["1a1", "1a2", "1a3"]
    assert [round(each.weight, 6) for each in found.rows] == [0.5, 0.25, 0.25]
    assert sum(each.contribution for each in found.rows) == pytest.approx(51.1094, abs=1e-4)
    assert client.get(f"{PAGE}explain/?node=9z").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "json"])
def test_the_explanation_as_a_file(seeded, client, kind):
    response = client.get(f"{PAGE}explain/?geo=BE&format={kind}")
    assert response.status_code == 200
    assert f"index-desi-2022-2022-be-fr.{kind}" in response["Content-Disposition"]


def test_files_hold_the_same_figures_in_both_languages(seeded, client):
    french, dutch = (
        json.loads(client.get(f"/{code}/kpi/indices/desi-2022/explain/?format=json").content)[
            "rows"
        ]
        for code in ("fr", "nl")
    )
    assert len(french) == 33
    assert [row["contribution"] for row in french] == [row["contribution"] for row in dutch]
    assert sum(row["contribution"] for row in french) == pytest.approx(50.3074, abs=1e-4)
    assert french[0]["name"] != dutch[0]["name"]
    lines = client.get(f"{PAGE}explain/?format=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(lines)))
    assert [float(row[11]) for row in rows[1:34]] == [row["contribution"] for row in french]


def test_case_18_a_scenario_opened_in_a_fresh_session_gives_the_same_numbers(seeded, client):
    """Case 18."""
    address = f"{ENGLISH}?edition=2022&geo=BE&against=EU&w_1=5&w_2=5&w_3=3&w_4=4"
    first, fresh = client.get(address), Client().get(address)
    for page in (first, fresh):
        assert (page.context["official"], page.context["scenario"]) == ("50.3", "49.7")
        text = page.content.decode()
        assert "Scenario, not official" in text
        assert "Official score" in text
    explained = Client().get(address.replace("desi-2022/?", "desi-2022/explain/?"))
    found, official = explained.context["found"], explained.context["official"]
    assert found.score == pytest.approx(49.7340, abs=1e-4)
    assert official.score == pytest.approx(50.3074, abs=1e-4)
    assert sum(each.contribution for each in found.rows) == pytest.approx(found.score, abs=1e-9)
    shared = client.get(f"{ENGLISH}?{first.context['query']}")
    assert shared.context["scenario"] == "49.7"


def test_equal_weights_are_the_official_score(seeded, client):
    page = client.get(f"{PAGE}?w_1=1&w_2=1&w_3=1&w_4=1")
    assert page.context["scenario"] == page.context["official"] == "50,3"


@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf", "1e99"])
def test_a_weight_that_is_none_is_told_beside_its_field_and_stays(seeded, client, text):
    page = client.get(PAGE, {"w_1": text, "w_2": "2,5"})
    assert page.context["scenario"] == ""
    assert list(page.context["choice"].errors) == ["1"]
    content = page.content.decode()
    assert f'value="{text}"' in content
    assert 'value="2,5"' in content
    assert 'id="w_1-error"' in content


def test_all_weights_zero_is_told(seeded, client):
    page = client.get(PAGE, dict.fromkeys(("w_1", "w_2", "w_3", "w_4"), "0"))
    assert page.context["choice"].errors
    assert page.context["official"] == "50,3"


def test_the_page_works_without_script_and_brings_no_style(seeded, client):
    text = client.get(f"{PAGE}?w_1=2").content.decode()
    assert '<form method="get" action="/fr/kpi/indices/desi-2022/#weights"' in text
    assert " style=" not in text
    assert '<details class="chart-table"' in text


def test_who_sees_which_state(client, users, login):
    shown = {each: make.small(status=each) for each in IndexStatus.values}
    for state, index in shown.items():
        wanted = 200 if state in ("published", "retired") else 404
        for path in ("", "explain/"):
            assert client.get(f"/fr/kpi/indices/{index.code}/{path}").status_code == wanted
        answer = client.get(f"{API}?index={index.code}&geo=BE").status_code
        assert answer == wanted, state
    text = client.get("/fr/kpi/indices/").content.decode()
    assert f"/{shown['draft'].code}/" not in text
    login(users["auditor"])
    for index in shown.values():
        assert client.get(f"/fr/kpi/indices/{index.code}/").status_code == 200


def test_what_waits_is_for_the_office_alone(client, users, login):
    index = make.small()
    make.edition(index, {"BE": {"1a": 1, "2a": 1}}, code="2023")
    url = f"/fr/kpi/indices/{index.code}/"
    assert client.get(f"{url}?edition=2023").status_code == 404
    assert client.get(f"{API}?index={index.code}&geo=BE&edition=2023").status_code == 404
    login(users["staff"])
    page = client.get(f"{url}?edition=2023")
    assert (page.status_code, page.context["waits"], page.context["official"]) == (
        200,
        True,
        "100,0",
    )
    assert client.get(url).context["edition"].code == "2022"


def test_an_index_without_an_edition_says_what_to_do(client, users, login):
    index = make.CompositeIndexFactory()
    login(users["staff"])
    text = client.get(f"/fr/kpi/indices/{index.code}/").content.decode()
    assert f"/fr/kpi/indices/import/?index={index.code}" in text
    assert client.get(f"/fr/kpi/indices/{index.code}/explain/").status_code == 404
    assert (
        client.get(f"/fr/kpi/indices/import/?index={index.code}")
        .context["form"]
        .fields["code"]
        .initial
        == index.code
    )


def test_an_empty_list_says_so(client):
    assert client.get("/fr/kpi/indices/").status_code == 200
    assert client.get("/fr/kpi/indices/?search=xyz").status_code == 200


# --- back office -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    ["compositeindex", "indexnode", "indexinput", "indexedition", "indexvalue", "indeximport"],
)
def test_pages_of_the_back_office(client, users, login, model):
    make.small()
    login(users["staff"])
    base = f"/admin/kpi/{model}/"
    row = apps.get_model("kpi", model).objects.first()
    pages = [base, f"{base}?q=x"] + ([f"{base}{row.pk}/change/"] if row else [])
    for url in pages:
        assert client.get(url).status_code == 200, url
    assert client.get(f"{base}add/").status_code == 403


def test_the_life_of_an_index_through_the_back_office(client, users, login, make_user):
    index = make.CompositeIndexFactory(author=users["staff"])
    make.entry(make.node(index, "1", 1), "1a")
    edition = make.edition(index, {"BE": {"1a": 0.5}}, author=users["staff"])
    act, release = (
        f"/admin/kpi/compositeindex/{index.pk}/do",
        f"/admin/kpi/indexedition/{edition.pk}/do",
    )
    login(users["staff"])
    assert client.post(f"{act}/submit/", {"note": ""}).status_code == 302
    assert client.post(f"{act}/publish/", {"note": ""}).status_code == 403
    assert client.post(f"{release}/release/", {"note": ""}).status_code == 403
    login(users["secretary"])
    assert client.post(f"{act}/publish/", {"note": ""}).status_code == 200
    assert client.post(f"{release}/release/", {"note": ""}).status_code == 302
    assert client.post(f"{act}/publish/", {"note": ""}).status_code == 302
    index.refresh_from_db()
    assert index.status == "published"
    assert client.post(f"{act}/suspend/", {"note": ""}).status_code == 200
    assert client.post(f"{act}/suspend/", {"note": "an error"}).status_code == 302
    assert client.post(f"{act}/resume/", {"note": ""}).status_code == 302
    assert client.post(f"{act}/retire/", {"note": "replaced"}).status_code == 302


def test_queues_menu_and_search(users, make_user):
    index = make.small(status=IndexStatus.IN_REVIEW)
    make.edition(index, {}, code="2023", author=users["staff"])
    with override("fr"):
        (waiting,) = index_panels.to_publish(users["staff"]).rows
        assert index_panels.to_release(users["staff"]).rows == []
        assert len(index_panels.to_release(users["secretary"]).rows) == 1
        assert waiting.text == str(index)
        assert index_panels.menu(users["staff"])["pages"]
        assert index_panels.search(index.name_fr, users["staff"])["total"] == 1
        assert index_panels.search(index.name_fr, AnonymousUser())["total"] == 0
    for name in ("nobody", "auditor"):
        assert index_panels.to_publish(users[name]) is None
        assert index_panels.to_release(users[name]) is None
        assert index_panels.menu(users[name]) is None
