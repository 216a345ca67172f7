"""The age of figures in SQL is the age that the page of the indicator tells."""

from datetime import UTC, datetime

import pytest
import time_machine

from kpi.ages import late, of_age
from kpi.facts import LATE_DATA, Freshness
from kpi.models import Indicator
from kpi.selectors import facts_of
from tests.factories import kpi as make

pytestmark = pytest.mark.django_db
PAST, FUTURE = datetime(2025, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
PERIODS = ("2023", "2024", "2024-S1", "2024-S2", "2025-Q1", "2025-Q4", "2024-12", "2026-01")


def indicators():
    """Make one of each period, frequency and lag, and the series that are special."""
    for period in PERIODS:
        for frequency in "ASQM":
            for lag in (0, 45, 180):
                each = make.IndicatorFactory(frequency=frequency, lag_days=lag)
                make.series(each, {"2019": 1, period: 10}, released_at=PAST)
    make.IndicatorFactory()
    make.series(make.IndicatorFactory(is_frozen=True), {"2010": 1}, released_at=PAST)
    for special in (
        {"flag": "f"},
        {"flag": "m", "value": None},
        {"geo": "BE"},
        {"released_at": FUTURE},
    ):
        each = make.IndicatorFactory(lag_days=30)
        make.series(each, {"2023": 10}, released_at=PAST)
        make.ObservationFactory(
            **{"indicator": each, "period": "2025", "released_at": PAST} | special
        )
    taken_back = make.IndicatorFactory(lag_days=30)
    make.series(taken_back, {"2025": 10}, released_at=PAST)
    make.ObservationFactory(
        indicator=taken_back, period="2025", value=None, flag="m", vintage=2, released_at=PAST
    )


@pytest.mark.parametrize("today", ["2025-07-01", "2026-01-31", "2026-03-31", "2026-12-31"])
def test_each_age_is_that_of_the_page(today):
    indicators()
    with time_machine.travel(datetime.fromisoformat(f"{today}T10:00+01:00"), tick=False):
        told = {key: each.freshness for key, each in facts_of(Indicator.objects.all()).items()}
        for age in Freshness:
            found = set(of_age(Indicator.objects.all(), [age]).values_list("pk", flat=True))
            assert found == {key for key, freshness in told.items() if freshness == age}
        overdue = set(late(Indicator.objects.all()).values_list("pk", flat=True))
    assert overdue == {key for key, freshness in told.items() if freshness in LATE_DATA}
