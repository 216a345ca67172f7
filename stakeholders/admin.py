"""The register, the moderation of ideas and the subscriptions in the back office."""

from django.contrib import admin

from accounts.roles import Role
from core.admin import PortalAdmin, RoleAdmin, TranslatedAdmin

from .models import (
    ConsentEvent,
    Contact,
    Idea,
    IdeaQuestion,
    Organisation,
    Submission,
    Subscription,
    Topic,
)

AUDIT = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)


class SubmissionInline(admin.TabularInline):
    """Who contributed; entered by the form, the desk or a merge, never typed here."""

    model = Submission
    fk_name = "idea"
    extra = 0
    can_delete = False
    fields = readonly_fields = ["contact", "channel", "language", "email_verified_at", "notify"]

    def has_view_permission(self, request, obj=None):
        """Show contributors to the staff only."""
        return request.user.has_role(*AUDIT)

    def has_add_permission(self, request, obj=None):
        """Nobody adds one here."""
        return False


class QuestionInline(admin.StackedInline):
    """What was asked of the contributors, and their replies."""

    model = IdeaQuestion
    extra = 0
    can_delete = False
    fields = readonly_fields = ["text", "asked_at", "reply", "replied_at"]

    def has_view_permission(self, request, obj=None):
        """Show questions to the staff only."""
        return request.user.has_role(*AUDIT)

    def has_add_permission(self, request, obj=None):
        """Questions are asked by the button."""
        return False


@admin.register(Idea)
class IdeaAdmin(TranslatedAdmin):
    """Ideas: the author's words are read, what the Office says is written beside them."""

    list_display = ["reference", "title", "language", "theme", "status", "submitted_at"]
    list_filter = ["status", "outcome", "theme", "language", "municipality"]
    list_select_related = ["theme"]
    search_fields = ["reference", "title", "body"]
    autocomplete_fields = ["organisation"]
    date_hierarchy = "submitted_at"
    inlines = [SubmissionInline, QuestionInline]
    readonly_fields = [
        "reference",
        "title",
        "body",
        "language",
        "expected_benefit",
        "submitter_type",
        "organisation_claimed",
        "display",
        "display_text",
        "outcome",
        "duplicate_of",
        "submitted_at",
        "received_at",
        "published_at",
        "answered_at",
    ]
    fields = [
        *readonly_fields,
        "theme",
        "workstream",
        "municipality",
        "helix",
        "organisation",
        "staff_summary",
        "answer",
    ]

    def has_add_permission(self, request):
        """Ideas come through the form; those on paper through the page that records the channel."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(TranslatedAdmin):
    """The register of the quadruple helix."""

    list_display = ["name", "helix", "level", "municipality", "is_listed", "is_demo"]
    list_filter = ["helix", "level", "is_listed", "is_demo"]
    list_select_related = ["municipality"]
    search_fields = ["name_fr", "name_nl", "short_name_fr", "short_name_nl", "former_names"]
    prepopulated_fields = {"slug": ["name_fr"]}
    filter_horizontal = ["themes", "sources"]


@admin.register(Contact)
class ContactAdmin(PortalAdmin):
    """One person, whatever the role."""

    list_display = ["name", "email", "language", "user", "is_demo"]
    list_filter = ["language", "is_demo"]
    list_select_related = ["user"]
    search_fields = ["name", "email"]
    raw_id_fields = ["user"]
    readers = AUDIT
    editors = (Role.STAFF,)


@admin.register(Topic)
class TopicAdmin(TranslatedAdmin):
    """What one can subscribe to."""

    list_display = ["name", "is_open", "is_demo"]
    prepopulated_fields = {"slug": ["name_fr"]}
    search_fields = ["name_fr", "name_nl"]


@admin.register(Subscription)
class SubscriptionAdmin(PortalAdmin):
    """Who asked for what; begun and ended by the person, not here."""

    list_display = ["contact", "topic", "language", "status", "confirmed_at", "ended_at"]
    list_filter = ["status", "topic", "language"]
    list_select_related = ["contact", "topic"]
    readers = AUDIT
    editors = ()


@admin.register(ConsentEvent)
class ConsentEventAdmin(RoleAdmin):
    """The ledger of consent, to read."""

    list_display = ["at", "event", "topic", "wording_version", "language"]
    list_filter = ["event", "topic"]
    list_select_related = ["topic"]
    readers = AUDIT
    editors = ()
