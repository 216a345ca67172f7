"""The plan in the back office: written while it is open, read once it is adopted."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from campaigns import services
from campaigns.models import CommunicationPlan, KPIReading, PlanAction, PlanObjective
from tests.factories.campaigns import (
    PlanAudienceFactory,
    PlanFactory,
    PlanObjectiveFactory,
    full_plan,
)

pytestmark = pytest.mark.django_db

ROWS = ("planobjective", "planaudience", "planaction", "plankpi")
MODELS = ("communicationplan", *ROWS, "kpireading", "planversion")


@pytest.fixture
def desk(client, users):
    client.force_login(users["staff"])
    return client


@pytest.fixture
def adopted(users):
    plan = full_plan()
    services.adopt_plan(plan, by=users["staff"])
    KPIReading.objects.create(kpi=plan.kpis.get(), on="2026-03-01", value=1)
    return plan


def change(row) -> str:
    return reverse(f"admin:campaigns_{row._meta.model_name}_change", args=[row.pk])


def typed(response) -> dict:
    """Return what the browser would send back unchanged."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    ("role", "status"), [("staff", 200), ("auditor", 200), ("juror", 302), ("facilitator", 403)]
)
def test_lists_and_rows_open_for_their_readers(client, users, adopted, name, role, status):
    client.force_login(users[role])
    listing = reverse(f"admin:campaigns_{name}_changelist")
    assert client.get(listing, {"q": "a"}).status_code == status
    row = apps.get_model("campaigns", name).objects.first()
    assert admin.site.is_registered(type(row))
    assert client.get(change(row)).status_code == status


@pytest.mark.parametrize("name", ["communicationplan", *ROWS])
def test_the_form_of_a_new_row_opens_for_the_office_only(client, users, name):
    plan = full_plan()
    url = reverse(f"admin:campaigns_{name}_add") + f"?plan={plan.pk}"
    for role, status in (("staff", 200), ("secretary", 200), ("auditor", 403), ("translator", 403)):
        client.force_login(users[role])
        assert client.get(url).status_code == status, role


def test_a_plan_is_begun_and_its_rows_added(desk):
    url = reverse("admin:campaigns_communicationplan_add")
    fields = typed(desk.get(url)) | {
        "title_nl": "Plan",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "not_proofread": [],
    }
    response = desk.post(url, fields)
    assert response.status_code == 302, response.context["adminform"].form.errors
    plan = CommunicationPlan.objects.get()
    assert plan.status == "draft"
    url = reverse("admin:campaigns_planobjective_add") + f"?plan={plan.pk}"
    fields = typed(desk.get(url)) | {"text_fr": "Dire", "text_nl": "Zeggen", "not_proofread": []}
    response = desk.post(url, fields)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert PlanObjective.objects.get().plan == plan
    assert "Dire" in desk.get(change(plan)).content.decode()


def test_a_row_that_lacks_a_language_is_told_beside_the_field(desk):
    objective = PlanObjectiveFactory(plan=PlanFactory(draft=True))
    fields = typed(desk.get(change(objective))) | {"text_nl": "", "text_fr": "Gardé"}
    response = desk.post(change(objective), fields | {"not_proofread": []})
    assert response.context["adminform"].form.errors["text_nl"]
    assert "Gardé" in response.content.decode()


def test_an_audience_of_another_plan_is_refused_beside_the_field(desk):
    action = full_plan().actions.get()
    other = PlanAudienceFactory(plan=PlanFactory(draft=True))
    fields = typed(desk.get(change(action))) | {"audiences": [other.pk], "not_proofread": []}
    response = desk.post(change(action), fields)
    assert response.context["adminform"].form.errors["audiences"]
    action.refresh_from_db()
    assert other not in action.audiences.all()


def test_only_rows_of_the_same_plan_are_offered(desk):
    plan, other = full_plan(), full_plan()
    for url in (
        change(plan.actions.get()),
        reverse("admin:campaigns_planaction_add") + f"?plan={plan.pk}",
    ):
        fields = desk.get(url).context["adminform"].form.fields
        assert set(fields["objective"].queryset) == set(plan.objectives.all())
        assert set(fields["audiences"].queryset) == set(plan.audiences.all())
    fields = desk.get(reverse("admin:campaigns_planaction_add")).context["adminform"].form.fields
    assert set(fields["objective"].queryset) == {*plan.objectives.all(), *other.objectives.all()}


