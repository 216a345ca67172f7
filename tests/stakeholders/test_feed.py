"""The Atom feed of the public ideas, and their map by municipality."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stakeholders.models import Idea
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import IdeaFactory, MunicipalityFactory, SubmissionFactory
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed(client, query="", language="fr", **headers):
    """Return the answer and the tree of the feed."""
    path = f"{address('idea-feed', language=language)}{query}"
    response = client.get(path, headers=headers)
    tree = ElementTree.fromstring(response.content) if response.status_code == 200 else None
    return response, tree


def titles(tree) -> list[str]:
    return [each.findtext(f"{ATOM}title") for each in tree.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_it_is_valid_atom_in_each_language(client, language):
    french = IdeaFactory(published=True, display="name", display_text="Zoé Canari")
    dutch = IdeaFactory(published=True, language="nl", title="Een bank <b>hier</b> & daar")
    response, tree = feed(client, language=language)
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert tree.tag == f"{ATOM}feed"
    assert tree.get(XML_LANG) == language
    links = {each.get("rel"): each.get("href") for each in tree.findall(f"{ATOM}link")}
    assert links["self"].endswith(f"/{language}/ideas/feed.atom")
    assert links["alternate"].endswith(f"/{language}/ideas/")
    assert tree.findtext(f"{ATOM}id") == links["self"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+\+00:00", tree.findtext(f"{ATOM}updated"))
    assert tree.findtext(f"{ATOM}author/{ATOM}name")
    entries = {each.findtext(f"{ATOM}id"): each for each in tree.findall(f"{ATOM}entry")}
    assert set(entries) == {french.uuid.urn, dutch.uuid.urn}
    assert entries[dutch.uuid.urn].get(XML_LANG) == "nl"
    assert entries[dutch.uuid.urn].findtext(f"{ATOM}title") == dutch.title
    assert entries[french.uuid.urn].findtext(f"{ATOM}updated")
    assert (
        entries[french.uuid.urn]
        .find(f"{ATOM}link")
        .get("href")
        .endswith(f"/{language}/ideas/{french.reference}/")
    )
    assert "Canari" not in response.content.decode(), "no name of a person"


def test_only_what_anybody_sees_whoever_asks(client, users):
    shown = IdeaFactory(published=True)
    for status in ("submitted", "received", "hidden", "not_admissible", "withdrawn", "merged"):
        IdeaFactory(
            status=status,
            closing_reason="solved",
            duplicate_of=shown if status == "merged" else None,
        )
    client.force_login(users["staff"])
    assert titles(feed(client)[1]) == [shown.title]


def test_the_filters_of_the_list(client):
    ThemeFactory(slug="mobility")
    wanted = IdeaFactory(published=True, theme__slug="living", language="nl", helix="academia")
    IdeaFactory(published=True)
    for query in (
        "?theme=living",
        "?language=nl",
        "?helix=academia",
        f"?search={wanted.reference}",
    ):
        _response, tree = feed(client, query)
        assert titles(tree)[:1] == [wanted.title], query
        assert tree.find(f"{ATOM}link[@rel='self']").get("href").endswith(query)
    assert len(titles(feed(client, "?language=nl")[1])) == 1


def test_words_that_xml_cannot_hold(client):
    IdeaFactory(published=True, title="a\x0bb\ufffe", body="<script>alert(1)</script>\x1f 🚲")
    _response, tree = feed(client)
    assert titles(tree) == ["ab"]
    summary = tree.findtext(f"{ATOM}entry/{ATOM}summary")
    assert "&lt;script&gt;" in summary


def test_it_is_not_sent_twice_and_hiding_is_noticed(client):
    idea = IdeaFactory(published=True)
    first, _tree = feed(client)
    again, _none = feed(client, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["Last-Modified"]
    Idea.objects.filter(pk=idea.pk).update(status="hidden")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    for headers in ({"If-None-Match": first.headers["ETag"]}, since):
        response, tree = feed(client, **headers)
        assert response.status_code == 200
        assert titles(tree) == []
    empty = [feed(client)[0].headers["ETag"] for _n in range(2)]
    assert empty[0] == empty[1]


def test_as_many_queries_for_three_as_for_one(client):
    counts = []
    for count in (1, 2):
        for _n in range(count):
            IdeaFactory(published=True)
        feed(client)
        with CaptureQueriesContext(connection) as queries:
            feed(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_list_leads_to_its_feed_its_map_and_its_mail(client, language):
    page = client.get(f"{address('idea-list', language=language)}?language=nl&page=2&search=")
    words = page.content.decode()
    path = address("idea-feed", language=language)
    assert 'type="application/atom+xml" title=' in words
    for name in ("idea-feed", "idea-map", "search-follow"):
        assert f'href="{address(name, language=language)}?language=nl"' in words
    assert words.count(f'{path}?language=nl"') == 2


def test_the_map_counts_by_municipality_with_the_filters_of_the_list(client):
    jette = MunicipalityFactory()
    for language in ("fr", "fr", "nl"):
        IdeaFactory(published=True, municipality=jette, language=language)
    IdeaFactory(published=True, language="fr")
    IdeaFactory(municipality=jette, language="fr")
    page = client.get(f"{address('idea-map')}?language=fr&municipality=ixelles&colour=red")
    found = page.context["found"]
    assert [(line.subject, line.total) for line in found.lines] == [(jette, 2), (None, 1)]
    assert found.search.dropped == ("colour",)
    words = page.content.decode()
    link = f"{address('idea-list')}?language=fr&amp;municipality=jette"
    assert words.count(f'href="{link}"') == 2, "the tile and its line in the table"
    for line in found.lines:
        listed = client.get(line.url)
        assert listed.context["page_obj"].paginator.count == line.total


def test_sharing_needs_no_script_and_no_third_party(client):
    idea = IdeaFactory(published=True, title="Bancs & abris")
    SubmissionFactory(idea=idea)
    words = client.get(address("idea-detail", idea.reference)).content.decode()
    (field,) = re.findall(r'<input[^>]*id="share-address"[^>]*>', words)
    assert f"{address('idea-detail', idea.reference)}" in field
    assert "readonly" in field
    assert 'href="mailto:?subject=Bancs%20%26%20abris&amp;body=http' in words


def test_a_page_that_is_not_public_is_not_shared_or_followed(client, users):
    idea = IdeaFactory()
    client.force_login(users["staff"])
    words = client.get(address("idea-detail", idea.reference)).content.decode()
    assert "share-address" not in words
    assert address("idea-follow", idea.reference) not in words
