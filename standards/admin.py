"""The registry in the back office."""

from django.contrib import admin

from core.admin import TranslatedAdmin

from .models import Principle, Standard, StandardTheme


@admin.register(StandardTheme)
class StandardThemeAdmin(TranslatedAdmin):
    """What standards are about."""

    list_display = ("name", "slug")
    search_fields = ("name_fr", "name_nl", "name_en", "slug")


@admin.register(Standard)
class StandardAdmin(TranslatedAdmin):
    """Open standards."""

    list_display = ("name", "theme", "owner", "version")
    list_filter = ("theme",)
    list_select_related = ("theme",)
    search_fields = ("name", "slug", "owner", "description_fr", "description_nl", "description_en")
    autocomplete_fields = ("theme",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "theme", "description")}),
        (None, {"fields": ("owner", "owner_label", "version", "version_label")}),
        (None, {"fields": ("not_proofread",)}),
    )


@admin.register(Principle)
class PrincipleAdmin(TranslatedAdmin):
    """Architecture principles."""

    list_display = ("number", "name", "group", "recommendations")
    list_filter = ("group",)
    search_fields = ("name_fr", "name_nl", "name_en", "statement_fr", "statement_nl")
