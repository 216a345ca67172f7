"""What the database refuses in the register, whoever writes it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from stakeholders.models import Organisation, StakeholderAssessment
from stakeholders.models.enterprise_number import (
    has_valid_check,
    normal,
    validate_enterprise_number,
)
from tests.factories.programme import PortfolioFactory
from tests.factories.register import (
    AffiliationFactory,
    AssessmentFactory,
    BilateralFactory,
    CommitmentFactory,
    InteractionFactory,
    OrganisationNameFactory,
    ParticipationFactory,
)
from tests.factories.stakeholders import ContactFactory, OrganisationFactory

VALID = "0316381138"


def refused(factory, **values):
    """Assert that the database does not take a row with these values."""
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**values)


@given(st.integers(0, 19_999_999))
def test_an_enterprise_number_is_checked_modulo_97(stem):
    check = 97 - stem % 97
    number = f"{stem:08}{check:02}"
    assert has_valid_check(number)
    assert not has_valid_check(f"{stem:08}{check % 97 + 1:02}")


@pytest.mark.parametrize("typed", ["BE 0316.381.138", "0316-381-138", "316381138", VALID])
def test_an_enterprise_number_is_read_as_people_write_it(typed):
    assert normal(typed) == VALID
    validate_enterprise_number(typed)


@pytest.mark.parametrize("typed", ["0316.381.139", "12345", "2316381138", "03163811380", "abc"])
def test_a_wrong_enterprise_number_is_told(typed):
    with pytest.raises(ValidationError):
        validate_enterprise_number(typed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"legal_id": "0316381139"},
        {"legal_id": "abc"},
        {"legal_id": "0316.38113"},
        {"helix": "press"},
        {"helix_secondary": "civil_society"},
        {"helix_secondary": "press"},
        {"status": "neglected"},
    ],
)
def test_nonsense_about_an_organisation_is_refused(values):
    refused(OrganisationFactory, **values)


def test_an_enterprise_number_is_kept_as_bare_digits():
    field = Organisation._meta.get_field("legal_id")
    assert field.clean("BE 0316.381.138", None) == VALID
    assert field.formfield().clean("BE 0316.381.138") == "BE 0316.381.138"
    with pytest.raises(ValidationError):
        field.clean("0316.381.139", None)


@pytest.mark.django_db
def test_one_enterprise_number_is_one_organisation():
    kept = OrganisationFactory(legal_id=VALID)
    refused(OrganisationFactory, legal_id=VALID)
    # What was merged keeps its number, so that the merge can be undone.
    OrganisationFactory(legal_id=VALID, merged_into=kept)


@pytest.mark.django_db
def test_a_successor_needs_the_day_of_the_end():
    after = OrganisationFactory()
    refused(OrganisationFactory, successor=after)
    OrganisationFactory(successor=after, ended_on=date(2023, 1, 1))


@pytest.mark.django_db
def test_a_former_name_is_complete_and_found(client):
    named = OrganisationNameFactory().organisation
    refused(OrganisationNameFactory, name_nl="")
    refused(OrganisationNameFactory, since=date(2020, 1, 2), until=date(2020, 1, 1))
    assert list(Organisation.objects.search("cibg")) == [named]
    assert list(Organisation.objects.search(named.name_fr)) == [named]


@pytest.mark.django_db
def test_an_affiliation_is_open_once_and_one_is_the_main_one():
    first = AffiliationFactory()
    refused(AffiliationFactory, contact=first.contact, organisation=first.organisation)
    refused(AffiliationFactory, contact=first.contact, role="member")
    AffiliationFactory(contact=first.contact, role="member", is_main=False)
    refused(AffiliationFactory, ends_on=first.starts_on - timedelta(days=1))


@pytest.mark.django_db
def test_an_assessment_has_scores_and_reasons():
    refused(AssessmentFactory, influence=6)
    refused(AssessmentFactory, interest=0)
    refused(AssessmentFactory, rationale=" ")
    refused(AssessmentFactory, engagement_current="hostile")


@pytest.mark.django_db
def test_an_assessment_is_never_rewritten():
    row = AssessmentFactory()
    with pytest.raises(InternalError), transaction.atomic():
        StakeholderAssessment.objects.update(influence=1)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM stakeholders_stakeholderassessment WHERE id = %s", [row.pk])


@pytest.mark.django_db
def test_a_participation_stands_on_one_side():
    exchange = InteractionFactory()
    person = ContactFactory()
    ParticipationFactory(interaction=exchange, contact=person)
    refused(ParticipationFactory, interaction=exchange, contact=person)
    refused(ParticipationFactory, side="ours")


@pytest.mark.django_db
def test_a_meeting_that_took_place_is_in_the_log():
    refused(BilateralFactory, status="held")
    BilateralFactory(status="held", interaction=InteractionFactory())
    refused(BilateralFactory, status="validated", interaction=InteractionFactory())
    refused(BilateralFactory, outcomes=["fame"])


@pytest.mark.django_db
def test_a_cabinet_has_one_meeting():
    cabinet = PortfolioFactory()
    refused(BilateralFactory, portfolio=cabinet)
    refused(BilateralFactory, kind="political")
    BilateralFactory(kind="political", portfolio=cabinet, status="cancelled")
    BilateralFactory(kind="political", portfolio=cabinet)
    refused(BilateralFactory, kind="political", portfolio=cabinet)


@pytest.mark.django_db
def test_a_kept_promise_has_its_evidence():
    refused(CommitmentFactory, status="done", closed_on=date(2026, 9, 1))
    refused(CommitmentFactory, status="dropped")
    CommitmentFactory(status="done", closed_on=date(2026, 9, 1), evidence="Mail of 1 September")


@pytest.mark.django_db
def test_an_erased_person_leaves_nothing(users):
    refused(ContactFactory, erased_at="2026-09-01T12:00Z")
    ContactFactory(name="", email="", erased_at="2026-09-01T12:00Z")
