"""The register at 20,000 organisations and 50,000 people as a multiple of a hundredth of it."""

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.bench.register import fill
from tests.bench.results import record

SMALL, LARGE = (200, 500), (20_000, 50_000)
ROUNDS = 25
LIMIT = 1.5
PAGES = {
    "grid": "stakeholders:register-grid",
    "matrix": "stakeholders:register-matrix",
    "radar": "stakeholders:register-silence",
    "list": "stakeholders:organisation-list",
}


def measured(client, address) -> tuple[float, int]:
    """Return (the milliseconds of one view, the number of its queries).

    The least of the rounds counts: whatever else the machine does can only add to it.
    """
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    took = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        took.append(time.perf_counter() - start)
    return min(took) * 1000, len(queries)


def measure_all(client, size) -> dict[str, tuple[float, int]]:
    """Return what each page takes with a register of ``size``, which is removed again."""
    point = transaction.savepoint()
    fill(*size)
    with translation.override("fr"):
        found = {name: measured(client, reverse(page)) for name, page in PAGES.items()}
    transaction.savepoint_rollback(point)
    return found


@pytest.mark.bench
@pytest.mark.django_db
def test_the_register_takes_no_longer_when_it_grows(users, login):
    client = login(users["staff"])
    small, large = (measure_all(client, size) for size in (SMALL, LARGE))
    figures = {}
    for name in PAGES:
        figures[f"{name}_small_ms"], figures[f"{name}_large_ms"] = small[name][0], large[name][0]
        figures[f"{name}_ratio"] = large[name][0] / small[name][0]
    ratios = {name: figures[f"{name}_ratio"] for name in PAGES}
    record("growth.register", {**figures, "ratio": max(ratios.values())})
    assert {name: small[name][1] for name in PAGES} == {name: large[name][1] for name in PAGES}
    assert max(ratios.values()) <= LIMIT, figures
