"""The mails to a partner about a meeting, in the language in which the meeting is held."""

import hashlib

from django.utils import translation

from core import mail, typography


def send_invitation(meeting, people, *, changed: bool = False) -> None:
    """Invite, or tell the new time and place; the calendar entry goes along."""
    _send(meeting, people, "bilateral_invitation", meeting.ical_sequence, changed=changed)


def send_agenda(meeting, people) -> None:
    """Send the points of the agenda; the same points are not sent twice to the same person."""
    points = [line.strip() for line in meeting.agenda.splitlines() if line.strip()]
    mark = f"{hash_of(meeting.agenda)}:{meeting.ical_sequence}"
    _send(meeting, people, "bilateral_agenda", mark, points=points)


def send_minutes(meeting, people, until, change) -> None:
    """Send the minutes as they were circulated, with the day until which one may correct."""
    body = meeting.minutes.versions.order_by("-number").first().body
    with translation.override(meeting.language):
        words = typography.day(until)
    _send(meeting, people, "bilateral_minutes", change.pk, body=body, until=words)


def send_cancellation(meeting, people) -> None:
    """Tell those invited that the meeting does not take place."""
    _send(meeting, people, "bilateral_cancelled", meeting.ical_sequence)


def hash_of(text: str) -> str:
    """Return a short fingerprint of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _send(meeting, people, template, mark, **context) -> None:
    """Queue ``template`` once for each of ``people`` and ``mark``."""
    with translation.override(meeting.language):
        told = {
            "meeting": meeting,
            "partner": str(meeting.organisation),
            "when": typography.moment(meeting.starts_at),
            "host": str(meeting.owner),
            **context,
        }
    for person in people:
        mail.enqueue(
            key=f"{template}:{meeting.pk}:{mark}:{person.pk}",
            template=template,
            to=person.email,
            language=meeting.language,
            context={**told, "person": person.name},
            headers={"Reply-To": meeting.owner.email},
        )
