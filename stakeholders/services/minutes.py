"""The minutes of a bilateral meeting as a versioned document of the engine."""

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import documents
from core.models import FIXED_DOCUMENT, Document
from core.workflow import TransitionRefused

#: How long a partner has for corrections.
CORRECTIONS_WITHIN = timedelta(days=7)


def save(meeting, body: str, *, by, note: str = "") -> Document:
    """Save ``body`` as the next wording of the minutes of ``meeting``; return the document."""
    if not body.strip():
        raise TransitionRefused(_("Write the minutes first."))
    if meeting.minutes_id is None:
        document = documents.begin_document(
            title=title_of(meeting), language=meeting.language, by=by, body=body
        )
        meeting.minutes = document
        meeting.save(update_fields=["minutes"])
        return document
    documents.save_version(meeting.minutes, body, by=by, note=note)
    return meeting.minutes


def title_of(meeting) -> str:
    """Return the title of the minutes in the language of the partner."""
    with translation.override(meeting.language):
        words = {"number": meeting.series_no, "partner": meeting.organisation}
        title = _("Minutes of bilateral meeting %(number)s, %(partner)s") % words
    return title[: documents.TITLE_LENGTH]


def circulate(meeting, *, by):
    """Give the minutes to the partner; return the day until which corrections are welcome."""
    until = timezone.localdate() + CORRECTIONS_WITHIN
    documents.circulate(meeting.minutes, until=until, by=by)
    return until


def take_back(meeting, *, by) -> None:
    """Open the circulated minutes for a correction."""
    documents.correct(meeting.minutes, by=by)


def fix(meeting, *, by) -> None:
    """Approve and sign the minutes in the name of who validates them: they change no more."""
    if meeting.minutes.status not in FIXED_DOCUMENT:
        documents.approve(meeting.minutes, by=by)
        documents.sign(meeting.minutes, signed_by=str(by), by=by)
