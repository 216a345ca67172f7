"""The arithmetic of the jury: the end-to-end vector, ties, and what never counts as 0."""

from decimal import Decimal
from fractions import Fraction

import pytest

from projects import results as formulas
from projects import selectors, services
from projects.models import BallotScore, SessionStatus

#: Three jurors, four sheets, weights 6 and 4; the second juror is recused on the fourth sheet.
VECTOR = {
    0: [(4, 3), (3, 5), (2, 2), (5, 1)],
    1: [(5, 4), (4, 4), (3, 3), None],
    2: [(3, 3), (4, 5), (1, 2), (4, 2)],
}


def test_the_mean_is_weighted_and_stays_on_the_scale():
    assert formulas.weighted_mean({"a": 5, "b": 3}, {"a": 2, "b": 1}) == Fraction(13, 3)


def test_ballots_4_and_6_and_one_unscored_give_mean_5_of_two():
    found = formulas.figures([Fraction(4), Fraction(6)])
    assert (found.mean, found.median, found.count) == (5, 5, 2)


def test_a_true_zero_counts():
    assert formulas.figures([Fraction(0), Fraction(5)]).mean == Fraction(5, 2)


def test_no_ballot_is_no_score():
    assert formulas.figures([]) == formulas.NO_FIGURES


def test_one_ballot_has_no_deviation():
    assert formulas.figures([Fraction(3)]).deviation is None


def test_ties_are_settled_by_the_heaviest_criterion_then_the_median():
    places = formulas.ranking({"a": (3, 4, 3), "b": (3, 5, 3), "c": (3, 4, 2), "d": (1, 5, 5)})
    assert {key: place.rank for key, place in places.items()} == {"b": 1, "a": 2, "c": 3, "d": 4}
    assert [key for key, place in places.items() if place.settled] == ["a", "b", "c"]


def test_what_is_equal_on_every_rule_shares_its_rank():
    places = formulas.ranking({"a": (3, 4, 3), "b": (3, 4, 3), "c": (2, 2, 2)})
    assert [(place.rank, place.tied) for place in places.values()] == [
        (1, True),
        (1, True),
        (3, False),
    ]


@pytest.fixture
def vector(make_jury):
    """The end-to-end vector of the design, from sealed ballots to the opening."""
    jury = make_jury(jurors=3, sheets=4)
    for juror, rows in VECTOR.items():
        for sheet, values in enumerate(rows):
            if values is None:
                jury.declare(juror, sheet, "conflict")
            else:
                jury.seal(juror, sheet, *values)
    jury.open()
    return jury


def by_sheet(jury, rows):
    """Return the results in the order of the sheets of the vector."""
    found = {row.sheet.pk: row for row in rows}
    return [found[sheet.pk] for sheet in jury.sheets]


def test_the_end_to_end_vector(vector):
    rows = by_sheet(vector, selectors.results(vector.session))
    assert [row.mean for row in rows] == [
        Decimal(text) for text in ("3.7333", "4.0667", "2.1333", "3.3000")
    ]
    assert [row.median for row in rows] == [Decimal(text) for text in ("3.6", "4.0", "2.0", "3.3")]
    assert [row.deviation for row in rows] == [
        Decimal(text) for text in (".8083", ".3055", ".8083", ".1414")
    ]
    assert [row.place.rank for row in rows] == [2, 1, 4, 3]
    assert (rows[0].minimum, rows[0].maximum) == (Decimal("3"), Decimal("4.6"))


def test_a_recusal_is_counted_as_such_and_never_as_0(vector):
    fourth = by_sheet(vector, selectors.results(vector.session))[3]
    assert (fourth.figures.count, fourth.recused, fourth.abstained, fourth.missing) == (2, 1, 0, 0)


def test_nothing_below_three_ballots_is_public(vector):
    fourth = by_sheet(vector, selectors.public_results(vector.session))[3]
    assert (fourth.mean, fourth.median, fourth.maximum, fourth.by_criterion) == (None,) * 3 + ({},)
    assert fourth.withheld
    assert fourth.place is None
    assert selectors.public_results(vector.session)[-1] == fourth


def test_only_abstentions_is_no_score_and_comes_last(make_jury):
    jury = make_jury(jurors=2, sheets=2)
    jury.seal(0, 1, 0, 0)
    for juror in (0, 1):
        jury.declare(juror, 0)
        services.seal_ballot(
            jury.assignment(juror, 0),
            services.Answers(abstained=True, reason="Je ne connais pas le sujet."),
            by=jury.jurors[juror],
            row_version=0,
        )
    jury.open()
    rows = selectors.results(jury.session)
    assert [row.sheet for row in rows] == [jury.sheets[1], jury.sheets[0]]
    assert rows[0].mean == 0
    assert rows[0].missing == 1
    assert (rows[1].mean, rows[1].abstained) == (None, 2)


def test_before_the_opening_there_is_nothing(jury):
    jury.seal(0, 0, 4, 3)
    assert selectors.results(jury.session) == []
    assert BallotScore.objects.count() == 0
    jury.close()
    assert jury.session.status == SessionStatus.CLOSED_SEALED
    assert selectors.results(jury.session) == []
