"""Who exchanges with whom in the tests of the log."""

from datetime import UTC, datetime

import pytest

from stakeholders import services
from tests.factories.stakeholders import OrganisationFactory

THEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def staff(users):
    return users["staff"]


@pytest.fixture
def canal(db):
    return OrganisationFactory(name_fr="Atelier du Canal", name_nl="Kanaalatelier")


def log(staff, **changes):
    words = {"kind": "call", "subject": "Data of the stops", "happened_at": THEN}
    return services.log_exchange(by=staff, **{**words, **changes})


def seat_of(exchange, contact):
    return exchange.participations.get(contact=contact).organisation
