"""Arithmetic of composite indices: pure functions over numbers, in float64, nothing rounded.

An index is a tree: inputs are brought between fixed bounds, weighed within their sub-dimension,
and these upwards. Nothing is clamped: a value beyond its bounds counts below 0 or above 1.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

#: How far the weights below one parent may be from 1.
TOLERANCE = 1e-6
DEFAULT_COVERAGE = 0.5


class Missing(TextChoices):
    """What is done where an input has no value."""

    IMPUTE = "impute", _("a value is estimated, marked and listed")
    RENORMALISE = "renormalise", _("the weights are shared among what is there")
    BLANK = "blank", _("no score where too little is there")


class Direction(TextChoices):
    """Which end of the bounds counts as 1."""

    UP = "up", _("higher is better")
    DOWN = "down", _("lower is better")


@dataclass(frozen=True)
class Measure:
    """An input: its bounds, its direction and its raw weight within its branch."""

    code: str
    low: float
    high: float
    direction: str = Direction.UP
    weight: float = 1.0


@dataclass(frozen=True)
class Branch:
    """A dimension or sub-dimension; it holds further branches or inputs, never both."""

    code: str
    weight: float
    branches: tuple["Branch", ...] = ()
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Method:
    """How an index is computed. ``coverage`` counts for the policy "blank" only."""

    branches: tuple[Branch, ...]
    policy: str = Missing.IMPUTE
    coverage: float = DEFAULT_COVERAGE
    scale: float = 100.0


@dataclass(frozen=True)
class Part:
    """What one branch or input brought: all None where it has no score.

    ``score`` of a branch is scaled, of an input it is z. ``share`` is the weight within the parent,
    ``effective`` the product of shares down the tree, ``contribution`` the points of the score of
    the whole that come from here.
    """

    code: str
    score: float | None
    raw: float | None = None
    share: float | None = None
    effective: float | None = None
    contribution: float | None = None


@dataclass(frozen=True)
class Result:
    """The score of one place with every part of it; contributions of the inputs sum to it."""

    value: float | None
    branches: dict[str, Part] = field(default_factory=dict)
    measures: dict[str, Part] = field(default_factory=dict)


def normalised(measure: Measure, raw: float) -> float:
    """Return where ``raw`` lies between the bounds of ``measure``; not clamped."""
    span = measure.high - measure.low
    if measure.direction == Direction.DOWN:
        return (measure.high - raw) / span
    return (raw - measure.low) / span


def shares_of(
    weights: list[float], values: list[float | None], method: Method, fixed: bool
) -> list[float | None] | None:
    """Return the part that each value counts for within its parent, None where it has no score.

    ``fixed`` weights sum to 1 already and are used as they are while no value is missing. None
    instead of a list: by the policy the parent has no score.
    """
    present = sum(each for each, value in zip(weights, values, strict=True) if value is not None)
    is_whole = None not in values
    if present <= 0 or not (is_whole or _stands(present / sum(weights), method)):
        return None
    divisor = 1.0 if fixed and is_whole else present
    return [
        None if value is None else each / divisor
        for each, value in zip(weights, values, strict=True)
    ]


def _stands(covered: float, method: Method) -> bool:
    if method.policy == Missing.IMPUTE:
        return False
    return method.policy == Missing.RENORMALISE or covered >= method.coverage


def compute(method: Method, values: Mapping[str, float | None]) -> Result:
    """Return the score of one place from {code of the input: raw value or None}."""
    result = Result(None)
    scores: dict[str, float | None] = {}
    shares: dict[str, float | None] = {}
    whole = _climb(Branch("", 1.0, method.branches), method, values, scores, shares)
    value = None if whole is None else whole * method.scale
    result = replace(result, value=value)
    _descend(method.branches, 1.0, method, values, scores, shares, result)
    return result


def _climb(branch: Branch, method: Method, values, scores, shares) -> float | None:
    """Fill ``scores`` (unscaled) and ``shares`` from the inputs up; return that of ``branch``."""
    parts = branch.branches or branch.measures
    for each in branch.branches:
        scores[each.code] = _climb(each, method, values, scores, shares)
    for each in branch.measures:
        raw = values.get(each.code)
        scores[f"/{each.code}"] = None if raw is None else normalised(each, raw)
    keys = [each.code if branch.branches else f"/{each.code}" for each in parts]
    found = [scores[key] for key in keys]
    weights = [each.weight for each in parts]
    counted = shares_of(weights, found, method, fixed=bool(branch.branches))
    shares.update(zip(keys, counted or [None] * len(keys), strict=True))
    if counted is None:
        return None
    return sum(
        part * value for part, value in zip(counted, found, strict=True) if value is not None
    )


def _descend(branches, above, method, values, scores, shares, result) -> None:
    """Fill the parts of ``result``; ``above`` is the effective weight of the parent, or None."""
    for each in branches:
        part = _part(each.code, each.code, method, scores, shares, above)
        score = None if part.score is None else part.score * method.scale
        result.branches[each.code] = replace(part, score=score)
        _descend(each.branches, part.effective, method, values, scores, shares, result)
        for measure in each.measures:
            found = _part(measure.code, f"/{measure.code}", method, scores, shares, part.effective)
            raw = values.get(measure.code)
            result.measures[measure.code] = replace(found, raw=raw)


def _part(code: str, key: str, method: Method, scores, shares, above: float | None) -> Part:
    score, share = scores[key], shares[key]
    effective = None if above is None or share is None else above * share
    points = None if effective is None or score is None else effective * score * method.scale
    return Part(code, score, share=share, effective=effective, contribution=points)


def walk(branches: tuple[Branch, ...]) -> Iterator[Branch]:
    """Return every branch, parents first."""
    for each in branches:
        yield each
        yield from walk(each.branches)


def measures_of(branches: tuple[Branch, ...]) -> list[Measure]:
    """Return every input below ``branches``, in order."""
    return [measure for each in walk(branches) for measure in each.measures]


def find(method: Method, code: str) -> Branch | None:
    """Return the branch with this code."""
    return next((each for each in walk(method.branches) if each.code == code), None)


def wrong_sums(method: Method) -> list[tuple[str, float]]:
    """Return [(code of the parent, "" for the whole, sum of the weights below)] that are not 1.

    The raw weights of inputs are left out: they are normalised.
    """
    groups = [("", method.branches)]
    groups += [(each.code, each.branches) for each in walk(method.branches) if each.branches]
    sums = [(code, math.fsum(each.weight for each in group)) for code, group in groups]
    return [(code, total) for code, total in sums if abs(total - 1) > TOLERANCE]


def decimals_of(total: float) -> int:
    """Return how many decimals show that ``total`` is not 1: two, more where it is close."""
    return next((each for each in (2, 4) if round(total, each) != 1), 7)


def with_weights(method: Method, weights: Mapping[str, float]) -> Method:
    """Return ``method`` with other weights for some branches, normalised within their parent.

    A sibling that ``weights`` does not name keeps its weight. ValueError where a weight is negative
    or no number, or where all below one parent are 0.
    """
    if any(not math.isfinite(each) or each < 0 for each in weights.values()):
        raise ValueError("weights are numbers from 0 on")
    return replace(method, branches=_reweighed(method.branches, weights))


def _reweighed(branches: tuple[Branch, ...], weights) -> tuple[Branch, ...]:
    below = [replace(each, branches=_reweighed(each.branches, weights)) for each in branches]
    if not any(each.code in weights for each in below):
        return tuple(below)
    asked = [weights.get(each.code, each.weight) for each in below]
    total = math.fsum(asked)
    if total <= 0:
        raise ValueError("not all weights below one parent can be 0")
    return tuple(
        replace(each, weight=weight / total) for each, weight in zip(below, asked, strict=True)
    )
