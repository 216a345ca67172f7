"""Seed of the programme: the contract, its deliverables, taxonomies, municipalities, timeline."""

from datetime import date

from core.seeding import ensure, read, texts

from .models import (
    Contract,
    Deliverable,
    Legislature,
    Municipality,
    Objective,
    Orientation,
    Portfolio,
    Source,
    Theme,
    TimelineFact,
    WorkPackage,
    Workstream,
)


def load(facts: bool = True, demo: bool = True) -> None:
    """Load the published facts and the demonstration workstreams; existing rows are left alone."""
    if facts:
        load_sources()
        load_contract()
        load_taxonomies()
        load_municipalities()
        load_timeline()
    if demo:
        load_workstreams()


def load_sources() -> None:
    """Load the publications that every other fact points to."""
    for row in read("facts", "sources"):
        ensure(
            Source,
            {"key": row["key"]},
            reference=row["reference"],
            not_proofread=row.get("not_proofread", []),
            **texts(label=row["label"]),
        )


def load_contract() -> None:
    """Load the contract, its six work packages and their deliverables."""
    programme = read("facts", "programme")
    contract = programme["contract"]
    made, new = ensure(
        Contract,
        {"kick_off": date.fromisoformat(contract["kick_off"])},
        assistance_years=contract["assistance_years"],
        consortium=contract["consortium"],
    )
    if new:
        made.sources.set(sources_of(contract["sources"]))
    for row in programme["work_packages"]:
        ensure(
            WorkPackage,
            {"number": row["number"]},
            slug=f"volet-{row['number']}",
            lead=row["lead"] or "",
            not_proofread=row.get("not_proofread", []),
            **texts(name=row["name"]),
        )
    for position, row in enumerate(programme["deliverables"], start=1):
        load_deliverable(row, position)


def load_deliverable(row: dict, position: int) -> None:
    """Load one deliverable: what was promised, and what was published about it."""
    made, new = ensure(
        Deliverable,
        {"code": row["code"]},
        work_package=WorkPackage.objects.get(number=row["work_package"]),
        target=row["target"],
        outcome_value=row["outcome_value"],
        listed_under=row["listed_under"],
        position=position,
        not_proofread=row["not_proofread"],
        **texts(
            name=row["name"],
            short_name=row["short_name"],
            unit=row["unit"],
            outcome=row["outcome"],
        ),
    )
    if new:
        made.sources.set(sources_of(row["sources"]))
        made.outcome_sources.set(sources_of(row["outcome_sources"]))


def load_taxonomies() -> None:
    """Load themes, orientations, legislatures, portfolios and objectives."""
    programme = read("facts", "programme")
    for model, rows in ((Theme, programme["themes"]), (Orientation, programme["orientations"])):
        for position, row in enumerate(rows, start=1):
            family = {"family": row["family"]} if model is Orientation else {}
            ensure_named(model, row, position=position, **family)
    for position, row in enumerate(programme["legislatures"], start=1):
        years = {"first_year": int(row["starts_on"]), "last_year": int(row["ends_on"])}
        ensure_named(Legislature, row, position=position, **years)
    for row in programme["portfolios"]:
        ensure_named(Portfolio, row)
    for position, row in enumerate(programme["objectives"], start=1):
        words = texts(description=row["description"])
        made, new = ensure_named(Objective, row, position=position, **words)
        if new:
            made.sources.set(sources_of(row["sources"]))


def load_municipalities() -> None:
    """Load the nineteen municipalities, each with its source."""
    for row in read("facts", "municipalities"):
        place = {"lat": row["lat"], "lon": row["lon"]}
        made, _new = ensure_named(
            Municipality, row, nis=row["nis"], postcodes=", ".join(row["postcodes"]), **place
        )
        mark_sources(made, row["sources"])


def load_timeline() -> None:
    """Load the dated facts about the strategy, as precise as they were published."""
    for row in read("facts", "timeline"):
        made, new = ensure(
            TimelineFact,
            {"when": row["iso"], "fact_fr": row["fact"]["fr"]},
            verified=row["verified"],
            not_proofread=row["not_proofread"],
            fact_nl=row["fact"]["nl"],
            fact_en=row["fact"]["en"],
            **texts(when_text=row["date_text"]),
        )
        if new:
            made.sources.set(sources_of(row["sources"]))


def load_workstreams() -> None:
    """Load the demonstration workstreams."""
    for position, row in enumerate(read("demo", "workstreams"), start=1):
        ensure_named(
            Workstream,
            row,
            position=position,
            is_demo=True,
            theme=Theme.objects.get(slug=row["theme"]),
            orientation=Orientation.objects.get(slug=row["orientation"]),
            portfolio=Portfolio.objects.get(slug=row["portfolio"]),
            **texts(summary=row["summary"]),
        )


def ensure_named(model, row: dict, **values):
    """Ensure a row with slug and name; the slug is the key."""
    return ensure(
        model,
        {"slug": row["slug"]},
        not_proofread=row.get("not_proofread", []),
        **texts(name=row["name"]),
        **values,
    )


def mark_sources(row, keys: list[str]) -> None:
    """Give a published fact its sources; one that was loaded before it had any gets them too."""
    if not row.sources.exists():
        row.sources.set(sources_of(keys))


def sources_of(keys: list[str]) -> list[Source]:
    """Return the publications with these keys; an unknown key is a fault of the data."""
    return [Source.objects.get(key=key) for key in keys]
