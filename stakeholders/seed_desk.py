"""The work of the demonstration around ideas: reports, notes, who evaluates, templates."""

from datetime import date, datetime

from accounts.models import User
from core.seeding import ensure, read, texts

from .models import Assignment, Idea, IdeaNote, IdeaReport, MessageTemplate
from .reporters import hash_of_address


def load(idea_of, hosts) -> None:
    """Load it once; ``idea_of`` (key) → reference, ``hosts`` are two colleagues of the Office."""
    demo = read("demo", "desk")
    for entry in demo["templates"]:
        load_template(entry)
    for entry in demo["reports"]:
        load_report(idea_named(idea_of, entry), entry, hosts[0])
    for entry in demo["notes"]:
        load_note(idea_named(idea_of, entry), entry, hosts)
    for index, entry in enumerate(demo["assignments"]):
        load_assignment(idea_named(idea_of, entry), entry, hosts[index % 2], hosts[0])


def idea_named(idea_of, entry) -> Idea:
    """Return the demonstration idea that an entry is about."""
    return Idea.objects.get(reference=idea_of(entry["idea"]))


def load_template(entry) -> None:
    """Make one text to begin from."""
    ensure(
        MessageTemplate,
        {"slug": entry["slug"]},
        use=entry["use"],
        reason=entry["reason"],
        is_demo=True,
        not_proofread=["fr", "nl", "en"],
        **texts(name=entry["name"], text=entry["text"], instead=entry.get("instead")),
    )


def load_report(idea, entry, host: User) -> None:
    """Make one report, settled where the entry says why the idea was left."""
    settled = {}
    at = datetime.fromisoformat(entry["on"])
    if note := entry.get("left"):
        settled = {"settled_by": host, "settled_at": at, "how": "left", "settle_note": note}
    ensure(
        IdeaReport,
        {"idea": idea, "reporter_hash": hash_of_address(entry["reporter"])},
        **{name: entry[name] for name in ("reason", "details", "locale")},
        at=at,
        **settled,
    )


def load_note(idea, entry, hosts) -> None:
    """Make one note, with the reply that it got."""
    if idea.notes.exists():
        return
    at = datetime.fromisoformat(entry["on"])
    note = IdeaNote.objects.create(idea=idea, author=hosts[0], text=entry["text"], at=at)
    if reply := entry.get("reply"):
        at = datetime.fromisoformat(reply["on"])
        values = {"idea": idea, "author": hosts[1], "text": reply["text"]}
        IdeaNote.objects.create(at=at, reply_to=note, **values)


def load_assignment(idea, entry, evaluator: User, by: User) -> None:
    """Give one idea to a member of staff."""
    if not idea.assignments.exists():
        Assignment.objects.create(
            idea=idea,
            evaluator=evaluator,
            assigned_by=by,
            assigned_at=datetime.fromisoformat(entry["on"]),
            due_on=date.fromisoformat(entry["due"]),
        )
