"""The mails to a partner about a meeting, in the language in which the meeting is held."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import calendars, mail, typography
from core.markdown import body_html, body_text


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
    """Send the minutes as they were circulated, with the day until which one may correct."""
    body = meeting.minutes.versions.order_by("-number").first().body
    with translation.override(meeting.language):
        words = typography.day(until)
    said = {"body": body_text(body), "body_html": body_html(body), "until": words}
    _send(meeting, people, "bilateral_minutes", change.pk, **said)


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
        told = {
            "meeting": meeting,
            "partner": str(meeting.organisation),
            "when": typography.moment(meeting.starts_at),
            "span": span_of(meeting),
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
            calendar=calendar_entry(meeting, person, status) if status else "",
        )
