"""The register, what is exchanged and promised, ideas with their contributors, subscriptions."""

from .assessments import Engagement, Iap2, StakeholderAssessment
from .attachments import (
    FILES_FOLDER,
    GONE_FILE,
    PUBLIC_FILE,
    FileRefusal,
    IdeaAttachment,
    ScanState,
)
from .desk import (
    IN_WORK,
    Assignment,
    IdeaNote,
    IdeaReport,
    MessageTemplate,
    sent_by,
)
from .edits import (
    CORRECTABLE,
    EditStatus,
    IdeaEdit,
    TrackingLetter,
    text_state,
    text_states,
    words_of,
)
from .engagement import (
    PENDING_COMMITMENT,
    Commitment,
    CommitmentStatus,
    Interaction,
    Participation,
)
from .idea_merges import IdeaMerge
from .ideas import (
    CLOSED_IDEA,
    PENDING_IDEA,
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
from .pairs import IdeaKey, SimilarityPair, Verdict
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
    "CORRECTABLE",
    "FILES_FOLDER",
    "GONE_FILE",
    "IN_WORK",
    "KNOW_PEOPLE",
    "OVER",
    "PENDING_COMMITMENT",
    "PENDING_IDEA",
    "PUBLIC_FILE",
    "PUBLIC_IDEA",
    "PUBLIC_ONCE_PUBLISHED",
    "TOOK_PLACE",
    "Affiliation",
    "Assignment",
    "BilateralMeeting",
    "BilateralStatus",
    "Commitment",
    "CommitmentStatus",
    "ConsentEvent",
    "Contact",
    "ContactMerge",
    "DistinctContacts",
    "DistinctOrganisations",
    "EditStatus",
    "Engagement",
    "FileRefusal",
    "Helix",
    "Iap2",
    "Idea",
    "IdeaAttachment",
    "IdeaEdit",
    "IdeaKey",
    "IdeaMerge",
    "IdeaNote",
    "IdeaOutcome",
    "IdeaQuestion",
    "IdeaReport",
    "IdeaStatus",
    "Interaction",
    "LegalBasis",
    "MessageTemplate",
    "Organisation",
    "OrganisationMerge",
    "OrganisationName",
    "OrganisationStatus",
    "Outcome",
    "Participation",
    "ReferenceSeries",
    "RefusalReason",
    "RegisterImport",
    "ScanState",
    "SimilarityPair",
    "StakeholderAssessment",
    "Standing",
    "Submission",
    "Subscription",
    "SubscriptionRequest",
    "SubscriptionState",
    "Topic",
    "TrackingLetter",
    "Verdict",
    "WithdrawalReason",
    "sent_by",
    "text_state",
    "text_states",
    "words_of",
]
