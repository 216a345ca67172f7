"""Workshops in the back office."""

from django.contrib import admin

from accounts.roles import Role
from core.admin import TranslatedAdmin

from .models import AgendaIdea, Workshop


@admin.register(Workshop)
class WorkshopAdmin(TranslatedAdmin):
    """Workshops with their moves as buttons."""

    editors = (Role.STAFF, Role.FACILITATOR)
    readers = (*TranslatedAdmin.readers, Role.FACILITATOR)
    list_display = ["series_no", "kind", "title", "starts_at", "theme", "status"]
    list_filter = ["status", "kind", "theme", "is_demo"]
    list_select_related = ["theme"]
    search_fields = ["title_fr", "title_nl"]
    date_hierarchy = "starts_at"


@admin.register(AgendaIdea)
class AgendaIdeaAdmin(TranslatedAdmin):
    """Ideas on agendas: the result and its reason, in both languages."""

    editors = (Role.STAFF, Role.FACILITATOR)
    readers = (*TranslatedAdmin.readers, Role.FACILITATOR)
    list_display = ["workshop", "idea", "position", "result"]
    list_filter = ["result"]
    list_select_related = ["workshop", "idea"]
    search_fields = ["idea__reference", "idea__title"]
    autocomplete_fields = ["workshop", "idea"]
