"""The demonstration plan: adopted, amended, adopted again, with what became of its actions.

Nothing here is a published fact but that there is such a plan; all is marked as a demonstration.
"""

from datetime import date

from core.seeding import moment, read, texts
from core.workflow import record_change
from programme.models import Objective
from stakeholders.models import Organisation

from . import services
from .models import (
    ActionStatus,
    CommunicationPlan,
    KPIReading,
    PlanAction,
    PlanAudience,
    PlanKPI,
    PlanObjective,
    PlanStatus,
)

SECOND = 2


def load_plan(people: dict) -> tuple[CommunicationPlan, bool]:
    """Return (the plan, whether it was made now); ``people`` are those who look after actions."""
    entry = read("demo", "communication_plan")
    key = {"starts_on": entry["starts_on"], "ends_on": entry["ends_on"], "is_demo": True}
    plan = CommunicationPlan.objects.filter(**key).first()
    if plan is not None:
        return plan, False
    plan = CommunicationPlan.objects.create(**key, **texts(title=entry["name"]))
    plan.refresh_from_db()
    begun = moment(entry["begun_on"])
    record_change(plan, "seed", "", PlanStatus.DRAFT, by=None, at=begun)
    maker = Maker(plan, people)
    first, second = entry["adoptions"]
    maker.add(entry, version=1)
    adopt(plan, first, by=people["author"])
    maker.report(until=date.fromisoformat(entry["amended_on"]))
    amend(plan, entry, by=people["author"])
    maker.add(entry, version=SECOND)
    adopt(plan, second, by=people["reviewer"])
    maker.report()
    return plan, True


def adopt(plan, entry, *, by) -> None:
    """Adopt the plan on the day of the story, with its frozen version."""
    at = moment(entry["on"])
    _move(plan, PlanStatus.ADOPTED, adopted_at=at)
    record_change(
        plan, "adopt", PlanStatus.DRAFT, PlanStatus.ADOPTED, by=by, note=entry["note"], at=at
    )
    services.freeze_plan(plan, by=by, at=at)


def amend(plan, entry, *, by) -> None:
    """Open the plan again on the day of the story."""
    _move(plan, PlanStatus.DRAFT)
    record_change(
        plan,
        "amend",
        PlanStatus.ADOPTED,
        PlanStatus.DRAFT,
        by=by,
        note=entry["amendment"],
        at=moment(entry["amended_on"]),
    )


def _move(row, status, **fields) -> None:
    for name, value in {"status": status, **fields}.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *fields])


class Maker:
    """Makes the rows of the plan, and then tells what became of its actions."""

    def __init__(self, plan, people):
        self.plan, self.people = plan, people
        self.objectives, self.audiences, self.actions = {}, {}, {}
        #: Actions with what is told of them, until it has been told.
        self.told = []
        #: When the rows that are being made were written.
        self.written_at = None
        #: Key figures with their readings, until they have been written down.
        self.readings = []

    def add(self, entry, *, version: int) -> None:
        """Add the rows that came with ``version``."""
        self.written_at = moment(entry["begun_on"] if version == 1 else entry["amended_on"])
        for kind, make in (
            ("objectives", self._objective),
            ("audiences", self._audience),
            ("actions", self._action),
            ("kpis", self._kpi),
        ):
            for place, row in enumerate(entry[kind], 1):
                if row.get("since", 1) == version:
                    make(row, place)

    def _objective(self, row, place):
        self.objectives[row["key"]] = PlanObjective.objects.create(
            plan=self.plan,
            position=place,
            smart_city_objective=Objective.objects.filter(slug=row["goal"]).first(),
            **texts(text=row["text"]),
        )

    def _audience(self, row, place):
        words = {name: row[name] for name in ("name", "need", "message")}
        self.audiences[row["key"]] = PlanAudience.objects.create(
            plan=self.plan, position=place, **texts(**words)
        )

    def _action(self, row, place):
        action = PlanAction.objects.create(
            plan=self.plan,
            objective=self.objectives[row["objective"]],
            channel=row["channel"],
            starts_on=date.fromisoformat(row["from"]),
            ends_on=date.fromisoformat(row["to"]),
            owner=self.people.get(row["owner"]),
            lead=Organisation.objects.filter(slug=row.get("lead")).first(),
            budget=row["budget"],
            **texts(title=row["title"], text=row["text"]),
        )
        record_change(action, "seed", "", ActionStatus.PLANNED, by=None, at=self.written_at)
        action.audiences.set(self.audiences[key] for key in row["audiences"])
        action.partners.set(Organisation.objects.filter(slug__in=row.get("partners", ())))
        self.actions[row["key"]] = action
        self.told.append((action, row))

    def _kpi(self, row, place):
        source = PlanKPI.Source.RECORD if row["metric"] else PlanKPI.Source.MANUAL
        kpi = PlanKPI.objects.create(
            plan=self.plan,
            position=place,
            objective=self.objectives.get(row.get("objective")),
            action=self.actions.get(row.get("action")),
            baseline=row["baseline"],
            target=row["target"],
            due=date.fromisoformat(row["due"]),
            source=source,
            metric=row["metric"],
            **texts(name=row["name"], unit=row["unit"]),
        )
        self.readings += [(kpi, reading) for reading in row.get("readings", ())]

    def report(self, *, until: date = date.max) -> None:
        """Tell what became of the actions by ``until``, and what was read."""
        last = until.isoformat()
        for action, row in self.told:
            if _told_on(row) <= last:
                self._tell(action, row)
        self.told = [each for each in self.told if _told_on(each[1]) > last]
        for kpi, reading in self.readings:
            if reading["on"] <= last:
                self._read(kpi, reading)
        self.readings = [each for each in self.readings if each[1]["on"] > last]

    def _read(self, kpi, reading):
        KPIReading.objects.create(
            kpi=kpi,
            on=date.fromisoformat(reading["on"]),
            value=reading["value"],
            note=reading.get("note", ""),
            by=self.people["author"],
            at=moment(reading["on"]),
        )

    def _tell(self, action, row):
        if row["status"] == ActionStatus.PLANNED:
            return
        name = {ActionStatus.DONE: "complete", ActionStatus.DROPPED: "drop"}[row["status"]]
        done_on = date.fromisoformat(row["done"]) if "done" in row else None
        _move(action, row["status"], done_on=done_on)
        record_change(
            action,
            name,
            ActionStatus.PLANNED,
            row["status"],
            by=self.people["author"],
            note=row.get("reason", ""),
            at=moment(_told_on(row)),
        )


def _told_on(row) -> str:
    return row.get("done") or row.get("dropped") or date.max.isoformat()
