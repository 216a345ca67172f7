"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import Campaign, CommunicationPlan, PlanAction, Segment


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


@register(Segment)
class SegmentOptions(TranslationOptions):
    """Name and purpose."""

    fields = ("name", "description")
