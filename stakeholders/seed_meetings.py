"""Demonstration meetings, exchanges and promises, with the dates of their story; no mail."""

import hashlib
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from core.models import Document, DocumentStatus, DocumentVersion
from core.seeding import ensure, texts
from core.workflow import record_change
from programme.models import Portfolio, Workstream

from .models import (
    TOOK_PLACE,
    Affiliation,
    BilateralMeeting,
    BilateralStatus,
    Commitment,
    Contact,
    Interaction,
    LegalBasis,
    Organisation,
    Participation,
)
from .services import minutes
from .services.meetings import line_about

SINCE = datetime(2024, 1, 1).date()
LENGTH = timedelta(hours=1)
#: The way of a meeting to its state: [(action, state)], each with the day that its entry tells.
WAY = (
    ("agree", BilateralStatus.AGREED),
    ("hold", BilateralStatus.HELD),
    ("write_minutes", BilateralStatus.MINUTES_DRAFT),
    ("share_minutes", BilateralStatus.MINUTES_SHARED),
    ("validate", BilateralStatus.VALIDATED),
)
DOCUMENT_OF = {
    BilateralStatus.MINUTES_DRAFT: DocumentStatus.DRAFT,
    BilateralStatus.MINUTES_SHARED: DocumentStatus.CIRCULATED,
    BilateralStatus.VALIDATED: DocumentStatus.SIGNED,
}
COPIED = (
    *("place", "agenda", "outcomes", "positions", "needs", "assets_offered", "synergies"),
    "language",
)


def load(story: dict) -> None:
    """Load the story; what is there already is left alone."""
    hosts = [load_host(entry) for entry in story["hosts"]]
    for entry in story["organisations"]:
        load_organisation(entry)
    for entry in story["people"]:
        load_person(entry)
    for entry in story["exchanges"]:
        load_exchange(entry, hosts[0])
    for index, entry in enumerate(story["meetings"]):
        load_meeting(entry, hosts[index % 2], hosts[(index + 1) % 2])
    for entry in story["commitments"]:
        load_commitment(entry, story)


def load_host(entry) -> User:
    """Make one invented colleague, who cannot log in."""
    found = User.objects.filter(email=entry["email"]).first()
    if found:
        return found
    values = {"name": entry["name"], "is_demo": True}
    return User.objects.create_user(entry["email"], None, roles=[Role.STAFF], **values)


def load_organisation(entry) -> None:
    """Make an invented organisation that did not ask to be shown."""
    values = {"helix": entry["helix"], "is_demo": True, **texts(name=entry["name"])}
    ensure(Organisation, {"slug": entry["slug"]}, **values)


def load_person(entry) -> None:
    """Make an invented person with their work."""
    person, is_new = ensure(
        Contact,
        {"email": entry["email"]},
        name=entry["name"],
        language=entry["language"],
        legal_basis=LegalBasis.PUBLIC_TASK,
        is_demo=True,
    )
    if is_new:
        Affiliation.objects.create(
            contact=person,
            organisation=Organisation.objects.get(slug=entry["organisation"]),
            role=entry["role"],
            starts_on=SINCE,
        )


def moment(text: str):
    """Return a moment in Brussels from an ISO text; a day is taken at nine o'clock."""
    found = datetime.fromisoformat(text)
    if "T" not in text:
        found = datetime.combine(found, time(9))
    return timezone.make_aware(found)


def load_exchange(entry, host) -> None:
    """Make one exchange of the log."""
    at = moment(entry["at"])
    if Interaction.objects.filter(happened_at=at, subject=entry["subject"]).exists():
        return
    values = ("kind", "direction", "subject", "summary", "minutes_long", "sentiment")
    made = write_exchange(at, host, **{name: entry[name] for name in values})
    seat(made, entry, [host])


def write_exchange(at, host, **values) -> Interaction:
    """Write a row of the log as a demonstration."""
    return Interaction.objects.create(happened_at=at, logged_by=host, is_demo=True, **values)


def seat(exchange, entry, hosts) -> None:
    """Write down who took part in an exchange."""
    at = exchange.happened_at
    organisation = Organisation.objects.get(slug=entry["organisation"])
    people = Contact.objects.filter(email__in=entry["contacts"])
    theirs = [
        Participation(
            interaction=exchange, contact=person, organisation=organisation, happened_at=at
        )
        for person in people
    ]
    ours = [
        Participation(interaction=exchange, side="ours", user=host, happened_at=at)
        for host in hosts
    ]
    Participation.objects.bulk_create([*theirs, *ours])


