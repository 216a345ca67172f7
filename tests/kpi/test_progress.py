"""Periods and the arithmetic of targets, with the acceptance numbers O8 and O9."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from kpi import progress
from kpi.periods import Period, end_of_next
from kpi.progress import Standing

BASE, NOW, AIM = Decimal("54.2318"), Decimal("61.22"), Decimal(80)


@pytest.mark.parametrize(
    ("text", "first", "last", "position"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2025"),
        ("2024-S1", date(2024, 1, 1), date(2024, 6, 30), "2024.5"),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30), "2024.75"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024.1667"),
    ],
)
def test_a_period_knows_its_days(text, first, last, position):
    period = Period.parse(text)
    assert (period.starts_on, period.ends_on) == (first, last)
    assert round(period.position, 4) == Decimal(position)


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-S3", "2024-Q0", "2024-1", "abcd"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("fr", "2026-10", "octobre 2026"),
        ("nl", "2026-10", "oktober 2026"),
        ("en", "2025", "2025"),
        ("en", "2024-S2", "2024 (second half)"),
        ("en", "2024-Q3", "2024 (quarter 3)"),
    ],
)
def test_a_period_is_told_in_words(language, text, words):
    with override(language):
        assert Period.parse(text).label == words


@pytest.mark.parametrize(
    ("text", "frequency", "end"),
    [
        ("2024", "A", date(2025, 12, 31)),
        ("2019-12", "A", date(2020, 12, 31)),
        ("2024-Q4", "Q", date(2025, 3, 31)),
        ("2024-01", "M", date(2024, 2, 29)),
    ],
)
def test_the_following_period_ends(text, frequency, end):
    assert end_of_next(Period.parse(text), frequency) == end


def test_o8_pace_of_basic_skills():
    expected = progress.path_at(2025, [(2021, BASE), (2030, AIM)])
    pace = progress.pace(NOW, BASE, expected)
    assert round(expected, 4) == Decimal("65.6843")
    assert round(pace, 4) == Decimal("0.6102")
    assert progress.pace_standing(pace) == Standing.OFF_TRACK


def test_o8_straight_line_and_growth():
    line = progress.least_squares([(Decimal(2021), BASE), (Decimal(2025), NOW)])
    actual = progress.annual_growth(BASE, NOW, 4)
    needed = progress.annual_growth(BASE, AIM, 9)
    assert line.at(2030) == Decimal("69.95525")  # published rounded half up: 69.9553
    assert round(line.reaches(AIM), 2) == Decimal("2035.75")
    assert round(actual * 100, 4) == Decimal("3.0765")
    assert round(needed * 100, 4) == Decimal("4.4142")
    assert round(actual / needed, 4) == Decimal("0.6970")


def test_o8_two_points_give_no_projection():
    points = [(Decimal(2021), BASE), (Decimal(2025), NOW)]
    assert progress.projection(points) is None
    four = [(Decimal(year), Decimal(year - 2000)) for year in range(2020, 2024)]
    assert progress.projection(four).at(2030) == 30


@pytest.mark.parametrize(
    ("baseline", "target", "value", "attainment", "way"),
    [
        (23, 388, 330, "0.8505", "0.8411"),
        (3, 10, 8, "0.8000", "0.7143"),
        (7600, 12000, 7600, "0.6333", "0.0000"),
    ],
)
def test_o9_attainment_and_progress_are_two_things(baseline, target, value, attainment, way):
    assert round(progress.attainment(value, target, "up"), 4) == Decimal(attainment)
    assert round(progress.progress(value, baseline, target), 4) == Decimal(way)


def test_lower_is_better_both_ways():
    assert progress.progress(5, 7, 3) == Decimal("0.5")
    assert progress.attainment(5, 3, "down") is None
    assert progress.is_reached(3, 3, "down")
    assert not progress.is_reached(5, 3, "down")


def test_what_has_no_answer_is_none_and_never_zero():
    assert progress.progress(5, 7, 7) is None
    assert progress.progress(None, 7, 3) is None
    assert progress.attainment(5, 0, "up") is None
    assert progress.path_at(2020, [(2021, 1), (2030, 2)]) is None
    assert progress.path_at(2025, []) is None
    assert progress.pace(5, 5, 5) is None
    assert progress.annual_growth(0, 5, 3) is None
    assert progress.pace_standing(None) is None
    assert progress.value_standing(None, [(1, Standing.ON_TRACK)], "up") is None
    assert progress.value_standing(3, [], "up") is None


@pytest.mark.parametrize(
    ("pace", "band"),
    [
        ("1.2", Standing.ON_TRACK),
        ("1", Standing.ON_TRACK),
        ("0.99", Standing.AT_RISK),
        ("0.8", Standing.AT_RISK),
        ("0.79", Standing.OFF_TRACK),
        ("0", Standing.OFF_TRACK),
        ("-0.01", Standing.MOVING_AWAY),
    ],
)
def test_bands(pace, band):
    assert progress.pace_standing(Decimal(pace)) == band


def test_a_path_stays_at_its_target_after_the_due_date():
    assert progress.path_at(2035, [(2021, 50), (2030, 80)]) == 80
    assert progress.is_reached(81, 80, "up")


def test_a_path_may_have_points_of_its_own():
    path = [(2020, Decimal(0)), (2025, Decimal(10)), (2030, Decimal(100))]
    assert [progress.path_at(year, path) for year in (2019, 2020, 2022, 2025, 2026, 2031)] == [
        *(None, 0, 4, 10, 28, 100)
    ]


@pytest.mark.parametrize(
    ("value", "reached", "end"), [(35, False, 40), (40, True, 40), (55, True, 60), (61, False, 60)]
)
def test_in_a_range_both_ends_count(value, reached, end):
    assert progress.is_reached(value, 40, "range", 60) is reached
    assert progress.nearest_end(value, 40, 60) == end


def test_absolute_thresholds():
    floors = [(Decimal(20), Standing.ON_TRACK), (Decimal(30), Standing.AT_RISK)]
    bands = [progress.value_standing(value, floors, "down") for value in (19, 20, 25, 31)]
    assert bands == [*(Standing.ON_TRACK, Standing.ON_TRACK, Standing.AT_RISK, Standing.OFF_TRACK)]
    floors.reverse()
    assert progress.value_standing(25, floors, "up") == Standing.ON_TRACK


def test_take_up_slows_down_as_it_nears_the_whole():
    points = [(Decimal(2016 + n), Decimal(v)) for n, v in enumerate(("20", "40", "60", "80"))]
    curve = progress.logistic(points)
    assert Decimal(95) < curve.at(2022) < 100
    assert progress.least_squares(points).at(2022) > 100
    assert progress.logistic([(at, value + 20) for at, value in points]) is None
    assert progress.logistic(points[:3]) is None
