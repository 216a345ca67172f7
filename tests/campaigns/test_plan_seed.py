"""The plan of the demonstration: adopted twice, with what became of it and what it lacks."""

from collections import Counter
from datetime import date

import pytest

from campaigns import seed
from campaigns.models import CommunicationPlan, KPIReading, PlanKPI
from campaigns.plan_content import content_of, fingerprint
from campaigns.plan_gaps import gaps_of
from campaigns.plan_rows import rows_of
from core.models import StatusChange
from core.publication import identical_texts

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)


@pytest.fixture
def plan():
    seed.load()
    return CommunicationPlan.objects.get()


def test_it_is_adopted_with_both_versions_as_they_were_frozen(plan):
    assert (plan.status, plan.is_demo) == ("adopted", True)
    second, first = plan.versions.all()
    for version in (first, second):
        assert version.sha256 == fingerprint(version.content)
        assert version.adopted_by
    assert {each["status"] for each in first.content["actions"]} == {"planned"}
    assert all(each["reading"] is None for each in first.content["kpis"])
    assert len(first.content["actions"]) < len(second.content["actions"])
    assert Counter(each["status"] for each in second.content["actions"])["done"] == 12
    changes = StatusChange.objects.filter(
        object_id=plan.pk, content_type__model="communicationplan"
    )
    told = changes.order_by("at", "pk").values_list("transition", flat=True)
    assert [each for each in told if each != "seed"] == ["adopt", "amend", "adopt"]


def test_it_covers_the_project(plan):
    rows = rows_of(plan, None)
    assert [len(each) for each in (rows.objectives, rows.audiences, rows.actions)] == [6, 5, 23]
    assert rows.done == 12
    assert rows.budget > 0
    assert {each.channel for each in rows.actions} >= {"mail", "web", "press", "event", "print"}
    sources = Counter(plan.kpis.values_list("source", flat=True))
    assert sources == {"record": 12, "manual": 3}


def test_its_texts_are_there_in_both_languages(plan):
    rows = rows_of(plan, None)
    for row in (*rows.objectives, *rows.audiences, *rows.actions):
        assert identical_texts(row) == []
    lacking = [each for each in rows.actions if each.text_fr and not each.text_nl]
    assert len(lacking) == 1


def test_what_it_lacks_is_plausible(plan):
    found = Counter(each.kind for each in gaps_of(rows_of(plan, None), TODAY))
    assert found["overdue"] == 1
    assert found["owner"] == 1
    assert found["words"] >= 2
    assert found["audience"] == 1
    assert found["measure"] == 1
    assert found["month"] == 2
    assert found["objective"] == 0


def test_the_portal_has_counted_its_figures(plan):
    counted = PlanKPI.objects.filter(source="record").exclude(metric="dutch_share")
    for kpi in counted:
        assert kpi.readings.filter(by=None).exists(), kpi.metric
    manual = KPIReading.objects.filter(kpi__source="manual")
    assert manual.count() == 5
    assert all(each.by for each in manual)


def test_loading_it_again_changes_nothing(plan):
    before = fingerprint(content_of(plan))
    counts = [model.objects.count() for model in (KPIReading, PlanKPI, StatusChange)]
    seed.load()
    assert CommunicationPlan.objects.count() == 1
    assert fingerprint(content_of(plan)) == before
    assert [model.objects.count() for model in (KPIReading, PlanKPI, StatusChange)] == counts
