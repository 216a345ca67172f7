"""The timelines and the log, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from stakeholders.models import (
    Interaction,
    Organisation,
)
from stakeholders.timeline import Cut, timeline
from tests.factories.register import (
    AffiliationFactory,
    BilateralFactory,
    CommitmentFactory,
    InteractionFactory,
    ParticipationFactory,
)
from tests.factories.stakeholders import (
    ContactFactory,
    IdeaFactory,
    SubmissionFactory,
)
from tests.stakeholders.conftest import address
from tests.stakeholders.exchanges.conftest import THEN, log

pytestmark = pytest.mark.django_db


def everything(staff, page_size, **whose):
    """Read a timeline page by page to its end."""
    found, before = [], None
    while True:
        page = timeline(user=staff, before=before, limit=page_size, **whose)
        found += page.entries
        if page.older is None:
            return found
        before = Cut.read(str(page.older))


@pytest.mark.parametrize("page_size", [1, 2, 3, 50])
def test_page_by_page_nothing_is_lost_and_nothing_shown_twice(staff, canal, page_size):
    """Many things of one moment, and days that stand at midnight, are the hard case."""
    person = AffiliationFactory(organisation=canal).contact
    midnight = datetime(2026, 3, 1, 23, tzinfo=UTC)
    for at in (THEN, THEN, midnight, midnight):
        log(staff, organisation=canal, contacts=[person, ContactFactory()], happened_at=at)
        CommitmentFactory(organisation=canal, contact=person, created_at=at)
        IdeaFactory(organisation=canal, submitted_at=at)
        BilateralFactory(organisation=canal, starts_at=at, ends_at=at + timedelta(hours=1))
    found = everything(staff, page_size, organisation=canal)
    keys = [(each.source, each.pk) for each in found]
    assert len(keys) == len(set(keys)) == 16
    assert [each.at for each in found] == sorted((each.at for each in found), reverse=True)
    assert {each.source for each in found} == {"exchange", "commitment", "idea", "meeting"}


def test_the_timeline_of_a_person(staff):
    person = ContactFactory()
    exchange = log(staff, contacts=[person])
    log(staff, contacts=[ContactFactory()])
    idea = SubmissionFactory(contact=person, idea__submitted_at=THEN - timedelta(days=1)).idea
    meeting = BilateralFactory(starts_at=THEN - timedelta(days=2))
    meeting.contacts.add(person)
    lines = timeline(user=staff, contact=person).entries
    assert [(each.source, each.pk) for each in lines] == [
        ("exchange", exchange.pk),
        ("idea", idea.pk),
        ("meeting", meeting.pk),
    ]


def test_nobody_else_reads_a_timeline(users, client, canal, login):
    log(users["staff"], organisation=canal)
    person = ContactFactory()
    pages = [
        address("organisation-timeline", canal.slug),
        address("contact-timeline", person.pk),
        address("exchange", Interaction.objects.get().pk),
        address("exchange-log"),
    ]
    for page in pages:
        assert client.get(page).status_code == 302
    for role, user in users.items():
        reads = role in {"staff", "auditor", "administrator"}
        entries = timeline(user=user, organisation=canal).entries
        assert bool(entries) == reads, role
        for page in pages:
            status = login(user).get(page).status_code
            assert (status == 200) == reads, (role, page)
            assert status in {200, 403, 404}


def test_the_public_page_of_an_organisation_shows_it_to_the_office_only(users, client, canal):
    log(users["staff"], organisation=canal, subject="CANARY")
    url = canal.get_absolute_url()
    assert b"CANARY" not in client.get(url).content
    for role, user in users.items():
        client.force_login(user)
        seen = b"CANARY" in client.get(url).content
        assert seen == (role in {"staff", "auditor", "administrator"}), role


def test_a_broken_address_of_older_entries_is_the_first_page(login, staff, canal):
    log(staff, organisation=canal)
    client = login(staff)
    for words in ("", "x", "1|2", "nan|exchange|1", "1e400|exchange|1", "1|exchange|x"):
        for name, args in (("organisation-timeline", [canal.slug]), ("exchange-log", [])):
            answer = client.get(address(name, *args), {"before": words})
            assert answer.status_code == 200, words
            assert b"Data of the stops" in answer.content


def test_the_back_office_links_to_the_timelines(login, staff, canal):
    person = ContactFactory()
    client = login(staff)
    for model, obj, page in (
        ("organisation", canal, address("organisation-timeline", canal.slug, language="en")),
        ("contact", person, address("contact-timeline", person.pk, language="en")),
    ):
        url = reverse(f"admin:stakeholders_{model}_change", args=[obj.pk])
        assert page.split("/", 2)[2] in client.get(url).content.decode()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_log_pages_and_filters(login, staff, canal, language):
    for minute in range(45):
        InteractionFactory(happened_at=THEN + timedelta(minutes=minute), subject=f"N{minute}.")
    InteractionFactory(kind="visit", subject="The visit")
    client, seen = login(staff), []
    url = address("exchange-log", language=language)
    query = "?kind=call"
    while query:
        answer = client.get(url + query)
        seen += [each.subject for each in answer.context["exchanges"]]
        query = answer.context["older"]
    assert seen == [f"N{minute}." for minute in reversed(range(45))]


def rows(count, organisation, person, staff):
    for number in range(count):
        exchange = log(staff, organisation=organisation, contacts=[person])
        CommitmentFactory(organisation=organisation, contact=person, interaction=exchange)
        IdeaFactory(organisation=organisation, raised_in=exchange)
        BilateralFactory(organisation=organisation, starts_at=THEN + timedelta(days=number))
        ParticipationFactory(interaction=exchange, organisation=organisation)


@pytest.mark.parametrize("name", ["organisation", "contact", "log", "exchange"])
def test_the_number_of_queries_does_not_grow(name, login, staff, canal, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    person, client = ContactFactory(), login(staff)
    counts = []
    for size in (1, 2):  # one row of each, then three
        rows(size, canal, person, staff)
        url = {
            "organisation": address("organisation-timeline", canal.slug),
            "contact": address("contact-timeline", person.pk),
            "log": address("exchange-log"),
            "exchange": address("exchange", Interaction.objects.order_by("pk").first().pk),
        }[name]
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Organisation.objects.filter(pk=canal.pk).exists()
