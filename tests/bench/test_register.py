"""The register at 20,000 organisations and 50,000 people as a multiple of a hundredth of it."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.bench.conftest import seconds
from tests.bench.register import fill
from tests.bench.results import record

SMALL, LARGE = (200, 500), (20_000, 50_000)
ROUNDS, FIRST_ROUNDS = 25, 15
LIMIT = 1.5
PAGES = {
    "grid": "stakeholders:register-grid",
    "matrix": "stakeholders:register-matrix",
    "radar": "stakeholders:register-silence",
    "list": "stakeholders:organisation-list",
}


def measured(client, address) -> dict[str, float]:
    """Return {"ms": of one view, "first_ms": of one that finds nothing remembered, "queries": n}.

    The least of the rounds counts: whatever else the machine does can only add to it.
    """
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    took = min(seconds(client, address) for _round in range(ROUNDS))
    first = min(forgotten(client, address) for _round in range(FIRST_ROUNDS))
    return {"ms": took * 1000, "first_ms": first * 1000, "queries": len(queries)}


def forgotten(client, address) -> float:
    """Return the seconds of one view after everything that was remembered is forgotten."""
    cache.clear()
    return seconds(client, address)


def measure_all(client, size) -> dict[str, dict[str, float]]:
    """Return what each page takes with a register of ``size``, which is removed again."""
    point = transaction.savepoint()
    fill(*size)
    with translation.override("fr"):
        found = {name: measured(client, reverse(page)) for name, page in PAGES.items()}
    transaction.savepoint_rollback(point)
    return found


def compared(name, small, large) -> dict[str, float]:
    """Return the figures of the page ``name``: both sizes and their ratio, first views too."""
    return {
        f"{name}_small_ms": small["ms"],
        f"{name}_large_ms": large["ms"],
        f"{name}_ratio": large["ms"] / small["ms"],
        f"{name}_first_small_ms": small["first_ms"],
        f"{name}_first_large_ms": large["first_ms"],
        f"{name}_first_ratio": large["first_ms"] / small["first_ms"],
    }


@pytest.mark.bench
@pytest.mark.django_db
def test_the_register_takes_no_longer_when_it_grows(users, login):
    client = login(users["staff"])
    small, large = (measure_all(client, size) for size in (SMALL, LARGE))
    figures = {}
    for name in PAGES:
        figures |= compared(name, small[name], large[name])
    worst = {
        kind: max(figures[f"{name}_{kind}"] for name in PAGES) for kind in ("ratio", "first_ratio")
    }
    record("growth.register", {**figures, **worst})
    queries = [{name: each[name]["queries"] for name in PAGES} for each in (small, large)]
    assert queries[0] == queries[1]
    assert max(worst.values()) <= LIMIT, figures
