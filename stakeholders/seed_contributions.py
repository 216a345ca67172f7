"""What the demonstration adds to its ideas: a picture, a correction, a draft answer, reactions."""

from django.conf import settings

from core.seeding import ensure, moment, read, texts
from core.uploads import taken_in

from . import services
from .models import (
    AnswerFeedback,
    Idea,
    OfficialStatement,
    SimilarityPair,
    text_state,
    words_of,
)
from .services.edits import correct_idea
from .services.statements import default_signatory

FILES = settings.BASE_DIR / "seed" / "demo" / "files"


def load(idea_of) -> None:
    """Load files and corrections once; ``idea_of`` (key) → the reference of an idea."""
    entries = read("demo", "contributions")
    for entry in entries["files"]:
        load_file(Idea.objects.get(reference=idea_of(entry["idea"])), entry)
    for entry in entries["corrections"]:
        load_correction(Idea.objects.get(reference=idea_of(entry["idea"])), entry)
    for entry in entries["drafts"]:
        load_draft(Idea.objects.get(reference=idea_of(entry["idea"])), entry)
    for entry in entries["reactions"]:
        load_reaction(Idea.objects.get(reference=idea_of(entry["idea"])), entry)
    for entry in entries["pairs"]:
        load_pair([Idea.objects.get(reference=idea_of(key)) for key in entry["ideas"]], entry)


def load_file(idea, entry) -> None:
    """Put a picture beside a demonstration idea, which a moderator has still to release."""
    if idea.attachments.exists():
        return
    picture = taken_in(entry["file"], (FILES / entry["file"]).read_bytes())
    services.attach_files(idea, [picture], descriptions=[entry["alt_text"]], rights_confirmed=True)


def load_correction(idea, entry) -> None:
    """Let the contributor of a public demonstration idea correct it; the Office has to decide."""
    if idea.edits.exists():
        return
    words = {**words_of(idea), **entry["words"]}
    correct_idea(idea.submissions.earliest("pk"), words, seen=text_state(idea))


def load_draft(idea, entry) -> None:
    """Begin the answer to a demonstration idea; somebody has still to propose it."""
    ensure(
        OfficialStatement,
        {"idea": idea, "kind": OfficialStatement.Kind.ANSWER},
        outcome=entry["outcome"],
        **default_signatory(),
        **texts(body=entry["body"]),
    )


def load_reaction(idea, entry) -> None:
    """Let the contributor of a demonstration idea say whether the answer helped."""
    ensure(
        AnswerFeedback,
        {"statement": idea.statements.public().answers().get()},
        submission=idea.submissions.earliest("pk"),
        status=entry["status"],
        comment=entry["comment"],
        asked_at=moment(entry["asked_on"]),
        replied_at=moment(entry["replied_on"]),
    )


def load_pair(ideas, entry) -> None:
    """Propose two demonstration ideas as possibly the same; somebody has still to decide."""
    first, second = sorted(ideas, key=lambda idea: idea.pk)
    found = {"score": entry["score"], "method": entry["method"]}
    ensure(SimilarityPair, {"a": first, "b": second}, **found)
