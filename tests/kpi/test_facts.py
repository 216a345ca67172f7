"""What is said of an indicator: vintages, disputes, breaks, freshness, sentences."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils.translation import override

from kpi.ages import late, with_standing
from kpi.facts import Facts, Freshness
from kpi.progress import Standing
from kpi.selectors import facts_of, home_cards, series
from kpi.sentences import amount, chips, headline, outlook, position
from tests.factories import kpi as make

pytestmark = pytest.mark.django_db


def facts(indicator, **options) -> Facts:
    return facts_of([indicator], **options)[indicator.pk]


def test_a_series_as_known_on_a_day():
    indicator = make.IndicatorFactory(geo="BE")
    make.ObservationFactory(
        indicator=indicator,
        period="2021",
        value=Decimal("53.7"),
        released_at=datetime(2021, 11, 12, tzinfo=UTC),
    )
    make.ObservationFactory(
        indicator=indicator,
        period="2021",
        value=Decimal("46.7098"),
        vintage=2,
        released_at=datetime(2022, 7, 28, tzinfo=UTC),
    )

    def known(day):
        return [each.value for each in series(indicator, "BE", day)]

    assert known(date(2022, 1, 1)) == [Decimal("53.7")]
    assert known(date(2022, 12, 31)) == [Decimal("46.7098")]
    assert known(date(2020, 1, 1)) == []
    assert known(None) == [Decimal("46.7098")]


def test_a_release_of_tomorrow_is_not_known_today():
    row = make.ObservationFactory(released_at=datetime(2100, 1, 1, tzinfo=UTC))
    assert series(row.indicator, "BXL") == []


def test_contradictory_values_are_both_kept_and_nothing_is_computed_from_them():
    indicator = make.IndicatorFactory()
    make.BaselineFactory(indicator=indicator)
    make.TargetFactory(indicator=indicator)
    make.series(indicator, {"2021": 50})
    make.ObservationFactory(indicator=indicator, period="2023", value=60, disputed=True)
    make.ObservationFactory(indicator=indicator, period="2023", value=70, disputed=True, position=1)
    found = facts(indicator)
    assert [each.value for each in found.own] == [50, 60, 70]
    assert found.latest.value == 60
    assert (found.value, found.pace, found.attainment, found.standing) == (None,) * 4


def test_a_forecast_is_not_the_latest_figure():
    indicator = make.IndicatorFactory()
    make.series(indicator, {"2023": 10})
    make.ObservationFactory(indicator=indicator, period="2027", value=20, flag="f")
    assert facts(indicator).latest.value == 10


def test_a_break_cuts_path_trend_and_projection():
    indicator = make.IndicatorFactory()
    make.BaselineFactory(indicator=indicator, period="2016", value=1)
    make.TargetFactory(indicator=indicator, value=100)
    make.series(indicator, {"2016": 1, "2017": 2, "2018": 3})
    make.ObservationFactory(indicator=indicator, period="2019", value=66, flag="b")
    make.series(indicator, {"2020": 67, "2021": 68})
    found = facts(indicator)
    assert found.expected is None
    assert found.progress is None
    assert [value for _moment, value in found.trend_points] == [66, 67, 68]
    assert found.projected is None
    assert found.points == [66, 67, 68]


def test_the_small_line_keeps_the_distances_in_time():
    indicator = make.IndicatorFactory()
    make.series(indicator, {"2013": 1, "2016": 4})
    assert facts(indicator).points == [1, None, None, 4]


def test_a_share_may_be_held_against_the_target_of_the_union_and_a_count_may_not():
    share = make.basic_skills()
    count = make.basic_skills(unit_code="count", unit_fr="écoles", unit_nl="scholen")
    assert facts(share).standing == Standing.OFF_TRACK
    assert facts(share).target_is_of_the_union
    assert facts(count).target is None
    assert facts(count).standing is None


def test_the_next_target_counts_and_a_superseded_one_does_not():
    indicator = make.IndicatorFactory()
    make.series(indicator, {"2024": 10})
    for period in ("2023", "2026", "2030"):
        make.TargetFactory(indicator=indicator, period=period)
    old = make.TargetFactory(indicator=indicator, period="2025", value=70)
    old.superseded_by = indicator.targets.get(period="2026")
    old.save()
    assert facts(indicator).target.period == "2026"


@pytest.mark.parametrize(
    ("today", "age"),
    [
        ("2026-06-29", Freshness.FRESH),
        ("2026-06-30", Freshness.LATE),
        ("2026-09-27", Freshness.LATE),
        ("2026-09-28", Freshness.STALE),
    ],
)
def test_a_figure_ages_without_any_job(today, age):
    indicator = make.IndicatorFactory(lag_days=180)
    make.series(indicator, {"2024": 10}, released_at=datetime(2025, 1, 1, tzinfo=UTC))
    with time_machine.travel(datetime.fromisoformat(f"{today}T10:00+02:00"), tick=False):
        assert facts(indicator).freshness == age


def test_no_figure_and_an_ended_series_are_never_late():
    empty = make.IndicatorFactory()
    ended = make.IndicatorFactory(is_frozen=True)
    make.series(ended, {"2010": 1})
    assert facts(empty).freshness == Freshness.NO_DATA
    assert facts(ended).freshness == Freshness.FROZEN
    assert facts(ended).due_on is None


def test_lower_is_better_above_the_target_is_said_in_words():
    indicator = make.IndicatorFactory(direction="down", geo="BE")
    make.series(indicator, {"2021": 7, "2023": 5})
    make.TargetFactory(indicator=indicator, value=3)
    with override("en"):
        assert position(facts(indicator)).text == (
            "The target is 3% in 2030; the figure is still above it."
        )
    make.BaselineFactory(indicator=indicator, value=7)
    assert facts(indicator).progress == Decimal("0.5")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "En 2025, <mark>61,2\u202f%</mark> des écoles."),
        ("nl", "In 2025, <mark>61,2%</mark> van de scholen."),
        ("en", '<span lang="fr">En 2025, <mark>61,2\u202f%</mark> des écoles.</span>'),
    ],
)
def test_the_sentence_of_each_language(language, words):
    indicator = make.basic_skills()
    with override(language):
        assert headline(facts(indicator)).html == words


def test_a_plain_sentence_where_none_is_written():
    indicator = make.IndicatorFactory(headline_fr="", headline_nl="")
    with override("en"):
        assert headline(facts(indicator)).text == "No figure is known yet."
        make.BaselineFactory(indicator=indicator)
        assert "in 2021: 50.0%" in headline(facts(indicator)).text
        make.series(indicator, {"2024": 10})
        assert headline(facts(indicator)).html == "In 2024: <mark>10.0%</mark>."


def test_a_typed_sentence_cannot_reach_into_objects_nor_bring_markup():
    sentence = "{value.__class__} <b>{value}</b> {period}"
    indicator = make.IndicatorFactory(headline_fr=sentence, headline_nl=sentence)
    make.series(indicator, {"2024": 10})
    with override("fr"):
        assert headline(facts(indicator)).html == (
            "{value.__class__} &lt;b&gt;<mark>10,0</mark>&lt;/b&gt; 2024"
        )


def test_where_it_stands_in_words():
    found = facts(make.basic_skills())
    with override("en"):
        assert position(found).text == (
            "To be on the path to 80% in 2030, it would have to be 65.7%: "
            "the pace is 61% of what is needed."
        )
        assert outlook(found) == (
            "Two points are not enough for a projection: the portal makes none."
        )
        assert [each.text for each in chips(found)] == ["off track", "up to date"]


def test_a_projection_says_that_it_is_one_and_keeps_within_bounds():
    indicator = make.IndicatorFactory()
    make.TargetFactory(indicator=indicator, value=90)
    make.series(indicator, {str(year): year - 2000 for year in range(2020, 2025)})
    with override("en"):
        assert outlook(facts(indicator)) == (
            "Projection, not a figure: the straight line through the last 5 values "
            "leads to 30.0% in 2030."
        )
    steep = make.IndicatorFactory()
    make.TargetFactory(indicator=steep, value=90)
    make.series(steep, {str(year): (year - 2019) * 15 for year in range(2020, 2025)})
    assert 75 < facts(steep).projected < 100
    with override("en"):
        assert "logistic curve through the last 5 values" in outlook(facts(steep))
    points = make.IndicatorFactory(unit_code="score")
    make.TargetFactory(indicator=points, value=90)
    make.series(points, {str(year): (year - 2019) * 15 for year in range(2020, 2025)})
    assert facts(points).projected is None


def test_values_that_were_all_imputed_are_no_ground_for_a_projection():
    indicator = make.IndicatorFactory()
    make.TargetFactory(indicator=indicator, value=90)
    make.series(indicator, {str(year): year - 2000 for year in range(2020, 2025)}, flag="i")
    assert facts(indicator).projected is None


def test_a_target_of_later_leaves_the_charts_of_before_as_they_were():
    """Case 11."""
    indicator = make.IndicatorFactory()
    make.BaselineFactory(indicator=indicator, value=Decimal(50))
    make.series(indicator, {"2021": 50, "2025": 61}, released_at=datetime(2026, 1, 1, tzinfo=UTC))
    new = make.TargetFactory(
        indicator=indicator, value=65, period="2032", decided_on=date(2027, 3, 1)
    )
    make.TargetFactory(
        indicator=indicator, value=80, decided_on=date(2020, 1, 1), superseded_by=new
    )
    before, after = (facts(indicator, as_of=date(year, 12, 31)) for year in (2026, 2027))
    assert (before.target.value, before.standing) == (80, Standing.AT_RISK)
    assert (after.target.value, after.standing) == (65, Standing.ON_TRACK)
    assert facts(indicator, as_of=date(2026, 12, 31)).standing == before.standing


def test_a_unit_follows_its_figure():
    share = make.IndicatorFactory(unit_fr="% des personnes", unit_nl="% van de personen")
    count = make.IndicatorFactory(unit_fr="jours", unit_nl="dagen", decimals=0)
    with override("fr"):
        assert amount(Decimal("5.55"), share) == "5,6\u202f% des personnes"
        assert amount(Decimal(1234), count) == "1\u00a0234\u00a0jours"
        assert amount(None, count) == "s.o."


def test_lists_by_age_and_by_standing():
    off = make.basic_skills()
    old = make.IndicatorFactory()
    make.series(old, {"2010": 1})
    everything = type(off).objects.all()
    assert list(late(everything)) == [old]
    assert list(with_standing(everything, Standing.OFF_TRACK)) == [off]


def test_cards_of_the_home_page_come_from_the_same_facts():
    indicator = make.basic_skills(code="basic-digital-skills")
    make.IndicatorFactory(status="draft", code="fttp-coverage")
    other = make.IndicatorFactory()
    with override("fr"):
        cards = home_cards(3)
    assert [card["indicator"] for card in cards] == [indicator, other]
    assert (cards[0]["value"], cards[0]["period"]) == ("61,2\u202f%", "2025")
    assert cards[0]["points"] == [Decimal("54.2318"), None, None, None, Decimal("61.22")]
    assert cards[1]["value"] == "s.o."
