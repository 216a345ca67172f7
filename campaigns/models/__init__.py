"""The communication plan and the campaigns that Celery sends to confirmed subscribers."""

from .blocks import (
    BLOCK_TEXTS,
    PICTURE_MOST_BYTES,
    PICTURE_TYPES,
    PICTURE_WIDTH,
    Block,
    BlockKind,
    Picture,
)
from .campaigns import (
    APPROVED_STATES,
    CAMPAIGN_TEXTS,
    PUBLIC_CAMPAIGN,
    Campaign,
    CampaignQuerySet,
    CampaignStatus,
    Layout,
)
from .deliveries import Delivery, Exclusion, LeftOut
from .links import DEAD_LINK, LONGEST_URL, CampaignLink, CheckedLink, LinkProblem
from .plans import CommunicationPlan, PlanAction

__all__ = [
    "APPROVED_STATES",
    "BLOCK_TEXTS",
    "CAMPAIGN_TEXTS",
    "DEAD_LINK",
    "LONGEST_URL",
    "PICTURE_MOST_BYTES",
    "PICTURE_TYPES",
    "PICTURE_WIDTH",
    "PUBLIC_CAMPAIGN",
    "Block",
    "BlockKind",
    "Campaign",
    "CampaignLink",
    "CampaignQuerySet",
    "CampaignStatus",
    "CheckedLink",
    "CommunicationPlan",
    "Delivery",
    "Exclusion",
    "Layout",
    "LeftOut",
    "LinkProblem",
    "Picture",
    "PlanAction",
]
