"""The register of the quadruple helix, ideas with their contributors, subscriptions."""

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
from .organisations import Helix, Organisation
from .people import Contact
from .subscriptions import (
    ConsentEvent,
    Subscription,
    SubscriptionRequest,
    SubscriptionState,
    Topic,
)

__all__ = [
    "CLOSED_IDEA",
    "PUBLIC_IDEA",
    "PUBLIC_ONCE_PUBLISHED",
    "ConsentEvent",
    "Contact",
    "Helix",
    "Idea",
    "IdeaOutcome",
    "IdeaQuestion",
    "IdeaStatus",
    "Organisation",
    "ReferenceSeries",
    "RefusalReason",
    "Submission",
    "Subscription",
    "SubscriptionRequest",
    "SubscriptionState",
    "Topic",
    "WithdrawalReason",
]
