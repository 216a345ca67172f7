"""What search engines are told of: what anybody may open, in each language, and nothing else."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.stakeholders import IdeaFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"<loc>https?://[^/<]+([^<]+)</loc>")


def addresses(client, path) -> list[str]:
    """Return the paths that a part of the sitemap names."""
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    return ADDRESS.findall(response.content.decode())


def test_robots_are_led_to_the_list_and_kept_from_the_office(client, settings):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    way = f"Sitemap: {settings.SITE_URL}/sitemap.xml"
    assert lines == ["User-agent: *", "Disallow: /admin/", way]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_what_anybody_sees_is_named_in_each_language_and_nothing_else(client, users, language):
    shown = IdeaFactory(published=True)
    withdrawn = IdeaFactory(published=True, status="withdrawn", closing_reason="solved")
    for status in ("submitted", "received", "hidden", "not_admissible"):
        IdeaFactory(status=status, closing_reason="unclear" if status == "not_admissible" else "")
    listed, _hidden = OrganisationFactory(), OrganisationFactory(is_listed=False)
    client.force_login(users["staff"])
    ideas = [f"/{language}/ideas/{row.reference}/" for row in (shown, withdrawn)]
    assert addresses(client, f"/sitemap-ideas-{language}.xml") == ideas
    organisations = addresses(client, f"/sitemap-stakeholders-{language}.xml")
    assert organisations == [f"/{language}/stakeholders/{listed.slug}/"]


def test_a_part_that_is_none_is_not_found(client):
    for path in ("/sitemap-nothing-fr.xml", "/sitemap-ideas-de.xml", "/sitemap-ideas-fr.xml?p=99"):
        assert client.get(path).status_code == 404


def test_a_part_takes_as_many_queries_for_one_as_for_many(client):
    counts = set()
    for number in (1, 9):
        IdeaFactory.create_batch(number, published=True)
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap-ideas-fr.xml")
        counts.add(len(queries))
    assert len(counts) == 1


@pytest.mark.slow
def test_every_address_of_the_seeded_portal_opens(client):
    """The index leads to every part, and what a part names is there for anybody."""
    call_command("seed", verbosity=0)
    parts = addresses(client, "/sitemap.xml")
    assert len(parts) == len(set(parts)) >= 36
    named = [path for part in parts if part.endswith("-nl.xml") for path in addresses(client, part)]
    assert len(named) == len(set(named)) > 60
    for path in named:
        assert path.startswith("/nl/")
        assert client.get(path).status_code == 200, path
