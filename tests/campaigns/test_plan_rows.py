"""What the database and the models refuse of a plan and its rows."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from campaigns.models import CommunicationPlan, KPIReading, PlanVersion
from campaigns.plan_rows import rows_of
from tests.factories.campaigns import (
    PlanActionFactory,
    PlanAudienceFactory,
    PlanFactory,
    PlanKPIFactory,
    PlanObjectiveFactory,
)
from tests.factories.stakeholders import OrganisationFactory

pytestmark = pytest.mark.django_db

BAD = [
    (PlanFactory, {"status": "begun"}),
    (PlanFactory, {"adopted_at": None}),
    (PlanFactory, {"status": "closed"}),
    (PlanFactory, {"closed_at": timezone.now()}),
    (PlanFactory, {"ends_on": date(2025, 1, 1)}),
    (PlanFactory, {"title_nl": " "}),
    (PlanObjectiveFactory, {"text_nl": ""}),
    (PlanAudienceFactory, {"name_fr": ""}),
    (PlanAudienceFactory, {"need_nl": ""}),
    (PlanAudienceFactory, {"message_fr": ""}),
    (PlanActionFactory, {"title_nl": ""}),
    (PlanActionFactory, {"channel": "pigeon"}),
    (PlanActionFactory, {"status": "begun"}),
    (PlanActionFactory, {"status": "done"}),
    (PlanActionFactory, {"done_on": date(2026, 2, 3)}),
    (PlanActionFactory, {"ends_on": date(2026, 1, 1)}),
    (PlanActionFactory, {"budget": Decimal("-0.01")}),
    (PlanActionFactory, {"done": True, "text_nl": ""}),
    (PlanKPIFactory, {"name_nl": ""}),
    (PlanKPIFactory, {"unit_nl": ""}),
    (PlanKPIFactory, {"objective": None}),
    (PlanKPIFactory, {"source": "guess"}),
    (PlanKPIFactory, {"source": "record"}),
    (PlanKPIFactory, {"source": "manual", "metric": "bilaterals"}),
    (PlanKPIFactory, {"metric": "votes"}),
    (PlanKPIFactory, {"target": Decimal(0)}),
]


@pytest.mark.parametrize(
    ("factory", "fields"), BAD, ids=lambda each: "-".join(each) if isinstance(each, dict) else ""
)
def test_the_database_refuses_nonsense(factory, fields):
    factory()
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**fields)


def test_an_action_may_lack_a_language_while_it_is_planned():
    action = PlanActionFactory(text_nl="")
    assert not action.has_public_text
    assert PlanActionFactory().has_public_text
    assert PlanActionFactory(done=True, text_fr="", text_nl="").pk


def test_a_draft_begins_in_one_language():
    assert PlanFactory(draft=True, title_fr="").pk


@pytest.mark.parametrize("maker", [PlanActionFactory, PlanKPIFactory])
def test_a_row_of_another_plan_is_refused_beside_its_field(maker):
    row = maker()
    row.objective = PlanObjectiveFactory()
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert set(refused.value.message_dict) == {"objective"}
    row.objective = PlanObjectiveFactory(plan=row.plan)
    row.full_clean()


def test_a_reading_is_there_once_and_for_good():
    reading = KPIReading.objects.create(kpi=PlanKPIFactory(), on=date(2026, 3, 1), value=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        KPIReading.objects.create(kpi=reading.kpi, on=reading.on, value=4)
    for verb in (lambda: KPIReading.objects.update(value=5), reading.delete):
        with pytest.raises(InternalError), transaction.atomic():
            verb()


def test_a_version_is_there_once_and_for_good():
    plan = PlanFactory()
    fields = {"plan": plan, "number": 1, "content": {}, "sha256": "a" * 64}
    version = PlanVersion.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.create(**{**fields, "number": 2, "sha256": "x"})
    for verb in (lambda: PlanVersion.objects.update(content={"a": 1}), version.delete):
        with pytest.raises(InternalError), transaction.atomic():
            verb()


def test_only_adopted_plans_are_visible_and_their_rows_with_them(users):
    draft, adopted = PlanFactory(draft=True), PlanFactory()
    closed = PlanFactory(status="closed", closed_at=timezone.now())
    rows = [PlanActionFactory(plan=each) for each in (draft, adopted, closed)]
    seen = CommunicationPlan.objects.visible_to(users["nobody"])
    assert set(seen) == {adopted, closed}
    assert set(type(rows[0]).objects.visible_to(None)) == set(rows[1:])
    for role in ("staff", "auditor"):
        assert CommunicationPlan.objects.visible_to(users[role]).count() == 3
        assert type(rows[0]).objects.visible_to(users[role]).count() == 3


def test_an_organisation_that_is_not_listed_is_for_the_office(users):
    listed, hidden = OrganisationFactory(), OrganisationFactory(is_listed=False)
    action = PlanActionFactory(lead=hidden)
    action.partners.set([listed, hidden])
    (public,) = rows_of(action.plan, None).actions
    assert (public.lead, list(public.partners.all())) == (None, [listed])
    (inside,) = rows_of(action.plan, users["staff"]).actions
    assert inside.lead == hidden
    assert set(inside.partners.all()) == {listed, hidden}


def test_the_budget_is_that_of_what_was_not_dropped():
    plan = PlanFactory()
    assert rows_of(plan, None).budget is None
    PlanActionFactory(plan=plan, budget=Decimal("10.50"))
    PlanActionFactory(plan=plan, budget=Decimal(5), status="dropped")
    rows = rows_of(plan, None)
    assert (rows.budget, rows.is_budget_partial) == (Decimal("10.50"), False)
    PlanActionFactory(plan=plan, budget=None)
    assert rows_of(plan, None).is_budget_partial
