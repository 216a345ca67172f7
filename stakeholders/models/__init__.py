"""The register, what is exchanged and promised, ideas with their contributors, subscriptions."""

from .assessments import Engagement, Iap2, StakeholderAssessment
from .engagement import (
    PENDING_COMMITMENT,
    Commitment,
    CommitmentStatus,
    Interaction,
    Participation,
)
from .ideas import (
    CLOSED_IDEA,
    PUBLIC_IDEA,
    PUBLIC_ONCE_PUBLISHED,
    Idea,
    IdeaOutcome,
    IdeaQuestion,
    IdeaStatus,
    ReferenceSeries,
    RefusalReason,
    Submission,
    WithdrawalReason,
)
from .identity import ContactMerge, DistinctContacts, DistinctOrganisations, OrganisationMerge
from .imports import RegisterImport
from .meetings import OVER, TOOK_PLACE, BilateralMeeting, BilateralStatus, Outcome
from .organisations import Helix, Organisation, OrganisationName, OrganisationStatus
from .people import KNOW_PEOPLE, Affiliation, Contact, LegalBasis
from .standing import Standing
from .subscriptions import (
    ConsentEvent,
    Subscription,
    SubscriptionRequest,
    SubscriptionState,
    Topic,
)

__all__ = [
    "CLOSED_IDEA",
    "KNOW_PEOPLE",
    "OVER",
    "PENDING_COMMITMENT",
    "PUBLIC_IDEA",
    "PUBLIC_ONCE_PUBLISHED",
    "TOOK_PLACE",
    "Affiliation",
    "BilateralMeeting",
    "BilateralStatus",
    "Commitment",
    "CommitmentStatus",
    "ConsentEvent",
    "Contact",
    "ContactMerge",
    "DistinctContacts",
    "DistinctOrganisations",
    "Engagement",
    "Helix",
    "Iap2",
    "Idea",
    "IdeaOutcome",
    "IdeaQuestion",
    "IdeaStatus",
    "Interaction",
    "LegalBasis",
    "Organisation",
    "OrganisationMerge",
    "OrganisationName",
    "OrganisationStatus",
    "Outcome",
    "Participation",
    "ReferenceSeries",
    "RefusalReason",
    "RegisterImport",
    "StakeholderAssessment",
    "Standing",
    "Submission",
    "Subscription",
    "SubscriptionRequest",
    "SubscriptionState",
    "Topic",
    "WithdrawalReason",
]
