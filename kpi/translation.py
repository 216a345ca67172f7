"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import Framework, Indicator, Observation


@register(Framework)
class FrameworkOptions(TranslationOptions):
    """Name."""

    fields = ("name",)


@register(Indicator)
class IndicatorOptions(TranslationOptions):
    """All texts of an indicator."""

    fields = ("name", "definition", "unit", "headline")


@register(Observation)
class ObservationOptions(TranslationOptions):
    """The note."""

    fields = ("note",)
