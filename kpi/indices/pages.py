"""What the pages of an index show: sentences, rows of the tree, rows of the inputs, scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import translated
from core.typography import number

from ..models import IndexInput, IndexNode, IndexValue
from ..periods import Period
from ..tables import FLAGS, exact
from .arithmetic import Branch, Method, Part, Result, find, measures_of, with_weights
from .selectors import IndexSheet

#: Decimals of scores, of bounded values and of weights, for people; files hold everything.
SCORE, BOUNDED, WEIGHT, RAW = 1, 4, 2, 6
#: What the parameters of own weights begin with.
PREFIX = "w_"
HEAVIEST = 1e6


@dataclass
class Choice:
    """What the address of a page chooses, and what it says of own weights."""

    geo: str
    against: str
    edition: str = ""
    as_of: str = ""
    waiting: bool = False
    weights: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    method: Method | None = None

    def query(self, **changes) -> str:
        """Return the address of this choice, with changes; own weights are kept."""
        own = {f"{PREFIX}{code}": text for code, text in self.weights.items()}
        values = {"edition": self.edition, "geo": self.geo, "against": self.against}
        values |= {"as_of": self.as_of, "waiting": "yes" if self.waiting else ""} | own | changes
        return urlencode({key: each for key, each in values.items() if each not in ("", None)})

    def official_query(self, **changes) -> str:
        """Return the address of this choice with the official weights."""
        none = {f"{PREFIX}{code}": "" for code in self.weights}
        return self.query(**(none | changes))


def choice_of(sheet: IndexSheet, asked: Mapping[str, str]) -> Choice:
    """Return what ``asked`` (the parameters of an address) chooses of ``sheet``."""
    places = list(sheet.places)
    geo = chosen_place(places, asked.get("geo", ""), "BE")
    others = [each for each in places if each != geo]
    weights = {
        key.removeprefix(PREFIX): text
        for key, text in asked.items()
        if key.startswith(PREFIX) and key.removeprefix(PREFIX) in sheet.node_by_code and text
    }
    choice = Choice(
        geo,
        chosen_place(others, asked.get("against", ""), "EU"),
        edition=sheet.edition.code if sheet.edition else "",
        as_of=asked.get("as_of", ""),
        waiting=asked.get("waiting") == "yes",
        weights=weights,
    )
    weigh(choice, sheet)
    return choice


def chosen_place(places: list[str], asked: str, usual: str) -> str:
    """Return the place that was asked for, else the usual one, else the first; "" without any."""
    for code in (asked.upper(), usual):
        if code in places:
            return code
    return next(iter(places), "")


def weigh(choice: Choice, sheet: IndexSheet) -> None:
    """Fill the method of a scenario, or the errors of its weights."""
    numbers = {code: weight_of(text) for code, text in choice.weights.items()}
    for code, each in numbers.items():
        if each is None:
            choice.errors[code] = _("Write a number from 0 on, such as 25.")
    if choice.weights and not choice.errors:
        try:
            choice.method = with_weights(sheet.method, complete(sheet, numbers))
        except ValueError:
            first = next(code for code, each in numbers.items() if each == 0)
            choice.errors[first] = _("Below one heading, at least one weight has to be above 0.")


def weight_of(text: str) -> float | None:
    """Return a weight as somebody typed it, None where it is no number from 0 to a million."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if 0 <= found <= HEAVIEST else None


def complete(sheet: IndexSheet, numbers: dict[str, float]) -> dict[str, float]:
    """Return ``numbers`` with the official weights, in per cent, of siblings left out."""
    parents = {sheet.node_by_code[code].parent_id for code in numbers}
    return {
        each.code: numbers.get(each.code, float(each.weight) * 100)
        for each in sheet.nodes
        if each.parent_id in parents
    }


# --- sentences -------------------------------------------------------------------------------


def points(value: float | None, signed: bool = False) -> str:
    """Return a score as people read it."""
    return number(value, SCORE, signed=signed)


