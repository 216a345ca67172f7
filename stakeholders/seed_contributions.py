"""What the demonstration adds after sending: a picture, a correction that waits."""

from django.conf import settings

from core.seeding import read
from core.uploads import taken_in

from . import services
from .models import Idea, text_state, words_of
from .services.edits import correct_idea

FILES = settings.BASE_DIR / "seed" / "demo" / "files"


def load(idea_of) -> None:
    """Load files and corrections once; ``idea_of`` (key) → the reference of an idea."""
    entries = read("demo", "contributions")
    for entry in entries["files"]:
        load_file(Idea.objects.get(reference=idea_of(entry["idea"])), entry)
    for entry in entries["corrections"]:
        load_correction(Idea.objects.get(reference=idea_of(entry["idea"])), entry)


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
