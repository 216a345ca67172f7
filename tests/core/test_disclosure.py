"""Small numbers stay unknown: in a row, in a table, and across filtered views of it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.disclosure import ALL, LIMIT, protect, protect_row

ROWS, COLUMNS = ("a", "b"), ("x", "y", "z")
CELLS = list(product(ROWS, COLUMNS))


def test_large_cells_are_published_with_their_total():
    assert protect_row({"a": 5, "b": 9}) == {"a": 5, "b": 9, ALL: 14}


def test_one_small_cell_takes_the_smallest_other_with_it():
    safe = protect_row({"a": 20, "b": 3, "c": 9, "d": 12})
    assert safe == {"a": 20, "b": None, "c": None, "d": 12, ALL: 44}


def test_two_small_cells_below_the_limit_together_take_a_third():
    assert protect_row({"a": 20, "b": 1, "c": 1}) == {"a": None, "b": None, "c": None, ALL: 22}
    assert protect_row({"a": 20, "b": 4, "c": 4}) == {"a": 20, "b": None, "c": None, ALL: 28}


@pytest.mark.parametrize("counts", [{"a": 0, "b": 0}, {"a": 4, "b": 0}])
def test_a_small_total_is_not_published_either(counts):
    assert set(protect_row(counts).values()) == {None}


def test_nobody_is_withheld_like_a_few():
    safe = protect_row({"a": 0, "b": 30, "c": 40})
    assert safe == {"a": None, "b": None, "c": 40, ALL: 70}


def test_no_counts_give_no_figures():
    assert protect({}) == {}


def test_a_filtered_view_cannot_be_subtracted_from_the_whole():
    """All themes: 12 firms. Mobility: 10. The 2 of the other themes must not come out."""
    counts = {("private", "mobility"): 10, ("private", "people"): 2}
    counts |= {("public", "mobility"): 30, ("public", "people"): 25}
    safe = protect(counts)
    assert safe["private", "people"] is None
    whole, filtered = safe["private", ALL], safe["private", "mobility"]
    assert whole is None or filtered is None
    whole, other_row = safe[ALL, "people"], safe["public", "people"]
    assert whole is None or other_row is None


def possible_tables(safe, top: int):
    """Yield every table with cells from 0 to ``top`` that agrees with what was published."""
    free = [cell for cell in CELLS if safe[cell] is None]
    for guess in product(range(top + 1), repeat=len(free)):
        table = {cell: safe[cell] for cell in CELLS} | dict(zip(free, guess, strict=True))
        if agrees(table, safe):
            yield table


def agrees(table, safe) -> bool:
    sums = {(row, ALL): sum(table[row, column] for column in COLUMNS) for row in ROWS}
    sums |= {(ALL, column): sum(table[row, column] for row in ROWS) for column in COLUMNS}
    sums[ALL, ALL] = sum(table.values())
    return all(safe[key] in (None, total) for key, total in sums.items())


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_no_withheld_cell_can_be_solved_from_what_is_published(figures):
    safe = protect(dict(zip(CELLS, figures, strict=True)), limit=3)
    seen = {cell: set() for cell in CELLS if safe[cell] is None}
    for table in possible_tables(safe, 6):
        for cell in seen:
            seen[cell].add(table[cell])
        if all(len(values) > 1 for values in seen.values()):
            break
    assert all(len(values) > 1 for values in seen.values()), (figures, safe)


@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), st.integers(0)))
def test_what_is_published_is_true_and_never_small(counts):
    safe = protect(counts)
    for key, count in counts.items():
        assert safe[key] in (None, count)
    assert all(count is None or count >= LIMIT for count in safe.values())
