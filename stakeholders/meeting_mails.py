"""The mails to a partner about a meeting, in the language in which the meeting is held.

The mail around the minutes is in the language of its reader: who gets it reads the minutes of a
meeting that is over, and answers by themselves.
"""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import calendars, documents, mail, typography
from core.markdown import body_html, body_text
from core.models import Attachment

#: What is told to a reader of another language.
MINUTES_ARE_IN = {
    "fr": gettext_lazy("The minutes are in French, the language of the meeting."),
    "nl": gettext_lazy("The minutes are in Dutch, the language of the meeting."),
    "en": gettext_lazy("The minutes are in English, the language of the meeting."),
}


def send_invitation(meeting, people, *, changed: bool = False, before=None) -> None:
    """Invite, or tell the new time and place; the calendar entry goes along.

    ``before`` is the former start where the time has changed: the reader crosses it out.
    """
    with translation.override(meeting.language):
        said = {"changed": changed, "before": typography.moment(before) if before else ""}
    mark = meeting.ical_sequence
    _send(meeting, people, "bilateral_invitation", mark, status="CONFIRMED", **said)


def send_agenda(meeting, people) -> None:
    """Send the points of the agenda; the same points are not sent twice to the same person."""
    points = [line.strip() for line in meeting.agenda.splitlines() if line.strip()]
    mark = f"{hash_of(meeting.agenda)}:{meeting.ical_sequence}"
    _send(meeting, people, "bilateral_agenda", mark, points=points)


def send_minutes(meeting, people, until, change) -> None:
    """Send the minutes as they were circulated, their PDF too, and until when one may correct.

    Minutes have one language; the mail around them speaks that of each reader.
    """
    version = documents.current_version(meeting.minutes)
    said = {"body": body_text(version.body), "body_html": body_html(version.body)}
    for person in people:
        with translation.override(person.language):
            words = {**told(meeting), **said, "until": typography.day(until)}
        other = person.language != meeting.language
        words["in_other_language"] = MINUTES_ARE_IN[meeting.language] if other else ""
        paper = minutes_attachment(meeting, version)
        key = f"bilateral_minutes:{meeting.pk}:{change.pk}:{person.pk}"
        _queue(meeting, person, key, person.language, words, attachments=[paper])


def minutes_attachment(meeting, version) -> Attachment:
    """Return the minutes as they go along with a mail."""
    with translation.override(meeting.language):
        kicker = str(meeting._meta.verbose_name)
    return Attachment(version=version, kicker=kicker, is_demo=meeting.is_demo)


def send_cancellation(meeting, people) -> None:
    """Tell those invited that the meeting does not take place."""
    _send(meeting, people, "bilateral_cancelled", meeting.ical_sequence, status="CANCELLED")


def hash_of(text: str) -> str:
    """Return a short fingerprint of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def calendar_entry(meeting, person, status: str) -> str:
    """Return the invitation or cancellation that calendar programs read.

    It has the same UID for the whole life of the meeting, and a number that rises with each change.
    """
    with translation.override(meeting.language):
        summary = _("%(office)s and %(partner)s") % {
            "office": settings.SITE["name"],
            "partner": meeting.organisation,
        }
    made = calendars.event(
        uid=f"bilateral-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=meeting.ical_sequence,
        start=meeting.starts_at,
        end=meeting.ends_at,
        summary=summary,
        description=meeting.agenda,
        location=meeting.place,
        status=status,
        organiser=meeting.owner.email,
        attendee=person.email,
    )
    return calendars.invitation(made, language=meeting.language)


def span_of(meeting) -> str:
    """Return from when to when, in the language that is active; the day of the end if another."""
    start, end = (timezone.localtime(at) for at in (meeting.starts_at, meeting.ends_at))
    last = typography.clock(end) if start.date() == end.date() else typography.moment(end)
    return f"{typography.moment(start)} – {last}"


def _send(meeting, people, template, mark, status="", **context) -> None:
    """Queue ``template`` once for each of ``people`` and ``mark``; with a calendar ``status``."""
    with translation.override(meeting.language):
        words = {**told(meeting), **context}
    for person in people:
        calendar = calendar_entry(meeting, person, status) if status else ""
        key = f"{template}:{meeting.pk}:{mark}:{person.pk}"
        _queue(meeting, person, key, meeting.language, words, calendar=calendar)


def told(meeting) -> dict:
    """Return what every mail about a meeting says, in the language that is active."""
    return {
        "meeting": meeting,
        "partner": str(meeting.organisation),
        "when": typography.moment(meeting.starts_at),
        "span": span_of(meeting),
        "host": str(meeting.owner),
    }


def _queue(meeting, person, key, language, words, **more) -> None:
    """Queue one mail to ``person``; its template is what ``key`` begins with."""
    mail.enqueue(
        key=key,
        template=key.partition(":")[0],
        to=person.email,
        language=language,
        context={**words, "person": person.name},
        headers={"Reply-To": meeting.owner.email},
        **more,
    )
