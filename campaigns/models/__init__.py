"""The communication plan and the campaigns that Celery sends to confirmed subscribers."""

from .campaigns import (
    APPROVED_STATES,
    CAMPAIGN_TEXTS,
    PUBLIC_CAMPAIGN,
    SEGMENT_LISTS,
    Campaign,
    CampaignQuerySet,
    CampaignStatus,
)
from .deliveries import Delivery, Exclusion, LeftOut
from .plans import CommunicationPlan, PlanAction
from .segments import RULE_FIELDS, Segment

__all__ = [
    "APPROVED_STATES",
    "CAMPAIGN_TEXTS",
    "PUBLIC_CAMPAIGN",
    "RULE_FIELDS",
    "SEGMENT_LISTS",
    "Campaign",
    "CampaignQuerySet",
    "CampaignStatus",
    "CommunicationPlan",
    "Delivery",
    "Exclusion",
    "LeftOut",
    "PlanAction",
    "Segment",
]
