"""Very long lists: counted and paged up to a limit, searched once for all pages."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import pages
from core.pages import CappedPaginator, kept_keys
from stakeholders import services
from stakeholders.models import Idea
from tests.factories.stakeholders import IdeaFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limit_of_three(monkeypatch):
    cache.clear()
    monkeypatch.setattr(pages, "MOST_COUNTED", 3)
    monkeypatch.setattr(pages, "MOST_KEPT", 2)
    monkeypatch.setattr("core.templatetags.ui.MOST_COUNTED", 3)


@pytest.mark.parametrize(("rows", "count", "capped"), [(2, 2, False), (3, 3, True), (5, 3, True)])
def test_no_more_is_counted_than_is_paged(rows, count, capped):
    for _number in range(rows):
        IdeaFactory(published=True)
    paginator = CappedPaginator(Idea.objects.order_by("pk").values_list("pk", flat=True), 2)
    assert (paginator.count, paginator.is_capped) == (count, capped)
    assert paginator.num_pages == -(-count // 2)


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Les pages montrent les"), ("nl", "De pagina’s tonen de")]
)
def test_the_list_says_that_there_are_more(client, monkeypatch, language, words):
    monkeypatch.setattr("programme.lists.PER_PAGE", 2)
    monkeypatch.setattr("programme.lists.page_of.__defaults__", (2,))
    for _number in range(4):
        IdeaFactory(published=True)
    page = client.get(f"/{language}/ideas/").content.decode()
    assert "3</span>+" in page
    assert words in page
    last = client.get(f"/{language}/ideas/?page=99")
    assert last.context["page_obj"].number == 2


def keys_of(words):
    return Idea.objects.public().search(words).newest_first().values_list("pk", flat=True)


@pytest.mark.parametrize(("rows", "shown"), [(1, "1</span> "), (2, "2</span> "), (3, "2</span>+")])
def test_a_search_gives_the_first_answers_and_says_so(client, rows, shown):
    for _number in range(rows):
        IdeaFactory(published=True, title="Ombre")
    page = client.get("/fr/ideas/?search=ombre")
    assert page.context["page_obj"].paginator.count == min(rows, 2)
    assert shown in page.content.decode()


def test_a_search_is_asked_once_until_something_moves(users):
    ideas = [IdeaFactory(published=True, title="Ombre") for _number in range(2)]
    with CaptureQueriesContext(connection) as first:
        assert len(kept_keys(keys_of("ombre"))) == 2
    with CaptureQueriesContext(connection) as again:
        assert len(kept_keys(keys_of("ombre"))) == 2
    assert (len(first), len(again)) == (2, 1)
    assert kept_keys(keys_of("soleil")) == []
    services.hide_idea(ideas[0], by=users["staff"], note="abuse")
    assert kept_keys(keys_of("ombre")) == [ideas[1].pk]


def test_what_was_hidden_behind_the_workflow_is_not_shown_either(client):
    idea = IdeaFactory(published=True, title="Ombre")
    address = "/fr/ideas/?search=ombre"
    assert idea.reference in client.get(address).content.decode()
    Idea.objects.filter(pk=idea.pk).update(status="hidden")
    assert idea.get_absolute_url() not in client.get(address).content.decode()


@pytest.mark.parametrize("common", [True, False])
def test_the_latest_rows_are_looked_at_first_and_all_where_they_are_too_few(monkeypatch, common):
    monkeypatch.setattr(pages, "LOOKED_AT", 3)
    made = [
        IdeaFactory(
            published=True,
            title="Ombre" if common or number < 2 else "Soleil",
            published_at=datetime(2026, 3, 1 + number, tzinfo=UTC),
        )
        for number in range(6)
    ]
    expected = [5, 4] if common else [1, 0]
    with CaptureQueriesContext(connection) as asked:
        found = kept_keys(keys_of("ombre"), newest="published_at")
    assert found == [made[number].pk for number in expected]
    assert len(asked) == (3 if common else 4)
