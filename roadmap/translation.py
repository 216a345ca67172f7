"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import Initiative, Milestone, RoadmapVersion


@register(Initiative)
class InitiativeOptions(TranslationOptions):
    """All texts of an initiative."""

    fields = ("title", "summary", "lead", "period", "size", "status_reason")


@register(Milestone)
class MilestoneOptions(TranslationOptions):
    """Title and evidence."""

    fields = ("title", "evidence")


@register(RoadmapVersion)
class RoadmapVersionOptions(TranslationOptions):
    """Title and introduction."""

    fields = ("title", "introduction")
