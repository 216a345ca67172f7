"""What each app tells the timelines of organisations and people."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from campaigns.models import Delivery
from stakeholders.timeline import Cut, timeline
from tests.factories.campaigns import CampaignFactory
from tests.factories.governance import MandateFactory
from tests.factories.projects import SheetFactory
from tests.factories.rows import initiatives
from tests.factories.stakeholders import ContactFactory, OrganisationFactory, SubmissionFactory
from tests.factories.workshops import AgendaIdeaFactory, PublicIdeaFactory

pytestmark = pytest.mark.django_db


def steps(page) -> dict:
    """Return {source: step of the chain} of a page."""
    return {entry.source: entry.step for entry in page.entries}


def all_of(user, **whose):
    """Return the whole timeline, read entry by entry."""
    found, before = [], None
    while True:
        page = timeline(user=user, before=before, limit=1, **whose)
        found += page.entries
        if page.older is None:
            return found
        before = Cut.read(str(page.older))


@pytest.fixture
def organisation(db):
    """An organisation met at every step of the chain."""
    made = OrganisationFactory()
    idea = PublicIdeaFactory(organisation=made)
    AgendaIdeaFactory(idea=idea)
    AgendaIdeaFactory()
    SheetFactory(owner_organisation=made)
    initiatives(2)[0].organisations.add(made)
    return made


@pytest.fixture
def person(db, users):
    """A person with an idea, a mandate, a campaign and a sheet of their own."""
    made = ContactFactory(user=users["lead"])
    idea = SubmissionFactory(contact=made, idea__published=True).idea
    AgendaIdeaFactory(idea=idea)
    MandateFactory(contact=made)
    MandateFactory()
    SheetFactory(lead=users["lead"])
    sent = {"finished": True, "created_by": users["staff"], "approved_by": users["secretary"]}
    campaign = CampaignFactory(**sent, approved_hash="x", started_at=timezone.now())
    Delivery.objects.create(
        campaign=campaign,
        contact=made,
        email_norm=made.email,
        language="fr",
        state=3,
        handed_at=timezone.now(),
    )
    return made


def test_an_organisation_is_followed_through_the_chain(organisation, users):
    page = timeline(user=users["staff"], organisation=organisation)
    assert steps(page) == {"idea": 1, "workshop": 2, "sheet": 3, "initiative": 5}
    assert len(page.entries) == 4
    assert all(entry.url and entry.text and entry.kind for entry in page.entries)
    assert all_of(users["staff"], organisation=organisation) == page.entries


def test_a_person_is_followed_through_the_portal(person, users):
    page = timeline(user=users["staff"], contact=person)
    expected = {"idea": 1, "workshop": 2, "sheet": 3, "mandate": None, "campaign": None}
    assert steps(page) == expected
    assert len(page.entries) == 5
    assert all_of(users["staff"], contact=person) == page.entries


def test_a_day_without_a_time_stands_at_its_first_minute_in_brussels(organisation, users):
    (entry,) = [
        each
        for each in timeline(user=users["staff"], organisation=organisation).entries
        if each.source == "initiative"
    ]
    assert entry.at == datetime(2026, 3, 1, 23, tzinfo=UTC)


def test_the_pages_open(organisation, person, users, client):
    client.force_login(users["staff"])
    for language in ("fr", "nl"):
        for path in (
            f"/{language}/register/organisations/{organisation.slug}/",
            f"/{language}/register/people/{person.pk}/",
        ):
            assert client.get(path).status_code == 200
        for entry in timeline(user=users["staff"], organisation=organisation).entries:
            assert client.get(entry.url).status_code == 200, entry.source
        for entry in timeline(user=users["staff"], contact=person).entries:
            assert client.get(entry.url).status_code == 200, entry.source
