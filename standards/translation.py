"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import Principle, Standard, StandardTheme


@register(StandardTheme)
class StandardThemeOptions(TranslationOptions):
    """Name."""

    fields = ("name",)


@register(Standard)
class StandardOptions(TranslationOptions):
    """What it is for, and how owner and version are told."""

    fields = ("description", "owner_label", "version_label")


@register(Principle)
class PrincipleOptions(TranslationOptions):
    """Name and statement."""

    fields = ("name", "statement")
