"""A row in every model that points at an organisation or a person: {(model, field): maker}.

A new relation without a maker here fails `tests/stakeholders/test_merging.py`.
"""

from datetime import date

from projects.models import ProjectSheet
from roadmap.models import Initiative
from stakeholders.models import SubscriptionRequest
from tests.factories.campaigns import CampaignFactory, PlanActionFactory, SubscriberFactory
from tests.factories.governance import MandateFactory
from tests.factories.kpi import IndicatorFactory
from tests.factories.programme import SourceFactory, ThemeFactory
from tests.factories.projects import SheetFactory
from tests.factories.register import (
    AffiliationFactory,
    AssessmentFactory,
    BilateralFactory,
    CommitmentFactory,
    InteractionFactory,
    OrganisationNameFactory,
    ParticipationFactory,
)
from tests.factories.rows import initiatives
from tests.factories.stakeholders import (
    ContactFactory,
    IdeaFactory,
    OrganisationFactory,
    SubmissionFactory,
)

ENDED = date(2023, 1, 1)


def initiative_of(organisation):
    """Make an initiative that the organisation takes part in."""
    if not Initiative.objects.exists():
        initiatives(1)
    Initiative.objects.get().organisations.add(organisation)


def sheet_of(organisation):
    """Make a sheet that the organisation owns."""
    return SheetFactory(owner_organisation=organisation, status=ProjectSheet.Status.DRAFT)


def exclusion_of(person):
    """Make a campaign whose list left the person out."""
    return CampaignFactory().exclusions.create(contact=person, reason="suppressed")


def delivery_to(person):
    """Make a campaign that went to the person."""
    return CampaignFactory().deliveries.create(
        contact=person, email_norm=f"{person.pk}@example.org", language="fr"
    )


def request_of(person):
    """Make a use of the subscription form."""
    return SubscriptionRequest.objects.create(contact=person, language="fr", wording_version="1")


TO_ORGANISATION = {
    ("stakeholders.Affiliation", "organisation"): lambda row: AffiliationFactory(organisation=row),
    ("stakeholders.BilateralMeeting", "organisation"): lambda row: BilateralFactory(
        organisation=row
    ),
    ("stakeholders.Commitment", "organisation"): lambda row: CommitmentFactory(organisation=row),
    ("stakeholders.Idea", "organisation"): lambda row: IdeaFactory(organisation=row),
    ("stakeholders.Organisation", "successor"): lambda row: OrganisationFactory(
        successor=row, ended_on=ENDED
    ),
    ("stakeholders.Organisation", "merged_into"): lambda row: OrganisationFactory(merged_into=row),
    ("stakeholders.OrganisationName", "organisation"): lambda row: OrganisationNameFactory(
        organisation=row
    ),
    ("stakeholders.Organisation_sources", "organisation"): lambda row: row.sources.add(
        SourceFactory()
    ),
    ("stakeholders.Organisation_themes", "organisation"): lambda row: row.themes.add(
        ThemeFactory()
    ),
    ("stakeholders.Participation", "organisation"): lambda row: ParticipationFactory(
        organisation=row
    ),
    ("stakeholders.StakeholderAssessment", "organisation"): lambda row: AssessmentFactory(
        organisation=row
    ),
    ("projects.ProjectSheet", "owner_organisation"): sheet_of,
    ("roadmap.Initiative_organisations", "organisation"): initiative_of,
    ("kpi.Indicator", "owner_organisation"): lambda row: IndicatorFactory(owner_organisation=row),
    ("campaigns.PlanAction", "lead"): lambda row: PlanActionFactory(lead=row),
    ("campaigns.PlanAction_partners", "organisation"): lambda row: PlanActionFactory().partners.add(
        row
    ),
}

TO_CONTACT = {
    ("stakeholders.Affiliation", "contact"): lambda row: AffiliationFactory(contact=row),
    ("stakeholders.BilateralMeeting_contacts", "contact"): lambda row: (
        BilateralFactory().contacts.add(row)
    ),
    ("stakeholders.Commitment", "contact"): lambda row: CommitmentFactory(contact=row),
    ("stakeholders.Contact", "merged_into"): lambda row: ContactFactory(merged_into=row),
    ("stakeholders.Participation", "contact"): lambda row: ParticipationFactory(
        interaction=InteractionFactory(), contact=row
    ),
    ("stakeholders.Submission", "contact"): lambda row: SubmissionFactory(contact=row),
    ("stakeholders.Subscription", "contact"): lambda row: SubscriberFactory(contact=row),
    ("stakeholders.SubscriptionRequest", "contact"): request_of,
    ("governance.Mandate", "contact"): lambda row: MandateFactory(contact=row),
    ("campaigns.Delivery", "contact"): delivery_to,
    ("campaigns.Exclusion", "contact"): exclusion_of,
}


def columns(model) -> list[str]:
    """Return every column of ``model``, each language by name.

    Asked for no columns, a translated model answers with the language of the page alone.
    """
    fields = model._meta.concrete_fields
    return [field.attname for field in fields if not hasattr(model, f"{field.name}_fr")]