def load_meeting(entry, host, second) -> None:
    """Make one meeting with its log, minutes and history."""
    key = {"kind": entry["kind"], "series_no": entry["number"]}
    if BilateralMeeting.objects.filter(**key).exists():
        return
    meeting = BilateralMeeting(
        **key,
        organisation=Organisation.objects.get(slug=entry["organisation"]),
        portfolio=Portfolio.objects.filter(slug=entry["portfolio"]).first(),
        workstream=Workstream.objects.filter(slug=entry["workstream"]).first(),
        starts_at=moment(entry["starts_at"]),
        ends_at=moment(entry["starts_at"]) + LENGTH,
        owner=host,
        is_demo=True,
        **{name: entry[name] for name in COPIED},
        **dates_of(entry),
    )
    if entry["status"] in TOOK_PLACE:
        meeting.interaction = write_exchange(
            meeting.starts_at,
            host,
            kind=Interaction.Kind.BILATERAL,
            subject=line_about(meeting, entry["summary"]),
            summary=entry["summary"],
            place=meeting.place,
            minutes_long=60,
        )
        seat(meeting.interaction, entry, [host])
    meeting.minutes = load_minutes(meeting, entry, second)
    if entry["validated_on"]:
        meeting.validated_by, meeting.validated_at = second, moment(entry["validated_on"])
    meeting.status = entry["status"]
    meeting.save()
    meeting.contacts.set(Contact.objects.filter(email__in=entry["contacts"]))
    load_history(meeting, entry, host, second)


def dates_of(entry) -> dict:
    """Return what was sent when."""
    dates = {
        "invited_at": entry["invited_on"],
        "agenda_sent_at": entry["agenda_sent_on"],
        "followed_up_at": entry["followed_up_on"],
    }
    found = {field: moment(day) if day else None for field, day in dates.items()}
    return {**found, "ical_sequence": int(bool(entry["invited_on"]))}


def load_minutes(meeting, entry, second) -> Document | None:
    """Make the minutes with their one wording."""
    if not entry["minutes"]:
        return None
    shared, validated = entry["shared_on"], entry["validated_on"]
    made = Document.objects.create(
        title=minutes.title_of(meeting),
        language=meeting.language,
        created_at=meeting.ends_at,
    )
    DocumentVersion.objects.create(
        document=made,
        number=1,
        body=entry["minutes"],
        sha256=hashlib.sha256(entry["minutes"].encode()).hexdigest(),
        author=meeting.owner,
        at=meeting.ends_at,
    )
    made.status = DOCUMENT_OF[entry["status"]]
    if shared:
        made.circulated_until = moment(shared).date() + minutes.CORRECTIONS_WITHIN
    if validated:
        made.signed_by, made.signed_at = str(second), moment(validated)
    made.save()
    return made


def load_history(meeting, entry, host, second) -> None:
    """Write what happened to the meeting, in the order of its days."""
    first = meeting.invited_at or meeting.starts_at - timedelta(days=30)
    proposed = min(first, timezone.now()) - timedelta(days=1)
    record_change(meeting, "propose", "", BilateralStatus.PROPOSED, by=host, at=proposed)
    if meeting.status == BilateralStatus.CANCELLED:
        at = meeting.starts_at - timedelta(days=4)
        words = {"by": host, "note": entry["reason"], "at": at}
        record_change(meeting, "cancel", BilateralStatus.PROPOSED, meeting.status, **words)
        return
    source, days = BilateralStatus.PROPOSED, days_of(meeting, entry, first)
    for name, target in WAY:
        if source == meeting.status:
            return
        by = second if name == "validate" else host
        record_change(meeting, name, source, target, by=by, at=days[name])
        source = target


def days_of(meeting, entry, first) -> dict:
    """Return when each move of a meeting was made."""
    shared = moment(entry["shared_on"]) if entry["shared_on"] else meeting.ends_at
    return {
        "agree": min(first + timedelta(days=2), meeting.starts_at),
        "hold": meeting.ends_at,
        "write_minutes": min(meeting.ends_at + timedelta(hours=2), shared),
        "share_minutes": shared,
        "validate": meeting.validated_at,
    }


def load_commitment(entry, story) -> None:
    """Make one promise, made during a meeting."""
    told = {row["key"]: row for row in story["meetings"]}[entry["meeting"]]
    meeting = BilateralMeeting.objects.get(kind=told["kind"], series_no=told["number"])
    key = {"text": entry["text"], "organisation": meeting.organisation}
    if Commitment.objects.filter(**key).exists():
        return
    closed = entry["closed_on"]
    made = Commitment.objects.create(
        **key,
        made_by=entry["made_by"],
        interaction=meeting.interaction,
        contact=meeting.contacts.first(),
        owner=meeting.owner,
        due_on=entry["due_on"],
        status=entry["status"],
        evidence=entry["evidence"],
        closed_on=closed,
        created_at=meeting.ends_at,
        is_demo=True,
    )
    record_change(made, "note", "", "open", by=meeting.owner, at=made.created_at)
    moves = {"in_progress": "start", "done": "keep", "dropped": "drop"}
    if entry["status"] in moves:
        at = moment(closed) if closed else made.created_at + timedelta(days=7)
        words = {"by": meeting.owner, "note": entry["reason"], "at": at}
        record_change(made, moves[entry["status"]], "open", entry["status"], **words)
