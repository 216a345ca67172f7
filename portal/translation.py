"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import LegalDuty, NewsItem, ParliamentaryQuestion


@register(NewsItem)
class NewsItemOptions(TranslationOptions):
    """Title and text."""

    fields = ("title", "body")


@register(LegalDuty)
class LegalDutyOptions(TranslationOptions):
    """Duty and reference."""

    fields = ("duty", "law")


@register(ParliamentaryQuestion)
class ParliamentaryQuestionOptions(TranslationOptions):
    """What was asked."""

    fields = ("asked",)
