"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import AgendaIdea, Workshop


@register(Workshop)
class WorkshopOptions(TranslationOptions):
    """All texts of a workshop."""

    fields = ("title", "summary", "venue", "report", "status_reason")


@register(AgendaIdea)
class AgendaIdeaOptions(TranslationOptions):
    """The reason of the result."""

    fields = ("reason",)
