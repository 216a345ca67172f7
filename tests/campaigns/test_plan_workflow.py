"""A plan from draft to its versions; what may change while it is adopted."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import services
from campaigns.models import CommunicationPlan, PlanVersion
from campaigns.plan_content import canonical, content_of, lines_of
from core.models import StatusChange
from core.workflow import PermissionRefused, TransitionRefused
from tests.factories.campaigns import (
    PlanActionFactory,
    PlanFactory,
    PlanKPIFactory,
    PlanObjectiveFactory,
    full_plan,
)
from tests.factories.stakeholders import OrganisationFactory

pytestmark = pytest.mark.django_db
NOTE = "Decided on Monday."


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def adopted(staff):
    plan = full_plan()
    services.adopt_plan(plan, by=staff)
    return plan


def moves(row) -> list[str]:
    found = StatusChange.objects.filter(object_id=row.pk, content_type__model=row._meta.model_name)
    return list(found.order_by("pk").values_list("transition", flat=True))


def test_adopting_makes_a_plan_public_and_freezes_it(adopted, staff):
    assert adopted.status == "adopted"
    assert adopted.adopted_at
    assert list(CommunicationPlan.objects.public()) == [adopted]
    version = adopted.versions.get()
    assert (version.number, version.adopted_by) == (1, staff)
    assert version.content == content_of(adopted)
    written = canonical(version.content).encode()
    assert version.sha256 == hashlib.sha256(written).hexdigest()


def test_amending_and_adopting_again_makes_the_next_version(adopted, staff):
    first = adopted.versions.get().content
    services.amend_plan(adopted, by=staff, note=NOTE)
    objective = adopted.objectives.get()
    objective.text_fr = "Dire tout"
    services.save_row(objective, by=staff)
    services.adopt_plan(adopted, by=staff)
    versions = PlanVersion.objects.filter(plan=adopted).order_by("number")
    assert [each.number for each in versions] == [1, 2]
    assert versions[0].content == first
    assert versions[1].content["objectives"][0]["text"]["fr"] == "Dire tout"
    assert moves(adopted) == ["adopt", "amend", "adopt"]


def test_closing_asks_for_the_reason_and_is_for_good(adopted, staff):
    with pytest.raises(TransitionRefused):
        services.close_plan(adopted, by=staff, note=" ")
    services.close_plan(adopted, by=staff, note=NOTE)
    assert (adopted.status, adopted.closed_at is None) == ("closed", False)
    for move in (services.amend_plan, services.close_plan, services.adopt_plan):
        with pytest.raises(TransitionRefused):
            move(adopted, by=staff, note=NOTE)
    action = adopted.actions.get()
    with pytest.raises(TransitionRefused, match="closed"):
        services.drop_action(action, by=staff, note=NOTE)
    with pytest.raises(TransitionRefused, match="closed"):
        services.save_row(action, by=staff, changed=["text_fr"])


@pytest.mark.parametrize("missing", ["objectives", "audiences", "actions"])
def test_a_plan_without_one_of_each_is_not_adopted(staff, missing):
    plan = full_plan()
    plan.kpis.all().delete()
    if missing == "objectives":
        plan.actions.update(objective=None)
    getattr(plan, missing).all().delete()
    with pytest.raises(TransitionRefused, match="at least one"):
        services.adopt_plan(plan, by=staff)
    assert not PlanVersion.objects.exists()


def test_a_plan_that_lacks_a_language_is_not_adopted(staff):
    plan = full_plan(title_nl="")
    with pytest.raises(TransitionRefused, match=r"title \(Dutch\)"):
        services.adopt_plan(plan, by=staff)
    plan.refresh_from_db()
    assert plan.status == "draft"


def test_a_plan_is_adopted_before_all_its_words_are_written(staff):
    plan = full_plan()
    plan.actions.update(text_nl="")
    services.adopt_plan(plan, by=staff)
    assert plan.status == "adopted"


@pytest.mark.parametrize("role", ["auditor", "administrator", "juror", "nobody", "superuser"])
def test_only_the_office_writes_and_adopts(users, role):
    plan, by = full_plan(), users[role]
    action = plan.actions.get()
    for refused in (
        lambda: services.adopt_plan(plan, by=by),
        lambda: services.save_plan(plan, by=by),
        lambda: services.save_row(action, by=by),
        lambda: services.remove_row(action, by=by),
        lambda: services.drop_action(action, by=by, note=NOTE),
        lambda: services.complete_action(action, by=by, done_on=timezone.localdate()),
    ):
        with pytest.raises(PermissionRefused):
            refused()


def test_the_secretariat_is_the_office_too(users):
    services.adopt_plan(full_plan(), by=users["secretary"])
    assert CommunicationPlan.objects.public().count() == 1


def test_what_is_adopted_is_not_changed(adopted, staff):
    for row in (adopted.objectives.get(), adopted.audiences.get(), adopted.kpis.get()):
        with pytest.raises(TransitionRefused, match="Amend"):
            services.save_row(row, by=staff, changed=["position"])
        with pytest.raises(TransitionRefused, match="Amend"):
            services.remove_row(row, by=staff)
    with pytest.raises(TransitionRefused, match="Amend"):
        services.save_plan(adopted, by=staff)
    with pytest.raises(TransitionRefused, match="Amend"):
        services.save_row(PlanActionFactory.build(plan=adopted), by=staff)
    action = adopted.actions.get()
    for changed in ((), ["title_fr"], ["text_fr", "budget"]):
        with pytest.raises(TransitionRefused, match="Amend"):
            services.save_row(action, by=staff, changed=changed)


def test_a_row_cannot_be_smuggled_out_of_an_adopted_plan(adopted, staff):
    objective = adopted.objectives.get()
    objective.plan = PlanFactory(draft=True)
    with pytest.raises(TransitionRefused, match="Amend"):
        services.save_row(objective, by=staff, changed=["plan"])


def test_owner_and_words_of_an_action_may_still_be_written(adopted, staff):
    action = adopted.actions.get()
    action.owner, action.text_nl, action.title_fr = staff, "Anders", "Pas écrit"
    services.save_row(action, by=staff, changed=["owner", "text_nl"])
    action.refresh_from_db()
    assert (action.owner, action.text_nl) == (staff, "Anders")
    assert action.title_fr != "Pas écrit"


def test_a_translator_writes_texts_and_nothing_else(users):
    action = full_plan().actions.get()
    services.save_row(action, by=users["translator"], changed=["text_nl", "not_proofread"])
    for changed in ((), ["owner"], ["text_nl", "budget"]):
        with pytest.raises(PermissionRefused):
            services.save_row(action, by=users["translator"], changed=changed)


def test_an_action_is_done_on_a_day_that_has_come(adopted, staff):
    action, today = adopted.actions.get(), timezone.localdate()
    with pytest.raises(TransitionRefused, match="not come"):
        services.complete_action(action, by=staff, done_on=today + timedelta(days=1))
    services.complete_action(action, by=staff, done_on=today)
    assert (action.status, action.done_on) == ("done", today)
    services.reopen_action(action, by=staff, note=NOTE)
    assert (action.status, action.done_on) == ("planned", None)
    services.drop_action(action, by=staff, note=NOTE)
    assert moves(action) == ["complete", "reopen", "drop"]


@pytest.mark.parametrize(("lacks", "told"), [("fr", "French"), ("nl", "Dutch")])
def test_an_action_whose_words_lack_a_language_is_not_done(staff, lacks, told):
    action = PlanActionFactory(**{f"text_{lacks}": ""})
    with pytest.raises(TransitionRefused, match=told):
        services.complete_action(action, by=staff, done_on=timezone.localdate())


def test_dropping_and_planning_again_ask_for_the_reason(staff):
    action = PlanActionFactory()
    with pytest.raises(TransitionRefused):
        services.drop_action(action, by=staff, note="")
    action = PlanActionFactory(done=True)
    with pytest.raises(TransitionRefused):
        services.reopen_action(action, by=staff, note="")


def test_the_frozen_content_holds_nothing_internal(staff):
    plan = full_plan()
    action = plan.actions.get()
    action.owner, action.lead = staff, OrganisationFactory(is_listed=False)
    action.text_nl = ""
    action.save()
    (frozen,) = content_of(plan)["actions"]
    assert (frozen["lead"], frozen["text"]) == (None, None)
    assert staff.email not in canonical(content_of(plan))


def test_the_content_numbers_what_it_refers_to(staff):
    plan = PlanFactory(draft=True)
    PlanObjectiveFactory(plan=plan, position=1)
    second = PlanObjectiveFactory(plan=plan, position=2)
    action = PlanActionFactory(plan=plan, objective=second, budget="12.00")
    PlanKPIFactory(plan=plan, objective=None, action=action)
    content = content_of(plan)
    assert [each["objective"] for each in content["actions"]] == [2]
    assert [(each["objective"], each["action"]) for each in content["kpis"]] == [(None, 1)]
    assert content["budget"] == "12.00"
    assert "12" in lines_of(content, "fr")


def test_the_content_takes_as_many_queries_for_three_rows(staff):
    def count(plan):
        with CaptureQueriesContext(connection) as found:
            content_of(plan)
        return len(found)

    one = full_plan()
    three = full_plan()
    for _ in range(2):
        objective = PlanObjectiveFactory(plan=three)
        action = PlanActionFactory(
            plan=three, objective=objective, audiences=list(three.audiences.all())
        )
        action.partners.set([OrganisationFactory(), OrganisationFactory()])
        PlanKPIFactory(plan=three, objective=objective)
    assert count(one) == count(three)
