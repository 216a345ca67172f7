"""The arithmetic of the jury, exact: weighted means, spread, ranking with the announced tie rule.

Nothing here reads the database or knows who asks. Abstained, recused and missing ballots are not in
the lists that come in, so they never count as 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median, stdev


def weighted_mean(values: Mapping, weights: Mapping) -> Fraction | None:
    """Return Σ w·x / Σ w over the keys of ``values``; None where there is no value.

    A complete ballot has a value for each key of ``weights``; for a draft it is the mean so far.
    """
    total = sum(Fraction(weights[key]) for key in values)
    if not total:
        return None
    return sum(Fraction(weights[key]) * value for key, value in values.items()) / total


@dataclass(frozen=True)
class Figures:
    """Mean, median, extremes and standard deviation (n − 1) of the valid ballots of one sheet."""

    count: int
    mean: Fraction | None
    median: Fraction | None
    minimum: Fraction | None
    maximum: Fraction | None
    deviation: float | None


NO_FIGURES = Figures(0, None, None, None, None, None)


def figures(totals: Iterable[Fraction]) -> Figures:
    """Return the figures of the ballot totals ``totals``; without ballots there is no mean."""
    known = list(totals)
    if not known:
        return NO_FIGURES
    return Figures(
        count=len(known),
        mean=sum(known) / len(known),
        median=median(known),
        minimum=min(known),
        maximum=max(known),
        deviation=stdev(known) if len(known) > 1 else None,
    )


@dataclass(frozen=True)
class Place:
    """A place in the ranking. ``settled`` says that the mean alone did not decide it."""

    rank: int
    tied: bool
    settled: bool


def ranking(entries: Mapping) -> dict:
    """Return {key: `Place`} for ``entries`` {key: (mean, mean on the heaviest criterion, median)}.

    Equal means are settled by the heaviest criterion, then by the median; what is equal even then
    shares its rank, and a motion of the jury decides. Never a number or chance.
    """
    values = list(entries.values())
    return {
        key: Place(
            rank=1 + sum(other > own for other in values),
            tied=values.count(own) > 1,
            settled=any(other[0] == own[0] and other != own for other in values),
        )
        for key, own in entries.items()
    }


def shown(value: Fraction | float | None, digits: int = 4) -> Decimal | None:
    """Return ``value`` as the decimal that pages round and files write; None stays None."""
    if value is None:
        return None
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return round(Decimal(value), digits)
