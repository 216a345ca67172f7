"""The calendar: months and channels, actions where they run."""

from datetime import date

import pytest
from django.utils import translation

from campaigns.plan_calendar import calendar_of, channels_of, chip_of, months_of
from tests.factories.campaigns import PlanActionFactory, PlanFactory

pytestmark = pytest.mark.django_db


def test_months_reach_from_the_first_day_to_the_last():
    assert list(months_of(date(2026, 11, 30), date(2027, 2, 1))) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]
    assert list(months_of(date(2026, 1, 5), date(2026, 1, 5))) == [date(2026, 1, 1)]


def test_an_action_stands_in_every_month_in_which_it_runs():
    plan = PlanFactory(starts_on=date(2026, 1, 1), ends_on=date(2026, 5, 31))
    long = PlanActionFactory(plan=plan, starts_on=date(2026, 1, 31), ends_on=date(2026, 3, 1))
    day = date(2026, 3, 31)
    mail = PlanActionFactory(plan=plan, channel="mail", starts_on=day, ends_on=day)
    channels = channels_of([long, mail])
    assert [each.value for each in channels] == ["mail", "print"]
    months = calendar_of(plan, [long, mail], channels=channels)
    found = [[cell["actions"] for cell in month.cells] for month in months]
    assert found == [[[], [long]], [[], [long]], [[mail], [long]], [[], []], [[], []]]
    begun = [[cell["begun"], cell["running"]] for month in months for cell in month.cells[1:]]
    assert begun == [[[long], []], [[], [long]], [[], [long]], [[], []], [[], []]]
    kept = calendar_of(plan, [mail], channels=channels, whole=False)
    assert [month.first for month in kept] == [date(2026, 3, 1)]


@pytest.mark.parametrize(("code", "name"), [("fr", "février 2026"), ("nl", "februari 2026")])
def test_months_are_named_in_the_language_of_the_page(code, name):
    plan = PlanFactory(starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 28))
    with translation.override(code):
        assert calendar_of(plan, [], channels=[])[0].name == name


@pytest.mark.parametrize(
    ("fields", "chip"),
    [
        ({}, "wait"),
        ({"ends_on": date(2026, 2, 10)}, "late"),
        ({"done": True}, "ok"),
        ({"status": "dropped"}, "stop"),
    ],
)
def test_the_status_has_a_sign(fields, chip):
    assert chip_of(PlanActionFactory(**fields), date(2026, 2, 20)) == chip
