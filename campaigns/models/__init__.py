"""The communication plan and the campaigns that Celery sends to confirmed subscribers."""

from .block_kinds import ASKED, BLOCK_TEXTS, NEEDED, BlockKind
from .blocks import (
    PICTURE_MOST_BYTES,
    PICTURE_TYPES,
    PICTURE_WIDTH,
    Block,
    Picture,
)
from .campaigns import (
    APPROVED_STATES,
    CAMPAIGN_TEXTS,
    PUBLIC_CAMPAIGN,
    SEGMENT_LISTS,
    Campaign,
    CampaignQuerySet,
    CampaignStatus,
    Layout,
)
from .deliveries import Delivery, Exclusion, LeftOut
from .links import DEAD_LINK, LONGEST_URL, CampaignLink, CheckedLink, LinkProblem
from .occasions import Occasion, OccasionCode, OccasionEvent, Outcome
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
from .segments import RULE_FIELDS, Segment

__all__ = [
    "APPROVED_STATES",
    "ASKED",
    "BLOCK_TEXTS",
    "CAMPAIGN_TEXTS",
    "DEAD_LINK",
    "LONGEST_URL",
    "NEEDED",
    "PICTURE_MOST_BYTES",
    "PICTURE_TYPES",
    "PICTURE_WIDTH",
    "PUBLIC_CAMPAIGN",
    "PUBLIC_PLAN",
    "RULE_FIELDS",
    "SEGMENT_LISTS",
    "ActionChannel",
    "ActionStatus",
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
    "KPIReading",
    "Layout",
    "LeftOut",
    "LinkProblem",
    "Metric",
    "Occasion",
    "OccasionCode",
    "OccasionEvent",
    "Outcome",
    "Picture",
    "PlanAction",
    "PlanAudience",
    "PlanKPI",
    "PlanObjective",
    "PlanStatus",
    "PlanVersion",
    "Segment",
]
