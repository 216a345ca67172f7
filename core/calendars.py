"""Calendar files (RFC 5545): events for feeds, and invitations that travel in a mail (RFC 6047).

Times are written in Brussels time with the zone's own rule beside them, so that a reader needs no
table of zones. An event keeps its UID wherever it appears; `sequence` never falls. A feed names no
guests; an invitation names the one to whom it goes and nobody else.
"""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.validators import validate_email
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from .typography import BRUSSELS

ZONE = "Europe/Brussels"
STATUSES = frozenset({"TENTATIVE", "CONFIRMED", "CANCELLED"})
#: How often a calendar program may ask for a feed again.
REFRESH = timedelta(hours=6)
#: A cancelled event stays in a feed this long after its end, so that calendars learn of it.
KEEP_CANCELLED = timedelta(days=30)


def event(
    *,
    uid: str,
    sequence: int,
    start: date | datetime,
    end: date | datetime,
    summary: str,
    description: str = "",
    location: str = "",
    status: str = "CONFIRMED",
    organiser: str = "",
    attendee: str = "",
    stamp: datetime | None = None,
) -> Event:
    """Return one event. Two dates make it an all-day one, ``end`` being its last day.

    ``organiser`` and ``attendee`` are mail addresses; ``stamp`` is when the event last changed (now
    where it is not given: a feed passes it, so that the same rows give the same file).
    """
    _check_times(start, end)
    if status not in STATUSES:
        raise ValueError(f"an event is not {status!r}")
    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", (stamp or timezone.now()).astimezone(UTC).replace(microsecond=0))
    made.add("sequence", sequence)
    made.add("dtstart", _moment(start))
    made.add("dtend", _moment(end) if isinstance(end, datetime) else end + timedelta(days=1))
    made.add("status", status)
    for name, words in (("summary", summary), ("description", description), ("location", location)):
        if words:
            made.add(name, one_kind_of_line_end(words))
    _name_people(made, organiser, attendee)
    return made


def calendar(events, *, method: str, name: str, language: str) -> bytes:
    """Return the file with ``events``: PUBLISH is a feed, REQUEST and CANCEL go by mail."""
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE['name']}//portal//{language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    if method == "PUBLISH":
        made.add("name", name, parameters={"language": language})
        made.add("x-wr-calname", name)
        made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    made.add_component(brussels_zone())
    for each in events:
        _check_people(each, method)
        made.add_component(each)
    return made.to_ical()


def invitation(made: Event, *, language: str) -> str:
    """Return the calendar part of a mail (`core.mail.enqueue(calendar=…)`) about one event.

    A cancelled event gives a cancellation, any other an invitation.
    """
    method = "CANCEL" if made["status"] == "CANCELLED" else "REQUEST"
    return calendar([made], method=method, name="", language=language).decode()


def is_in_feed(status: str, end: datetime, now: datetime) -> bool:
    """Tell whether an event still belongs in a feed: a cancelled one leaves it after a month."""
    return status != "CANCELLED" or end + KEEP_CANCELLED > now


def brussels_zone() -> Timezone:
    """Return the rule of Brussels time as it has been since 1996."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    daylight = (datetime(1996, 3, 31, 2), winter, summer, "CEST", 3)
    standard = (datetime(1996, 10, 27, 3), summer, winter, "CET", 10)
    zone.add_component(_half_year(TimezoneDaylight(), *daylight))
    zone.add_component(_half_year(TimezoneStandard(), *standard))
    return zone


def one_kind_of_line_end(words: str) -> str:
    """Return ``words`` as a calendar can hold them: lines end in one way, no control characters."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or sign.isprintable() or sign > "\x9f")


def _half_year(part, begins, before, after, name, month):
    part.add("dtstart", begins)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
    part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
    return part


def _moment(value):
    """Return a time in Brussels, a date as it is. The repeated hour of October is written in UTC.

    A local time that the clock shows twice names two moments, and no zone rule can tell which.
    """
    if not isinstance(value, datetime):
        return value
    local = value.astimezone(BRUSSELS).replace(microsecond=0)
    is_ambiguous = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return local.astimezone(UTC) if is_ambiguous else local


def _check_times(start, end):
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise ValueError("an event has two dates or two times")
    if isinstance(start, datetime):
        if timezone.is_naive(start) or timezone.is_naive(end):
            raise ValueError("a time without its zone")
        # Seconds are the finest that a calendar file knows.
        if end.astimezone(UTC).replace(microsecond=0) <= start.astimezone(UTC):
            raise ValueError("an event ends after it begins")
    elif end < start:
        raise ValueError("an event ends after it begins")


def _name_people(made, organiser, attendee):
    for address in filter(None, (organiser, attendee)):
        validate_email(address)
    if organiser:
        made.add("organizer", vCalAddress(f"mailto:{organiser}"))
    if attendee:
        parameters = {"role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION", "rsvp": "FALSE"}
        made.add("attendee", vCalAddress(f"mailto:{attendee}"), parameters=parameters)


def _check_people(made, method):
    """Refuse a feed that names a guest, and an invitation that names none."""
    if method == "PUBLISH" and "attendee" in made:
        raise ValueError("a feed names no guests")
    if method != "PUBLISH" and not ("attendee" in made and "organizer" in made):
        raise ValueError("an invitation names its organiser and its guest")
