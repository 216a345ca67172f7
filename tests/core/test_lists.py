"""Each list page: as many queries for 300 rows as for 3 and for 1; none is forgotten."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.e2e.routes import public_pages
from tests.factories.rows import LISTS


def queries_of(client, name) -> int:
    """Return how many queries the second view of a list takes (the first fills caches)."""
    with translation.override("fr"):
        address = reverse(name)
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_queries_does_not_grow(name, client):
    counts = {}
    for size in (1, 3, 300):
        point = transaction.savepoint()
        LISTS[name](size)
        counts[size] = queries_of(client, name)
        transaction.savepoint_rollback(point)
    assert counts[1] == counts[3] == counts[300], counts


def test_every_list_of_the_portal_is_in_the_table():
    lists = {route.name for route in public_pages() if route.name.endswith("-list")}
    assert lists <= set(LISTS)
