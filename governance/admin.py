"""Bodies, meetings and decisions in the back office; what was decided is read, not rewritten."""

from django.contrib import admin

from core.admin import TranslatedAdmin
from core.admin_fields import TranslatedInline, without
from core.permissions import has_role
from core.publication import REQUIRED
from stakeholders.models import KNOW_PEOPLE

from .models import PUBLIC_DECISION, ActionItem, AgendaItem, Body, Decision, Mandate, Meeting


class RoleInline:
    """Rows inside a page, open to the same roles as the page."""

    extra = 0

    def has_view_permission(self, request, obj=None):
        """Let the readers of the page read."""
        return has_role(*TranslatedAdmin.readers)(request.user)

    def has_change_permission(self, request, obj=None):
        """Let its editors change."""
        return has_role(*TranslatedAdmin.editors)(request.user)

    def has_add_permission(self, request, obj=None):
        """Let its editors add."""
        return has_role(*TranslatedAdmin.editors)(request.user)

    def has_delete_permission(self, request, obj=None):
        """Nothing that counts is deleted."""
        return False


class AgendaInline(RoleInline, TranslatedInline):
    """The points of a meeting; until it is convened a point can be taken off."""

    model = AgendaItem
    fields = ("number", "kind", "title", "audience")

    def has_delete_permission(self, request, obj=None):
        """Let editors take a point off a draft."""
        is_draft = obj is None or obj.status == Meeting.Status.DRAFT
        return is_draft and self.has_change_permission(request, obj)


class ActionInline(RoleInline, TranslatedInline):
    """What is to be done after a decision; its state moves on its own page."""

    model = ActionItem
    fields = ("title", "owner_role", "owner", "due_on", "status", "is_demo")
    readonly_fields = ("status",)
    autocomplete_fields = ("owner",)
    show_change_link = True


@admin.register(Body)
class BodyAdmin(TranslatedAdmin):
    """Boards, juries, groups."""

    list_display = ("name", "kind", "code", "is_demo")
    list_filter = ("kind", "is_demo")
    search_fields = ("name_fr", "name_nl", "name_en", "code")
    prepopulated_fields = {"slug": ("name_en",)}
    fields = ("name", "slug", "kind", "code", "mission", "not_proofread", "is_demo")

    def get_prepopulated_fields(self, request, obj=None):
        """An address that exists stays."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Address and code stand in links and numbers: once given, they stay."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "slug", "code") if obj else fields


@admin.register(Mandate)
class MandateAdmin(TranslatedAdmin):
    """Who sits where, from when to when."""

    list_display = ("title", "body", "contact", "rank", "votes", "chairs", "starts_on", "ends_on")
    list_filter = ("body", "rank", "helix", "votes", "is_demo")
    list_select_related = ("body", "contact")
    search_fields = ("title_fr", "title_nl")
    autocomplete_fields = ("body", "contact")
    fieldsets = (
        (None, {"fields": ("body", "contact", "title")}),
        (None, {"fields": ("rank", "helix", "votes", "chairs", "starts_on", "ends_on")}),
        (None, {"fields": ("not_proofread", "is_demo")}),
    )

    def get_search_fields(self, request):
        """Find a mandate by its person where one may know people."""
        fields = super().get_search_fields(request)
        return (*fields, "contact__name", "contact__email") if knows(request) else fields

    def get_list_display(self, request):
        """Name the person to those who may know people."""
        names = super().get_list_display(request)
        return names if knows(request) else [name for name in names if name != "contact"]

    def get_fieldsets(self, request, obj=None):
        """Name the person to those who may know people."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if knows(request) else without(fieldsets, {"contact"})

    def has_add_permission(self, request):
        """A mandate begins with its person: who may not know people gives none."""
        return knows(request) and super().has_add_permission(request)


def knows(request) -> bool:
    """Tell whether people may be named to whoever asks."""
    return KNOW_PEOPLE(request.user)


@admin.register(Meeting)
class MeetingAdmin(TranslatedAdmin):
    """Meetings with their agendas."""

    list_display = ("number", "title", "body", "starts_at", "status", "is_demo")
    list_filter = ("status", "body", "is_demo")
    list_select_related = ("body",)
    date_hierarchy = "starts_at"
    search_fields = ("number", "title_fr", "title_nl", "title_en")
    autocomplete_fields = ("body",)
    inlines = (AgendaInline,)
    readonly_fields = ("status_reason_fr", "status_reason_nl", "status_reason_en")
    fieldsets = (
        (None, {"fields": ("number", "body", "title", "status")}),
        (None, {"fields": ("starts_at", "ends_at", "place", "minutes")}),
        (None, {"fields": readonly_fields}),
        (None, {"fields": ("not_proofread", "is_demo")}),
    )

    def get_readonly_fields(self, request, obj=None):
        """The number stands in addresses: it stays once the meeting is public."""
        fields = super().get_readonly_fields(request, obj)
        is_draft = obj is None or obj.status == Meeting.Status.DRAFT
        return fields if is_draft else (*fields, "number", "body")


@admin.register(Decision)
class DecisionAdmin(TranslatedAdmin):
    """Proposals are written here; outcome, day and reasons are recorded by the buttons."""

    list_display = ("number", "title", "kind", "status", "decided_on", "is_demo")
    list_filter = ("status", "kind", "meeting__body", "is_demo")
    date_hierarchy = "decided_on"
    search_fields = ("number", "title_fr", "title_nl", "title_en")
    autocomplete_fields = ("meeting",)
    inlines = (ActionInline,)
    readonly_fields = ("decided_on", "ended_by")
    #: Fixed once the body has decided. The English text is an extra and may still be added.
    fixed = (
        "number",
        "meeting",
        "kind",
        *(f"{name}_{code}" for name in Decision.public_fields for code in REQUIRED),
    )
    fieldsets = (
        (None, {"fields": ("number", "meeting", "kind", "status", "decided_on", "ended_by")}),
        (None, {"fields": ("title", "text", "reasons")}),
        (None, {"fields": ("not_proofread", "is_demo")}),
    )

    def get_readonly_fields(self, request, obj=None):
        """What was decided is not rewritten: another decision has to rescind or supersede it."""
        fields = super().get_readonly_fields(request, obj)
        is_taken = obj is not None and obj.status in PUBLIC_DECISION
        return (*fields, *self.fixed) if is_taken else fields


@admin.register(ActionItem)
class ActionItemAdmin(TranslatedAdmin):
    """Who does what until when."""

    list_display = ("title", "decision", "owner_role", "owner", "due_on", "status", "is_demo")
    list_filter = ("status", "decision__meeting__body", "is_demo")
    list_select_related = ("decision", "owner")
    search_fields = ("title_fr", "title_nl", "decision__number")
    autocomplete_fields = ("decision", "owner")
    fields = (
        "decision",
        "title",
        "owner_role",
        "owner",
        "due_on",
        "status",
        "not_proofread",
        "is_demo",
    )
