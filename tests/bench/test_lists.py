"""Time of each list page at 3,000 rows as a multiple of its time at 30, to bench/results.json."""

import statistics
import time

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from tests.bench.results import record
from tests.factories.rows import LISTS

ROUNDS = 15
LIMIT = 1.5


def seconds(client, address) -> float:
    """Return the median time of one view of the page."""
    took = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        took.append(time.perf_counter() - start)
    return statistics.median(took)


@pytest.mark.bench
@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_no_longer_when_it_grows(name, client):
    with translation.override("fr"):
        address = reverse(name)
    took = {}
    for size in (30, 3000):
        point = transaction.savepoint()
        LISTS[name](size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client.get(address)
        took[size] = seconds(client, address)
        transaction.savepoint_rollback(point)
    ratio = took[3000] / took[30]
    record(
        f"list.{name}",
        {"at_30_ms": took[30] * 1000, "at_3000_ms": took[3000] * 1000, "ratio": ratio},
    )
    assert ratio <= LIMIT
