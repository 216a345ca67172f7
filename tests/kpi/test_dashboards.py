"""Dashboards, comparisons, images, embeds and the map of municipalities, as anybody sees them."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpi.charts import MOST_POINTS, thinned
from kpi.dashboards.scopes import KINDS
from kpi.models import Place
from tests.factories import kpi as make
from tests.factories.programme import ThemeFactory, WorkstreamFactory
from tests.factories.stakeholders import MunicipalityFactory

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def words(response) -> str:
    """Return the words of a page, without markup and with single spaces."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", text)


def test_the_dashboard_of_the_strategy_says_it_in_a_sentence(client):
    make.basic_skills()
    reached = make.IndicatorFactory()
    make.TargetFactory(indicator=reached, value=Decimal(5))
    make.series(reached, {"2024": Decimal(10)})
    make.IndicatorFactory(status="draft", name_fr="Caché", name_nl="Verborgen")
    page = words(client.get("/en/kpi/dashboards/"))
    assert "Of 2 indicators with a path to a target, 1 are on track or there." in page
    assert "Caché" not in page


def test_an_empty_dashboard_says_so(client):
    assert "No indicator is published here yet." in words(client.get("/en/kpi/dashboards/"))


def test_each_subject_has_its_dashboard_and_what_is_none_is_not_found(client):
    theme, stream = ThemeFactory(), WorkstreamFactory()
    mine, other = make.IndicatorFactory(theme=theme), make.IndicatorFactory()
    other.workstreams.add(stream)
    for path, shown, hidden in (
        (f"themes/{theme.slug}", mine, other),
        (f"priorities/{stream.slug}", other, mine),
    ):
        page = words(client.get(f"/fr/kpi/dashboards/{path}/"))
        assert shown.name_fr in page
        assert hidden.name_fr not in page
    for path in ("themes/none", "volets/x", "volets/99", "nothing/at-all", "municipalities/00000"):
        assert client.get(f"/fr/kpi/dashboards/{path}/").status_code == 404
    assert set(KINDS) == {"volets", "priorities", "themes", "orientations", "municipalities"}


def test_a_dashboard_as_a_file(client):
    indicator = make.basic_skills()
    answer = client.get("/fr/kpi/dashboards/?format=csv")
    assert indicator.code in answer.content.decode()


def test_queries_do_not_grow_with_the_indicators(client):
    path = "/fr/kpi/dashboards/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    make.basic_skills()
    client.get(path)
    one = queries()
    make.basic_skills(), make.basic_skills()
    client.get(path)
    assert queries() == one


def test_chart_and_table_hold_equal_numbers(client):
    indicator = make.IndicatorFactory()
    make.series(indicator, {str(year): Decimal(year - 2000) / 3 for year in range(2016, 2025)})
    page = client.get(indicator.get_absolute_url())
    figure = page.context["chart"].figure
    drawn = [round(Decimal(str(value)), 1) for value in figure["data"][0]["y"]]
    told = [Decimal(row[1].replace(",", ".")) for row in page.context["chart"].table["rows"]]
    assert drawn == told
    assert str(told[-1]).replace(".", ",") in words(page)


