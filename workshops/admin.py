"""Workshops in the back office; agendas and results have a working page beside it."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import TranslatedAdmin

from .models import AgendaIdea, Workshop


class RunnersAdmin(TranslatedAdmin):
    """Pages of those who run workshops."""

    editors = (Role.STAFF, Role.FACILITATOR)
    readers = (*TranslatedAdmin.readers, Role.FACILITATOR)


@admin.register(Workshop)
class WorkshopAdmin(RunnersAdmin):
    """Workshops with their moves as buttons."""

    list_display = ["series_no", "kind", "title", "starts_at", "theme", "status", "is_demo"]
    list_display_links = ["title"]
    list_filter = ["status", "kind", "theme", "is_demo"]
    list_select_related = ["theme"]
    search_fields = ["title_fr", "title_nl", "title_en"]
    date_hierarchy = "starts_at"
    readonly_fields = ["agenda_page", "status_reason_fr", "status_reason_nl", "status_reason_en"]
    fieldsets = (
        (None, {"fields": ("kind", "series_no", "theme", "title", "summary", "status")}),
        (None, {"fields": ("starts_at", "ends_at", "venue", "municipality")}),
        (None, {"fields": ("capacity", "languages", "agenda_page")}),
        (None, {"fields": ("report", *readonly_fields[1:])}),
        (None, {"fields": ("not_proofread", "is_demo")}),
    )

    @admin.display(description=_("ideas on the agenda"))
    def agenda_page(self, workshop):
        """Lead to the page where ideas are put on the agenda and results recorded."""
        if workshop.pk is None:
            return "—"
        url = reverse("workshops:agenda", args=[workshop.pk])
        return format_html('<a href="{}">{}</a>', url, _("Agenda and results"))


@admin.register(AgendaIdea)
class AgendaIdeaAdmin(RunnersAdmin):
    """Ideas on agendas, to find them; they are changed on the working page, with its history."""

    editors = ()
    list_display = ["workshop", "idea", "position", "result"]
    list_filter = ["result", "workshop__status"]
    list_select_related = ["workshop", "idea"]
    search_fields = ["idea__reference", "idea__title"]
