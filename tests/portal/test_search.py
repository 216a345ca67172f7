"""Search across everything."""

import pytest
from django.utils import translation

from tests.factories.portal import IdeaFactory, NewsItemFactory, make_chain
from tests.factories.programme import WorkstreamFactory

pytestmark = pytest.mark.django_db


def titles(client, query, language="fr"):
    answer = client.get(f"/{language}/search/", {"q": query})
    assert answer.status_code == 200
    return {group["title"]: group["total"] for group in answer.context["groups"]}


def test_empty_search_asks(client):
    for query in ("", "   ", "\x00"):
        assert client.get("/fr/search/", {"q": query}).status_code == 200


def test_no_result_says_so(client):
    page = client.get("/en/search/", {"q": "zzzzqq"}).content.decode()
    assert "Nothing was found for “zzzzqq”." in page


def test_reference_leads_straight_to_its_page(client):
    chain = make_chain()
    for query, thing in (
        (chain.idea.reference.lower(), chain.idea),
        (chain.sheet.reference, chain.sheet),
        (chain.decision.number, chain.decision),
        (chain.indicator.code, chain.indicator),
    ):
        with translation.override("nl"):
            target = thing.get_absolute_url()
        assert client.get("/nl/search/", {"q": query})["Location"] == target


def test_reference_of_something_hidden_leads_nowhere(client, login, make_user):
    idea = IdeaFactory(status="received")
    assert client.get("/fr/search/", {"q": idea.reference}).status_code == 200
    staff = login(make_user("staff"))
    assert staff.get("/fr/search/", {"q": idea.reference}).status_code == 302


@pytest.mark.parametrize("query", ["Nouveauté", "nouveaute", "Primeur", "novelty"])
@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_words_of_any_language_find_it(client, query, language):
    NewsItemFactory(
        status="published",
        published_on="2026-03-02",
        title_fr="Nouveauté",
        title_nl="Primeur",
        title_en="Novelty",
    )
    assert sum(titles(client, query, language).values()) == 1


def test_drafts_are_not_found(client):
    NewsItemFactory(title_fr="Brouillonnage")
    assert titles(client, "Brouillonnage") == {}


def test_total_is_that_of_the_list_behind(client):
    WorkstreamFactory.create_batch(7, summary_fr="fraîcheur")
    answer = client.get("/fr/search/", {"q": "fraicheur"})
    (group,) = [each for each in answer.context["groups"] if each["total"]]
    assert (group["total"], len(group["rows"])) == (7, 5)
    assert client.get(group["url"]).context["page_obj"].paginator.count == 7


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "%' OR 1=1", "a" * 5000, "'"])
def test_hostile_words_are_words(client, query):
    page = client.get("/fr/search/", {"q": query}).content.decode()
    assert "<script>alert" not in page
