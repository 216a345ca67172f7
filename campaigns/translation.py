"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import Campaign, CommunicationPlan, PlanAction


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
