"""The engagement log at 500,000 exchanges against a hundredth of it, to bench/results.json."""

import pytest
from django.db import connection
from django.urls import reverse

from stakeholders.models import Contact, Organisation
from tests.bench.conftest import seconds
from tests.bench.results import record
from tests.factories.register import BilateralFactory
from tests.factories.stakeholders import OrganisationFactory

SMALL, LARGE = 5_000, 500_000
ROUNDS = 21
LIMIT = 1.5

#: Exchanges one minute apart. Each has an organisation (a fortieth as many as exchanges) and a
#: person (a tenth as many); every fiftieth is with the organisation and the person of the
#: measurement beside them, who so have a share of all.
FILL = [
    """
    INSERT INTO stakeholders_organisation (slug, helix, helix_secondary, level, legal_id, status,
        website, is_listed, is_demo, verified, not_proofread, name, name_fr, name_nl,
        short_name, note)
    SELECT 'bench-' || n, 'private', '', '', '', 'active', '', false, true, false, '{}',
        'Org ' || n, 'Org ' || n, 'Org ' || n, '', ''
    FROM generate_series(%(first)s / 40, %(last)s / 40 - 1) n
    """,
    """
    INSERT INTO stakeholders_contact (name, email, language, phone, legal_basis, do_not_contact,
        created_at, is_demo)
    SELECT 'Person ' || n, 'bench' || n || '@example.org', 'fr', '', 'public_task', false,
        now(), true
    FROM generate_series(%(first)s / 10, %(last)s / 10 - 1) n
    """,
    """
    INSERT INTO stakeholders_interaction (kind, direction, happened_at, place, subject, summary,
        is_demo)
    SELECT 'call', 'out', timestamptz '2024-01-01' + n * interval '1 minute', '',
        'Exchange ' || n, '', true
    FROM generate_series(%(first)s, %(last)s - 1) n
    """,
    """
    INSERT INTO stakeholders_participation (interaction_id, side, organisation_id, contact_id,
        happened_at)
    SELECT i.id, 'theirs', o.id, c.id, i.happened_at
    FROM stakeholders_interaction i
    JOIN stakeholders_organisation o
        ON o.slug = 'bench-' || substr(i.subject, 10)::int %% (%(last)s / 40)
    JOIN stakeholders_contact c
        ON c.email = 'bench' || substr(i.subject, 10)::int %% (%(last)s / 10) || '@example.org'
    WHERE i.subject LIKE 'Exchange %%' AND substr(i.subject, 10)::int >= %(first)s
    """,
    """
    INSERT INTO stakeholders_participation (interaction_id, side, organisation_id, contact_id,
        happened_at)
    SELECT i.id, 'theirs', %(organisation)s, %(contact)s, i.happened_at
    FROM stakeholders_interaction i
    WHERE i.subject LIKE 'Exchange %%' AND substr(i.subject, 10)::int >= %(first)s
        AND substr(i.subject, 10)::int %% 50 = 0
    """,
]


def fill(first: int, last: int, organisation, contact) -> None:
    """Make the exchanges ``first`` to ``last`` with those who took part."""
    given = {"first": first, "last": last, "organisation": organisation.pk, "contact": contact.pk}
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, given)
        cursor.execute("ANALYZE")


@pytest.fixture
def pages(make_user, client):
    """Return {name: address} of what is measured, opened as the staff of the Office."""
    organisation = OrganisationFactory(slug="measured")
    contact = Contact.objects.create(name="Measured", language="fr")
    staff = make_user("staff")
    for _number in range(12):
        BilateralFactory(owner=staff)
    client.force_login(staff)
    one = reverse("stakeholders:organisation-timeline", args=[organisation.slug])
    person = reverse("stakeholders:contact-timeline", args=[contact.pk])
    log = reverse("stakeholders:exchange-log")
    # A place in the middle of the smaller log: reading back costs no more than the first page.
    back = "?before=1704200000.000000|exchange|1"
    addresses = {
        "organisation": one,
        "organisation_older": one + back,
        "person": person,
        "log": log,
        "log_older": log + back,
        "log_of_a_kind": log + "?kind=call",
        "meetings": reverse("stakeholders:meetings"),
    }
    return organisation, contact, addresses


@pytest.mark.bench
@pytest.mark.django_db
def test_a_timeline_takes_no_longer_when_the_log_grows(pages, client):
    organisation, contact, addresses = pages
    took, first = {}, 0
    for size in (SMALL, LARGE):
        fill(first, size, organisation, contact)
        first = size
        for name, address in addresses.items():
            client.get(address)
            took[name, size] = min(seconds(client, address) for _round in range(ROUNDS))
    figures = {}
    for name in addresses:
        figures[f"{name}_at_5000_ms"] = took[name, SMALL] * 1000
        figures[f"{name}_at_500000_ms"] = took[name, LARGE] * 1000
        figures[f"{name}_ratio"] = took[name, LARGE] / took[name, SMALL]
    record("growth.timeline", figures)
    assert Organisation.objects.count() > LARGE / 40
    slow = {key: value for key, value in figures.items() if key.endswith("ratio") and value > LIMIT}
    assert not slow
