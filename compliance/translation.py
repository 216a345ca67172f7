"""Fields with a French, a Dutch and an English column."""

from modeltranslation.translator import TranslationOptions, register

from .models import ComplianceStatement


@register(ComplianceStatement)
class ComplianceStatementOptions(TranslationOptions):
    """Evidence and reason."""

    fields = ("evidence", "reason")
