"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import LegalDuty, NewsItem, ParliamentaryQuestion


@register(NewsItem)
class NewsItemOptions(TranslationOptions):
    """Title and text."""

    fields = ("title", "body")


@register(LegalDuty)
class LegalDutyOptions(TranslationOptions):
    """Duty, reference and practice."""

    fields = ("duty", "law", "practice")


@register(ParliamentaryQuestion)
class ParliamentaryQuestionOptions(TranslationOptions):
    """What was asked and what is owed."""

    fields = ("asked", "due")
