"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from . import models


class NameOptions(TranslationOptions):
    """The name."""

    fields = ("name",)


for model in (
    models.WorkPackage,
    models.Theme,
    models.Orientation,
    models.Legislature,
    models.Portfolio,
    models.Municipality,
):
    register(model)(NameOptions)


@register(models.Source)
class SourceOptions(TranslationOptions):
    """The name of the publication."""

    fields = ("label",)


@register(models.Deliverable)
class DeliverableOptions(TranslationOptions):
    """All texts of a deliverable."""

    fields = ("name", "short_name", "unit", "outcome")


@register(models.Objective)
class ObjectiveOptions(TranslationOptions):
    """Name and description."""

    fields = ("name", "description")


@register(models.Workstream)
class WorkstreamOptions(TranslationOptions):
    """Name and summary."""

    fields = ("name", "summary")


@register(models.TimelineFact)
class TimelineFactOptions(TranslationOptions):
    """The fact and its date in words."""

    fields = ("fact", "when_text")
