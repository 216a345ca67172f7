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
from .plan_kpis import KPIReading, Metric, PlanKPI
from .plan_versions import PlanVersion
from .plans import (
    PUBLIC_PLAN,
    ActionChannel,
    ActionStatus,
    CommunicationPlan,
    PlanAction,
    PlanAudience,
    PlanObjective,
    PlanStatus,
)

__all__ = [
    "APPROVED_STATES",
    "CAMPAIGN_TEXTS",
    "PUBLIC_CAMPAIGN",
    "PUBLIC_PLAN",
    "ActionChannel",
    "ActionStatus",
    "Campaign",
    "CampaignQuerySet",
    "CampaignStatus",
    "CommunicationPlan",
    "Delivery",
    "Exclusion",
    "KPIReading",
    "LeftOut",
    "Metric",
    "PlanAction",
    "PlanAudience",
    "PlanKPI",
    "PlanObjective",
    "PlanStatus",
    "PlanVersion",
]
