"""Readings of key figures: by hand, by the portal, and how far each is from its target."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from campaigns import services, tasks
from campaigns.models import KPIReading, Metric
from campaigns.plan_figures import Figure, figures_of
from campaigns.plan_metrics import COUNTS, value_of
from campaigns.services.plan_readings import keep_reading
from core.workflow import PermissionRefused, TransitionRefused
from tests.factories.campaigns import (
    CampaignFactory,
    CampaignTopicFactory,
    PlanActionFactory,
    PlanFactory,
    PlanKPIFactory,
    SubscriberFactory,
)
from tests.factories.canaries import public_meeting
from tests.factories.stakeholders import IdeaFactory, OrganisationFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def staff(make_user):
    return make_user("staff")


# --- by hand -----------------------------------------------------------------------------------


def test_a_reading_is_written_down_with_whoever_read_it(staff):
    kpi = PlanKPIFactory()
    row = services.record_reading(kpi, by=staff, on=TODAY, value=Decimal("7.5"), note="Counted.")
    assert (row.value, row.by, row.vintage) == (Decimal("7.50"), staff, 1)


def test_another_value_for_the_day_is_a_later_vintage_and_counts(staff):
    kpi = PlanKPIFactory()
    for value in (7, 8, 8, 7):
        services.record_reading(kpi, by=staff, on=TODAY, value=value)
    rows = kpi.readings.order_by("vintage").values_list("vintage", "value")
    assert list(rows) == [(1, 7), (2, 8), (3, 7)]
    (figure,) = figures_of([kpi])
    assert figure.reading.vintage == 3


def test_the_newest_day_counts_whenever_it_was_written_down(staff):
    kpi = PlanKPIFactory()
    services.record_reading(kpi, by=staff, on=TODAY, value=5)
    services.record_reading(kpi, by=staff, on=TODAY - timedelta(days=9), value=3)
    assert figures_of([kpi])[0].reading.value == 5


def test_what_cannot_be_read_is_refused(staff, users):
    manual, counted = PlanKPIFactory(), PlanKPIFactory(metric="bilaterals")
    with pytest.raises(TransitionRefused, match="itself"):
        services.record_reading(counted, by=staff, on=TODAY, value=1)
    with pytest.raises(TransitionRefused, match="not come"):
        services.record_reading(manual, by=staff, on=TODAY + timedelta(days=1), value=1)
    for role in ("auditor", "nobody", "translator"):
        with pytest.raises(PermissionRefused):
            services.record_reading(manual, by=users[role], on=TODAY, value=1)
    assert not KPIReading.objects.exists()


# --- by the portal -----------------------------------------------------------------------------


def test_every_metric_of_the_list_is_counted():
    assert set(COUNTS) == set(Metric)
    plan = PlanFactory()
    for metric in Metric:
        assert value_of(metric, plan, TODAY) in (0, None)
    with pytest.raises(KeyError):
        value_of("votes", plan, TODAY)


def test_the_task_counts_once_a_day():
    plan = PlanFactory()
    kpi = PlanKPIFactory(plan=plan, metric="actions_done")
    PlanKPIFactory(plan=plan)
    for _ in range(2):
        tasks.keep_plan_figures()
    reading = KPIReading.objects.get()
    assert (reading.kpi, reading.value, reading.on, reading.by) == (kpi, 0, TODAY, None)
    PlanActionFactory(plan=plan, done=True)
    tasks.keep_plan_figures()
    assert list(kpi.readings.values_list("vintage", "value")) == [(2, 1), (1, 0)]


@pytest.mark.parametrize(
    "fields",
    [
        {"draft": True},
        {"status": "closed", "closed_at": timezone.now()},
        {"starts_on": TODAY + timedelta(days=1), "ends_on": TODAY + timedelta(days=2)},
    ],
)
def test_only_running_plans_are_counted(fields):
    PlanKPIFactory(plan=PlanFactory(**fields), metric="actions_done")
    assert services.keep_plan_figures() == 0


def test_what_cannot_be_told_gets_no_reading():
    PlanKPIFactory(metric="dutch_share")
    assert services.keep_plan_figures() == 0
    assert not KPIReading.objects.exists()


def test_what_happened_is_counted_within_the_period():
    plan = PlanFactory(starts_on=date(2026, 2, 1), ends_on=date(2026, 4, 30))
    for month, day in ((1, 31), (2, 1), (4, 30), (5, 1)):
        WorkshopFactory(status="held", starts_at=datetime(2026, month, day, 12, tzinfo=UTC))
    assert value_of("theme_workshops", plan, TODAY) == 2
    assert value_of("theme_workshops", plan, date(2026, 3, 1)) == 1
    assert value_of("admin_workshops", plan, TODAY) == 0


def test_only_validated_meetings_count(staff, make_user):
    meeting = public_meeting(OrganisationFactory(), staff, make_user("staff"))
    plan = PlanFactory(starts_on=meeting.starts_at.date(), ends_on=meeting.starts_at.date())
    assert value_of("bilaterals", plan, TODAY) == value_of("partners", plan, TODAY) == 1
    assert value_of("cabinets", plan, TODAY) == 0
    type(meeting).objects.update(status="minutes_shared")
    assert value_of("bilaterals", plan, TODAY) == 0


def test_ideas_are_counted_when_they_were_received_and_answered():
    plan = PlanFactory(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    inside, outside = datetime(2026, 5, 4, tzinfo=UTC), datetime(2025, 5, 4, tzinfo=UTC)
    IdeaFactory(received_at=inside)
    IdeaFactory(received_at=outside)
    assert value_of("ideas_received", plan, TODAY) == 1


def test_subscribers_are_people_and_their_languages_are_of_subscriptions():
    topics = CampaignTopicFactory.create_batch(2)
    first = SubscriberFactory(topic=topics[0], language="nl")
    SubscriberFactory(topic=topics[1], language="nl", contact=first.contact)
    plan = PlanFactory()
    assert value_of("subscribers", plan, TODAY) == 1
    assert value_of("dutch_share", plan, TODAY) is None  # two are too few to be told
    SubscriberFactory.create_batch(2, topic=topics[0], language="fr")
    SubscriberFactory(topic=topics[0], language="en")
    assert value_of("dutch_share", plan, TODAY) == 40
    SubscriberFactory(topic=topics[0], language="nl", status="unsubscribed")
    assert value_of("dutch_share", plan, TODAY) == 40


def test_campaigns_and_their_mails_are_those_of_the_plan(make_user):
    plan, approver = PlanFactory(), make_user("secretary")
    for owner in (plan, PlanFactory()):
        CampaignFactory(finished=True, approved_by=approver, plan=owner)
    CampaignFactory(plan=plan)
    assert value_of("campaigns", plan, TODAY) == 1
    assert value_of("mails", plan, TODAY) == 0


# --- how far -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("baseline", "target", "value", "percent", "is_reached"),
    [
        (0, 20, 5, 25, False),
        (None, 20, 20, 100, True),
        (0, 20, 30, 100, True),
        (10, 20, 5, 0, False),
        (40, 20, 25, 75, False),  # it is to fall
        (40, 20, 10, 100, True),
    ],
)
def test_the_share_of_the_way(baseline, target, value, percent, is_reached):
    kpi = PlanKPIFactory.build(
        plan=None,
        objective=None,
        baseline=None if baseline is None else Decimal(baseline),
        target=Decimal(target),
    )
    figure = Figure(kpi, KPIReading(value=Decimal(value)))
    assert (figure.percent, figure.is_reached) == (percent, is_reached)


def test_without_reading_or_way_there_is_no_share():
    kpi = PlanKPIFactory.build(plan=None, objective=None)
    assert Figure(kpi, None).percent is None
    assert not Figure(kpi, None).is_reached
    nothing = PlanKPIFactory.build(plan=None, objective=None, baseline=None, target=Decimal(0))
    assert Figure(nothing, KPIReading(value=Decimal(0))).is_reached
    assert not Figure(nothing, KPIReading(value=Decimal(1))).is_reached


def test_figures_take_one_query(django_assert_num_queries):
    kpis = [PlanKPIFactory() for _ in range(3)]
    for kpi in kpis:
        keep_reading(kpi, on=TODAY, value=1)
    for some in (kpis[:1], kpis):
        with django_assert_num_queries(1):
            assert all(each.reading for each in figures_of(some))
