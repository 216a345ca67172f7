"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from . import models


class NameOptions(TranslationOptions):
    """The name."""

    fields = ("name",)


for model in (models.Call, models.Rubric, models.JurySession):
    register(model)(NameOptions)


@register(models.ProjectSheet)
class ProjectSheetOptions(TranslationOptions):
    """All texts of a sheet."""

    fields = (*models.ProjectSheet.public_fields, "partners")


@register(models.Criterion)
class CriterionOptions(TranslationOptions):
    """Name and help."""

    fields = ("name", "help")


@register(models.ScaleLevel)
class ScaleLevelOptions(TranslationOptions):
    """The words of a level."""

    fields = ("anchor",)


@register(models.Proposal)
class ProposalOptions(TranslationOptions):
    """The reasons of the jury."""

    fields = ("reasons", "conditions")


@register(models.SheetOutcome)
class SheetOutcomeOptions(TranslationOptions):
    """Reasons and conditions of the Government."""

    fields = ("reasons", "conditions")
