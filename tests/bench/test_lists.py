"""Time of each list page at 3,000 rows as a multiple of its time at 30, to bench/results.json."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.bench.conftest import FEW, MANY
from tests.bench.results import record
from tests.factories.chains import everything
from tests.factories.lists import LISTS, OVERVIEWS, addresses

LIMIT = 1.5
#: A page of the same frame that reads no rows: what every page costs on this machine.
FLOOR = "portal:accessibility"

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]


def page(name, arguments=()) -> str:
    """Return the address of a page in French."""
    with translation.override("fr"):
        return reverse(name, args=arguments)


def measured(sizes, client, kind, name, address) -> float:
    """Record the times of a page, also as multiples of the floor, and return their ratio."""
    floor = min(sizes.times(client, page(FLOOR)).values())
    took = sizes.times(client, address)
    ratio = took[MANY] / took[FEW]
    record(
        f"{kind}.{name}",
        {
            "at_30_ms": took[FEW] * 1000,
            "at_3000_ms": took[MANY] * 1000,
            "ratio": ratio,
            "at_30_floors": took[FEW] / floor,
            "at_3000_floors": took[MANY] / floor,
        },
    )
    return ratio


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_no_longer_when_it_grows(name, client, sizes):
    sizes.fill(LISTS[name])
    ratios = {
        query: measured(sizes, client, "list", f"{name}{query}", page(name) + query)
        for query in addresses(name)
    }
    assert {query: ratio for query, ratio in ratios.items() if ratio > LIMIT} == {}


def test_overviews_take_no_longer_when_the_portal_grows(client, sizes):
    sizes.fill(everything)
    ratios = {
        name: measured(sizes, client, "page", name, page(name, arguments))
        for name, arguments in OVERVIEWS.items()
    }
    assert {name: ratio for name, ratio in ratios.items() if ratio > LIMIT} == {}
