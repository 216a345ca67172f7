"""Back office of the portal: news and registers."""

from django.contrib import admin

from core.admin import TranslatedAdmin

from .models import LegalDuty, NewsItem, ParliamentaryQuestion


@admin.register(NewsItem)
class NewsItemAdmin(TranslatedAdmin):
    """News: written in both languages, published by a button."""

    list_display = ["title", "status", "published_on", "is_demo"]
    list_filter = ["status", "is_demo"]
    search_fields = ["title_fr", "title_nl", "slug"]
    readonly_fields = ["published_on"]
    prepopulated_fields = {"slug": ["title_en"]}


@admin.register(LegalDuty)
class LegalDutyAdmin(TranslatedAdmin):
    """Legal duties, for the lawyers of the Office to validate."""

    list_display = ["code", "duty", "verified"]
    list_display_links = ["duty"]
    list_filter = ["verified"]
    search_fields = ["code", "duty_fr", "duty_nl", "law_fr", "law_nl"]
    autocomplete_fields = ["sources"]


@admin.register(ParliamentaryQuestion)
class ParliamentaryQuestionAdmin(TranslatedAdmin):
    """What members of Parliament have asked."""

    list_display = ["code", "asked"]
    list_display_links = ["asked"]
    search_fields = ["code", "asked_fr", "asked_nl"]
    autocomplete_fields = ["sources"]
