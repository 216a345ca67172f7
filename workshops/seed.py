"""Demonstration workshops; the published facts name none, only how many there were."""

from datetime import datetime

from core.seeding import ensure, read, texts
from programme.models import Municipality, Theme
from stakeholders.models import Idea

from .models import AgendaIdea, Workshop


def load(facts: bool = True, demo: bool = True) -> None:
    """Load the demonstration workshops with their agendas; running it again changes nothing."""
    if not demo:
        return
    titles = {each["key"]: each for each in read("demo", "ideas")}
    for entry in read("demo", "workshops"):
        workshop, is_new = load_workshop(entry)
        if is_new:
            load_agenda(workshop, entry["ideas"], titles)


def load_workshop(entry) -> tuple[Workshop, bool]:
    """Make one workshop."""
    return ensure(
        Workshop,
        {"kind": entry["kind"], "series_no": entry["series_no"]},
        theme=Theme.objects.filter(slug=entry["theme"]).first(),
        municipality=Municipality.objects.filter(nis=entry["municipality"]).first(),
        starts_at=datetime.fromisoformat(entry["starts_at"]),
        ends_at=datetime.fromisoformat(entry["ends_at"]),
        capacity=entry["capacity"],
        languages=" ".join(entry["languages"]),
        status=entry["status"],
        is_demo=True,
        **texts(
            title=entry["title"],
            summary=entry["summary"],
            venue=entry["venue"],
            report=entry["outcome_summary"],
            status_reason=entry["status_reason"],
        ),
    )


def load_agenda(workshop, entries, titles) -> None:
    """Put the ideas of the demonstration on the agenda, with their results."""
    for position, entry in enumerate(entries, start=1):
        words = titles[entry["idea"]]
        idea = Idea.objects.filter(title=words["title"], language=words["language"]).first()
        if idea:
            AgendaIdea.objects.create(
                workshop=workshop,
                idea=idea,
                position=position,
                result=entry["result"] or "",
                **texts(reason=entry["reason"]),
            )
