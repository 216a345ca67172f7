"""The JSON API: lists page by page, exact figures, errors that mend, ETags, its description."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from drf_spectacular.validation import validate_schema

from kpi.models import Heading, IndicatorVersion, Mapping, MetadataEntry
from tests.factories import kpi as make

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"
FIRST, SECOND = datetime(2021, 11, 12, 9, tzinfo=UTC), datetime(2022, 7, 28, 9, tzinfo=UTC)
EXACT = Decimal("12345678901234.123456789012")


def read(client, path, expected=200, **query) -> dict:
    response = client.get(ROOT + path, query)
    assert response.status_code == expected, response.content
    assert response["Content-Type"] == "application/json"
    return response.json()


def walk(client, path, **query) -> list[dict]:
    """Return the rows of every page of a list, each reached from the one before."""
    answer, rows = read(client, path, **query), []
    while True:
        rows += answer["data"]
        if answer["next"] is None:
            return rows
        assert answer["data"]
        response = client.get(answer["next"])
        assert response.status_code == 200
        answer = response.json()


def codes(answer) -> list[str]:
    return [each["code"] for each in answer["data"]]


def test_the_root_leads_everywhere(client):
    for address in read(client, "").values():
        assert client.get(address).status_code == 200


def test_only_what_is_public_is_there(client, users, login):
    """Cases 15 and 16, in lists, figures, details and filters."""
    for state in ("draft", "in_review", "approved", "published", "suspended", "retired"):
        make.ObservationFactory(indicator=make.IndicatorFactory(status=state, code=state))
    for visitor in (client, login(users["staff"])):
        assert codes(read(visitor, "indicators/")) == ["published", "retired"]
        rows = walk(visitor, "observations/")
        assert {row["indicator"] for row in rows} == {"published", "retired"}
        assert read(visitor, "frameworks/")["data"][0]["indicators"] == 2
        for state in ("draft", "suspended"):
            read(visitor, f"indicators/{state}/", 404)
            read(visitor, "observations/", 400, indicator=state)
            read(visitor, "observations/", 400, after=f"{state}~BXL~2024~0")


def test_a_figure_is_a_number_and_exact(client):
    indicator = make.IndicatorFactory(geo="BE")
    make.series(indicator, {"2020": EXACT, "2021": Decimal(3)})
    make.ObservationFactory(indicator=indicator, period="2022", value=None, flag="m")
    rows = read(client, "observations/", indicator=indicator.code)["data"]
    assert [row["value_exact"] for row in rows] == [str(EXACT), "3", None]
    assert rows[0]["value"] == float(EXACT)
    assert rows[1]["value"] == 3
    assert rows[2]["value"] is None
    assert rows[2]["flag"] == "m"


def test_figures_as_they_were_known(client):
    """Case 2, through the API."""
    indicator = make.IndicatorFactory(geo="BE")
    for vintage, value, moment in ((1, "53.7", FIRST), (2, "46.7098", SECOND)):
        make.ObservationFactory(
            indicator=indicator,
            period="2021",
            value=Decimal(value),
            vintage=vintage,
            released_at=moment,
        )
    for day, wanted in (("2022-01-01", ["53.7"]), ("2022-12-31", ["46.7098"]), ("2020-01-01", [])):
        answer = read(client, "observations/", indicator=indicator.code, as_of=day)
        assert [row["value_exact"] for row in answer["data"]] == wanted
        assert answer["as_of"] == day
    found = read(client, f"indicators/{indicator.code}/", as_of="2022-01-01")["latest"]
    assert (found["value_exact"], found["vintage"]) == ("53.7", 1)
    assert read(client, f"indicators/{indicator.code}/", as_of="2020-01-01")["latest"] is None


def test_filters_narrow_the_figures(client):
    indicator = make.IndicatorFactory(framework=make.FrameworkFactory(slug="mine"))
    make.series(indicator, {"2023": 1, "2024": 2, "2024-Q1": 3, "2024-Q3": 4, "2025-05": 5})
    make.ObservationFactory(indicator=indicator, geo="EU", period="2024", value=Decimal(6))
    make.ObservationFactory(period="2024", value=Decimal(7))
    for query, wanted in (
        ({"framework": "mine"}, [1, 2, 3, 4, 5, 6]),
        ({"geo": "EU"}, [6]),
        ({"indicator": indicator.code, "geo": "BXL", "period_from": "2024-Q2"}, [2, 4, 5]),
        ({"framework": "mine", "geo": "BXL", "period_to": "2024-S1"}, [1, 3]),
        ({"framework": "mine", "period_from": "2024", "period_to": "2024"}, [2, 3, 4, 6]),
    ):
        rows = read(client, "observations/", **query)["data"]
        assert sorted(row["value"] for row in rows) == wanted, query


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("indicators/", {"frmework": "local"}, "frmework"),
        ("indicators/", {"framework": "none"}, "framework"),
        ("indicators/", {"standing": "high"}, "standing"),
        ("indicators/", {"status": "draft"}, "status"),
        ("indicators/", {"page_size": "0"}, "page_size"),
        ("indicators/", {"page_size": "201"}, "page_size"),
        ("indicators/", {"page_size": "²"}, "page_size"),
        ("indicators/", {"search": ""}, "search"),
        ("indicators/", {"search": "a\x00b"}, "search"),
        ("indicators/", {"language": "de"}, "language"),
        ("observations/", {"geo": "XX"}, "geo"),
        ("observations/", {"indicator": "none"}, "indicator"),
        ("observations/", {"period_from": "soon"}, "period_from"),
        ("observations/", {"as_of": "2024-02-31"}, "as_of"),
        ("observations/", {"as_of": "2999-01-01"}, "as_of"),
        ("observations/", {"after": "x"}, "after"),
        ("observations/", {"after": "a~b~c~d~e"}, "after"),
        ("frameworks/", {"page": "2"}, "page"),
        ("places/", {"page_size": "many"}, "page_size"),
    ],
)
def test_what_is_not_understood_is_told_and_never_ignored(client, path, query, name):
    make.ObservationFactory()
    errors = read(client, path, 400, **query)["errors"]
    assert [each["parameter"] for each in errors] == [name]
    assert errors[0]["message"].strip().endswith(".")
    twice = client.get(f"{ROOT}{path}?language=fr&language=nl")
    assert twice.status_code == 400


def test_sentences_are_in_the_language_that_was_asked_for(client):
    make.ObservationFactory()
    said = {
        code: read(client, "observations/", 400, geo="XX", language=code)["errors"][0]["message"]
        for code in ("fr", "nl", "en")
    }
    assert "XX" in said["fr"]
    assert "XX" in said["nl"]
    assert said["en"].startswith("“XX” is not known.")


def test_values_that_are_few_are_named(client):
    message = read(client, "indicators/", 400, status="draft")["errors"][0]["message"]
    assert "published, retired" in message


def test_what_is_not_there_is_told_in_json(client):
    for path in ("indicators/none/", "frameworks/none/", "places/none/", "nothing", "a/b/"):
        assert read(client, path, 404)["errors"][0]["message"]
    response = client.post(f"{ROOT}indicators/", {})
    assert response.status_code == 405
    assert response.json()["errors"][0]["message"]
    assert "Access-Control-Allow-Origin" not in response


def test_an_address_without_its_slash_leads_to_the_one_with_it(client):
    make.ObservationFactory()
    response = client.get(f"{ROOT}observations?geo=BXL")
    assert (response.status_code, response["Location"]) == (301, f"{ROOT}observations/?geo=BXL")
    assert len(client.get(response["Location"]).json()["data"]) == 1


def test_texts_say_in_which_language_they_are(client):
    indicator = make.IndicatorFactory(name_en="")
    for headers, query, wanted in (
        ({"Accept-Language": "nl-BE,fr;q=0.5"}, {}, (indicator.name_nl, "nl")),
        ({"Accept-Language": "nl"}, {"language": "fr"}, (indicator.name_fr, "fr")),
        ({"Accept-Language": "de"}, {}, (indicator.name_fr, "fr")),
    ):
        response = client.get(f"{ROOT}indicators/{indicator.code}/", query, headers=headers)
        name = response.json()["name"]
        assert (name["text"], name["language"]) == wanted
        assert "Accept-Language" in response["Vary"]
    assert response["Content-Language"] == "en"
    client.cookies["language"] = "nl"
    assert client.get(f"{ROOT}indicators/").json()["data"][0]["name"]["language"] == "fr"


def test_pages_follow_each_other_without_a_gap_or_a_repetition(client):
    for number in range(7):
        indicator = make.IndicatorFactory(code=f"i-{number}")
        make.series(indicator, {"2023": 1, "2024": 2})
        make.ObservationFactory(indicator=indicator, period="2024", position=1, value=Decimal(3))
        make.ObservationFactory(indicator=indicator, geo="EU", period="2023", value=Decimal(4))
    rows = walk(client, "observations/", page_size=3)
    keys = [(row["indicator"], row["geo"], row["period"], row["position"]) for row in rows]
    assert len(keys) == len(set(keys)) == 28
    assert len(walk(client, "observations/", page_size=28)) == 28
    assert codes({"data": walk(client, "indicators/", page_size=2)}) == sorted(
        {key[0] for key in keys}
    )
    assert len(walk(client, "places/", page_size=1)) == len(read(client, "places/")["data"])
    assert len(walk(client, "frameworks/", page_size=1)) == 1


def test_no_page_is_longer_than_its_limit(client):
    make.series(make.IndicatorFactory(), {str(year): year for year in range(1500, 2024)})
    assert len(read(client, "observations/")["data"]) == 500
    read(client, "observations/", 400, page_size=2001)


def test_the_detail_has_all_that_explains_the_figures(client):
    indicator = make.basic_skills(licence="CC0 1.0")
    both = {"method_fr": "Enquête.", "method_nl": "Enquête."}
    IndicatorVersion.objects.create(indicator=indicator, valid_from=date(2020, 1, 1), **both)
    said = {"text_fr": "Office.", "text_nl": "Bureau."}
    MetadataEntry.objects.create(indicator=indicator, heading=Heading.CONTACT, **said)
    other = make.FrameworkFactory(slug="other")
    Mapping.objects.create(indicator=indicator, framework=other, name="Skills", code="1a")
    found = read(client, f"indicators/{indicator.code}/", language="nl")
    assert found["targets"][0]["value"] == 80
    assert found["targets"][0]["is_current"] is True
    assert found["baselines"][0]["value_exact"] == "54.2318"
    assert found["versions"][0]["method"] == {"text": "Enquête.", "language": "nl"}
    assert found["metadata"][0]["text"]["text"] == "Bureau."
    assert found["mappings"][0]["framework"] == "other"
    assert found["mappings"][0]["verified"] is False
    assert found["licence"]["name"].endswith("(CC0 1.0)")
    assert found["standing"] == "off_track"
    for address in (*found["files"].values(), found["url"]):
        assert client.get(address).status_code == 200, address


def test_the_filters_of_the_page_narrow_the_list(client):
    off = make.basic_skills()
    empty = make.IndicatorFactory(framework=make.FrameworkFactory(slug="other"))
    for query, wanted in (
        ({"standing": "off_track"}, off),
        ({"freshness": "no_data"}, empty),
        ({"framework": "other"}, empty),
        ({"geo": "BE"}, off),
        ({"search": off.code}, off),
    ):
        answer = read(client, "indicators/", **query)
        assert (codes(answer), answer["count"]) == ([wanted.code], 1), query


def test_whoever_has_the_answer_is_told_so(client):
    row = make.ObservationFactory(released_at=FIRST)
    for path in ("indicators/", f"indicators/{row.indicator.code}/", "observations/"):
        first = client.get(ROOT + path)
        assert first["Last-Modified"] == "Fri, 12 Nov 2021 09:00:00 GMT"
        again = client.get(ROOT + path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
    make.ObservationFactory(indicator=row.indicator, period="2025")
    assert client.get(ROOT + path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_pages_of_others_may_read_and_nobody_gets_a_cookie(client):
    make.ObservationFactory()
    for method in (client.get, client.head, client.options):
        response = method(f"{ROOT}observations/", headers={"Origin": "https://example.org"})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
        assert not response.cookies
    assert response.status_code == 204
    assert "POST" not in response["Access-Control-Allow-Methods"]


def test_the_description_validates_and_names_every_error(client):
    schema = json.loads(client.get(f"{ROOT}openapi.json").content)
    validate_schema(schema)
    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == {
        ROOT,
        *(f"{ROOT}{name}/" for name in ("indicators", "observations", "frameworks", "places")),
        f"{ROOT}indicators/{{code}}/",
        f"{ROOT}frameworks/{{slug}}/",
        f"{ROOT}places/{{code}}/",
    }
    for path, methods in schema["paths"].items():
        assert set(methods) == {"get"}
        answers = set(methods["get"]["responses"])
        assert answers >= ({"200", "400", "404"} if "{" in path else {"200", "400"}), path


def test_every_parameter_and_field_is_described(client):
    schema = json.loads(client.get(f"{ROOT}openapi.json").content)
    for path, methods in schema["paths"].items():
        view = resolve(path.replace("{code}", "x").replace("{slug}", "x")).func.cls
        given = {each["name"] for each in methods["get"]["parameters"] if each["in"] == "query"}
        assert given == {*view.parameters, "language"}, path
        assert all(
            each["description"] for each in methods["get"]["parameters"] if each["in"] == "query"
        )
    for name, part in schema["components"]["schemas"].items():
        for field, said in part.get("properties", {}).items():
            assert said.get("description"), (name, field)


@pytest.mark.parametrize(
    "path", ["indicators/", "observations/", "frameworks/", "places/", "indicators/{}/"]
)
def test_an_answer_asks_the_same_for_one_and_for_three(client, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ROOT + path.format(first.code)).status_code == 200
        return len(captured)

    first = make.basic_skills()
    one = queries()
    make.basic_skills()
    make.basic_skills()
    assert queries() == one
