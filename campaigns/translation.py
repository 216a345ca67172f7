"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import (
    BLOCK_TEXTS,
    Block,
    Campaign,
    CommunicationPlan,
    Picture,
    PlanAction,
    PlanAudience,
    PlanKPI,
    PlanObjective,
    Segment,
)


@register(CommunicationPlan)
class CommunicationPlanOptions(TranslationOptions):
    """The name of the plan."""

    fields = ("title",)


@register(PlanObjective)
class PlanObjectiveOptions(TranslationOptions):
    """What is to be brought about."""

    fields = ("text",)


@register(PlanAudience)
class PlanAudienceOptions(TranslationOptions):
    """Who it is, what they need, what they are told."""

    fields = ("name", "need", "message")


@register(Campaign)
class CampaignOptions(TranslationOptions):
    """Subject, first line, text."""

    fields = ("subject", "preheader", "body")


@register(PlanAction)
class PlanActionOptions(TranslationOptions):
    """What is done and what is said."""

    fields = ("title", "text")


@register(PlanKPI)
class PlanKPIOptions(TranslationOptions):
    """What is measured, in which unit."""

    fields = ("name", "unit")


@register(Block)
class BlockOptions(TranslationOptions):
    """Whatever a reader sees of a block."""

    fields = BLOCK_TEXTS


@register(Picture)
class PictureOptions(TranslationOptions):
    """What it shows."""

    fields = ("alt",)


@register(Segment)
class SegmentOptions(TranslationOptions):
    """Name and purpose."""

    fields = ("name", "description")
