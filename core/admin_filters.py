"""Filters of the back office that every list of texts has."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .selectors import lacks_a_language


class TextsFilter(admin.SimpleListFilter):
    """What a translator looks for: one language of the two missing, or nobody has read it yet."""

    title = _("texts")
    parameter_name = "texts"
    ONE_SIDED, NOT_PROOFREAD = "one_sided", "not_proofread"

    def lookups(self, request, model_admin):
        """Offer what the texts of this model can lack."""
        choices = [(self.NOT_PROOFREAD, _("not proof-read"))]
        if model_admin.model.public_fields:
            choices.insert(0, (self.ONE_SIDED, _("in one language only")))
        return choices

    def queryset(self, request, queryset):
        """Keep the rows that lack what was chosen."""
        if self.value() == self.ONE_SIDED:
            return queryset.filter(lacks_a_language(queryset.model))
        if self.value() == self.NOT_PROOFREAD:
            return queryset.exclude(not_proofread=[])
        return queryset
