"""Each list page: as many queries for 300 rows as for 3 and for 1; none is forgotten."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.e2e.routes import public_pages
from tests.factories.chains import everything
from tests.factories.lists import LISTS, OVERVIEWS, QUERIES, addresses

#: Public pages without a variable part that list nothing which grows, each with the reason.
NO_LISTS = {
    "choose-language": "two links",
    "portal:transparency": "the contract, the legal duties and the sources of the published facts",
    "portal:open-data": "one line for each data set that the code offers, and each framework",
    "portal:api": "one line for each address that the code offers",
    "portal:accessibility": "a text",
    "portal:privacy": "a text",
    "portal:my-data": "a text",
    "portal:contact": "a text",
    "kpi:compare": "a form",
    "kpi:figure-reported": "a message",
    "kpi:programme": "a row for each deliverable of the contract",
    "kpi:municipalities": "a row for each municipality",
    "stakeholders:ecosystem": "a row for each municipality, theme and group",
    "stakeholders:idea-answering": "five figures, counted by a task",
    "stakeholders:idea-new": "a form",
    "stakeholders:idea-similar": "five ideas at most",
    "stakeholders:idea-sent": "a message",
    "stakeholders:idea-reported": "a message",
    "stakeholders:idea-track": "a form",
    "stakeholders:idea-map": "a row for each municipality",
    "stakeholders:search-follow": "a form",
    "stakeholders:subscription-links": "a form",
    "stakeholders:subscribe": "a form",
}
#: Login and second factor: forms and messages.
ACCOUNTS = ("account_", "mfa_")


def queries_of(client, address) -> int:
    """Return how many queries the second view of a page takes (the first fills caches)."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def counts(client, maker, pages, sizes) -> dict[str, list[int]]:
    """Return {address: how many queries it takes at each size}."""
    found = {page: [] for page in pages}
    for size in sizes:
        point = transaction.savepoint()
        maker(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the database does by itself once rows are committed
        cache.clear()  # what was kept of the rows of another size
        for page, numbers in found.items():
            numbers.append(queries_of(client, page))
        transaction.savepoint_rollback(point)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_queries_does_not_grow(name, client):
    with translation.override("fr"):
        pages = [reverse(name) + query for query in addresses(name)]
    found = counts(client, LISTS[name], pages, (1, 3, 300))
    assert {page: each for page, each in found.items() if len(set(each)) > 1} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_the_file_of_a_list_takes_as_many_queries_for_more_rows(name, client):
    with translation.override("fr"):
        file = f"{reverse(name)}?format=csv"
    found = counts(client, LISTS[name], [file], (1, 3, 30))
    assert len(set(found[file])) == 1, found


@pytest.mark.django_db
def test_the_overviews_take_as_many_queries_for_a_full_portal(client):
    with translation.override("fr"):
        pages = [reverse(name, args=arguments) for name, arguments in OVERVIEWS.items()]
    found = counts(client, everything, pages, (4, 120))
    assert {page: each for page, each in found.items() if len(set(each)) > 1} == {}


def test_every_public_page_is_known_as_a_list_or_as_none():
    pages = {
        route.name
        for route in public_pages()
        if not route.needs_arguments and not route.name.startswith(ACCOUNTS)
    }
    arguments = {name for name, needed in OVERVIEWS.items() if needed}
    assert pages == set(LISTS) | set(NO_LISTS) | (set(OVERVIEWS) - arguments)
    assert set(QUERIES) <= set(LISTS)
    assert not set(LISTS) & set(NO_LISTS)
