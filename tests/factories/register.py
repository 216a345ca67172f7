"""Former names, affiliations, assessments, exchanges, meetings and commitments for tests."""

from datetime import UTC, date, datetime, timedelta

import factory

from accounts.models import User
from stakeholders.models import (
    Affiliation,
    BilateralMeeting,
    Commitment,
    Interaction,
    OrganisationName,
    Participation,
    StakeholderAssessment,
)
from tests.factories.stakeholders import ContactFactory, OrganisationFactory

HELD_AT = datetime(2026, 9, 15, 12, tzinfo=UTC)


class OfficeUserFactory(factory.django.DjangoModelFactory):
    """Somebody of the Office, without a password."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"office{n}@example.org")


class OrganisationNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganisationName

    organisation = factory.SubFactory(OrganisationFactory)
    name_fr = "CIRB"
    name_nl = "CIBG"


class AffiliationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Affiliation

    contact = factory.SubFactory(ContactFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "director"
    starts_on = date(2020, 1, 1)


class AssessmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StakeholderAssessment

    organisation = factory.SubFactory(OrganisationFactory)
    influence = 5
    interest = 2
    rationale = "Chairs the federation."
    assessed_on = date(2026, 9, 1)


class InteractionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interaction

    kind = "call"
    subject = factory.Sequence(lambda n: f"Call {n}")
    happened_at = HELD_AT


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    interaction = factory.SubFactory(InteractionFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    happened_at = factory.SelfAttribute("interaction.happened_at")


class BilateralFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BilateralMeeting

    series_no = factory.Sequence(lambda n: n + 1)
    organisation = factory.SubFactory(OrganisationFactory)
    starts_at = HELD_AT
    ends_at = HELD_AT + timedelta(hours=1)
    language = "fr"
    owner = factory.SubFactory(OfficeUserFactory)


class CommitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commitment

    made_by = "office"
    organisation = factory.SubFactory(OrganisationFactory)
    text = factory.Sequence(lambda n: f"Send the data of stop {n}")
    owner = factory.SubFactory(OfficeUserFactory)
    due_on = date(2026, 10, 1)
