"""The communication plan and the campaigns that Celery sends to confirmed subscribers."""

from .campaigns import (
    APPROVED_STATES,
    CAMPAIGN_TEXTS,
    PUBLIC_CAMPAIGN,
    Campaign,
    CampaignQuerySet,
    CampaignStatus,
)
from .deliveries import Delivery, Exclusion, LeftOut
from .plans import CommunicationPlan, PlanAction

__all__ = [
    "APPROVED_STATES",
    "CAMPAIGN_TEXTS",
    "PUBLIC_CAMPAIGN",
    "Campaign",
    "CampaignQuerySet",
    "CampaignStatus",
    "CommunicationPlan",
    "Delivery",
    "Exclusion",
    "LeftOut",
    "PlanAction",
]
