"""Each kind of gap: when it is told, when not, and where its link leads."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import resolve

from campaigns.models import KPIReading
from campaigns.plan_gaps import KINDS, gaps_of
from campaigns.plan_rows import rows_of
from tests.factories.campaigns import (
    PlanActionFactory,
    PlanAudienceFactory,
    PlanFactory,
    PlanKPIFactory,
    PlanObjectiveFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def gaps(plan, kind, today=TODAY):
    return [each for each in gaps_of(rows_of(plan, None), today) if each.kind == kind]


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def staff(make_user):
    return make_user("staff")


def read(kpi, value, day=TODAY):
    KPIReading.objects.create(kpi=kpi, on=day, value=value)


def test_a_complete_plan_lacks_nothing(staff):
    plan = PlanFactory(starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
    objective, audience = PlanObjectiveFactory(plan=plan), PlanAudienceFactory(plan=plan)
    PlanActionFactory(
        plan=plan,
        objective=objective,
        audiences=[audience],
        owner=staff,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
    )
    read(PlanKPIFactory(plan=plan, objective=objective, due=date(2026, 12, 31)), 19)
    assert gaps_of(rows_of(plan, None), TODAY) == []


def test_an_action_is_overdue_the_day_after_its_end(plan):
    action = PlanActionFactory(plan=plan, starts_on=TODAY, ends_on=TODAY)
    assert gaps(plan, "overdue") == []
    (gap,) = gaps(plan, "overdue", TODAY + timedelta(days=1))
    assert action.title_fr in gap.text
    assert resolve(gap.url).kwargs == {"pk": action.pk, "name": "complete"}


@pytest.mark.parametrize("status", [{"done": True}, {"status": "dropped"}])
def test_what_is_settled_is_neither_overdue_nor_without_owner(plan, status):
    PlanActionFactory(plan=plan, **status)
    assert gaps(plan, "overdue") == gaps(plan, "owner") == []


def test_a_planned_action_without_owner(plan, staff):
    action = PlanActionFactory(plan=plan)
    (gap,) = gaps(plan, "owner")
    assert action.title_fr in gap.text
    assert resolve(gap.url).url_name == "campaigns_planaction_change"
    assert resolve(gap.url).kwargs == {"object_id": str(action.pk)}
    action.owner = staff
    action.save()
    assert gaps(plan, "owner") == []


@pytest.mark.parametrize(("lacks", "told"), [("fr", "French"), ("nl", "Dutch")])
def test_an_action_that_lacks_a_language(plan, lacks, told):
    PlanActionFactory(plan=plan, **{f"text_{lacks}": " "})
    (gap,) = gaps(plan, "words")
    assert told in gap.text
    PlanActionFactory(plan=plan, status="dropped", **{f"text_{lacks}": ""})
    assert len(gaps(plan, "words")) == 1


def test_an_action_without_a_word_is_told_as_its_day_nears(plan):
    near = TODAY + timedelta(days=60)
    PlanActionFactory(plan=plan, text_fr="", text_nl="", starts_on=near, ends_on=near)
    assert len(gaps(plan, "words")) == 1
    assert gaps(plan, "words", TODAY - timedelta(days=1)) == []


def test_a_figure_without_reading(plan):
    manual, counted = PlanKPIFactory(plan=plan), PlanKPIFactory(plan=plan, metric="bilaterals")
    found = {resolve(each.url).url_name for each in gaps(plan, "reading")}
    assert found == {"plan-reading", "campaigns_plankpi_change"}
    read(manual, 0)
    read(counted, 0)
    assert gaps(plan, "reading") == []


@pytest.mark.parametrize(
    ("value", "days", "is_gap"),
    [
        (15, 30, True),  # near and below four fifths
        (15, 31, False),
        (16, 30, False),
        (19, -1, True),  # over and not reached
        (20, -1, False),
        (25, 0, False),
    ],
)
def test_a_figure_that_is_due_and_far(plan, value, days, is_gap):
    read(PlanKPIFactory(plan=plan, target=Decimal(20), due=TODAY + timedelta(days=days)), value)
    assert bool(gaps(plan, "behind")) == is_gap


def test_an_audience_without_action_this_quarter(plan):
    audience = PlanAudienceFactory(plan=plan)
    (gap,) = gaps(plan, "audience")
    assert audience.name_fr in gap.text
    PlanActionFactory(
        plan=plan, audiences=[audience], starts_on=date(2026, 9, 30), ends_on=date(2026, 9, 30)
    )
    dropped = {"starts_on": TODAY, "ends_on": TODAY, "status": "dropped"}
    PlanActionFactory(plan=plan, audiences=[audience], **dropped)
    assert len(gaps(plan, "audience")) == 1
    PlanActionFactory(
        plan=plan, audiences=[audience], starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 1)
    )
    assert gaps(plan, "audience") == []


def test_the_quarter_counts_within_the_period_of_the_plan():
    plan = PlanFactory(starts_on=date(2026, 11, 1), ends_on=date(2027, 1, 10))
    audience = PlanAudienceFactory(plan=plan)
    october = date(2026, 10, 15)
    PlanActionFactory(plan=plan, audiences=[audience], starts_on=october, ends_on=october)
    assert len(gaps(plan, "audience", date(2026, 10, 20))) == 1
    for outside in (date(2026, 9, 30), date(2027, 4, 1)):
        assert gaps(plan, "audience", outside) == []


def test_an_objective_without_action_or_figure(plan):
    objective = PlanObjectiveFactory(plan=plan)
    assert len(gaps(plan, "objective")) == len(gaps(plan, "measure")) == 1
    PlanActionFactory(plan=plan, objective=objective, status="dropped")
    assert len(gaps(plan, "objective")) == 1
    PlanActionFactory(plan=plan, objective=objective)
    PlanKPIFactory(plan=plan, objective=objective)
    assert gaps(plan, "objective") == gaps(plan, "measure") == []


def test_a_month_without_action_from_this_one_on():
    plan = PlanFactory(starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 15))
    PlanActionFactory(plan=plan, starts_on=date(2026, 12, 31), ends_on=date(2026, 12, 31))
    found = [each.text for each in gaps(plan, "month")]
    assert found == [
        "No action is planned in November 2026.",
        "No action is planned in January 2027.",
    ]


def test_what_an_open_plan_lacks_is_added_and_an_adopted_one_is_amended():
    for fields, name in (({"draft": True}, "campaigns_planaction_add"), ({}, "plan-do")):
        plan = PlanFactory(**fields)
        audience = PlanAudienceFactory(plan=plan)
        (gap,) = gaps(plan, "audience")
        path, _mark, query = gap.url.partition("?")
        assert resolve(path).url_name == name
        wanted = f"plan={plan.pk}&audiences={audience.pk}" if plan.is_open else ""
        assert query == wanted


def test_finding_gaps_asks_the_database_nothing(django_assert_num_queries, plan):
    audience, objective = PlanAudienceFactory(plan=plan), PlanObjectiveFactory(plan=plan)
    for _ in range(3):
        PlanActionFactory(plan=plan, objective=objective, audiences=[audience], text_nl="")
        PlanKPIFactory(plan=plan, objective=objective)
    rows = rows_of(plan, None)
    with django_assert_num_queries(0):
        found = gaps_of(rows, TODAY)
    assert len({each.kind for each in found}) >= 5
    assert len(KINDS) == 9
