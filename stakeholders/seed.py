"""The published register of organisations, and demonstration ideas with their contributors."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.seeding import ensure, moment, read, texts
from core.workflow import record_change
from programme.models import Municipality, Theme, Workstream
from programme.seed import mark_sources

from . import seed_contributions, seed_desk, seed_meetings
from .models import (
    Contact,
    Idea,
    IdeaQuestion,
    OfficialStatement,
    Organisation,
    OrganisationName,
    ReferenceSeries,
    Submission,
)
from .seed_register import load_demo_register
from .services import statements

YEAR = 2026
#: Reason codes of the demonstration ideas that ended early, by their state.
CLOSING = {"withdrawn": "solved", "not_admissible": "private_matter"}
#: How a demonstration idea came to its state after it was published: (action, state before).
LAST_MOVES = {
    "under_review": ("start_review", "published"),
    "answered": ("answer", "under_review"),
    "info_requested": ("ask_info", "published"),
    "withdrawn": ("withdraw", "published"),
    "merged": ("merge", "published"),
    "not_admissible": ("refuse", "received"),
}
REVIEW_AFTER = timedelta(days=14)


def load(facts: bool = True, demo: bool = True) -> None:
    """Load organisations and demonstration ideas; running it again changes nothing."""
    if facts:
        for entry in read("facts", "organisations"):
            load_organisation(entry)
    if demo:
        for entry in read("demo", "organisations"):
            load_demo_organisation(entry)
        load_demo_register()
        # What was merged comes after the idea that took it in.
        for entry in sorted(read("demo", "ideas"), key=lambda each: bool(each["merged_into"])):
            load_idea(entry)
        seed_contributions.load(reference_of)
        seed_meetings.load(read("demo", "meetings"))
        hosts = [seed_meetings.load_host(each) for each in read("demo", "meetings")["hosts"]]
        seed_desk.load(reference_of, hosts)
        series, _made = ReferenceSeries.objects.get_or_create(year=YEAR)
        ReferenceSeries.objects.filter(pk=series.pk, last__lt=len(read("demo", "ideas"))).update(
            last=len(read("demo", "ideas"))
        )


def load_organisation(entry) -> None:
    """Make one real organisation with its sources."""
    made, _new = ensure(
        Organisation,
        {"slug": entry["slug"]},
        helix=entry["helix"],
        level=entry["level"] or "",
        website=entry["website"] or "",
        municipality=Municipality.objects.filter(nis=entry["municipality"]).first(),
        verified=entry["checked"],
        is_listed=True,
        not_proofread=entry["not_proofread"],
        **texts(name=entry["name"], short_name=entry["short_name"], note=entry["note"]),
    )
    mark_sources(made, entry["sources"])
    for names in entry["former_names"]:
        if not made.other_names.filter(name_fr=names["fr"]).exists():
            OrganisationName.objects.create(organisation=made, **texts(name=names))


def load_demo_organisation(entry) -> None:
    """Make one fictitious organisation."""
    made, is_new = ensure(
        Organisation,
        {"slug": entry["slug"]},
        helix=entry["helix"],
        municipality=Municipality.objects.filter(nis=entry["municipality"]).first(),
        is_listed=True,
        is_demo=True,
        **texts(name=entry["name"]),
    )
    if is_new:
        made.themes.set(Theme.objects.filter(slug__in=entry["themes"]))


def reference_of(key: str) -> str:
    """Return the reference of the demonstration idea `idea-07`: SCO-2026-00007."""
    return f"SCO-{YEAR}-{int(key.rpartition('-')[2]):05}"


def load_idea(entry) -> None:
    """Make one demonstration idea with its contributor and its history."""
    reference = reference_of(entry["key"])
    if Idea.objects.filter(reference=reference).exists():
        return
    into = entry.get("merged_into")
    idea = Idea.objects.create(
        reference=reference,
        status=entry["status"],
        duplicate_of=Idea.objects.get(reference=reference_of(into)) if into else None,
        is_demo=True,
        **words_of(entry),
        **filed_under(entry),
        **dates_of(entry),
    )
    load_contributor(idea, entry)
    load_answer(idea, entry)
    load_question(idea, entry)
    load_history(idea, entry)


def words_of(entry) -> dict:
    """Return what was written about one idea, by its author and by the Office."""
    return {
        "title": entry["title"],
        "body": entry["body"],
        "language": entry["language"],
        "expected_benefit": entry["expected_benefit"] or "",
        "submitter_type": entry["submitter_type"],
        "helix": entry["helix"] or "",
        "organisation_claimed": entry["organisation_claimed"] or "",
        "display": entry["display_name"],
        "display_text": entry["display_text"] or "",
        "outcome": entry.get("outcome") or "",
        "closing_reason": CLOSING.get(entry["status"], ""),
        **texts(
            staff_summary=entry["staff_summary"],
            answer=entry.get("answer"),
            public_note=entry.get("reason") if isinstance(entry.get("reason"), dict) else None,
            # That of an answer stands in its statement.
            instead=None if entry.get("answer") else entry.get("instead"),
        ),
    }


def organisation_named(name: str | None):
    """Return the organisation of the register with this name in any language, or None."""
    if not name:
        return None
    return Organisation.objects.filter(Q(name_fr=name) | Q(name_nl=name) | Q(name_en=name)).first()


def filed_under(entry) -> dict:
    """Return theme, workstream, municipality and verified organisation of one idea."""
    return {
        "organisation": organisation_named(entry["organisation_claimed"]),
        "theme": Theme.objects.get(slug=entry["theme"]),
        "workstream": Workstream.objects.filter(slug=entry["workstream"]).first(),
        "municipality": Municipality.objects.filter(nis=entry["municipality"]).first(),
    }


def dates_of(entry) -> dict:
    """Return the dates of one idea."""
    return {
        "submitted_at": moment(entry["submitted_on"]),
        "received_at": moment(entry["submitted_on"]),
        "published_at": moment(entry.get("published_on")),
        "answered_at": moment(entry.get("answered_on")),
    }


def load_contributor(idea, entry) -> None:
    """Make the invented contributor of an idea."""
    values = {"language": entry["language"], "is_demo": True}
    contact, _made = ensure(Contact, {"email": entry["contact_email"]}, **values)
    ensure(
        Submission,
        {"idea": idea, "contact": contact},
        language=entry["language"],
        email_verified_at=idea.received_at,
        consent_version="demo",
    )


def load_answer(idea, entry) -> None:
    """Make the published statement of an answered idea; nobody in particular signs the story."""
    if not idea.is_answered:
        return
    OfficialStatement.objects.create(
        idea=idea,
        kind=OfficialStatement.Kind.ANSWER,
        status=OfficialStatement.Status.PUBLISHED,
        outcome=idea.outcome,
        reason=entry.get("decline_reason", ""),
        published_at=idea.answered_at,
        created_at=idea.answered_at,
        **statements.default_signatory(),
        **texts(body=entry["answer"], instead=entry.get("instead")),
    )


def load_question(idea, entry) -> None:
    """Make the open question of an idea that waits for a reply."""
    if entry.get("question"):
        IdeaQuestion.objects.create(
            idea=idea,
            text=entry["question"][entry["language"]],
            asked_from="published" if idea.published_at else "received",
            asked_at=last_moved_at(idea, entry),
        )


def last_moved_at(idea, entry):
    """Return when an idea came to its last state: as told, else two weeks after the step before."""
    told = moment(entry.get("answered_on") or entry.get("closed_on"))
    before = idea.published_at or idea.received_at
    return told or min(before + REVIEW_AFTER, timezone.now())


def load_history(idea, entry) -> None:
    """Write what happened to a demonstration idea, with the dates of the story."""
    record_change(idea, "submit", "", "submitted", by=None, at=idea.submitted_at)
    record_change(idea, "confirm", "submitted", "received", by=None, at=idea.received_at)
    if idea.published_at:
        record_change(idea, "publish", "received", "published", by=None, at=idea.published_at)
    if idea.status == Idea.Status.ANSWERED:
        at = min(idea.published_at + REVIEW_AFTER, idea.answered_at)
        record_change(idea, "start_review", "published", "under_review", by=None, at=at)
    if idea.status in LAST_MOVES:
        name, source = LAST_MOVES[idea.status]
        at = last_moved_at(idea, entry)
        record_change(idea, name, source, idea.status, by=None, at=at)
