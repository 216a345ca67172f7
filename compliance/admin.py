"""Back office of compliance."""

from django.contrib import admin

from core.admin import TranslatedAdmin

from .models import ComplianceStatement


@admin.register(ComplianceStatement)
class ComplianceStatementAdmin(TranslatedAdmin):
    """Statements: a row asks the question, its buttons record the answer with its proof."""

    list_display = ["initiative", "standard", "status", "version", "checked_on", "is_demo"]
    list_filter = ["status", "is_demo", "initiative__theme", "standard__theme"]
    list_select_related = ["initiative", "standard"]
    search_fields = [
        "initiative__title_fr",
        "initiative__title_nl",
        "standard__name",
        "evidence_fr",
        "evidence_nl",
        "reason_fr",
        "reason_nl",
    ]
    autocomplete_fields = ["initiative", "standard"]
    date_hierarchy = "checked_on"
    fields = [
        "initiative",
        "standard",
        "status",
        "version",
        "checked_on",
        "evidence",
        "reason",
        "not_proofread",
    ]
    readonly_fields = ["version", "checked_on", "evidence", "reason"]

    def get_readonly_fields(self, request, obj=None):
        """The pair is settled once; a proof changes with a new answer only."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "initiative", "standard") if obj else fields
