"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import Idea, MessageTemplate, OfficialStatement, Organisation, OrganisationName, Topic


@register(Organisation)
class OrganisationOptions(TranslationOptions):
    """Names and remark."""

    fields = ("name", "short_name", "note")


@register(OrganisationName)
class OrganisationNameOptions(TranslationOptions):
    """The former name."""

    fields = ("name",)


@register(Idea)
class IdeaOptions(TranslationOptions):
    """What the Office writes about an idea; the author's own words have one language."""

    fields = ("staff_summary", "answer", "public_note", "instead")


@register(Topic)
class TopicOptions(TranslationOptions):
    """Name and purpose."""

    fields = ("name", "purpose")


@register(OfficialStatement)
class OfficialStatementOptions(TranslationOptions):
    """What the Office says in public about an idea."""

    fields = ("signatory", "body", "instead")


@register(MessageTemplate)
class MessageTemplateOptions(TranslationOptions):
    """What is sent on an occasion that comes back."""

    fields = ("name", "text", "instead")
