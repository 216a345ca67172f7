"""Loads the fictitious bodies, their meetings and decisions (all marked as demonstration)."""

from datetime import date, datetime

from core.seeding import ensure, read, texts
from stakeholders.models import Contact

from .models import ActionItem, AgendaItem, Body, Decision, Mandate, Meeting


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
    meeting, made = ensure(
        Meeting,
        {"number": entry["number"]},
        body=Body.objects.get(slug=entry["body"]),
        starts_at=datetime.fromisoformat(entry["starts_at"]),
        ends_at=datetime.fromisoformat(entry["ends_at"]),
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


def load_decision(entry: dict, meeting: Meeting) -> None:
    """Load a decision; what it decided about sheets is loaded with the sheets."""
    ensure(
        Decision,
        {"number": entry["number"]},
        meeting=meeting,
        kind=entry["kind"],
        decided_on=date.fromisoformat(entry["decided_on"]),
        status=entry["status"],
        is_demo=True,
        **texts(title=entry["title"], text=entry["text"], reasons=entry["reasons"]),
    )


def load_action(entry: dict) -> None:
    """Load an action; its owner is told as a role."""
    ensure(
        ActionItem,
        {
            "decision": Decision.objects.get(number=entry["decision"]),
            "title_fr": entry["title"]["fr"],
        },
        title_nl=entry["title"]["nl"],
        title_en=entry["title"]["en"],
        due_on=date.fromisoformat(entry["due_on"]),
        status=entry["state"],
        is_demo=True,
        **texts(owner_role=entry["owner"]),
    )
