"""A table of an index, understood: its tree, its inputs and its values, or every fault of it.

Nothing of the database is asked here, so the dry run and the real run read the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation

from django.utils.text import slugify

from core.search import LANGUAGES
from core.typography import number

from ..periods import Period
from .arithmetic import Branch, Direction, Measure, Method, Missing, decimals_of, wrong_sums
from .columns import PERIOD, Columns, Level, columns_of
from .faults import Fault
from .files import Sheet

CODE = re.compile(r"[-\w]{1,40}", re.ASCII)
#: "1a Internet user skills": what has a digit in it and stands first is the code.
CODED = re.compile(r"(?P<code>[-\w.]*\d[-\w.]*)\s+(?P<name>.+)", re.ASCII)
CELL = re.compile(r"(?P<number>[-+]?[\d.,]+(?:[eE][-+]?\d+)?)\s*(?P<flag>[a-z]{0,4})")
FLAGS = re.compile(r"[bdefimnpu]*")
ABSENT = ("", ":", "-", "n/a")
STEP = Decimal(1).scaleb(-18)
LARGEST = Decimal(10) ** 15
#: Large enough for a number of that size with all its decimals.
PRECISE = Context(prec=40)
LONGEST = {"name": 200, "unit": 200, "source": 400}


@dataclass
class ReadNode:
    """A level as the file gives it; ``parent`` is a code, "" at the top."""

    code: str
    names: dict[str, str]
    weight: Decimal
    parent: str
    line: int


@dataclass
class ReadInput:
    """An input as the file gives it; texts are {language: words}."""

    code: str
    node: str
    low: Decimal
    high: Decimal
    direction: str
    weight: Decimal
    period: str
    names: dict[str, str]
    units: dict[str, str]
    sources: dict[str, str]
    line: int


@dataclass(frozen=True)
class ReadValue:
    """The value of an input in a place."""

    value: Decimal | None
    flag: str = ""


@dataclass
class ReadIndex:
    """All that a file says, and everything that is wrong with it."""

    nodes: dict[str, ReadNode] = field(default_factory=dict)
    inputs: dict[str, ReadInput] = field(default_factory=dict)
    values: dict[tuple[str, str], ReadValue] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def method(self, policy: str, coverage: float | None = None, scale: float = 100.0) -> Method:
        """Return the tree as numbers."""
        more = {} if coverage is None else {"coverage": coverage}
        return Method(self._branches(""), policy, scale=scale, **more)

    def _branches(self, parent: str) -> tuple[Branch, ...]:
        return tuple(
            Branch(each.code, float(each.weight), self._branches(each.code), self._below(each.code))
            for each in self.nodes.values()
            if each.parent == parent
        )

    def _below(self, node: str) -> tuple[Measure, ...]:
        return tuple(
            Measure(
                each.code, float(each.low), float(each.high), each.direction, float(each.weight)
            )
            for each in self.inputs.values()
            if each.node == node
        )


def read_index(sheet: Sheet, places: dict[str, tuple[str, ...]], policy: str) -> ReadIndex:
    """Return what ``sheet`` says; ``places`` is {code: names} of the places that are known."""
    columns = columns_of(sheet.headers, places)
    reader = Reader(columns, sheet.headers, policy)
    reader.found.places = list(columns.places)
    if not columns.faults:
        for line, cells in sheet.rows:
            reader.read(line, cells)
        reader.finish()
    reader.found.faults[:0] = columns.faults
    return reader.found


class Reader:
    """Reads the rows one by one; what is wrong is noted and the next row is read all the same."""

    def __init__(self, columns: Columns, headers: list[str], policy: str):
        self.columns, self.headers, self.policy = columns, headers, policy
        self.found = ReadIndex()
        self.sign = ""
        self.line, self.cells = 0, []

    # --- cells ---

    def cell(self, number: int | None) -> str:
        """Return the text in a column, "" beyond the end of a short row."""
        return self.cells[number].strip() if number is not None and number < len(self.cells) else ""

    def fault(self, code: str, column, value: str = "", **words) -> None:
        """Note what is wrong in this row."""
        name = self.headers[column] if isinstance(column, int) else column
        self.found.faults.append(Fault(code, self.line, name, value, words))

    def number(self, column: int, text: str | None = None) -> Decimal | None:
        """Return the number in a column, None and a fault where it is none."""
        text = self.cell(column) if text is None else text
        if not text:
            self.fault("empty", column)
            return None
        if self._mixes(text):
            self.fault("mixed_signs", column, text)
            return None
        try:
            value = Decimal(text.replace(",", "."))
        except InvalidOperation:
            self.fault("number", column, text)
            return None
        if not value.is_finite() or abs(value) >= LARGEST:
            self.fault("too_precise" if value.is_finite() else "number", column, text)
            return None
        return value.quantize(STEP, context=PRECISE)

    def _mixes(self, text: str) -> bool:
        """Tell whether ``text`` has another decimal sign than the numbers before it."""
        if text.count(",") + text.count(".") != 1:
            return False
        sign = "," if "," in text else "."
        self.sign = self.sign or sign
        return sign != self.sign

    # --- rows ---

    def read(self, line: int, cells: list[str]) -> None:
        """Read one input with its levels and its values."""
        self.line, self.cells = line, cells
        before = len(self.found.faults)
        code = self._code()
        node = self._path()
        figures = self._figures()
        texts = {stem: self._texts(stem) for stem in LONGEST}
        period = self._period()
        values = {place: self._value(column) for place, column in self.columns.places.items()}
        if len(self.found.faults) > before:
            return
        self.found.inputs[code] = ReadInput(
            code, node, *figures, period, *(texts[stem] for stem in LONGEST), line
        )
        for place, value in values.items():
            self.found.values[code, place] = value

    def _code(self) -> str:
        column = self.columns.known["code"]
        code = self.cell(column)
        if not code:
            self.fault("empty", column)
        elif not CODE.fullmatch(code):
            self.fault("code_form", column, code)
        elif code in self.found.inputs:
            self.fault("code_twice", column, code)
        return code

    def _figures(self) -> tuple:
        known = self.columns.known
        low, high = (self.number(known[each]) for each in ("norm_min", "norm_max"))
        if None not in (low, high) and high <= low:
            self.fault("bounds", known["norm_max"], self.cell(known["norm_max"]))
        weight = self.number(known["weight"])
        if weight is not None and weight <= 0:
            self.fault("weight", known["weight"], self.cell(known["weight"]))
        direction = self.cell(known["direction"]).casefold()
        if direction not in Direction.values:
            self.fault("direction", known["direction"], direction)
        return low, high, direction, weight

    def _texts(self, stem: str) -> dict[str, str]:
        """Return {language: words}; a column without language fills those that names are in."""
        known = self.columns.known
        found = {each: self.cell(known.get(f"{stem}_{each}")) for each in LANGUAGES}
        for each in LANGUAGES:
            if not found[each] and stem in known and self._speaks(each):
                found[each] = self.cell(known[stem])
        for each, words in found.items():
            if len(words) > LONGEST[stem]:
                column = known.get(f"{stem}_{each}", known.get(stem))
                self.fault("too_long", column, words)
        if stem == "name" and not any(found.values()):
            self.fault("empty", next(known[key] for key in known if key.startswith("name_")))
        return {each: words for each, words in found.items() if words}

    def _speaks(self, language: str) -> bool:
        return f"name_{language}" in self.columns.known

    def _plain_language(self) -> str:
        """Return the language of a level that is named once: nobody shall take it for two."""
        return next(each for each in ("en", "fr", "nl") if self._speaks(each))

    def _period(self) -> str:
        column = next((self.columns.known[k] for k in PERIOD if k in self.columns.known), None)
        text = self.cell(column).upper()
        if not text:
            return ""
        try:
            Period.parse(text)
        except ValueError:
            self.fault("period", column, text)
        return text

    def _value(self, column: int) -> ReadValue | None:
        text = self.cell(column)
        if text.casefold() in ABSENT:
            if self.policy == Missing.IMPUTE:
                self.fault("missing_value", column, text)
            return ReadValue(None, "m")
        parts = CELL.fullmatch(text)
        number, flag = parts.group("number", "flag") if parts else (text, "")
        if not FLAGS.fullmatch(flag):
            self.fault("flag", column, text)
        value = self.number(column, number)
        return None if value is None else ReadValue(value, "".join(sorted(set(flag))))

    # --- levels ---

    def _path(self) -> str:
        """Read the levels of this row from the highest down; return the code of the lowest."""
        parent = ""
        for level in reversed(self.columns.levels):
            if self.cell(level.name) or self.cell(level.weight):
                parent = self._node(level, parent) or parent
        if not parent:
            self.fault("empty", self.columns.levels[0].name)
        return parent

    def _node(self, level: Level, parent: str) -> str:
        code, names = self._named(level)
        if not CODE.fullmatch(code):
            self.fault("code_form" if code else "empty", level.name, self.cell(level.name))
            return ""
        weight = self.number(level.weight)
        if weight is None:
            return code
        if not 0 <= weight <= 1:
            self.fault("share", level.weight, self.cell(level.weight))
        known = self.found.nodes.setdefault(code, ReadNode(code, names, weight, parent, self.line))
        if known.weight != weight:
            before = f"{known.weight.normalize():f}"
            self.fault("node_weight", level.weight, self.cell(level.weight), before=before)
        if known.parent != parent:
            self.fault("node_parent", level.name, self.cell(level.name), before=known.parent)
        return code

    def _named(self, level: Level) -> tuple[str, dict[str, str]]:
        """Return code and names of a level: from columns of their own, or "1a Name" in one cell."""
        text, code = self.cell(level.name), self.cell(level.code)
        if not code:
            parts = CODED.fullmatch(text)
            code = parts["code"].replace(".", "-") if parts else slugify(text)[:40]
            text = parts["name"] if parts else text
        names = {each: self.cell(number) for each, number in level.names.items()}
        names.setdefault(self._plain_language(), text)
        for words in names.values():
            if len(words) > LONGEST["name"]:
                self.fault("too_long", level.name, words)
        return code, {each: words for each, words in names.items() if words}

    # --- the whole ---

    def finish(self) -> None:
        """Look at what can only be judged when every row has been read."""
        self.line = 0
        parents = {each.parent for each in self.found.nodes.values()}
        mixed = parents & {each.node for each in self.found.inputs.values()}
        for code in sorted(mixed):
            self.fault("node_mixed", "", code, before=code)
        if not mixed and not self.found.faults:
            self._check_sums(self.found.method(self.policy))

    def _check_sums(self, method: Method) -> None:
        for parent, total in wrong_sums(method):
            words = {"sum": number(total, decimals_of(total)), "parent": parent}
            column, there = self._weight_column(parent), f"{round(total, 9):g}"
            self.fault("sum" if parent else "sum_top", column, there, **words)

    def _weight_column(self, parent: str) -> str:
        depth = 0
        while parent:
            parent, depth = self.found.nodes[parent].parent, depth + 1
        levels = list(reversed(self.columns.levels))
        return self.headers[levels[min(depth, len(levels) - 1)].weight]


def names_of_places(places: Iterable) -> dict[str, tuple[str, ...]]:
    """Return {code: names} of rows of `Place`, as `read_index` wants them."""
    return {
        each.code: tuple(filter(None, (getattr(each, f"name_{code}", "") for code in LANGUAGES)))
        for each in places
    }
