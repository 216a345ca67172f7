"""Owners are reminded of the figures that are due soon, late and out of date, once each."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import gettext as _

from core import mail
from core.models import Message
from core.permissions import SYSTEM
from core.queues import queues_of
from kpi.news import alerts
from kpi.services import record_observation
from tests.factories import kpi as make
from tests.stakeholders.conftest import mails_to

pytestmark = pytest.mark.django_db

#: Figures of 2024 are due on 29 June 2026.
JUNE = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(JUNE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(make_user, clock):
    return make_user("owner", language="nl")


def owned(owner, **fields):
    """Return an indicator whose last figure is that of 2024."""
    indicator = make.IndicatorFactory(owner=owner, frequency="A", **{"lag_days": 180, **fields})
    make.ObservationFactory(
        indicator=indicator, period="2024", released_at=JUNE - timedelta(days=99)
    )
    return indicator


def asked(owner) -> list[Message]:
    return mails_to(owner.email, "figure_due")


def at(clock, day):
    clock.move_to(datetime.fromisoformat(f"{day}T06:00:00+00:00"))
    alerts.tell_news()


def test_an_owner_is_reminded_at_each_change_and_not_between(clock, owner):
    indicator = owned(owner)
    counts = {}
    for _n in range(150):
        clock.shift(timedelta(days=1))
        alerts.tell_news()
        counts.setdefault(len(asked(owner)), timezone.localdate().isoformat())
    assert counts == {0: "2026-06-02", 1: "2026-06-15", 2: "2026-06-30", 3: "2026-09-28"}
    first = asked(owner)[0]
    assert first.language == "nl"
    assert indicator.name_nl in first.text
    assert f"/nl/kpi/{indicator.code}/record/" in first.text


def test_all_that_changes_on_a_day_is_one_mail(clock, owner):
    rows = [owned(owner) for _n in range(3)]
    at(clock, "2026-06-16")
    (sent,) = asked(owner)
    assert all(each.name_nl in sent.text for each in rows)
    assert "3" in sent.subject


def test_who_has_chosen_no_language_gets_both(clock, make_user):
    owner = make_user("owner")
    indicator = owned(owner)
    at(clock, "2026-06-16")
    (sent,) = asked(owner)
    assert sent.language == mail.BOTH
    assert indicator.name_fr in sent.text
    assert indicator.name_nl in sent.text


def test_an_account_of_the_demonstration_is_written_to_only_where_its_logins_are_open(
    clock, make_user, settings
):
    demo, closed = make_user("owner", is_demo=True), make_user("owner", is_active=False)
    owned(demo)
    owned(closed)
    at(clock, "2026-06-16")
    assert not Message.objects.exists()
    settings.DEMO_LOGINS = True
    at(clock, "2026-06-30")
    assert len(asked(demo)) == 1
    assert asked(closed) == []


@pytest.mark.parametrize("fields", [{"status": "suspended"}, {"is_frozen": True}])
def test_nothing_is_asked_of_what_is_suspended_or_has_ended(clock, owner, fields):
    owned(owner, **fields)
    at(clock, "2026-06-30")
    assert asked(owner) == []


def test_a_reminder_that_waits_is_not_sent_once_the_figure_is_there(clock, owner):
    first, second = owned(owner), owned(owner)
    at(clock, "2026-06-16")
    record_observation(first, by=SYSTEM, period="2025", value=Decimal(1))
    (sent,) = asked(owner)
    assert mail.send(sent.pk)
    record_observation(second, by=SYSTEM, period="2025", value=Decimal(1))
    Message.objects.filter(pk=sent.pk).update(status="queued", facts=sent.facts)
    assert mail.send(sent.pk) is False
    assert "asked" in Message.objects.get(pk=sent.pk).error


def test_a_reminder_names_only_what_is_still_missing(clock, owner, mailoutbox):
    first, second = owned(owner), owned(owner)
    at(clock, "2026-06-16")
    record_observation(first, by=SYSTEM, period="2025", value=Decimal(1))
    assert mail.send(asked(owner)[0].pk)
    assert second.name_nl in mailoutbox[0].body
    assert first.name_nl not in mailoutbox[0].body


def test_the_office_sees_what_is_due_soon_and_an_owner_their_own(clock, owner, make_user, client):
    mine, other = owned(owner), owned(None)
    owned(owner, lag_days=300)
    clock.move_to(datetime(2026, 6, 20, 8, tzinfo=UTC))

    def shown(user):
        return [
            {row.text for row in queue.rows}
            for queue in queues_of(user)
            if queue.title == _("Figures due soon")
        ]

    assert shown(make_user("staff")) == [{str(mine), str(other)}]
    assert shown(owner) == [{str(mine)}]
    assert shown(make_user("juror")) == []
    page = client.get("/fr/kpi/?freshness=soon")
    assert set(page.context["page_obj"].object_list) == {mine, other}
