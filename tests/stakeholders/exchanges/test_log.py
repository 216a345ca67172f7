"""The engagement log: who took part for whom on that day, and who may log."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services
from stakeholders.models import (
    Interaction,
)
from tests.factories.register import (
    AffiliationFactory,
)
from tests.factories.stakeholders import (
    ContactFactory,
    OrganisationFactory,
)
from tests.stakeholders.exchanges.conftest import THEN, log, seat_of

pytestmark = pytest.mark.django_db


def test_a_person_stands_for_the_organisation_of_that_day(staff):
    before = AffiliationFactory(ends_on=date(2026, 1, 31))
    person = before.contact
    after = AffiliationFactory(contact=person, starts_on=date(2026, 2, 1))
    assert seat_of(log(staff, contacts=[person]), person) == after.organisation
    january = log(staff, contacts=[person], happened_at=datetime(2026, 1, 31, 22, tzinfo=UTC))
    assert seat_of(january, person) == before.organisation
    # Half past eleven in the evening of 31 January in London is 1 February in Brussels.
    midnight = log(staff, contacts=[person], happened_at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    assert seat_of(midnight, person) == after.organisation


def test_the_organisation_met_comes_before_the_main_one(staff):
    main = AffiliationFactory()
    second = AffiliationFactory(contact=main.contact, is_main=False, role="board")
    met = log(staff, contacts=[main.contact], organisation=second.organisation)
    assert met.participations.filter(side="theirs").count() == 1
    assert seat_of(met, main.contact) == second.organisation
    assert seat_of(log(staff, contacts=[main.contact]), main.contact) == main.organisation


def test_an_organisation_is_logged_without_naming_anybody(staff):
    exchange = log(staff, organisation=OrganisationFactory())
    theirs, ours = exchange.participations.order_by("pk")
    assert (theirs.side, theirs.contact, ours.side, ours.user) == ("theirs", None, "ours", staff)
    assert theirs.happened_at == ours.happened_at == THEN


def test_moving_the_day_moves_those_who_took_part(staff):
    before = AffiliationFactory(ends_on=date(2026, 1, 31))
    after = AffiliationFactory(contact=before.contact, starts_on=date(2026, 2, 1))
    exchange = log(staff, contacts=[before.contact])
    earlier = THEN - timedelta(days=60)
    services.move_exchange(exchange, earlier)
    assert seat_of(exchange, before.contact) == before.organisation
    assert set(exchange.participations.values_list("happened_at", flat=True)) == {earlier}
    services.move_exchange(exchange, THEN)
    assert seat_of(exchange, before.contact) == after.organisation
    with pytest.raises(TransitionRefused):
        services.move_exchange(exchange, timezone.now() + timedelta(days=1))


def test_a_seat_that_was_chosen_stays_when_the_day_moves(staff):
    person, elsewhere = AffiliationFactory().contact, OrganisationFactory()
    exchange = log(staff, contacts=[person])
    exchange.participations.filter(contact=person).update(organisation=elsewhere)
    services.move_exchange(exchange, THEN - timedelta(days=1))
    assert seat_of(exchange, person) == elsewhere


def test_the_future_is_not_logged_and_only_staff_log(users):
    with pytest.raises(TransitionRefused):
        log(users["staff"], happened_at=timezone.now() + timedelta(hours=1))
    for role in ("auditor", "administrator", "secretary", "nobody", "superuser"):
        with pytest.raises(PermissionRefused):
            log(users[role])
    assert not Interaction.objects.exists()


def test_the_back_office_moves_the_day_with_everybody(login, staff):
    exchange = log(staff, organisation=OrganisationFactory())
    url = reverse("admin:stakeholders_interaction_change", args=[exchange.pk])
    client = login(staff)
    page = client.get(url)
    assert exchange.get_absolute_url() in page.content.decode()
    data = {
        "kind": "mail",
        "direction": "in",
        "subject": "Other words",
        "themes": [],
        "happened_at_0": "2026-02-01",
        "happened_at_1": "11:00",
        "place": "",
        "summary": "",
        "participations-TOTAL_FORMS": "0",
        "participations-INITIAL_FORMS": "0",
    }
    assert client.post(url, data).status_code == 302
    exchange.refresh_from_db()
    assert exchange.happened_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert (exchange.kind, exchange.subject) == ("mail", "Other words")
    moved = set(exchange.participations.values_list("happened_at", flat=True))
    assert moved == {exchange.happened_at}
    late = client.post(url, {**data, "happened_at_0": "2199-02-01"})
    assert "happened_at" in late.context["adminform"].form.errors


def test_somebody_added_in_the_back_office_has_the_moment_of_the_exchange(login, staff):
    exchange, person = log(staff), ContactFactory()
    url = reverse("admin:stakeholders_interaction_change", args=[exchange.pk])
    data = {
        "kind": "call",
        "direction": "out",
        "subject": "Words",
        "themes": [],
        "happened_at_0": "2026-03-02",
        "happened_at_1": "11:00",
        "participations-TOTAL_FORMS": "1",
        "participations-INITIAL_FORMS": "0",
        "participations-0-side": "theirs",
        "participations-0-contact": str(person.pk),
    }
    assert login(staff).post(url, data).status_code == 302
    assert exchange.participations.get(contact=person).happened_at == THEN
