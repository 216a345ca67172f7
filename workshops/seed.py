"""Demonstration workshops; the published facts name none, only how many there were."""

from datetime import datetime, timedelta

from core.seeding import ensure, read, texts
from governance.histories import ensure_with_history
from programme.models import Municipality, Theme
from stakeholders.models import Idea
from stakeholders.seed import reference_of

from .models import AgendaIdea, Workshop

UNTIL_HELD = ("publish", "open_registration", "close_registration", "start", "hold")
#: How a demonstration workshop came to its state.
MOVES = {
    "published": ("publish",),
    "registration_open": ("publish", "open_registration"),
    "cancelled": ("publish", "cancel"),
    "held": UNTIL_HELD,
    "reported": (*UNTIL_HELD, "report"),
}


def moves_to(status: str, starts_at: datetime, ends_at: datetime) -> list[tuple[str, datetime]]:
    """Return the moves that led to ``status``, each with its time."""
    times = {
        "publish": starts_at - timedelta(days=70),
        "cancel": starts_at - timedelta(days=66),
        "open_registration": starts_at - timedelta(days=56),
        "close_registration": starts_at - timedelta(days=2),
        "start": starts_at,
        "hold": ends_at,
        "report": ends_at + timedelta(days=9),
    }
    return [(name, times[name]) for name in MOVES[status]]


def load(facts: bool = True, demo: bool = True) -> None:
    """Load the demonstration workshops with their agendas; running it again changes nothing."""
    if not demo:
        return
    for entry in read("demo", "workshops"):
        workshop, is_new = load_workshop(entry)
        if is_new:
            load_agenda(workshop, entry["ideas"])


def load_workshop(entry) -> tuple[Workshop, bool]:
    """Make one workshop."""
    starts_at, ends_at = (datetime.fromisoformat(entry[key]) for key in ("starts_at", "ends_at"))
    return ensure_with_history(
        Workshop,
        {"kind": entry["kind"], "series_no": entry["series_no"]},
        "draft",
        moves_to(entry["status"], starts_at, ends_at),
        theme=Theme.objects.filter(slug=entry["theme"]).first(),
        municipality=Municipality.objects.filter(nis=entry["municipality"]).first(),
        starts_at=starts_at,
        ends_at=ends_at,
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


def load_agenda(workshop, entries) -> None:
    """Put the ideas of the demonstration on the agenda, with their results."""
    for position, entry in enumerate(entries, start=1):
        ensure(
            AgendaIdea,
            {"workshop": workshop, "idea": Idea.objects.get(reference=reference_of(entry["idea"]))},
            position=position,
            result=entry["result"] or "",
            **texts(reason=entry["reason"]),
        )
