"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import Framework, Indicator, Observation, Target


@register(Framework)
class FrameworkOptions(TranslationOptions):
    """Name."""

    fields = ("name",)


@register(Indicator)
class IndicatorOptions(TranslationOptions):
    """All texts of an indicator."""

    fields = ("name", "definition", "unit", "headline", "source_text")


@register(Observation)
class ObservationOptions(TranslationOptions):
    """The note."""

    fields = ("note",)


@register(Target)
class TargetOptions(TranslationOptions):
    """Where it was decided."""

    fields = ("basis",)
