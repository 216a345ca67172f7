"""Every page of the portal, in three languages."""

import contextlib
import json
import re

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone, translation

from core import slots
from portal.open_data import datasets
from programme import seed as programme_seed
from stakeholders.models import Idea
from tests.factories.chains import everything
from tests.factories.portal import (
    IdeaFactory,
    LegalDutyFactory,
    NewsItemFactory,
    QuestionFactory,
    make_chain,
    make_sheet,
)

pytestmark = pytest.mark.django_db

NAMES = (
    "home",
    "programme",
    "search",
    "journeys",
    "news",
    "questions",
    "transparency",
    "open-data",
    "api",
    "accessibility",
    "privacy",
    "my-data",
    "contact",
)
LANGUAGES = ("fr", "nl", "en")
#: The file of the matrix is that of the statements, which are in the catalogue.
SAME_ROWS = "compliance:matrix"


def plain_addresses():
    """Return the address of every page under the language that needs nothing more to be known."""
    prefixed = get_resolver().url_patterns[-1]
    names = [
        f"{namespace}:{name}"
        for namespace, (_prefix, resolver) in prefixed.namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    ]
    found = []
    for name in names:
        with contextlib.suppress(NoReverseMatch):
            found.append(reverse(name))
    return found


def in_language(language, name, *args):
    with translation.override(language):
        return reverse(f"portal:{name}", args=args)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_page_opens_empty(client, name, language):
    answer = client.get(in_language(language, name))
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_page_opens_with_the_facts(client, name, language):
    programme_seed.load()
    make_chain()
    NewsItemFactory(status="published", published_on=timezone.localdate())
    QuestionFactory(code="AC-04")
    LegalDutyFactory(verified=False)
    answer = client.get(in_language(language, name))
    assert answer.status_code == 200


def test_no_filter_offers_a_row_of_dashes(client):
    with translation.override("nl"):
        pages = [client.get(address) for address in plain_addresses()]
    filtered = [page for page in pages if page.context and "filter" in page.context]
    assert len(filtered) > 10
    for page in filtered:
        assert "-----" not in page.content.decode(), page.request["PATH_INFO"]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_home_opens_the_list_behind_each_number(client, language):
    chain = make_chain()
    page = client.get(in_language(language, "home"))
    steps = {step.stage: step for step in page.context["chain"]}
    assert len(steps) == 6
    for stage, thing in ((3, chain.sheet), (4, chain.decision), (5, chain.initiative)):
        assert steps[stage].count == 1
        behind = client.get(steps[stage].url)
        assert list(behind.context["page_obj"].object_list) == [thing]


def test_home_opens_the_list_behind_each_smaller_number(client):
    make_chain()
    chain = make_chain(2)
    chain.decision.status = "implemented"
    chain.decision.save()
    IdeaFactory(status="answered", outcome="declined", answer_fr="Non.", answer_nl="Nee.")
    make_sheet(IdeaFactory(), 9, "frozen")
    for step in client.get(in_language("en", "home")).context["chain"]:
        if step.detail_url:
            number = int(re.match(r"[0-9]+", step.detail)[0])
            behind = client.get(step.detail_url).context["page_obj"].paginator.count
            assert behind == number, step
            assert behind or step.stage == 6


def test_search_opens_the_list_behind_each_number(client):
    everything(2)
    Idea.objects.update(body="Des mots français.")
    groups = client.get("/fr/search/", {"q": "français"}).context["groups"]
    assert len(groups) == 11
    for group in groups:
        behind = client.get(group["url"]).context["page_obj"].paginator.count
        assert behind == group["total"], group["title"]


def test_each_count_of_the_programme_is_that_of_its_list(client):
    programme_seed.load(demo=False)
    make_chain()
    lines = [
        line
        for volet in client.get(in_language("fr", "programme")).context["volets"]
        for line in volet.lines
        if line.record
    ]
    assert lines
    for line in lines:
        behind = client.get(line.record.url)
        assert behind.status_code == 200
        if behind.context and "page_obj" in behind.context:
            shown = behind.context["page_obj"].paginator.count
            assert shown == line.record.count, line.deliverable.code


def test_first_app_to_count_a_step_wins(client, monkeypatch):
    answers = [
        (1, lambda: {"stage": 1, "count": 7, "url": "/a/", "detail": "x"}),
        (2, lambda: {"stage": 1, "count": 9, "url": "/b/", "detail": "y"}),
    ]
    monkeypatch.setitem(slots._SLOTS, "portal.chain", answers)
    first, second, *_rest = client.get(in_language("fr", "home")).context["chain"]
    assert (first.count, first.url) == (7, "/a/")
    assert second.count is None


def test_programme_never_merges_planned_and_published(client):
    programme_seed.load(demo=False)
    page = client.get(in_language("en", "programme")).content.decode()
    assert "20 workshops" in page
    assert "12 workshops" in page
    assert 'href="/en/transparency/#S02"' in page


def test_unverified_facts_are_marked(client):
    LegalDutyFactory(verified=False)
    page = client.get(in_language("en", "transparency")).content.decode()
    assert "not seen in a source" in page


def test_every_dataset_answers_in_each_format(client):
    make_chain()
    with translation.override("nl"):
        offered = [url for dataset in datasets() for url, _label in dataset.downloads]
    assert offered
    for url in offered:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "attachment" in answer["Content-Disposition"], url


def test_every_exporting_list_is_in_the_catalogue(client):
    """A list that offers files and is not named on the page of open data would be hidden."""
    listed = {dataset.url for dataset in datasets()}
    for url in plain_addresses():
        answer = client.get(url)
        offers_files = answer.status_code == 200 and (answer.context or {}).get("exports")
        if offers_files and url != reverse(SAME_ROWS):
            assert url in listed


def test_news_files_agree_in_both_languages(client):
    NewsItemFactory.create_batch(3, status="published", published_on=timezone.localdate())
    rows = {
        language: json.loads(client.get(in_language(language, "news"), {"format": "json"}).content)
        for language in ("fr", "nl")
    }
    slugs = {language: [row["slug"] for row in found["rows"]] for language, found in rows.items()}
    assert slugs["fr"] == slugs["nl"]
    assert len(slugs["fr"]) == 3


def test_question_says_what_is_answered_and_what_is_not(client):
    QuestionFactory(code="AC-04")
    QuestionFactory(code="AC-08")
    page = client.get(in_language("en", "questions")).content.decode()
    assert "✓</span>&nbsp;answered" in page
    assert "not answered here yet" in page


@pytest.mark.parametrize(
    ("about", "told"), [("/fr/kpi/x/", True), ("//evil.example/", False), ("javascript:x", False)]
)
def test_error_report_names_the_page(client, about, told):
    page = client.get(in_language("fr", "contact"), {"about": about}).content.decode()
    assert (about in page) is told


def test_public_pages_set_no_cookie(client):
    for name in NAMES:
        assert not client.get(in_language("fr", name)).cookies, name


def test_a_browser_that_asks_for_an_icon_of_its_own_finds_the_mark(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer.url.startswith("/static/img/mark")
