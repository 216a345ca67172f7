"""The published register of organisations, and demonstration ideas with their contributors."""

from datetime import datetime, time

from django.utils import timezone

from core.seeding import ensure, read, texts
from core.workflow import record_change
from programme.models import Municipality, Source, Theme, Workstream

from .models import Contact, Idea, IdeaQuestion, Organisation, ReferenceSeries, Submission

YEAR = 2026
#: Reason codes of the demonstration ideas that ended early, by their state.
CLOSING = {"withdrawn": "solved", "not_admissible": "advertising"}


def load(facts: bool = True, demo: bool = True) -> None:
    """Load organisations and demonstration ideas; running it again changes nothing."""
    if facts:
        for entry in read("facts", "organisations"):
            load_organisation(entry)
    if demo:
        for entry in read("demo", "organisations"):
            load_demo_organisation(entry)
        for entry in read("demo", "ideas"):
            load_idea(entry)
        link_merged()
        series, _made = ReferenceSeries.objects.get_or_create(year=YEAR)
        ReferenceSeries.objects.filter(pk=series.pk, last__lt=len(read("demo", "ideas"))).update(
            last=len(read("demo", "ideas"))
        )


def load_organisation(entry) -> None:
    """Make one real organisation with its sources."""
    former = sorted({name for names in entry["former_names"] for name in names.values()})
    made, is_new = ensure(
        Organisation,
        {"slug": entry["slug"]},
        helix=entry["helix"],
        level=entry["level"] or "",
        website=entry["website"] or "",
        former_names="\n".join(former),
        verified=entry["checked"],
        is_listed=True,
        not_proofread=entry["not_proofread"],
        **texts(name=entry["name"], short_name=entry["short_name"]),
    )
    if is_new:
        made.sources.set(Source.objects.filter(key__in=entry["sources"]))


def load_demo_organisation(entry) -> None:
    """Make one fictitious organisation."""
    ensure(
        Organisation,
        {"slug": entry["slug"]},
        helix=entry["helix"],
        municipality=Municipality.objects.filter(nis=entry["municipality"]).first(),
        is_listed=True,
        is_demo=True,
        **texts(name=entry["name"]),
    )


def reference_of(key: str) -> str:
    """Return the reference of the demonstration idea `idea-07`: SCO-2026-00007."""
    return f"SCO-{YEAR}-{int(key.rpartition('-')[2]):05}"


def moment(day: str | None):
    """Return nine o'clock in Brussels on an ISO ``day``, None for None."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(datetime.fromisoformat(day), time(9)))


def load_idea(entry) -> None:
    """Make one demonstration idea with its contributor and its history."""
    # A merged idea gets its state once the idea that took it in exists.
    status = "published" if entry["status"] == "merged" else entry["status"]
    idea, is_new = ensure(
        Idea,
        {"reference": reference_of(entry["key"])},
        status=status,
        is_demo=True,
        **words_of(entry),
        **filed_under(entry),
        **dates_of(entry),
    )
    if is_new:
        load_contributor(idea, entry)
        load_question(idea, entry)


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
        ),
    }


def filed_under(entry) -> dict:
    """Return theme, workstream and municipality of one idea."""
    return {
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


def load_question(idea, entry) -> None:
    """Make the open question of an idea that waits for a reply."""
    question = entry.get("question")
    if question:
        text = question if isinstance(question, str) else question[entry["language"]]
        asked_from = "published" if idea.published_at else "received"
        ensure(IdeaQuestion, {"idea": idea, "text": text}, asked_from=asked_from)


def link_merged() -> None:
    """Merge the demonstration ideas that were merged, once both exist."""
    for entry in read("demo", "ideas"):
        if entry["status"] != "merged":
            continue
        idea = Idea.objects.get(reference=reference_of(entry["key"]))
        if idea.duplicate_of_id is None:
            target = Idea.objects.get(reference=reference_of(entry["merged_into"]))
            Idea.objects.filter(pk=idea.pk).update(status="merged", duplicate_of=target)
            record_change(idea, "merge", "published", "merged", by=None)
