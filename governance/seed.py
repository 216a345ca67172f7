"""Loads the fictitious bodies, their meetings and decisions (all marked as demonstration)."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.seeding import ensure, read, texts
from stakeholders.models import Contact

from .histories import ensure_with_history
from .models import ActionItem, AgendaItem, Body, Decision, Mandate, Meeting

#: How a demonstration row came to its state.
DECISION_MOVES = {"adopted": "adopt", "deferred": "defer", "rejected": "reject"}
ACTION_MOVES = {
    "open": (),
    "in_progress": ("start",),
    "done": ("start", "complete"),
    "verified": ("start", "complete", "verify"),
}
CONVENED_BEFORE = timedelta(days=21)


def load(facts: bool = True, demo: bool = True) -> None:
    """Make what is missing. No published fact names a board, so everything here is invented."""
    if not demo:
        return
    entries = read("demo", "governance")
    for entry in entries["bodies"]:
        load_body(entry)
    meetings = {entry["key"]: load_meeting(entry) for entry in entries["meetings"]}
    first_day = min(meeting.starts_at for meeting in meetings.values()).date()
    for entry in entries["seats"]:
        load_seat(entry, first_day)
    for entry in entries["decisions"]:
        load_decision(entry, meetings[entry["meeting"]])
    for entry in entries["actions"]:
        load_action(entry)


def load_body(entry: dict) -> None:
    """Load a body."""
    ensure(
        Body,
        {"slug": entry["slug"]},
        code=entry["code"],
        kind=entry["kind"],
        is_demo=True,
        **texts(name=entry["name"], mission=entry["mission"]),
    )


def load_seat(entry: dict, first_day: date) -> None:
    """Load a mandate and its holder, who is a role with an example.org address."""
    contact, _made = ensure(
        Contact,
        {"email": entry["email"]},
        name=entry["role"]["fr"],
        language="fr",
        is_demo=True,
    )
    ensure(
        Mandate,
        {"body": Body.objects.get(slug=entry["body"]), "contact": contact},
        helix=entry["helix"],
        rank=Mandate.Rank.EFFECTIVE if entry["voting"] else Mandate.Rank.EXPERT,
        votes=entry["voting"],
        chairs=entry["key"] == "seat-1",
        starts_on=first_day,
        is_demo=True,
        **texts(title=entry["role"]),
    )


def load_meeting(entry: dict) -> Meeting:
    """Load a meeting with its agenda."""
    starts_at, ends_at = (datetime.fromisoformat(entry[key]) for key in ("starts_at", "ends_at"))
    moves = [("convene", starts_at - CONVENED_BEFORE)]
    if entry["status"] == "closed":
        moves += [("begin", starts_at), ("close", ends_at)]
    meeting, made = ensure_with_history(
        Meeting,
        {"number": entry["number"]},
        "draft",
        moves,
        body=Body.objects.get(slug=entry["body"]),
        starts_at=starts_at,
        ends_at=ends_at,
        status=entry["status"],
        is_demo=True,
        **texts(title=entry["title"], place=entry["place"], minutes=entry["minutes_public"]),
    )
    if made:
        for item in entry["agenda"]:
            load_agenda_item(meeting, item)
    return meeting


def load_agenda_item(meeting: Meeting, item: dict) -> None:
    """Load a point of an agenda."""
    ensure(
        AgendaItem,
        {"meeting": meeting, "number": item["number"]},
        kind=item["kind"],
        audience=item["visibility"],
        **texts(title=item["title"]),
    )


def evening(day: date) -> datetime:
    """Return five o'clock in the afternoon of ``day`` in Brussels."""
    return timezone.make_aware(datetime.combine(day, time(17)))


def load_decision(entry: dict, meeting: Meeting) -> None:
    """Load a decision; what it decided about sheets is loaded with the sheets."""
    day = date.fromisoformat(entry["decided_on"])
    ensure_with_history(
        Decision,
        {"number": entry["number"]},
        "proposed",
        [(DECISION_MOVES[entry["status"]], evening(day))],
        meeting=meeting,
        kind=entry["kind"],
        decided_on=day,
        status=entry["status"],
        is_demo=True,
        **texts(title=entry["title"], text=entry["text"], reasons=entry["reasons"]),
    )


def load_action(entry: dict) -> None:
    """Load an action; its owner is told as a role."""
    decision = Decision.objects.get(number=entry["decision"])
    due_on = date.fromisoformat(entry["due_on"])
    times = (
        evening(decision.decided_on + timedelta(days=2)),
        evening(due_on - timedelta(days=1)),
        evening(due_on),
    )
    ensure_with_history(
        ActionItem,
        {"decision": decision, "title_fr": entry["title"]["fr"]},
        "open",
        list(zip(ACTION_MOVES[entry["state"]], times, strict=False)),
        title_nl=entry["title"]["nl"],
        title_en=entry["title"]["en"],
        due_on=due_on,
        status=entry["state"],
        is_demo=True,
        **texts(owner_role=entry["owner"]),
    )