def headline(sheet: IndexSheet, choice: Choice) -> list[str]:
    """Return the page in sentences: the score, that of the other place, the largest distance."""
    if sheet.edition is None or not choice.geo:
        return [_("No edition of this index is known yet.")]
    own, other = sheet.results[choice.geo], sheet.results.get(choice.against)
    words = {
        "place": sheet.place_name(choice.geo),
        "score": points(own.value),
        "scale": number(sheet.method.scale),
        "edition": sheet.edition.code,
    }
    if own.value is None:
        return [_("%(place)s has no score in the edition %(edition)s.") % words]
    said = [_("%(place)s: %(score)s points out of %(scale)s in the edition %(edition)s.") % words]
    if other is not None and other.value is not None:
        said.append(_against(sheet, choice, own.value, other.value))
        said += _largest(sheet, choice, own, other)
    return said


def _against(sheet: IndexSheet, choice: Choice, own: float, other: float) -> str:
    words = {"place": sheet.place_name(choice.against), "score": points(other)}
    words["difference"] = points(abs(other - own))
    if round(abs(other - own), SCORE) == 0:
        return _("%(place)s: %(score)s, practically the same.") % words
    if other > own:
        return _("%(place)s: %(score)s, which is %(difference)s points more.") % words
    return _("%(place)s: %(score)s, which is %(difference)s points less.") % words


def _largest(sheet: IndexSheet, choice: Choice, own: Result, other: Result) -> list[str]:
    gaps = [
        (own.branches[each.code].score - other.branches[each.code].score, each.code)
        for each in sheet.method.branches
        if None not in (own.branches[each.code].score, other.branches[each.code].score)
    ]
    if len(gaps) < 2:
        return []
    gap, code = max(gaps, key=lambda each: abs(each[0]))
    name = translated(sheet.node_by_code[code], "name")[0]
    words = {"name": name, "difference": points(gap, signed=True)}
    return [_("The distance is largest in “%(name)s”: %(difference)s.") % words]


# --- the tree --------------------------------------------------------------------------------


@dataclass
class TreeRow:
    """A line of the tree: a node with its weight, and its score in two places."""

    node: IndexNode
    depth: int
    weight: str
    score: str
    other: str
    difference: str
    scenario: str
    url: str


def tree(sheet: IndexSheet, choice: Choice, explain_url: str) -> list[TreeRow]:
    """Return the dimensions of the index from the top down, with scores of two places."""
    own = sheet.results.get(choice.geo, Result(None))
    other = sheet.results.get(choice.against, Result(None))
    mine = sheet.result(choice.geo, choice.method) if choice.method else Result(None)
    return [
        _tree_row(sheet, choice, branch, depth, (own, other, mine), explain_url)
        for branch, depth in deep(sheet.method.branches)
    ]


def deep(branches: tuple[Branch, ...], depth: int = 0):
    """Return every branch with its depth, parents first."""
    for each in branches:
        yield each, depth
        yield from deep(each.branches, depth + 1)


def _tree_row(sheet, choice, branch: Branch, depth: int, results, explain_url: str) -> TreeRow:
    own, other, mine = (each.branches.get(branch.code, Part(branch.code, None)) for each in results)
    gap = None if None in (own.score, other.score) else own.score - other.score
    return TreeRow(
        sheet.node_by_code[branch.code],
        depth,
        percent(branch.weight),
        points(own.score),
        points(other.score),
        points(gap, signed=True),
        points(mine.score) if choice.method else "",
        f"{explain_url}?{choice.query(node=branch.code)}",
    )


def percent(weight: float | None) -> str:
    """Return a weight as a percentage."""
    decimals = 0 if weight is not None and abs(weight * 100 - round(weight * 100)) < 1e-9 else 2
    return number(None if weight is None else weight * 100, decimals, "%")


# --- the inputs ------------------------------------------------------------------------------


