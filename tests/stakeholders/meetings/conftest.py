"""Who meets whom in the tests of meetings and promises."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.register import BilateralFactory
from tests.factories.stakeholders import ContactFactory


@pytest.fixture
def staff(users):
    return users["staff"]


@pytest.fixture
def second(make_user):
    return make_user("staff", name="Second pair of eyes")


@pytest.fixture
def partner(db):
    return ContactFactory(name="Zoé Dupont", email="zoe@example.org")


@pytest.fixture
def meeting(staff, partner):
    """A meeting proposed for the past, with one person invited."""
    made = BilateralFactory(owner=staff, agenda="Données\nLieux", place="Rue Royale 1")
    made.contacts.add(partner)
    return made


@pytest.fixture
def to_come(staff, partner):
    """A meeting proposed for next summer."""
    starts = datetime(2027, 7, 6, 8, tzinfo=UTC)
    made = BilateralFactory(
        owner=staff,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        agenda="Données\n\n Lieux ",
        place="Rue Royale 1",
    )
    made.contacts.add(partner)
    return made
