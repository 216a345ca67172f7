"""Summaries: gone with every change of what they were made of, and never made from old rows."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction

from kpi import summaries
from kpi.models import Band, Indicator, Observation, PathPoint, Summary
from tests.factories import kpi as make


def summary(indicator) -> Summary:
    """Return the summary, made if it is missing."""
    summaries.ensure(Indicator.objects.filter(pk=indicator.pk))
    return Summary.objects.get(indicator=indicator)


def is_kept(indicator) -> bool:
    rows = Indicator.objects.filter(pk=indicator.pk)
    return rows.filter(summaries.standing_now()).exists()


@pytest.mark.django_db
def test_a_summary_says_what_the_page_says():
    indicator = make.basic_skills()
    found = summary(indicator)
    assert (found.period, found.value, found.standing) == ("2025", Decimal("61.22"), "off_track")
    assert (found.target, found.target_period, found.target_geo_id) == (80, "2030", "EU")
    assert found.points == [54.2318, None, None, None, 61.22]


@pytest.mark.django_db
def test_an_indicator_without_figures_has_a_summary_too():
    found = summary(make.IndicatorFactory())
    assert (found.period, found.value, found.standing, found.due_on) == ("", None, "", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda it: make.ObservationFactory(indicator=it, period="2026"),
        lambda it: Observation.objects.bulk_create(
            [Observation(indicator=it, geo_id="BE", period="2027", value=1)]
        ),
        lambda it: make.TargetFactory(indicator=it, period="2031"),
        lambda it: it.targets.update(value=81),
        lambda it: it.targets.get().delete(),
        lambda it: it.baselines.update(value=3),
        lambda it: it.baselines.get().delete(),
        lambda it: PathPoint.objects.create(target=it.targets.get(), period="2026", value=60),
        lambda it: Band.objects.create(indicator=it, standing="at_risk", floor=Decimal("0.5")),
        lambda it: Indicator.objects.filter(pk=it.pk).update(direction="down"),
    ],
)
def test_every_change_takes_it_away(change):
    indicator, other = make.basic_skills(), make.IndicatorFactory()
    summary(indicator), summary(other)
    change(indicator)
    assert (is_kept(indicator), is_kept(other)) == (False, True)


@pytest.mark.django_db
def test_a_planned_release_and_a_target_decided_ahead_end_it_on_their_day():
    indicator = make.basic_skills()
    released = datetime(2030, 5, 1, 9, tzinfo=UTC)
    make.ObservationFactory(indicator=indicator, period="2026", value=70, released_at=released)
    with time_machine.travel(datetime(2030, 4, 30, tzinfo=UTC), tick=False):
        assert summary(indicator).period == "2025"
    with time_machine.travel(datetime(2030, 5, 2, tzinfo=UTC), tick=False):
        assert not is_kept(indicator)
        assert summary(indicator).period == "2026"
        make.TargetFactory(
            indicator=indicator, geo="BE", period="2030", value=90, decided_on=date(2030, 6, 1)
        )
        assert summary(indicator).target == 80
    with time_machine.travel(datetime(2030, 6, 2, tzinfo=UTC), tick=False):
        assert summary(indicator).target == 90


@pytest.mark.django_db(transaction=True)
def test_what_somebody_is_changing_is_left_to_the_next_reader():
    indicator = make.basic_skills()

    def read():
        try:
            summaries.ensure(Indicator.objects.filter(pk=indicator.pk))
        finally:
            connection.close()

    with transaction.atomic():
        make.ObservationFactory(indicator=indicator, period="2026", value=70)
        reader = threading.Thread(target=read)
        reader.start()
        reader.join()
        assert not Summary.objects.exists()
    assert summary(indicator).period == "2026"
