"""The rule of a segment: read from JSON, refused with a reason, made a condition of the database.

    {"match": "all", "rows": [
        {"field": "helix", "operator": "is", "value": ["academia"], "negated": false},
        {"match": "any", "rows": [ … conditions … ]}]}

A rule is a group of rows, of which all or any apply; a row is a condition or a group of conditions,
so there are two levels and no more. What a condition may ask stands in `segment_fields.FIELDS`.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from core.workflow import TransitionRefused

from .segment_fields import FIELDS, Scope

MATCHES = ("all", "any")
GROUP_KEYS, CONDITION_KEYS = {"match", "rows"}, {"field", "operator", "value", "negated"}
MOST_ROWS = 12


class BadRule(TransitionRefused):
    """A rule that cannot be read. `str()` says in which row, and how to mend it."""


@dataclass(frozen=True)
class Condition:
    """One row: ``field`` stands in ``operator`` to ``value``, or does not where ``negated``."""

    field: str
    operator: str
    value: tuple
    negated: bool = False

    def as_json(self) -> dict:
        """Return what is stored."""
        return {
            "field": self.field,
            "operator": self.operator,
            "value": list(self.value),
            "negated": self.negated,
        }

    def as_q(self, scope: Scope) -> Q:
        """Return the condition on the people of ``scope``."""
        found = Q(FIELDS[self.field].compile(self, scope))
        return ~found if self.negated else found


@dataclass(frozen=True)
class Group:
    """Rows of which all or any apply."""

    match: str
    rows: tuple

    def as_json(self) -> dict:
        """Return what is stored."""
        return {"match": self.match, "rows": [row.as_json() for row in self.rows]}

    def as_q(self, scope: Scope) -> Q:
        """Return the condition on the people of ``scope``."""
        found = self.rows[0].as_q(scope)
        for row in self.rows[1:]:
            found = found & row.as_q(scope) if self.match == "all" else found | row.as_q(scope)
        return found

    def normal(self) -> "Group":
        """Return the same rule in the one shape in which it is stored.

        A group alone stands for itself, and rows beside groups are a group of their own, so that a
        rule which was only looked at does not seem changed.
        """
        single = tuple(row for row in self.rows if isinstance(row, Condition))
        groups = [row for row in self.rows if isinstance(row, Group)]
        if not groups:
            return self
        if single:
            groups.insert(0, Group(self.match, single))
        return groups[0] if len(groups) == 1 else Group(self.match, tuple(groups))

    def conditions(self):
        """Yield (place, condition) of all rows; a place is (row,) or (group, row), from 1."""
        for number, row in enumerate(self.rows, 1):
            if isinstance(row, Group):
                yield from (((number, *place), each) for place, each in row.conditions())
            else:
                yield (number,), row


def parse(rule) -> Group:
    """Return the rule that JSON data ``rule`` tell; raise `BadRule` for anything else."""
    return _group(rule, ())


def compile_rule(rule, scope: Scope | None = None) -> Q:
    """Return the condition of the JSON ``rule`` on `Contact`, or on what ``scope`` starts from."""
    return parse(rule).as_q(scope or Scope())


def refuse_unknown(rule: Group) -> None:
    """Raise `BadRule` for a condition that names a row which does not exist (any more)."""
    for place, each in rule.conditions():
        rows = FIELDS[each.field].rows
        if rows is not None and rows().filter(pk__in=each.value).count() != len(each.value):
            raise refusal(place, _("what it names does not exist any more. Choose anew."))


def refusal(place: tuple, words: str) -> BadRule:
    """Return the refusal that names the row."""
    if not place:
        return BadRule(_("Rule: %(words)s") % {"words": words})
    if len(place) == 1:
        return BadRule(_("Row %(row)s: %(words)s") % {"row": place[0], "words": words})
    where = {"group": place[0], "row": place[1], "words": words}
    return BadRule(_("Group %(group)s, row %(row)s: %(words)s") % where)


def _group(data, place) -> Group:
    if not isinstance(data, dict) or set(data) != GROUP_KEYS:
        raise refusal(place, _("give “match” and “rows”."))
    if data["match"] not in MATCHES:
        raise refusal(place, _("say whether all rows or any of them must apply."))
    rows = data["rows"]
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
        words = _("give one row at least and %(most)s at most.")
        raise refusal(place, words % {"most": MOST_ROWS})
    read = [_row(row, (*place, number)) for number, row in enumerate(rows, 1)]
    return Group(data["match"], tuple(read))


def _row(data, place):
    if isinstance(data, dict) and "rows" in data:
        if len(place) > 1:
            raise refusal(place, _("a group inside a group holds no third one."))
        return _group(data, place)
    return _condition(data, place)


def _condition(data, place) -> Condition:
    if not isinstance(data, dict) or set(data) != CONDITION_KEYS:
        raise refusal(place, _("give “field”, “operator”, “value” and “negated”."))
    field = FIELDS.get(data["field"]) if isinstance(data["field"], str) else None
    if field is None:
        raise refusal(place, _("choose what the condition is about."))
    operator, negated = data["operator"], data["negated"]
    known = isinstance(operator, str) and operator in field.kind.operators
    if not known or not isinstance(negated, bool):
        raise refusal(place, _("choose how the values are compared."))
    if negated and not field.kind.negates:
        raise refusal(place, _("choose the opposite comparison instead of denying this one."))
    if not isinstance(data["value"], list):
        raise refusal(place, _("give the values as a list."))
    wrong = field.objection(data["value"])
    if wrong:
        raise refusal(place, str(wrong))
    return Condition(field.name, operator, tuple(sorted(data["value"])), negated)
