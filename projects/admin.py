"""Back office of calls, sheets and the jury. Ballots show their state only; payloads never."""

from django.contrib import admin

from accounts.roles import Role
from core.admin import PortalAdmin, TranslatedAdmin
from core.admin_fields import WellAsked

from .models import (
    EDITABLE_SHEET,
    Assignment,
    Ballot,
    Call,
    ConflictDeclaration,
    Criterion,
    JurySession,
    ProjectSheet,
    Proposal,
    Rubric,
    ScaleLevel,
    SessionStatus,
    SheetIdea,
    SheetOutcome,
    SheetVersion,
)

#: Who may know who has sent a ballot; the administrator may not.
BOARD_READERS = (Role.SECRETARY, Role.AUDITOR)


class ReadOnlyInline(admin.TabularInline):
    """Rows that only verbs write."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        """Nobody adds here."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes here."""
        return False

    def has_view_permission(self, request, obj=None):
        """Whoever reads the parent reads these."""
        return True


class OriginInline(ReadOnlyInline):
    """The ideas of which a sheet was born."""

    model = SheetIdea
    fields = ["idea"]


class VersionInline(ReadOnlyInline):
    """The frozen versions of a sheet."""

    model = SheetVersion
    fields = ["number", "sha256", "frozen_at"]


@admin.register(Call)
class CallAdmin(TranslatedAdmin):
    """Calls for sheets."""

    list_display = ["name", "edition", "opens_on", "closes_on", "envelope"]
    search_fields = ["name_fr", "name_nl", "slug"]


@admin.register(ProjectSheet)
class ProjectSheetAdmin(TranslatedAdmin):
    """Sheets: changed until they are frozen, then moved by their verbs only."""

    list_display = ["reference", "title", "call", "theme", "status", "cost_likely", "is_demo"]
    list_filter = ["status", "call", "theme", "is_demo"]
    list_select_related = ["call", "theme"]
    search_fields = ["reference", "title_fr", "title_nl", "title_en"]
    autocomplete_fields = ["owner_organisation", "lead", "municipalities", "workshops"]
    inlines = [OriginInline, VersionInline]
    readonly_fields = ["created_at"]
    fieldsets = [
        (None, {"fields": ["reference", "call", "status", "title", "summary"]}),
        (None, {"fields": ["problem", "solution", "beneficiaries", "equality_impact", "partners"]}),
        (None, {"fields": ["owner_organisation", "lead", "theme", "workstream", "municipalities"]}),
        (
            None,
            {"fields": ["cost_low", "cost_likely", "cost_high", "starts_on", "duration_months"]},
        ),
        (None, {"fields": ["workshops", "not_proofread", "is_demo", "created_at"]}),
    ]

    def has_change_permission(self, request, obj=None):
        """Let editors change a sheet until it is frozen."""
        if obj is not None and obj.status not in EDITABLE_SHEET:
            return False
        return super().has_change_permission(request, obj)


class LevelInline(WellAsked, admin.TabularInline):
    """The levels of a criterion."""

    model = ScaleLevel
    extra = 0
    fields = ["value", "anchor_fr", "anchor_nl", "anchor_en"]


class FixedOnceUsed:
    """A grid is fixed once a session has frozen its rules with it."""

    def has_change_permission(self, request, obj=None):
        """Let editors change what no session relies on."""
        return super().has_change_permission(request, obj) and not (obj and self.is_used(obj))

    def is_used(self, obj) -> bool:
        """Tell whether a session past its preparation uses the grid."""
        rubric = obj if isinstance(obj, Rubric) else obj.rubric
        sessions = JurySession.objects.filter(rubric=rubric)
        return sessions.exclude(status=SessionStatus.PLANNED).exists()


@admin.register(Rubric)
class RubricAdmin(FixedOnceUsed, TranslatedAdmin):
    """Scoring grids."""

    list_display = ["name", "slug", "is_demo"]
    search_fields = ["name_fr", "name_nl", "slug"]


@admin.register(Criterion)
class CriterionAdmin(FixedOnceUsed, TranslatedAdmin):
    """Criteria with their levels."""

    list_display = ["name", "rubric", "code", "weight", "position"]
    list_filter = ["rubric"]
    list_select_related = ["rubric"]
    search_fields = ["name_fr", "name_nl", "code"]
    inlines = [LevelInline]


@admin.register(JurySession)
class JurySessionAdmin(TranslatedAdmin):
    """Sessions: prepared here, then moved by their verbs only."""

    list_display = ["name", "call", "status", "opens_at", "closes_at", "quorum", "is_demo"]
    list_filter = ["status", "call"]
    list_select_related = ["call"]
    search_fields = ["name_fr", "name_nl", "slug"]
    readonly_fields = ["rules_sha256", "quorum_waiver"]
    fieldsets = [
        (None, {"fields": ["slug", "name", "status", "call", "body", "rubric"]}),
        (None, {"fields": ["opens_at", "closes_at", "quorum", "deliberation"]}),
        (None, {"fields": ["rules_sha256", "quorum_waiver", "not_proofread", "is_demo"]}),
    ]

    def has_change_permission(self, request, obj=None):
        """Let editors change a session until its rules are frozen."""
        if obj is not None and obj.status != SessionStatus.PLANNED:
            return False
        return super().has_change_permission(request, obj)


class BoardAdmin(PortalAdmin):
    """Base of what the secretariat and the auditor read and nobody edits."""

    readers = BOARD_READERS
    editors = ()


@admin.register(Assignment)
class AssignmentAdmin(BoardAdmin):
    """Who scores what."""

    list_display = ["session", "sheet", "mandate"]
    list_filter = ["session"]
    list_select_related = ["session", "sheet", "mandate__body"]
    search_fields = ["sheet__reference"]


@admin.register(ConflictDeclaration)
class ConflictDeclarationAdmin(BoardAdmin):
    """What the jurors declared, and the rulings."""

    list_display = ["assignment", "answer", "kind", "ruling", "declared_at"]
    list_filter = ["answer", "ruling"]
    list_select_related = ["assignment__sheet", "assignment__mandate__body"]


@admin.register(Ballot)
class BallotAdmin(BoardAdmin):
    """Where each ballot stands; never what is in it."""

    list_display = ["assignment", "status", "saved_at", "sealed_at"]
    list_filter = ["status", "assignment__session"]
    list_select_related = ["assignment__sheet", "assignment__mandate__body"]
    fields = ["assignment", "status", "saved_at", "sealed_at", "commitment"]


@admin.register(Proposal)
class ProposalAdmin(TranslatedAdmin):
    """Proposals of the jury, to read; they are made on the sheet."""

    list_display = ["sheet", "session", "outcome"]
    list_filter = ["session", "outcome"]
    list_select_related = ["sheet", "session"]
    editors = ()


@admin.register(SheetOutcome)
class SheetOutcomeAdmin(TranslatedAdmin):
    """Decisions on sheets, to read; they are recorded on the sheet."""

    list_display = ["sheet", "decision", "outcome"]
    list_filter = ["outcome"]
    list_select_related = ["sheet", "decision"]
    editors = ()
