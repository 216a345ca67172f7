"""Calendar files against the rules of RFC 5545, 5546, 6047 and 7986 (V1 to V16 of the design)."""

import email
from datetime import UTC, date, datetime, timedelta
from email.policy import default as default_policy
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from core import calendars, mail
from core.models import Message

BRUSSELS = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 9, 15, 12, tzinfo=BRUSSELS)
SPRING, AUTUMN = datetime(2027, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)


def make(**changes):
    fields = {
        "uid": "meeting-1@portal.example.org",
        "sequence": 0,
        "start": NOON,
        "end": NOON + timedelta(hours=1),
        "summary": "Réunion",
    }
    return calendars.event(**fields | changes)


def feed(*events, language="fr"):
    return calendars.calendar(events, method="PUBLISH", name="Agenda", language=language)


def broken_rules(raw: bytes) -> set[str]:
    """Return the numbers of the rules that the file breaks."""
    parsed = Calendar.from_ical(raw)
    method = str(parsed["method"])
    events = list(parsed.walk("VEVENT"))
    broken = bytes_rules(raw) | head_rules(parsed, method) | zone_rules(parsed)
    for each in events:
        if any(name not in each for name in ("uid", "dtstamp", "dtstart", "dtend")):
            return broken | {"V3"}
        broken |= event_rules(each) | people_rules(each, method)
    if len({str(each["uid"]) for each in events}) != len(events):
        broken.add("V6")
    if instants(Calendar.from_ical(parsed.to_ical())) != instants(parsed):
        broken.add("V14")
    return broken


