"""Composite indices in the back office: texts are written, the method and the values are read.

Indices, editions and values come through the import; a draft may still have its weights mended.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import PortalAdmin, TranslatedAdmin

from ..models import (
    CompositeIndex,
    IndexEdition,
    IndexImport,
    IndexInput,
    IndexNode,
    IndexStatus,
    IndexValue,
)

METHOD_OF_INPUT = ("norm_min", "norm_max", "direction", "weight")


class ImportedOnly:
    """Rows that the import makes; nobody adds one by hand."""

    def has_add_permission(self, request):
        """Lead to the import instead."""
        return False


class ReadOnly(ImportedOnly):
    """Rows that nobody changes."""

    def has_change_permission(self, request, obj=None):
        """What was loaded stays as it was."""
        return False


@admin.register(CompositeIndex)
class CompositeIndexAdmin(ImportedOnly, TranslatedAdmin):
    """The index: its texts, and its moves."""

    list_display = ("code", "name", "framework", "missing", "status", "is_demo")
    list_filter = ("status", "framework", "missing", "is_demo")
    list_select_related = ("framework",)
    search_fields = ("code", "name_fr", "name_nl", "name_en")
    autocomplete_fields = ("framework", "sources")
    readonly_fields = ("code", "author", "missing", "coverage", "scale")
    fieldsets = (
        (None, {"fields": ("code", "status", "framework", "name", "description", "method")}),
        (_("How it is counted"), {"fields": ("missing", "coverage", "scale")}),
        (None, {"fields": ("sources", "licence", "author", "not_proofread", "is_demo")}),
    )


class PartAdmin(ImportedOnly, TranslatedAdmin):
    """Parts of an index: names at any time, what is method while the index is a draft."""

    list_filter = ("index",)
    list_select_related = ("index",)
    method: tuple[str, ...] = ()

    def get_readonly_fields(self, request, obj=None):
        """A method that somebody has looked at stays."""
        fields = tuple(super().get_readonly_fields(request, obj))
        is_open = obj is not None and obj.index.status == IndexStatus.DRAFT
        return fields if is_open else (*fields, *self.method)


@admin.register(IndexNode)
class IndexNodeAdmin(PartAdmin):
    """Dimensions."""

    list_display = ("code", "name", "parent", "weight", "index")
    list_select_related = ("index", "parent")
    search_fields = ("code", "name_fr", "name_nl", "name_en", "index__code")
    readonly_fields = ("index", "parent", "code")
    method = ("weight",)
    fields = ("index", "parent", "code", "name", "weight", "position", "not_proofread")


@admin.register(IndexInput)
class IndexInputAdmin(PartAdmin):
    """Inputs."""

    list_display = ("code", "name", "node", "norm_min", "norm_max", "weight", "index")
    list_select_related = ("index", "node")
    search_fields = ("code", "name_fr", "name_nl", "name_en", "index__code")
    autocomplete_fields = ("indicator",)
    readonly_fields = ("index", "node", "code")
    method = METHOD_OF_INPUT
    fields = (
        *("index", "node", "code", "name", "unit", "source_text"),
        *METHOD_OF_INPUT,
        *("indicator", "position", "not_proofread"),
    )


@admin.register(IndexEdition)
class IndexEditionAdmin(ReadOnly, PortalAdmin):
    """Editions: read, released or discarded."""

    list_display = ("index", "code", "vintage", "status", "released_at", "author", "approver")
    list_filter = ("status", "index")
    list_select_related = ("index", "author", "approver")
    search_fields = ("code", "index__code")


@admin.register(IndexValue)
class IndexValueAdmin(ReadOnly, PortalAdmin):
    """Values: read."""

    list_display = ("edition", "input", "geo", "value", "flag", "period")
    list_filter = ("edition__index", "geo", "flag")
    list_select_related = ("edition__index", "input", "geo")
    search_fields = ("input__code", "edition__index__code")


@admin.register(IndexImport)
class IndexImportAdmin(ReadOnly, PortalAdmin):
    """Files that were uploaded: who, when, what came of it."""

    list_display = ("file_name", "by", "at", "confirmed_at", "edition")
    list_select_related = ("by", "edition__index")
    search_fields = ("file_name", "sha256")
    fields = ("file_name", "sha256", "by", "at", "confirmed_at", "edition")
