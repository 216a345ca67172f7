"""What pages ask about the programme. Planned, published and recorded stand beside each other."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from core import slots
from core.templatetags.ui import translated

from .models import Contract, Deliverable, Objective, Source, TimelineFact, WorkPackage, Workstream

#: What is counted for each deliverable, in words.
COUNTED = {
    "COMM": ngettext_lazy("%(count)s communication plan", "%(count)s communication plans", "count"),
    "BILAT": ngettext_lazy(
        "%(count)s validated bilateral meeting", "%(count)s validated bilateral meetings", "count"
    ),
    "ADMIN-WS": ngettext_lazy("%(count)s workshop held", "%(count)s workshops held", "count"),
    "AMBITION": ngettext_lazy("%(count)s ambition note", "%(count)s ambition notes", "count"),
    "BOARD": ngettext_lazy("%(count)s Governance Board", "%(count)s Governance Boards", "count"),
    "MULTI-WS": ngettext_lazy("%(count)s workshop held", "%(count)s workshops held", "count"),
    "SHEETS": ngettext_lazy("%(count)s project sheet", "%(count)s project sheets", "count"),
    "JURY": ngettext_lazy("%(count)s jury", "%(count)s juries", "count"),
    "OFFICE": ngettext_lazy("%(count)s tool in use", "%(count)s tools in use", "count"),
    "KPI": ngettext_lazy(
        "%(count)s published indicator", "%(count)s published indicators", "count"
    ),
    "ROADMAP": ngettext_lazy(
        "%(count)s edition of the roadmap", "%(count)s editions of the roadmap", "count"
    ),
    "STANDARDS": ngettext_lazy("%(count)s standard", "%(count)s standards", "count"),
}
#: What the contract plans more than one of, in words; the others have their unit.
PLANNED = {
    "BILAT": ngettext_lazy("%(count)s bilateral meeting", "%(count)s bilateral meetings", "count"),
    "ADMIN-WS": ngettext_lazy("%(count)s workshop", "%(count)s workshops", "count"),
    "MULTI-WS": ngettext_lazy("%(count)s workshop", "%(count)s workshops", "count"),
}
#: Deliverables whose records are counted in another unit than the target: no share is shown.
OTHER_UNIT = frozenset({"STANDARDS"})


@dataclass(frozen=True)
class Record:
    """What the portal has on record for a deliverable, and the list that shows exactly these."""

    count: int
    url: str
    as_of: date | None = None


@dataclass(frozen=True)
class Line:
    """A deliverable with its record, or None where no app counts it."""

    deliverable: Deliverable
    record: Record | None

    @property
    def is_comparable(self) -> bool:
        """Tell whether record and target are numbers of the same thing."""
        return bool(
            self.record and self.deliverable.target and self.deliverable.code not in OTHER_UNIT
        )

    @property
    def planned(self) -> str:
        """The target in words: "20 bilateral meetings"."""
        target = self.deliverable.target
        if target is None:
            return _("no number in the contract")
        words = PLANNED.get(self.deliverable.code)
        if words is None:
            return f"{target} {translated(self.deliverable, 'unit')[0]}"
        return words % {"count": target}

    @property
    def counted(self) -> str:
        """The record in words: "14 workshops held"."""
        words = COUNTED.get(self.deliverable.code)
        if self.record is None or words is None:
            return ""
        return words % {"count": self.record.count}


@dataclass(frozen=True)
class Volet:
    """A work package with the lines of its deliverables."""

    work_package: WorkPackage
    lines: list[Line]

    @property
    def main_lines(self) -> list[Line]:
        """What a short page shows of it: the targets that take counting, else its first line."""
        counting = [line for line in self.lines if (line.deliverable.target or 0) > 1]
        return counting or self.lines[:1]


def records() -> dict[str, Record]:
    """Return what each app has on record, by code of the deliverable."""
    found = {}
    for answer in slots.collect("programme.progress"):
        for code, entry in answer.items():
            found[code] = Record(entry["count"], entry["url"], entry.get("as_of"))
    return found


def volets() -> list[Volet]:
    """Return the six work packages with planned, published and recorded of each deliverable."""
    recorded = records()
    deliverables = Deliverable.objects.prefetch_related("sources", "outcome_sources")
    packages = WorkPackage.objects.prefetch_related(Prefetch("deliverables", deliverables))
    return [
        Volet(
            package,
            [Line(each, recorded.get(each.code)) for each in package.deliverables.all()],
        )
        for package in packages
    ]


def contract() -> Contract | None:
    """Return the contract that everything was started by."""
    return Contract.objects.prefetch_related("sources").first()


def timeline():
    """Return the dated facts about the strategy, in order of time, with their sources."""
    return TimelineFact.objects.public().prefetch_related("sources").order_by("when", "pk")


def objectives():
    """Return the goals that the Region has set itself, with their sources."""
    return Objective.objects.public().prefetch_related("sources")


def sources():
    """Return every publication that the portal cites."""
    return Source.objects.public()


def workstreams(user):
    """Return the workstreams ``user`` may see, ready for a list."""
    rows = Workstream.objects.visible_to(user)
    return rows.select_related("theme", "orientation", "portfolio").order_by("position", "pk")