def bytes_rules(raw):
    lines = raw.split(b"\r\n")
    whole = all(b"\n" not in line and b"\r" not in line and len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()  # a fold inside a letter is an error here
    return set() if whole and raw.endswith(b"END:VCALENDAR\r\n") else {"V1"}


def head_rules(parsed, method):
    broken = set()
    if str(parsed.get("version")) != "2.0" or not parsed.get("prodid"):
        broken.add("V2")
    if method == "PUBLISH":
        refresh = parsed.get("refresh-interval")
        value = refresh is not None and refresh.params.get("VALUE")
        if value != "DURATION" or str(parsed.get("name")) != str(parsed.get("x-wr-calname")):
            broken.add("V13")
    return broken


def zone_rules(parsed):
    zones = {str(zone["tzid"]): zone for zone in parsed.walk("VTIMEZONE")}
    used = {
        each[name].params["TZID"]
        for each in parsed.walk("VEVENT")
        for name in ("dtstart", "dtend")
        if "TZID" in each[name].params
    }
    halves = [half for zone in zones.values() for half in zone.subcomponents]
    whole = halves and all(
        half["dtstart"].dt.tzinfo is None and half["tzoffsetfrom"] and half["tzoffsetto"]
        for half in halves
    )
    broken = set() if used <= set(zones) and whole else {"V5"}
    return broken if zones else broken | {"V16"}


def event_rules(each):
    broken = set()
    for name in ("uid", "dtstamp", "dtstart"):
        if name not in each or isinstance(each[name], list):
            broken.add("V3")
    if each["dtstamp"].dt.utcoffset() != timedelta(0) or each["dtstamp"].params.get("TZID"):
        broken.add("V3")
    start, end = each["dtstart"].dt, each["dtend"].dt
    if type(start) is not type(end) or "duration" in each or not (start < end):
        broken.add("V4")
    if int(each["sequence"]) < 0:
        broken.add("V7")
    if str(each["status"]) not in {"TENTATIVE", "CONFIRMED", "CANCELLED"}:
        broken.add("V8")
    return broken


def people_rules(each, method):
    if method == "PUBLISH":
        return {"V10"} if "attendee" in each else set()
    alone = "organizer" in each and "attendee" in each and not isinstance(each["attendee"], list)
    return set() if alone else {"V12"}


def instants(parsed):
    found = ((each["dtstart"].dt, each["dtend"].dt) for each in parsed.walk("VEVENT"))
    return [tuple(utc(value) for value in pair) for pair in found]


def utc(value):
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@pytest.mark.parametrize(
    ("there", "instead", "rule"),
    [
        (b"\r\nSTATUS", b"\nSTATUS", "V1"),
        (b"VERSION:2.0\r\n", b"", "V2"),
        (b"DTSTAMP:", b"X-STAMP:", "V3"),
        (b"T130000", b"T120000", "V4"),
        (b"TZID:Europe/Brussels", b"TZID:Europe/Paris", "V5"),
        (b"SEQUENCE:0", b"SEQUENCE:-1", "V7"),
        (b"STATUS:CONFIRMED", b"STATUS:MAYBE", "V8"),
        (b"SEQUENCE:0", b"SEQUENCE:0\r\nATTENDEE:mailto:x@example.org", "V10"),
        (b"METHOD:PUBLISH", b"METHOD:REQUEST", "V12"),
        (b";VALUE=DURATION", b"", "V13"),
    ],
)
def test_the_check_itself_finds_a_broken_rule(there, instead, rule):
    raw = feed(make())
    assert there in raw
    assert rule in broken_rules(raw.replace(there, instead, 1))


#: Every minute around both changes of the clock, and any other time of forty years.
MOMENTS = st.one_of(
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.builds(
        lambda day, minutes: day + timedelta(minutes=minutes),
        st.sampled_from([SPRING, AUTUMN]),
        st.integers(-60, 240),
    ),
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
LENGTHS = st.timedeltas(timedelta(seconds=2), timedelta(days=40))


@settings(max_examples=150, deadline=None)
@given(MOMENTS, LENGTHS, WORDS, WORDS, st.sampled_from(sorted(calendars.STATUSES)))
def test_every_event_keeps_the_rules_and_its_times(start, length, summary, place, status):
    made = make(start=start, end=start + length, summary=summary, location=place, status=status)
    raw = feed(made, make(uid="other@portal.example.org"))
    assert broken_rules(raw) == set()
    (begins, ends), _other = instants(Calendar.from_ical(raw))
    assert begins == start.replace(microsecond=0)
    assert ends == (start + length).replace(microsecond=0)


@settings(max_examples=50, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_a_whole_day_ends_on_the_next(day, more):
    raw = feed(make(start=day, end=day + timedelta(days=more)))
    assert broken_rules(raw) == set()
    assert instants(Calendar.from_ical(raw)) == [(day, day + timedelta(days=more + 1))]


@pytest.mark.parametrize("text", ["«é — ;»", "a, b; c\\d", "one\ntwo", "\\n", "x" * 200, "é" * 100])
def test_words_come_back_as_they_were(text):
    read = Calendar.from_ical(feed(make(summary=text, description=text, location=text)))
    (found,) = read.walk("VEVENT")
    assert [str(found[name]) for name in ("summary", "description", "location")] == [text] * 3


def test_line_ends_and_control_characters_break_no_line():
    raw = feed(make(summary="a\r\nBEGIN:VEVENT\x07\rb"))
    (found,) = Calendar.from_ical(raw).walk("VEVENT")
    assert str(found["summary"]) == "a\nBEGIN:VEVENT\nb"
    assert broken_rules(raw) == set()


@pytest.mark.parametrize("hour", [0, 1])
def test_the_hour_that_comes_twice_is_told_apart(hour):
    start = AUTUMN + timedelta(hours=hour, minutes=30)
    raw = feed(make(start=start, end=start + timedelta(minutes=20)))
    assert f"DTSTART:20261025T0{hour}3000Z".encode() in raw


def test_local_times_are_brussels_times_on_both_sides_of_the_change():
    raw = feed(make(start=datetime(2026, 10, 24, 8, tzinfo=UTC), end=AUTUMN + timedelta(hours=8)))
    assert b"DTSTART;TZID=Europe/Brussels:20261024T100000" in raw
    assert b"DTEND;TZID=Europe/Brussels:20261025T090000" in raw


def test_an_empty_feed_is_still_a_calendar():
    raw = feed(language="nl")
    assert broken_rules(raw) == set()
    assert Calendar.from_ical(raw)["name"].params["LANGUAGE"] == "nl"


def test_the_same_events_give_the_same_bytes():
    stamp = datetime(2026, 9, 1, tzinfo=UTC)
    assert feed(make(stamp=stamp)) == feed(make(stamp=stamp))


def guest(**changes):
    return make(organiser="office@example.org", attendee="zoe@example.org", **changes)


@pytest.mark.parametrize(
    ("status", "method"),
    [("CONFIRMED", "REQUEST"), ("TENTATIVE", "REQUEST"), ("CANCELLED", "CANCEL")],
)
def test_an_invitation_names_its_guest_and_has_the_uid_of_the_feed(status, method):
    source = calendars.invitation(guest(status=status, sequence=1), language="fr").encode()
    assert broken_rules(source) == set()
    parsed = Calendar.from_ical(source)
    (found,) = parsed.walk("VEVENT")
    assert (parsed["method"], found["uid"]) == (method, make()["uid"])
    assert found["attendee"] == "mailto:zoe@example.org"


def test_a_feed_with_a_guest_and_an_invitation_without_one_are_refused():
    with pytest.raises(ValueError, match="no guests"):
        feed(guest())
    with pytest.raises(ValueError, match="its guest"):
        calendars.invitation(make(), language="fr")


@pytest.mark.parametrize(
    "changes",
    [
        {"end": NOON},
        {"end": NOON - timedelta(hours=1)},
        {"end": date(2026, 9, 16)},
        {"start": datetime(2026, 9, 15)},
        {"start": date(2026, 9, 2), "end": date(2026, 9, 1)},
        {"status": "MAYBE"},
    ],
)
def test_nonsense_is_refused(changes):
    with pytest.raises(ValueError, match=r"event|zone"):
        make(**changes)


def test_an_address_cannot_bring_lines_of_its_own():
    with pytest.raises(ValidationError):
        make(attendee="zoe@example.org\r\nX-EVIL:1")


def test_a_cancelled_event_leaves_the_feed_after_a_month():
    end = NOON
    assert calendars.is_in_feed("CANCELLED", end, end + timedelta(days=29))
    assert not calendars.is_in_feed("CANCELLED", end, end + timedelta(days=31))
    assert calendars.is_in_feed("CONFIRMED", end, end + timedelta(days=900))


def queue(calendar):
    return mail.enqueue(
        key="meeting-1:0",
        template="account/login_code",
        to="zoe@example.org",
        language="fr",
        context={"code": "x"},
        calendar=calendar,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "method"), [("CONFIRMED", "REQUEST"), ("CANCELLED", "CANCEL")])
def test_a_mail_carries_the_invitation_as_a_part_of_its_own(status, method):
    source = calendars.invitation(guest(status=status, summary="Réunion «é»"), language="fr")
    message = queue(source)
    assert mail.send(message.pk)
    raw = outbox.outbox[0].message().as_bytes()
    parts = email.message_from_bytes(raw, policy=default_policy).walk()
    (part,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_content_charset()) == (method, "utf-8")
    assert part.get_payload(decode=True).decode() == source
    assert Message.objects.get().calendar == ""


@pytest.mark.django_db
def test_what_is_no_invitation_travels_in_no_mail():
    with pytest.raises(ValueError, match="invitation"):
        queue(feed().decode())
    assert not Message.objects.exists()
