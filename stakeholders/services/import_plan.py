"""What an import would do, row by row: the dry run and the real run are this same plan.

A row is found again by its enterprise number, else by its name in both languages, else by the only
organisation with one of its names. An empty cell leaves what is known as it is.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import pgettext_lazy

from ..duplicates import NameIndex, bare, names_of_organisations
from ..models import Organisation
from .import_cells import Cleaner, Fault
from .import_contacts import ContactPlanner

NAMES = ("name_fr", "name_nl")
REQUIRED = (*NAMES, "helix")
FIELDS = {
    **{each: each for each in ("legal_id", "name_fr", "name_nl", "name_en")},
    **{each: each for each in ("short_name_fr", "short_name_nl", "helix", "helix_secondary")},
    "municipality": "municipality_id",
    "website": "website",
}


class Kind(models.TextChoices):
    """What happens to a row."""

    NEW = "new", pgettext_lazy("import", "new")
    CHANGED = "changed", pgettext_lazy("import", "changed")
    UNCHANGED = "unchanged", pgettext_lazy("import", "unchanged")
    POSSIBLE = "possible", pgettext_lazy("import", "possible duplicates")
    FAULTY = "faulty", pgettext_lazy("import", "faulty")


@dataclass
class RowPlan:
    """One row: what happens to it, with which values, and why not.

    ``changes`` is {field: [before, after]} of a known organisation, ``contact`` what happens to
    the contact of the row (None: nothing), ``similar`` the organisations that it may be.
    """

    line: int
    kind: str
    name: str
    pk: int | None = None
    values: dict = field(default_factory=dict)
    changes: dict = field(default_factory=dict)
    contact: dict | None = None
    similar: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    def as_json(self) -> dict:
        """Return it for keeping and comparing."""
        return {**self.__dict__, "faults": [fault.as_json() for fault in self.faults]}


class Planner:
    """Plans all rows of a file against the register of this moment; nothing is written."""

    def __init__(self, rows: list[tuple[int, dict]]):
        cleaner = Cleaner()
        self.cleaned = [(line, *cleaner.clean(cells), cells) for line, cells in rows]
        known = Organisation.objects.current()
        self.known = {row["pk"]: row for row in known.values("pk", *FIELDS.values())}
        self.by_number = {row["legal_id"]: pk for pk, row in self.known.items() if row["legal_id"]}
        self.by_both, self.by_one = defaultdict(set), defaultdict(set)
        for pk, row in self.known.items():
            self._index(pk, row)
        self.index = NameIndex(names_of_organisations())
        self.contacts = ContactPlanner([values for _line, values, _faults, _cells in self.cleaned])
        self.claimed: dict = {}

    def _index(self, pk, row):
        names = [bare(row[column]) for column in NAMES]
        self.by_both[tuple(names)].add(pk)
        for column, name in zip(NAMES, names, strict=True):
            self.by_one[column, name].add(pk)

    def plan(self) -> list[RowPlan]:
        """Return the plan of every row, in the order of the file.

        Rows that say with more certainty which organisation they mean are looked at first: a vague
        row never takes the place of a clear one, wherever it stands.
        """
        plans = {}
        for line, values, faults, cells in sorted(self.cleaned, key=self._vagueness):
            plans[line] = self._plan_row(line, values, list(faults), cells)
        return [plans[line] for line, *_rest in self.cleaned]

    def _vagueness(self, cleaned) -> int:
        """Return 0 for a row with a number, 1 for both names of one organisation, else 2."""
        values = cleaned[1]
        if values.get("legal_id"):
            return 0
        return 1 if len(self.by_both.get(_names(values), ())) == 1 else 2

    def _plan_row(self, line, values, faults, cells) -> RowPlan:
        wrong = {fault.column for fault in faults}
        pk, trouble = self._find(values)
        if trouble and trouble[0] not in wrong:
            faults.append(Fault(*trouble))
            wrong.add(trouble[0])
        twice = self._claim(pk, values)
        if twice:
            faults.append(Fault(_naming(values), str(values.get(_naming(values), "")), "twice"))
        own = {FIELDS[name]: value for name, value in values.items() if name in FIELDS}
        faults += self._check(pk, own, cells, wrong)
        contact, more = self.contacts.plan(pk, values, wrong)
        faults += more
        name = values.get("name_fr") or values.get("name_nl") or values.get("legal_id", "")
        plan = RowPlan(line, Kind.FAULTY, name, pk, own, faults=faults)
        if not faults:
            plan.contact = contact
            self._decide(plan)
        return plan

    def _find(self, values):
        """Return (key of the organisation that is meant or None, what is wrong or None)."""
        if not {"legal_id", *NAMES} & set(values):
            return None, (NAMES[0], "", "unnamed")
        number = values.get("legal_id")
        if number in self.by_number:
            return self.by_number[number], None
        found = self.by_both.get(_names(values), set()) if len(_names(values)) == 2 else set()
        found = found or self._by_one_name(values)
        # Same name, another number: another organisation, or one that may be the same.
        found = {pk for pk in found if not (number and self.known[pk]["legal_id"])}
        if len(found) > 1:
            column = _naming(values)
            return None, (column, str(values[column]), "ambiguous")
        return next(iter(found), None), None

    def _by_one_name(self, values):
        found = set()
        for column in NAMES:
            if column in values:
                found |= self.by_one.get((column, bare(values[column])), set())
        return found

    def _claim(self, pk, values) -> bool:
        """Note what this row speaks of; tell whether another row did already."""
        keys = [("pk", pk)] if pk else []
        number, names = values.get("legal_id"), _names(values)
        keys += [("number", number)] if number else []
        keys += [("names", names)] if len(names) == 2 and pk is None else []
        twice = False
        for key in keys:
            others = self.claimed.setdefault(key, [])
            # Two numbers make two organisations, even of one name.
            twice |= any(key[0] != "names" or not (number and other) for other in others)
            others.append(number)
        return twice

    def _check(self, pk, own, cells, wrong):
        """Return what is wrong with the row as a whole, beside the columns that are ``wrong``."""
        found = []
        if pk is None:
            lacking = [name for name in REQUIRED if name not in own and name not in wrong]
            found += [Fault(name, cells.get(name, ""), "missing") for name in lacking]
        after = {**self.known.get(pk, {}), **own}
        if after.get("helix_secondary") and after["helix_secondary"] == after.get("helix"):
            found.append(Fault("helix_secondary", cells.get("helix_secondary", ""), "helix_twice"))
        french, dutch = (bool(after.get(f"short_name_{code}")) for code in ("fr", "nl"))
        if french != dutch:
            column = "short_name_nl" if french else "short_name_fr"
            found += [] if column in wrong else [Fault(column, "", "missing_twin")]
        return found

    def _decide(self, plan):
        if plan.pk is None:
            plan.similar = sorted(self._similar(plan.values))
            plan.kind = Kind.POSSIBLE if plan.similar else Kind.NEW
            return
        row = self.known[plan.pk]
        plan.changes = {
            name: [row[name], value]
            for name, value in plan.values.items()
            if (row[name] or "") != (value or "")
        }
        plan.kind = Kind.CHANGED if plan.changes or plan.contact else Kind.UNCHANGED

    def _similar(self, own) -> set[int]:
        found = set()
        for column in NAMES:
            found |= set(self.index.alike(own[column]))
        return found


def _names(values) -> tuple:
    return tuple(bare(values[column]) for column in NAMES if column in values)


def _naming(values) -> str:
    """Return the column that says which organisation a row means."""
    return next((name for name in ("legal_id", *NAMES) if name in values), NAMES[0])
