"""Back office of the roadmap."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from core.admin import TranslatedAdmin
from core.admin_fields import TranslatedInline
from core.permissions import is_office
from core.workflow import TransitionRefused

from .models import Initiative, Milestone, RoadmapVersion
from .services import publish_edition


class MilestoneInline(TranslatedInline):
    """Milestones of an initiative; that one is achieved is recorded by its own button."""

    model = Milestone
    show_change_link = True
    fields = ["title", "planned_on", "achieved_on", "status"]
    readonly_fields = ["achieved_on", "status"]

    def has_view_permission(self, request, obj=None):
        """Show them to whoever reads the initiative."""
        return True

    def has_add_permission(self, request, obj=None):
        """Let the Office add."""
        return is_office(request.user)

    def has_change_permission(self, request, obj=None):
        """Let the Office change."""
        return is_office(request.user)

    def has_delete_permission(self, request, obj=None):
        """A milestone is achieved or missed, never deleted."""
        return False


@admin.register(Initiative)
class InitiativeAdmin(TranslatedAdmin):
    """Initiatives; the outcome that a decision gave them is not edited by hand."""

    list_display = [
        "slug",
        "title",
        "status",
        "origin",
        "theme",
        "starts_on",
        "verified",
        "is_demo",
    ]
    list_filter = [
        "status",
        "origin",
        "nature",
        "status_published",
        "verified",
        "is_demo",
        "theme",
        "portfolio",
    ]
    list_select_related = ["theme"]
    search_fields = ["slug", "title_fr", "title_nl", "title_en", "lead_fr", "lead_nl"]
    autocomplete_fields = ["organisations", "owner", "municipalities", "sources"]
    readonly_fields = ["outcome", "merged_into"]
    inlines = [MilestoneInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "status", "status_published"]}),
        (
            _("As published"),
            {"fields": ["lead", "period", "size", "sources", "verified", "not_proofread"]},
        ),
        (
            _("Planning"),
            {
                "fields": [
                    "starts_on",
                    "starts_precision",
                    "ends_on",
                    "ends_precision",
                    "budget_planned",
                    "owner",
                ]
            },
        ),
        (
            _("Filed under"),
            {
                "fields": [
                    "nature",
                    "theme",
                    "orientation",
                    "workstream",
                    "portfolio",
                    "organisations",
                    "municipalities",
                ]
            },
        ),
        (_("Origin"), {"fields": ["origin", "outcome"]}),
        (_("If it stopped"), {"fields": ["status_reason", "merged_into"]}),
        (None, {"fields": ["is_demo"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """The origin is settled when the row is made: by hand only what existed before."""
        return (*super().get_readonly_fields(request, obj), "origin", "is_demo")

    def save_model(self, request, obj, form, change):
        """Enter what is added by hand as something that existed before."""
        if not change:
            obj.origin = Initiative.Origin.EXISTING
        super().save_model(request, obj, form, change)


@admin.register(Milestone)
class MilestoneAdmin(TranslatedAdmin):
    """Milestones of all initiatives, each with the button that records it as achieved."""

    list_display = ["title", "initiative", "planned_on", "achieved_on", "status"]
    list_filter = ["status", "initiative__theme"]
    list_select_related = ["initiative"]
    search_fields = ["title_fr", "title_nl", "initiative__title_fr", "initiative__title_nl"]
    autocomplete_fields = ["initiative"]
    date_hierarchy = "planned_on"
    fields = [
        "initiative",
        "title",
        "planned_on",
        "achieved_on",
        "evidence",
        "status",
        "not_proofread",
    ]
    readonly_fields = ["achieved_on", "evidence"]


@admin.register(RoadmapVersion)
class RoadmapVersionAdmin(TranslatedAdmin):
    """Editions: made once, frozen, then only read."""

    list_display = ["number", "title", "adopted_by", "published_on", "is_demo"]
    list_select_related = ["adopted_by"]
    search_fields = ["title_fr", "title_nl"]
    autocomplete_fields = ["adopted_by"]
    fields = ["title", "introduction", "adopted_by", "published_on"]

    def has_change_permission(self, request, obj=None):
        """An edition is frozen."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request, obj, form, change):
        """Publish the edition through its service; what refuses says why."""
        texts = {
            name: value
            for name, value in form.cleaned_data.items()
            if name.startswith(("title_", "introduction_"))
        }
        made = publish_edition(
            adopted_by=obj.adopted_by, published_on=obj.published_on, by=request.user, **texts
        )
        obj.__dict__.update(made.__dict__)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Say in the page why an edition was refused."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            return self.response_post_save_add(request, None)