@dataclass
class InputRow:
    """An input of a score: raw value, bounds, bounded value, weight, and what it brings."""

    row: IndexInput
    value: IndexValue | None
    z: float | None
    weight: float | None
    contribution: float | None

    @property
    def raw(self) -> str:
        """Return the raw value in words."""
        return amount(self.value.value if self.value else None)

    @property
    def bounds(self) -> str:
        """Return both bounds, the better one last."""
        low, high = amount(self.row.norm_min), amount(self.row.norm_max)
        return f"{low} → {high}" if self.row.direction == "up" else f"{high} → {low}"

    @property
    def z_text(self) -> str:
        """Return the bounded value."""
        return number(self.z, BOUNDED)

    @property
    def weight_text(self) -> str:
        """Return the weight in the whole."""
        return number(None if self.weight is None else self.weight * 100, WEIGHT, "%")

    @property
    def contribution_text(self) -> str:
        """Return the points that it brings."""
        return number(self.contribution, WEIGHT)

    @property
    def period(self) -> str:
        """Return the period of the figure in words."""
        text = self.value.period if self.value else ""
        return Period.parse(text).label if text else ""

    @property
    def flags(self) -> list[str]:
        """Return the marks of the value in words."""
        return [str(FLAGS[letter]) for letter in self.value.flag] if self.value else []


def amount(value) -> str:
    """Return a raw value with the decimals that it has, six at most."""
    if value is None:
        return number(None)
    short = exact(round(value, RAW))
    return number(short, max(0, -short.as_tuple().exponent))


@dataclass
class Explained:
    """A score of one place, or of one node of it, down to its inputs."""

    node: IndexNode | None
    score: float | None
    rows: list[InputRow]
    is_scenario: bool = False

    @property
    def total(self) -> str:
        """Return the sum of what the inputs bring: the score itself."""
        known = [each.contribution for each in self.rows if each.contribution is not None]
        return number(sum(known) if known else None, WEIGHT)

    @property
    def score_text(self) -> str:
        """Return the score as people read it."""
        return points(self.score)

    @property
    def count_words(self) -> str:
        """Return how many inputs there are, in words."""
        words = ngettext("%(number)s input", "%(number)s inputs", len(self.rows))
        return words % {"number": len(self.rows)}


def explain(sheet: IndexSheet, geo: str, node: str = "", method: Method | None = None) -> Explained:
    """Return the score of ``geo``, or of its ``node``, with every input whose products sum to it.

    ``method`` is that of a scenario. KeyError where the index has no such node.
    """
    used = method or sheet.method
    result = sheet.result(geo, used)
    branches, whole, score = used.branches, 1.0, result.value
    if node:
        part, branches = result.branches[node], (find(used, node),)
        whole, score = part.effective, part.score
    rows = [
        _input_row(sheet, geo, result.measures[each.code], whole, used.scale)
        for each in measures_of(branches)
    ]
    return Explained(sheet.node_by_code.get(node), score, rows, method is not None)


def _input_row(sheet, geo: str, part: Part, whole: float | None, scale: float) -> InputRow:
    weight = part.effective / whole if part.effective is not None and whole else None
    brought = None if None in (weight, part.score) else weight * part.score * scale
    value = sheet.rows.get(geo, {}).get(part.code)
    return InputRow(sheet.by_code[part.code], value, part.score, weight, brought)


# --- own weights -----------------------------------------------------------------------------


@dataclass
class WeightField:
    """A weight that the visitor may set: its name in the address, its value, its error."""

    node: IndexNode
    name: str
    value: str
    official: str
    error: str = ""


@dataclass
class WeightGroup:
    """The weights below one parent; ``parent`` is None at the top."""

    parent: IndexNode | None
    fields: list[WeightField]


def weight_groups(sheet: IndexSheet, choice: Choice) -> list[WeightGroup]:
    """Return the weights that can be set: below each parent that has two parts or more."""
    groups = [(None, sheet.method.branches)]
    groups += [(each.code, each.branches) for each, _depth in deep(sheet.method.branches)]
    return [
        WeightGroup(
            sheet.node_by_code.get(parent), [_weight_field(sheet, choice, each) for each in group]
        )
        for parent, group in groups
        if len(group) > 1
    ]


def _weight_field(sheet, choice: Choice, branch: Branch) -> WeightField:
    official = f"{round(branch.weight * 100, 6):g}"
    return WeightField(
        sheet.node_by_code[branch.code],
        f"{PREFIX}{branch.code}",
        choice.weights.get(branch.code, official),
        percent(branch.weight),
        choice.errors.get(branch.code, ""),
    )
