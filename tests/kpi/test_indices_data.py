"""Scores of indices for machines, as known on a day, and those that are published and seeded."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from core.licences import OWN
from core.seeding import read
from kpi.indices import seed as seed_index
from kpi.indices.scores import NotKnown, scores_payload
from kpi.indices.selectors import sheet_of
from kpi.models import CompositeIndex, IndexEdition, Indicator
from programme.models import Source
from tests.factories import indices as make
from tests.factories import kpi as kpi_rows

pytestmark = pytest.mark.django_db
API = "/api/v1/index-scores/"
PAGE = "/fr/kpi/indices/desi-2022/"
ENGLISH = "/en/kpi/indices/desi-2022/"


def test_the_scores_for_machines(seeded, client):
    response = client.get(f"{API}?index=desi-2022&geo=be&edition=2022")
    assert response["Access-Control-Allow-Origin"] == "*"
    data = json.loads(response.content)
    assert data["score"] == pytest.approx(50.3074, abs=1e-4)
    assert data["score"] != round(data["score"], 6)
    assert sum(each["contribution"] for each in data["inputs"]) == pytest.approx(data["score"])
    assert len(data["inputs"]) == 33
    below = {each["code"]: each for top in data["dimensions"] for each in top["dimensions"]}
    assert below["1a"]["score"] == pytest.approx(51.1094, abs=1e-4)
    assert data["missing_policy"] == "impute"
    assert data["edition"]["released_at"].startswith("2022-07-28")
    assert data["licence"] == OWN.name
    assert data["inputs"][0]["indicator"] == "desi-2022-1a1"


def test_the_union_is_computed_from_its_own_values(seeded):
    found = scores_payload("desi-2022", "EU", "", AnonymousUser())
    assert found["score"] == pytest.approx(52.2752, abs=1e-4)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("index=desi-2022", 400),
        ("geo=BE", 400),
        ("index=desi-2022&geo=BE&as_of=soon", 400),
        ("index=none&geo=BE", 404),
        ("index=desi-2022&geo=XX", 404),
        ("index=desi-2022&geo=BE&edition=1999", 404),
        ("index=desi-2022&geo=BE&as_of=2020-01-01", 404),
        ("index=desi-2022&geo=BE&as_of=2022-12-31", 200),
    ],
)
def test_bad_requests_get_a_sentence(seeded, client, query, status):
    response = client.get(f"{API}?{query}")
    assert response.status_code == status
    assert response["Access-Control-Allow-Origin"] == "*"
    assert bool(json.loads(response.content).get("error")) == (status != 200)


def test_an_answer_that_is_known_is_not_sent_again(seeded, client):
    url = f"{API}?index=desi-2022&geo=BE"
    tag = client.get(url)["ETag"]
    again = client.get(url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(url).status_code == 405


def test_what_is_not_known_names_itself():
    with pytest.raises(NotKnown) as caught:
        scores_payload("none", "BE", "", AnonymousUser())
    assert (caught.value.what, caught.value.value) == ("index", "none")


def test_as_known_on_a_day(users):
    index = make.small()
    when = datetime(2040, 1, 1, tzinfo=UTC)
    make.edition(index, {"BE": {"1a": 1, "2a": 1}}, vintage=2, released_at=when)
    assert scores_payload(index.code, "BE", "", AnonymousUser())["score"] == pytest.approx(40)
    later = scores_payload(index.code, "BE", "", AnonymousUser(), when.date())
    assert later["score"] == pytest.approx(100)


# --- the published score, by vintages --------------------------------------------------------


def test_case_2_the_score_of_2021_by_its_vintages(seeded, client):
    """Case 2."""
    url = "/fr/kpi/desi-score-be/"
    for day, wanted in (("2022-01-01", "53,7"), ("2022-12-31", "46,7"), ("2020-01-01", None)):
        table = _row_of_2021(client.get(f"{url}?as_of={day}"))
        assert (table[1] if table else None) == wanted, day
    page = client.get(url)
    text = page.content.decode()
    assert "+3,6" in text
    assert "53,7 publié en novembre 2021 suivait une autre méthode" in text
    assert "volgde een andere methode" in client.get("/nl/kpi/desi-score-be/").content.decode()
    assert "<mark>50,3" in text


def _row_of_2021(page):
    table = page.context["chart"].table if page.context["chart"] else page.context["table"]
    return next((row for row in table["rows"] if row[0] == "2021"), None)


@pytest.fixture
def former(seeded):
    kpi_rows.FrameworkFactory(slug="desi-2018")
    Source.objects.create(key="DESI17", reference="DESI 2017", label_fr="un", label_nl="een")
    seed_index.load_former(read("facts", "desi_2018"))
    return CompositeIndex.objects.get(code="desi-2018")


def test_the_index_of_2018_has_the_score_of_its_rounded_dimensions(former):
    sheet = sheet_of(former, former.editions.get(code="2017"))
    assert list(sheet.places) == ["BE"]
    assert sheet.results["BE"].value == pytest.approx(60.5, abs=1e-9)
    found = [(float(each.weight), each.inputs.count()) for each in sheet.nodes]
    assert found == [(0.25, 1), (0.25, 1), (0.15, 1), (0.2, 1), (0.15, 1)]
    bounds = {(each.norm_min, each.norm_max, each.direction) for each in sheet.inputs}
    assert bounds == {(0, 1, "up")}
    assert former.sources.get().key == "DESI17"


def test_the_seed_leaves_the_index_of_2018_as_it_is(former):
    CompositeIndex.objects.filter(pk=former.pk).update(name_fr="Autre nom")
    seed_index.load_former(read("facts", "desi_2018"))
    assert former.editions.count() == 1
    assert CompositeIndex.objects.get(pk=former.pk).name_fr == "Autre nom"


@pytest.mark.parametrize(
    ("language", "score", "rounded", "unit"),
    [
        ("fr", "60,5 points sur 100", "arrondis à deux décimales", "arrondi à deux décimales"),
        ("nl", "60,5 punten op 100", "afgerond op twee decimalen", "afgerond op twee decimalen"),
        ("en", "60.5 points out of 100", "rounded to two decimals", "rounded to two decimals"),
    ],
)
def test_the_pages_of_2018_say_that_its_inputs_are_rounded(
    former, client, language, score, rounded, unit
):
    url = f"/{language}/kpi/indices/desi-2018/"
    text = client.get(url).content.decode()
    assert score in text
    assert rounded in text
    assert "0,61" in text or "0.61" in text
    assert 'id="against"' not in text  # there is one place
    explained = client.get(f"{url}explain/").content.decode()
    assert explained.count(unit) == 5


def test_the_seed_changes_nothing_the_second_time(seeded):
    before = CompositeIndex.objects.values().get()
    seed_index.load(read("facts", "desi_2022"))
    assert CompositeIndex.objects.values().get() == before
    assert IndexEdition.objects.count() == 1
    rows = Indicator.objects.get(code="desi-score-be").observations.order_by("period", "vintage")
    assert [(each.period, each.vintage, each.value, each.version.number) for each in rows] == [
        ("2021", 1, Decimal("53.7"), 1),
        ("2021", 2, Decimal("46.7098"), 2),
        ("2022", 1, Decimal("50.3074"), 2),
    ]