def test_a_negative_budget_is_told_beside_the_field(desk):
    action = full_plan().actions.get()
    fields = typed(desk.get(change(action))) | {"budget": "-1", "not_proofread": []}
    assert desk.post(change(action), fields).context["adminform"].form.errors["budget"]


def test_a_concurrent_edit_is_told(desk):
    objective = PlanObjectiveFactory(plan=PlanFactory(draft=True))
    page = desk.get(change(objective))
    state = page.context["row_state"]
    PlanObjective.objects.update(text_fr="Entre-temps")
    fields = typed(page) | {"text_fr": "Le mien", "not_proofread": [], "_row_state": state}
    response = desk.post(change(objective), fields)
    assert response.context["adminform"].form.non_field_errors()
    objective.refresh_from_db()
    assert objective.text_fr == "Entre-temps"


def test_what_is_adopted_is_read_only(desk, adopted):
    for row in (adopted, adopted.objectives.get(), adopted.audiences.get(), adopted.kpis.get()):
        assert desk.get(change(row)).status_code == 200
        assert desk.post(change(row), {"position": 3}).status_code == 403, row
        delete = change(row).replace("/change/", "/delete/")
        assert desk.post(delete, {"post": "yes"}).status_code == 403, row


def test_owner_and_words_of_an_action_stay_open_until_the_plan_is_closed(desk, users, adopted):
    action = adopted.actions.get()
    page = desk.get(change(action))
    form = page.context["adminform"].form
    assert set(form.fields) == {"owner", "text_fr", "text_nl", "text_en", "not_proofread"}
    fields = typed(page) | {"owner": users["staff"].pk, "text_nl": "Nieuw", "not_proofread": []}
    response = desk.post(change(action), fields | {"title_fr": "Pas écrit"})
    assert response.status_code == 302, response.context["adminform"].form.errors
    action.refresh_from_db()
    assert (action.owner, action.text_nl) == (users["staff"], "Nieuw")
    assert action.title_fr != "Pas écrit"
    assert desk.post(change(action), typed(desk.get(change(action)))).status_code == 302
    services.close_plan(adopted, by=users["staff"], note="Over.")
    assert desk.post(change(action), fields).status_code == 403


def test_a_translator_completes_the_texts(client, users):
    action = full_plan().actions.get()
    client.force_login(users["translator"])
    page = client.get(change(action))
    assert "owner" not in page.context["adminform"].form.fields
    fields = typed(page) | {"text_nl": "Vertaald", "not_proofread": []}
    assert client.post(change(action), fields).status_code == 302
    action.refresh_from_db()
    assert action.text_nl == "Vertaald"


def test_a_row_is_taken_out_of_an_open_plan(desk):
    objective = PlanObjectiveFactory(plan=PlanFactory(draft=True))
    delete = reverse("admin:campaigns_planobjective_delete", args=[objective.pk])
    assert desk.get(delete).status_code == 200
    assert desk.post(delete, {"post": "yes"}).status_code == 302
    assert not PlanObjective.objects.exists()


def test_the_plan_is_adopted_through_its_button(desk):
    plan = full_plan()
    url = reverse("admin:campaigns_communicationplan_transition", args=[plan.pk, "adopt"])
    assert "kept for good" in desk.get(url, headers={"accept-language": "en"}).content.decode()
    assert desk.post(url, {"note": ""}).status_code == 302
    plan.refresh_from_db()
    assert (plan.status, plan.versions.count()) == ("adopted", 1)


def test_a_plan_that_cannot_be_adopted_says_why(desk):
    plan = PlanFactory(draft=True)
    url = reverse("admin:campaigns_communicationplan_transition", args=[plan.pk, "adopt"])
    response = desk.post(url, {"note": ""})
    assert response.context["form"].non_field_errors()
    plan.refresh_from_db()
    assert plan.status == "draft"


def test_an_action_is_dropped_through_its_button(desk):
    action = full_plan().actions.get()
    url = reverse("admin:campaigns_planaction_transition", args=[action.pk, "drop"])
    assert desk.post(url, {"note": ""}).status_code == 200
    assert desk.post(url, {"note": "No room."}).status_code == 302
    assert PlanAction.objects.get().status == "dropped"
