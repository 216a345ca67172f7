"""Arithmetic of composite indices, held against the published numbers of DESI."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.seeding import read
from kpi.indices.arithmetic import (
    Branch,
    Measure,
    Method,
    Missing,
    compute,
    measures_of,
    normalised,
    with_weights,
    wrong_sums,
)

BY_HAND = {
    "1a": 51.1094,
    "1b": 46.2726,
    "2a": 41.5678,
    "2b": 61.5681,
    "2c": 24.6905,
    "2d": 41.6660,
    "3a": 56.6855,
    "3b": 44.5497,
    "3c": 55.1411,
    "4a": 64.7530,
}


def desi() -> Method:
    """Return DESI 2022 as numbers."""
    return Method(
        tuple(
            Branch(
                each["code"],
                each["weight"],
                tuple(
                    Branch(
                        group["code"],
                        group["weight"],
                        measures=tuple(
                            Measure(
                                figure["code"],
                                figure["norm_min"],
                                figure["norm_max"],
                                figure["direction"],
                                figure["weight"],
                            )
                            for figure in group["indicators"]
                        ),
                    )
                    for group in each["subdimensions"]
                ),
            )
            for each in read("facts", "desi_2022")["dimensions"]
        )
    )


def figures(place: str) -> dict[str, float]:
    return {
        figure["code"]: figure[place]
        for each in read("facts", "desi_2022")["dimensions"]
        for group in each["subdimensions"]
        for figure in group["indicators"]
    }


def one(measures, policy=Missing.IMPUTE, **more) -> Method:
    """Return an index of one branch."""
    return Method((Branch("1", 1.0, measures=tuple(measures)),), policy, **more)


@pytest.mark.parametrize(("place", "score"), [("be", 50.3074), ("eu", 52.2752)])
def test_the_published_scores_of_2022(place, score):
    assert compute(desi(), figures(place)).value == pytest.approx(score, abs=1e-4)


def test_every_sub_dimension_of_belgium_as_computed_by_hand():
    found = compute(desi(), figures("be")).branches
    assert {code: round(found[code].score, 4) for code in BY_HAND} == BY_HAND
    by_hand = (2 * 0.542318 + 0.399052 + 0.560688) / 4
    assert found["1a"].score / 100 == pytest.approx(by_hand, abs=1e-6)


def test_the_products_of_33_inputs_sum_to_the_score():
    result = compute(desi(), figures("be"))
    assert len(result.measures) == 33
    products = [each.effective * each.score * 100 for each in result.measures.values()]
    assert sum(products) == pytest.approx(result.value, abs=1e-9)
    assert sum(each.effective for each in result.measures.values()) == pytest.approx(1)


def test_nothing_is_clamped():
    assert normalised(Measure("x", 0, 75), 77.6) == pytest.approx(1.0347, abs=5e-5)
    assert normalised(Measure("x", 0.5, 1), 0.4) == pytest.approx(-0.2)
    assert compute(one([Measure("x", 0, 75)]), {"x": 77.6}).value == pytest.approx(
        103.4667, abs=1e-4
    )


def test_a_negative_sub_dimension_stays_negative():
    measures = (Measure("a", 20, 60), Measure("b", 0, 50, weight=2))
    # z of a is -.242395, of b .05: (-.242395 + 2 × .05) / 3 = -.047465
    found = compute(one(measures), {"a": 20 - 0.242395 * 40, "b": 2.5})
    assert found.branches["1"].score == pytest.approx(-4.7465, abs=1e-9)
    assert found.value == found.branches["1"].score


def test_the_sum_of_five_dimensions_of_2017():
    shares = {"1": (0.25, 0.78), "2": (0.25, 0.57), "3": (0.15, 0.52), "4": (0.20, 0.52)}
    shares["5"] = (0.15, 0.57)
    branches = tuple(
        Branch(code, weight, measures=(Measure(f"m{code}", 0, 1),))
        for code, (weight, _value) in shares.items()
    )
    values = {f"m{code}": value for code, (_weight, value) in shares.items()}
    value = compute(Method(branches, scale=1.0), values).value
    assert value == pytest.approx(0.605, abs=1e-9)
    assert abs(value - 0.61) <= 0.005 + 1e-9


@pytest.mark.parametrize(
    ("weights", "score"),
    [((5, 5, 3, 4), 49.7340), ((1, 1, 1, 1), 50.3074), ((25, 25, 25, 25), 50.3074)],
)
def test_own_weights_of_the_dimensions(weights, score):
    asked = dict(zip("1234", weights, strict=True))
    found = compute(with_weights(desi(), asked), figures("be"))
    assert found.value == pytest.approx(score, abs=1e-4)


def test_own_weights_of_a_lower_level_leave_the_others_alone():
    changed = compute(with_weights(desi(), {"1a": 1, "1b": 0}), figures("be"))
    assert changed.branches["1"].score == pytest.approx(51.1094, abs=1e-4)
    assert changed.branches["2"].score == compute(desi(), figures("be")).branches["2"].score


@pytest.mark.parametrize("bad", [{"1": -1}, {"1": math.nan}, {"1": math.inf}])
def test_weights_that_are_none(bad):
    with pytest.raises(ValueError, match="from 0 on"):
        with_weights(desi(), bad)


def test_all_weights_zero():
    with pytest.raises(ValueError, match="below one parent"):
        with_weights(desi(), dict.fromkeys("1234", 0))


def test_weights_that_do_not_sum_to_one():
    assert wrong_sums(desi()) == []
    short = Method(tuple(Branch(code, 0.245) for code in "1234"))
    assert wrong_sums(short) == [("", pytest.approx(0.98))]
    close = Method((Branch("1", 0.5), Branch("2", 0.5 + 9e-7)))
    assert wrong_sums(close) == []
    below = Method((Branch("1", 1.0, (Branch("1a", 0.5), Branch("1b", 0.4))),))
    assert wrong_sums(below) == [("1", pytest.approx(0.9))]


def half(policy, **more):
    measures = (Measure("a", 0, 1, weight=3), Measure("b", 0, 1))
    branches = (
        Branch("1", 0.5, measures=measures),
        Branch("2", 0.5, measures=(Measure("c", 0, 1),)),
    )
    return Method(branches, policy, **more)


def test_missing_data_by_policy():
    values = {"a": 0.8, "b": None, "c": 0.4}
    assert compute(half(Missing.IMPUTE), values).value is None
    shared = compute(half(Missing.RENORMALISE), values)
    assert shared.value == pytest.approx(60)
    assert shared.measures["b"].contribution is None
    assert shared.measures["a"].effective == pytest.approx(0.5)
    assert compute(half(Missing.BLANK, coverage=0.75), values).value == pytest.approx(60)
    blank = compute(half(Missing.BLANK, coverage=0.8), values)
    assert blank.branches["1"].score is None
    assert blank.value is None
    assert blank.branches["2"].score == pytest.approx(40)
    assert compute(half(Missing.BLANK, coverage=0.4), values | {"a": None}).value == pytest.approx(
        40
    )


def test_without_any_value_there_is_no_score():
    for policy in Missing:
        assert compute(half(policy), {}).value is None


numbers = st.floats(-1e3, 1e3)
weights = st.floats(0.01, 100)
measures = st.lists(
    st.tuples(numbers, st.floats(0.1, 1e3), weights, numbers), min_size=1, max_size=6
)
trees = st.lists(st.tuples(weights, measures), min_size=1, max_size=5)


def built(tree, policy=Missing.RENORMALISE) -> tuple[Method, dict]:
    """Return a method and its values from plain numbers."""
    total = math.fsum(weight for weight, _measures in tree)
    branches, values = [], {}
    for number, (weight, entries) in enumerate(tree):
        rows = []
        for place, (low, span, raw_weight, value) in enumerate(entries):
            code = f"{number}-{place}"
            direction = "down" if place % 2 else "up"
            rows.append(Measure(code, low, low + span, direction, raw_weight))
            values[code] = value
        branches.append(Branch(str(number), weight / total, measures=tuple(rows)))
    return Method(tuple(branches), policy), values


@given(trees, st.data())
def test_contributions_sum_to_the_score(tree, data):
    method, values = built(tree)
    gone = data.draw(st.sets(st.sampled_from(sorted(values))))
    result = compute(method, values | dict.fromkeys(gone))
    brought = [
        each.contribution for each in result.measures.values() if each.contribution is not None
    ]
    if result.value is None:
        assert not brought
    else:
        assert sum(brought) == pytest.approx(result.value, rel=1e-9, abs=1e-6)


@given(trees, st.floats(0.01, 50))
def test_scaling_raw_weights_within_a_sub_dimension_changes_nothing(tree, factor):
    first, *rest = tree
    scaled = (first[0], [(low, span, w * factor, x) for low, span, w, x in first[1]])
    before, values = built(tree)
    after, _values = built([scaled, *rest])
    expected = compute(before, values).value
    assert compute(after, values).value == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(numbers, numbers, numbers, st.floats(0.1, 1e3))
def test_the_bounded_value_is_monotone(one_value, other, low, span):
    less, more = sorted((one_value, other))
    up, down = Measure("x", low, low + span), Measure("x", low, low + span, "down")
    assert normalised(up, less) <= normalised(up, more)
    assert normalised(down, less) >= normalised(down, more)


@given(trees)
def test_official_weights_as_a_scenario_give_the_official_score(tree):
    method, values = built(tree)
    same = with_weights(method, {each.code: each.weight * 100 for each in method.branches})
    expected = compute(method, values).value
    assert compute(same, values).value == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert len(measures_of(method.branches)) == len(values)
