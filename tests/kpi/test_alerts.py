"""Followers of an indicator are told of new figures, thresholds and late figures, once each."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import mail
from core.models import Message
from core.permissions import SYSTEM
from kpi import tasks
from kpi.models import Indicator, Notice
from kpi.news import alerts
from kpi.services import record_observation, retire_indicator, suspend_indicator
from stakeholders import following, preferences, services
from stakeholders.models import ConsentEvent, Subscription, SubscriptionState
from tests.factories import kpi as make
from tests.factories.stakeholders import ContactFactory
from tests.stakeholders.conftest import mails_to

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def indicator(clock):
    """An indicator of the year 2024, half way to its target, due on 29 June 2026."""
    found = make.IndicatorFactory(frequency="A", lag_days=180)
    make.BaselineFactory(indicator=found, period="2020", value=Decimal(0))
    make.TargetFactory(indicator=found, period="2030", value=Decimal(100))
    make.ObservationFactory(
        indicator=found,
        period="2024",
        value=Decimal(40),
        released_at=START - timedelta(days=30),
    )
    return found


def follow(indicator, language="nl", **fields):
    """Return a confirmed subscription."""
    return Subscription.objects.create(
        contact=ContactFactory(),
        kind="indicator",
        target=indicator.code,
        language=language,
        status=SubscriptionState.ACTIVE,
        **{"confirmed_at": timezone.now(), **fields},
    )


def told(row) -> list[Message]:
    return mails_to(row.contact.email, "figure_news")


def look(clock, **later):
    """Let time pass and look; return how many notices were new."""
    clock.shift(timedelta(**later))
    return alerts.tell_news()


def record(indicator, staff, period="2025", value=60, **fields):
    return record_observation(indicator, by=SYSTEM, period=period, value=Decimal(value), **fields)


# --- releases ----------------------------------------------------------------------------------


def test_a_new_figure_is_told_once_in_the_language_of_the_reader(indicator, clock, make_user):
    reader = follow(indicator)
    alerts.tell_news()
    clock.shift(timedelta(hours=2))
    record(indicator, make_user("staff"))
    look(clock, minutes=10)
    for _n in range(3):
        look(clock, hours=5)
    (sent,) = told(reader)
    assert sent.language == "nl"
    assert "In 2025, 60,0% van de scholen." in sent.text
    assert "<mark>60,0" in sent.html
    assert f"/nl/kpi/{indicator.code}/" in sent.text
    assert preferences.link(reader.contact, reader) in sent.text
    assert sent.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert indicator.name_nl in sent.subject


def test_a_correction_is_told_as_one(indicator, clock, make_user):
    staff = make_user("staff")
    reader = follow(indicator, "fr")
    alerts.tell_news()
    for value in (60, 61):
        record(indicator, staff, value=value)
        look(clock, days=1)
    assert [each.key for each in Notice.objects.filter(kind="release").order_by("pk")] == [
        "release:BXL:2025:1",
        "release:BXL:2025:2",
    ]
    assert len(told(reader)) == 2


def test_who_began_to_follow_after_the_release_is_not_told_of_it(indicator, clock, make_user):
    alerts.tell_news()
    record(indicator, make_user("staff"), value=41)
    clock.shift(timedelta(minutes=5))
    late = follow(indicator)
    assert look(clock, minutes=5) >= 1
    assert told(late) == []


def test_what_comes_together_is_one_mail(indicator, clock, make_user):
    reader = follow(indicator)
    alerts.tell_news()
    record(indicator, make_user("staff"), value=10)  # the pace falls: a threshold as well
    look(clock, minutes=10)
    kinds = set(Notice.objects.filter(at__gt=START).values_list("kind", flat=True))
    assert kinds == {"release", "standing"}
    assert len(told(reader)) == 1


def test_a_planned_release_is_told_when_it_has_come(indicator, clock):
    reader = follow(indicator)
    alerts.tell_news()
    make.ObservationFactory(
        indicator=indicator,
        period="2025",
        value=Decimal(50),
        released_at=timezone.now() + timedelta(days=3),
    )
    look(clock, days=2)
    assert told(reader) == []
    look(clock, days=1, minutes=1)
    assert len(told(reader)) == 1


def test_a_forecast_and_a_figure_of_another_place_are_not_told(indicator, clock):
    reader = follow(indicator)
    alerts.tell_news()
    make.ObservationFactory(indicator=indicator, period="2027", flag="f")
    make.ObservationFactory(indicator=indicator, period="2025", geo="BE")
    look(clock, minutes=10)
    assert told(reader) == []


def test_what_the_portal_counts_is_told_once_while_its_period_runs(clock):
    indicator = make.IndicatorFactory(metric="ideas_received")
    reader = follow(indicator)
    alerts.tell_news()
    for value in (1, 2, 3):
        record(indicator, SYSTEM, period="2026", value=value, flag="p")
        look(clock, days=1)
    assert len(told(reader)) == 1
    record(indicator, SYSTEM, period="2026", value=3)
    look(clock, days=1)
    assert len(told(reader)) == 2


# --- thresholds --------------------------------------------------------------------------------


def test_a_threshold_that_is_crossed_is_told_and_the_first_look_tells_nothing(
    indicator, clock, make_user
):
    reader = follow(indicator, "fr")
    alerts.tell_news()
    assert told(reader) == []
    assert Notice.objects.get(indicator=indicator).value == "on_track"
    make.TargetFactory(
        indicator=indicator, period="2026", value=Decimal(100), decided_on=timezone.localdate()
    )
    look(clock, minutes=10)
    look(clock, days=1)
    (sent,) = told(reader)
    notice = Notice.objects.get(kind="standing", value="off_track")
    assert notice.key == "standing:2026-03-02:off_track"
    assert "en retard sur la trajectoire" in sent.text


# --- late --------------------------------------------------------------------------------------


def test_late_data_are_told_once_for_each_change_of_age(indicator, clock):
    """Case 13 (the alert)."""
    reader = follow(indicator)
    days = {}
    for _n in range(230):
        clock.shift(timedelta(days=1))
        alerts.tell_news()
        count = len(told(reader))
        days.setdefault(count, timezone.localdate().isoformat())
    assert days == {0: "2026-03-03", 1: "2026-06-30", 2: "2026-09-28"}
    keys = Notice.objects.filter(kind__in=["soon", "late", "stale"]).values_list("key", flat=True)
    assert set(keys) == {"soon:2026-06-29", "late:2026-06-29", "stale:2026-06-29"}


def test_freshness_follows_the_calendar_without_any_job(indicator, clock, client):
    """Case 13. Fresh until 2026-06-29, then late, then stale; no job run needed."""
    address = f"/fr/kpi/?freshness={{}}&search={indicator.code}"
    ages = {}
    for day in ("2026-06-29", "2026-06-30", "2026-09-27", "2026-09-28"):
        clock.move_to(datetime.fromisoformat(f"{day}T10:00:00+00:00"))
        ages[day] = next(
            age
            for age in ("fresh", "late", "stale")
            if client.get(address.format(age)).context["page_obj"].paginator.count
        )
    assert ages == {
        "2026-06-29": "fresh",
        "2026-06-30": "late",
        "2026-09-27": "late",
        "2026-09-28": "stale",
    }
    assert not Notice.objects.exists()


# --- what is not sent --------------------------------------------------------------------------


@pytest.mark.parametrize("move", [suspend_indicator, retire_indicator])
def test_a_suspended_or_retired_indicator_sends_nothing(move, indicator, clock, make_user):
    staff, reader = make_user("staff"), follow(indicator)
    alerts.tell_news()
    move(indicator, by=staff, note="Because.")
    record(indicator, staff)
    look(clock, days=300)
    assert told(reader) == []


def test_a_mail_that_waits_is_not_sent_once_it_is_suspended_or_unfollowed(
    indicator, clock, make_user
):
    staff, first = make_user("staff"), follow(indicator)
    second = follow(indicator)
    alerts.tell_news()
    record(indicator, staff, value=41)
    look(clock, minutes=10)
    services.unsubscribe(first)
    assert mail.send(told(first)[0].pk) is False
    assert told(first)[0].status == "failed"
    suspend_indicator(indicator, by=staff, note="Because.")
    assert mail.send(told(second)[0].pk) is False
    assert told(second)[0].status == "failed"


def test_a_mail_that_waits_tells_the_figure_of_the_moment(indicator, clock, make_user, mailoutbox):
    staff, _reader = make_user("staff"), follow(indicator)
    alerts.tell_news()
    record(indicator, staff, value=41)
    look(clock, minutes=10)
    record(indicator, staff, value=44)
    assert mail.send(told(_reader)[0].pk)
    assert "In 2025, 44,0" in mailoutbox[0].body


def test_a_crash_tells_nobody_twice_and_forgets_nothing(indicator, clock, make_user, monkeypatch):
    readers = [follow(indicator) for _n in range(2)]
    alerts.tell_news()
    record(indicator, make_user("staff"), value=41)
    send = alerts.send

    def breaks(row, notices):
        if row == readers[1]:
            raise RuntimeError("the power is gone")
        send(row, notices)

    monkeypatch.setattr(alerts, "send", breaks)
    with pytest.raises(RuntimeError):
        look(clock, minutes=10)
    assert [told(each) for each in readers] == [[], []]
    monkeypatch.setattr(alerts, "send", send)
    look(clock, minutes=10)
    assert [len(told(each)) for each in readers] == [1, 1]


def test_a_look_without_news_costs_the_same_however_many_indicators_there_are(indicator, clock):
    follow(indicator)
    tasks.tell_news()
    counts = []
    for n in (1, 3):
        for _n in range(n):
            row = make.IndicatorFactory()
            make.ObservationFactory(indicator=row, period="2025")
        tasks.tell_news()
        with CaptureQueriesContext(connection) as queries:
            tasks.tell_news()
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "gossip"},
        {"kind": "late", "day": None},
        {"kind": "release", "day": "2026-06-29"},
        {"kind": "release", "value": "on_track"},
    ],
)
def test_the_database_refuses_a_notice_that_makes_no_sense(fields):
    indicator = make.IndicatorFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(indicator=indicator, key="x", **fields)


def test_a_notice_is_made_once_and_never_changed():
    indicator = make.IndicatorFactory()
    row = Notice.objects.create(indicator=indicator, key="release:BXL:2025:1", kind="release")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(indicator=indicator, key=row.key, kind="release")
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.filter(pk=row.pk).update(key="y")


@pytest.mark.parametrize("target", ["", "with space", "a/b"])
def test_the_database_refuses_what_is_no_code(target, clock):
    indicator = make.IndicatorFactory()
    indicator.code = target
    with pytest.raises(IntegrityError), transaction.atomic():
        follow(indicator)


# --- asking and ending -------------------------------------------------------------------------


def ask(client, indicator, email="reader@example.org", **data):
    with time_machine.travel(START - timedelta(minutes=1), tick=False):
        form = client.get(f"/fr/kpi/{indicator.code}/follow/").context["form"]
    data = {
        "email": email,
        "language": "nl",
        "consent": "on",
        "stamp": form.initial["stamp"],
        **data,
    }
    return client.post(f"/fr/kpi/{indicator.code}/follow/", data)


def test_following_is_asked_confirmed_by_mail_and_ended_by_the_link(indicator, client):
    assert (
        f"/kpi/{indicator.code}/follow/"
        in client.get(indicator.get_absolute_url()).content.decode()
    )
    ask(client, indicator)
    row = Subscription.objects.get()
    assert (row.kind, row.target, row.status) == ("indicator", indicator.code, "pending")
    (sent,) = mails_to("reader@example.org", "subscribe_confirm")
    assert indicator.name_nl in sent.text
    link = next(word for word in sent.text.split() if "/subscribe/" in word or "confirm" in word)
    path = "/" + link.split("/", 3)[3]
    assert indicator.name_nl in client.get(path).content.decode()
    row.refresh_from_db()
    assert row.status == "pending"
    client.post(path)
    row.refresh_from_db()
    assert (row.status, row.language) == ("active", "nl")
    page = "/" + preferences.link(row.contact, row).split("/", 3)[3]
    assert indicator.name_nl in client.get(page).content.decode()
    client.post(page, {"List-Unsubscribe": "One-Click"})
    row.refresh_from_db()
    assert row.status == "unsubscribed"
    events = ConsentEvent.objects.order_by("pk").values_list("event", "kind", "target")
    assert [event for event, *_rest in events] == ["requested", "confirmed", "withdrawn"]
    assert {tuple(each)[1:] for each in events} == {("indicator", indicator.code)}


def test_what_was_typed_stays_on_an_error(indicator, client):
    page = ask(client, indicator, email="reader@")
    assert page.status_code == 200
    assert 'value="reader@"' in page.content.decode()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("status", ["draft", "suspended", "retired"])
def test_only_a_published_indicator_can_be_followed(status, client, login, make_user):
    indicator = make.IndicatorFactory(status=status)
    assert client.get(f"/fr/kpi/{indicator.code}/follow/").status_code == 404
    page = login(make_user("staff")).get(indicator.get_absolute_url())
    assert "/follow/" not in page.content.decode()


def test_what_is_followed_is_named_only_while_anybody_may_see_it(indicator):
    row = follow(indicator)
    assert following.aims_of(row)[0].path == indicator.get_absolute_url()
    Indicator.objects.filter(pk=indicator.pk).update(status="suspended")
    (aim,) = following.aims_of(row)
    assert aim.path == ""
    assert indicator.name_fr not in str(aim)