def test_the_image_holds_the_points_of_the_figure(client):
    indicator = make.IndicatorFactory()
    make.BaselineFactory(indicator=indicator, period="2019", value=5)
    make.TargetFactory(indicator=indicator)
    make.series(indicator, {"2019": 10, "2020": 20, "2022": 15}, geo="BXL")
    make.ObservationFactory(indicator=indicator, period="2023", value=None, flag="m")
    answer = client.get(f"{indicator.get_absolute_url()}chart.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.content)
    assert root.find(f"{SVG}title").text == indicator.name_fr
    assert len(root.findall(f"{SVG}polyline")) == 2
    assert len(root.findall(f"{SVG}circle")) == 3


def test_the_image_of_bars_and_of_nothing(client):
    bars = make.IndicatorFactory()
    for code, value in (("BXL", 36), ("BE", 40), ("WAL", 45)):
        make.ObservationFactory(indicator=bars, geo=code, value=value)
    root = ElementTree.fromstring(client.get(f"{bars.get_absolute_url()}chart.svg").content)
    assert len(root.findall(f"{SVG}rect")) == 4
    alone = make.IndicatorFactory()
    make.ObservationFactory(indicator=alone)
    assert client.get(f"{alone.get_absolute_url()}chart.svg").status_code == 404


def test_words_of_an_image_are_words(client):
    indicator = make.IndicatorFactory(name_fr='<script>&"', name_nl="x")
    make.series(indicator, {"2020": 1, "2021": 2})
    answer = client.get(f"{indicator.get_absolute_url()}chart.svg")
    assert ElementTree.fromstring(answer.content).find(f"{SVG}title").text == '<script>&"'


def test_somebody_elses_page_may_frame_the_embed_and_nothing_else(client):
    indicator = make.IndicatorFactory()
    make.series(indicator, {"2020": 1, "2021": 2})
    page = client.get(f"{indicator.get_absolute_url()}embed/")
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    usual = client.get(indicator.get_absolute_url())
    assert "frame-ancestors 'none'" in usual["Content-Security-Policy"]


def test_a_permanent_link_shows_the_vintage_for_ever(client):
    indicator = make.IndicatorFactory()
    released = datetime(2022, 1, 5, tzinfo=UTC)
    make.ObservationFactory(indicator=indicator, period="2021", value=10, released_at=released)
    page = client.get(f"{indicator.get_absolute_url()}?as_of=2022-06-01")
    url = page.context["citation"]["url"]
    make.ObservationFactory(
        indicator=indicator,
        period="2021",
        value=77,
        vintage=2,
        released_at=datetime(2022, 7, 1, tzinfo=UTC),
    )
    assert "10,0" in words(client.get(url))
    assert "77,0" not in words(client.get(url))
    assert "77,0" in words(client.get(indicator.get_absolute_url()))


def test_another_place_has_its_own_sentence_and_an_unknown_one_no_page(client):
    indicator = make.IndicatorFactory()
    make.series(indicator, {"2024": Decimal(10)})
    make.series(indicator, {"2024": Decimal(55)}, geo="BE")
    page = client.get(f"{indicator.get_absolute_url()}?place=BE")
    assert "Belgium, 2024: 55.0" in str(page.context["headline"].text)
    for query in ("?place=XX", "?beside=VLA", "?as_of=yesterday", "?as_of=9999-12-31"):
        assert client.get(f"{indicator.get_absolute_url()}{query}").status_code == 404


def test_places_beside_are_those_that_the_address_names(client):
    indicator = make.IndicatorFactory()
    for code in ("BXL", "BE", "VLA", "WAL", "EU", "FR"):
        make.series(indicator, {"2020": 1, "2021": 2}, geo=code)
    address = indicator.get_absolute_url()

    def columns(query: str) -> int:
        return len(client.get(address + query).context["chart"].table["columns"])

    assert columns("") == columns("?beside=") + 4
    assert columns("?beside=BE&beside=FR") == columns("?beside=") + 2


def test_two_indicators_side_by_side(client):
    one, two = make.IndicatorFactory(), make.IndicatorFactory()
    make.series(one, {"2020": 1, "2021": 2})
    make.series(two, {"2021": 3, "2022": 4})
    page = client.get(f"/fr/kpi/compare/?first={one.code}&second={two.code}")
    assert page.context["found"].table["rows"] == [
        ["2020", "1,0", "–"],
        ["2021", "2,0", "3,0"],
        ["2022", "–", "4,0"],
    ]


def test_a_comparison_stands_in_the_order_in_which_it_was_chosen(client):
    one, two = make.IndicatorFactory(name_fr="Un"), make.IndicatorFactory(name_fr="Deux")
    for each in (one, two):
        make.series(each, {"2020": 1, "2021": 2})
    page = client.get(f"/fr/kpi/compare/?first={two.code}&second={one.code}")
    assert [facts.indicator for facts, *_rest in page.context["found"].parts] == [two, one]


def test_the_choice_begins_with_one_indicator_and_asks_for_a_second(client):
    one = make.IndicatorFactory()
    begun = client.get(f"/fr/kpi/compare/?first={one.code}")
    assert begun.context["form"]["first"].value() == one.code
    assert not begun.context["form"].errors
    asked = client.get(f"/en/kpi/compare/?first={one.code}&second=&third=")
    assert asked.context["form"].errors["second"] == [
        "Choose a second indicator: two to four stand side by side."
    ]
    twice = client.get(f"/en/kpi/compare/?first={one.code}&second={one.code}")
    assert set(twice.context["form"].errors) == {"second"}
    assert twice.context["found"] is None


@pytest.mark.parametrize("place", ["", "BXL", "nowhere"])
def test_a_hidden_indicator_is_unknown_to_a_comparison(client, place):
    one, hidden = make.IndicatorFactory(), make.IndicatorFactory(status="draft")
    page = client.get(f"/en/kpi/compare/?first={one.code}&second={hidden.code}&place={place}")
    assert page.context["found"] is None
    assert page.status_code == 200
    assert hidden.name_fr not in page.content.decode()


@pytest.mark.parametrize(
    ("language", "told"), [("fr", "Anderlecht, 2025 : "), ("nl", "Anderlecht, 2025: ")]
)
def test_a_municipality_has_its_figures_and_no_standing_of_the_region(client, language, told):
    indicator = make.IndicatorFactory(geo="BXL")
    make.series(indicator, {"2021": Decimal(1), "2025": Decimal(50)})
    make.BaselineFactory(indicator=indicator, value=Decimal(1))
    make.TargetFactory(indicator=indicator, geo="BXL")
    town = MunicipalityFactory(name_fr="Anderlecht", name_nl="Anderlecht")
    make.place("21001")
    names = {"name_fr": "Anderlecht", "name_nl": "Anderlecht"}
    Place.objects.filter(code="21001").update(kind="municipality", municipality=town, **names)
    make.series(indicator, {"2025": Decimal(7)}, geo="21001")
    page = client.get(f"/{language}/kpi/dashboards/municipalities/21001/")
    assert told in words(page)
    assert page.context["chart"] is None
    assert 'class="standings"' not in page.content.decode()


def test_the_map_of_the_municipalities_has_the_numbers_of_its_table(client):
    indicator = make.IndicatorFactory(unit_fr="lieux", unit_nl="plekken", decimals=0)
    values = {"21004": 7, "21009": 3, "21012": 0}
    for nis, value in values.items():
        town = MunicipalityFactory(nis=nis, slug=f"town-{nis}")
        make.ObservationFactory(indicator=indicator, geo=make.place(nis), value=value)
        Place.objects.filter(code=nis).update(kind="municipality", municipality=town)
    MunicipalityFactory(nis="21016", slug="uccle")
    page = client.get("/fr/kpi/dashboards/municipalities/")
    told = {row[1] for row in page.context["map"].table["rows"]}
    drawn = {tile.line.total for tile in page.context["map"].tiles.tiles}
    assert told == drawn == {"7", "3", "0", "–"}
    shades = {tile.line.subject.nis: tile.shade for tile in page.context["map"].tiles.tiles}
    assert (shades["21016"], shades["21012"], shades["21004"]) == (0, 1, 3)
    assert client.get("/fr/kpi/dashboards/municipalities/?indicator=none").status_code == 404


def test_without_figures_of_municipalities_the_map_says_so(client):
    page = client.get("/en/kpi/dashboards/municipalities/")
    assert "No indicator has figures by municipality yet." in words(page)


def test_a_long_series_is_thinned_and_keeps_its_extremes(client):
    indicator = make.IndicatorFactory(frequency="M")
    periods = [f"{year}-{month:02}" for year in range(1960, 2026) for month in range(1, 13)]
    values = {period: Decimal(number % 97) for number, period in enumerate(periods)}
    values["1999-07"], values["2003-02"] = Decimal(5000), Decimal(-5000)
    rows = make.series(indicator, values)
    kept = thinned(rows)
    assert len(kept) <= MOST_POINTS + 2
    assert (kept[0], kept[-1]) == (rows[0], rows[-1])
    assert {max(row.value for row in kept), min(row.value for row in kept)} == {5000, -5000}
    page = client.get(indicator.get_absolute_url())
    assert len(json.dumps(page.context["chart"].figure)) < 150_000
    assert len(page.context["chart"].table["rows"]) == len(periods)
