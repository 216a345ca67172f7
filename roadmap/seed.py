"""Published initiatives of the Region, and demonstration initiatives born of the demo call."""

import calendar
from datetime import date, datetime, time

from django.db.models import Model
from django.utils import timezone

from core.seeding import ensure, read, texts
from core.workflow import record_change
from governance.models import Decision
from programme.models import Municipality, Orientation, Source, Theme
from projects.models import ProjectSheet
from stakeholders.models import Organisation

from .models import Initiative, Milestone, RoadmapVersion
from .services import freeze_edition

LENGTH_TO_PRECISION = {4: "year", 7: "month", 10: "day"}


def load(facts: bool = True, demo: bool = True) -> None:
    """Load what is not there yet; running it again changes nothing."""
    if facts:
        _load_facts()
    if demo:
        _load_demo()


# --- facts -------------------------------------------------------------------------------------


def _load_facts() -> None:
    known = {
        "theme": _by_slug(Theme),
        "orientation": _by_slug(Orientation),
        "organisation": _by_slug(Organisation),
        "source": {each.key: each for each in Source.objects.all()},
        "municipality": {each.nis: each for each in Municipality.objects.all()},
    }
    for row in read("facts", "initiatives"):
        initiative, made = ensure(Initiative, {"slug": row["slug"]}, **_fact_values(row, known))
        if made:
            initiative.organisations.set(_pick(known["organisation"], row["organisations"]))
            initiative.municipalities.set(_pick(known["municipality"], row["municipalities"]))
            initiative.sources.set(_pick(known["source"], row["sources"]))


def _fact_values(row: dict, known: dict) -> dict:
    """Return the values of a published initiative.

    Where no source tells the state, the row is stored as planned with ``status_published`` off:
    every page says that the state is not published, and no filter or count takes it for planned.
    """
    starts_on, starts_precision = partial(row["starts_on"])
    ends_on, ends_precision = partial(row["ends_on"], last=True)
    return {
        **texts(
            title=row["title"],
            summary=row["summary"],
            lead=row["lead"],
            period=row["period_text"],
            size=row["size"],
        ),
        "origin": Initiative.Origin.EXISTING,
        "theme": known["theme"].get(row["theme"]),
        "orientation": known["orientation"].get(row["orientation"]),
        "starts_on": starts_on,
        "starts_precision": starts_precision,
        "ends_on": ends_on,
        "ends_precision": ends_precision,
        "status": row["state"] or Initiative.Status.PLANNED,
        "status_published": row["state"] is not None,
        "verified": row["verified"],
        "not_proofread": row["not_proofread"],
    }


def partial(text: str | None, *, last: bool = False) -> tuple[date | None, str]:
    """Return (day, precision) of `2013`, `2013-03` or `2013-03-21`: the first day, or the last."""
    if not text:
        return None, "day"
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    month = month or (12 if last else 1)
    day = day or (calendar.monthrange(year, month)[1] if last else 1)
    return date(year, month, day), LENGTH_TO_PRECISION[len(text)]


def _by_slug(model: type[Model]) -> dict:
    return {each.slug: each for each in model._base_manager.all()}


def _pick(known: dict, keys) -> list:
    return [known[key] for key in keys]


# --- demonstration -----------------------------------------------------------------------------


def _load_demo() -> None:
    content = read("demo", "roadmap")
    for row in content["initiatives"]:
        _load_initiative(row)
    _load_edition(content["edition"])


def _load_initiative(row: dict) -> None:
    """Make a demonstration initiative with the history that led to its state, if it is missing."""
    if Initiative.objects.filter(slug=row["slug"]).exists():
        return
    sheet = _sheet_of(row)
    initiative = Initiative.objects.create(
        slug=row["slug"],
        **texts(title=row["title"], summary=row["summary"]),
        origin=Initiative.Origin.DECISION,
        outcome=sheet.result,
        theme=Theme.objects.get(slug=row["theme"]),
        workstream=sheet.workstream,
        owner=sheet.lead,
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        budget_planned=row["budget_planned"],
        status=row["state"],
        is_demo=True,
    )
    initiative.organisations.set(Organisation.objects.filter(slug=row["lead_organisation"]))
    initiative.municipalities.set(sheet.municipalities.all())
    _tell_history(initiative)
    for milestone in row["milestones"]:
        _make_milestone(initiative, milestone)


def _tell_history(initiative: Initiative) -> None:
    """Write what led to the state: selected by the decision, planned, then begun."""
    states = Initiative.Status
    decided, begun = (
        _morning(initiative.outcome.decision.decided_on),
        _morning(initiative.starts_on),
    )
    record_change(initiative, "publish_selection", "", states.SELECTED, by=None, at=decided)
    record_change(initiative, "plan", states.SELECTED, states.PLANNED, by=None, at=decided)
    record_change(initiative, "start", states.PLANNED, states.IN_PROGRESS, by=None, at=begun)


def _morning(day: date) -> datetime:
    """Return nine o'clock in Brussels on ``day``."""
    return timezone.make_aware(datetime.combine(day, time(9)))


def _sheet_of(row: dict) -> ProjectSheet:
    """Return the sheet of a demonstration initiative, found by its title as the seed wrote it."""
    entry = next(each for each in read("demo", "sheets") if each["key"] == row["sheet"])
    return ProjectSheet.objects.get(title_fr=entry["title"]["fr"], is_demo=True)


def _make_milestone(initiative: Initiative, row: dict) -> None:
    achieved = row["achieved_on"]
    milestone = Milestone.objects.create(
        initiative=initiative,
        **texts(title=row["title"], evidence=row["evidence"]),
        planned_on=date.fromisoformat(row["planned_on"]),
        achieved_on=date.fromisoformat(achieved) if achieved else None,
        status=Milestone.Status.ACHIEVED if achieved else Milestone.Status.PLANNED,
    )
    source, name = ("planned", "achieve") if achieved else ("", "seed")
    at = _morning(milestone.achieved_on) if achieved else None
    record_change(milestone, name, source, milestone.status, by=None, at=at)


def _load_edition(row: dict) -> None:
    if RoadmapVersion.objects.filter(number=row["number"]).exists():
        return
    freeze_edition(
        RoadmapVersion(
            number=row["number"],
            **texts(title=row["title"], introduction=row["introduction"]),
            adopted_by=Decision.objects.get(number=row["adopted_by"]),
            published_on=date.fromisoformat(row["published_on"]),
            is_demo=True,
        )
    )
