"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import ActionItem, AgendaItem, Body, Decision, Mandate, Meeting


@register(Body)
class BodyOptions(TranslationOptions):
    """Name and mission."""

    fields = ("name", "mission")


@register(Mandate)
class MandateOptions(TranslationOptions):
    """The role."""

    fields = ("title",)


@register(Meeting)
class MeetingOptions(TranslationOptions):
    """Title, place, minutes, and why it was moved or cancelled."""

    fields = ("title", "place", "minutes", "status_reason")


@register(AgendaItem)
class AgendaItemOptions(TranslationOptions):
    """Title."""

    fields = ("title",)


@register(Decision)
class DecisionOptions(TranslationOptions):
    """Title, text and reasons."""

    fields = ("title", "text", "reasons")


@register(ActionItem)
class ActionItemOptions(TranslationOptions):
    """Title and the role that owns it."""

    fields = ("title", "owner_role")
