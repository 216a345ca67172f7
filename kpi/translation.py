"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import (
    CompositeIndex,
    Framework,
    ImportJob,
    IndexInput,
    IndexNode,
    Indicator,
    IndicatorVersion,
    InitiativeIndicator,
    MetadataEntry,
    Observation,
    Place,
    Release,
    Target,
)


@register(Framework)
class FrameworkOptions(TranslationOptions):
    """Name."""

    fields = ("name",)


@register(Indicator)
class IndicatorOptions(TranslationOptions):
    """All texts of an indicator."""

    fields = (
        *("name", "definition", "unit", "headline"),
        *("source_text", "coverage", "confidentiality"),
    )


@register(Observation)
class ObservationOptions(TranslationOptions):
    """The note."""

    fields = ("note",)


@register(Target)
class TargetOptions(TranslationOptions):
    """Where it was decided."""

    fields = ("basis",)


@register(Place)
class PlaceOptions(TranslationOptions):
    """Names."""

    fields = ("name", "short_name")


@register(Release)
class ReleaseOptions(TranslationOptions):
    """What changed."""

    fields = ("note",)


@register(IndicatorVersion)
class IndicatorVersionOptions(TranslationOptions):
    """The method."""

    fields = ("method",)


@register(MetadataEntry)
class MetadataEntryOptions(TranslationOptions):
    """What is said."""

    fields = ("text",)


@register(InitiativeIndicator)
class InitiativeIndicatorOptions(TranslationOptions):
    """What the contribution rests on."""

    fields = ("evidence",)


@register(CompositeIndex)
class CompositeIndexOptions(TranslationOptions):
    """Name, what it says, how it is made."""

    fields = ("name", "description", "method")


@register(IndexNode)
class IndexNodeOptions(TranslationOptions):
    """Name."""

    fields = ("name",)


@register(IndexInput)
class IndexInputOptions(TranslationOptions):
    """Name, unit, where the figure comes from."""

    fields = ("name", "unit", "source_text")


@register(ImportJob)
class ImportJobOptions(TranslationOptions):
    """What changed, to be said with the release."""

    fields = ("note",)
