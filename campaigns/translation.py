"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import BLOCK_TEXTS, Block, Campaign, CommunicationPlan, Picture, PlanAction


@register(CommunicationPlan)
class CommunicationPlanOptions(TranslationOptions):
    """All texts of the plan."""

    fields = ("title", "objectives", "audiences")


@register(Campaign)
class CampaignOptions(TranslationOptions):
    """Subject, first line, text."""

    fields = ("subject", "preheader", "body")


@register(PlanAction)
class PlanActionOptions(TranslationOptions):
    """What is done."""

    fields = ("title",)


@register(Block)
class BlockOptions(TranslationOptions):
    """Whatever a reader sees of a block."""

    fields = BLOCK_TEXTS


@register(Picture)
class PictureOptions(TranslationOptions):
    """What it shows."""

    fields = ("alt",)
