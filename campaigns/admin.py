"""Back office of campaigns and of the communication plan."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import PortalAdmin, TranslatedAdmin
from core.admin_fields import TranslatedInline
from core.permissions import has_role
from core.search import LANGUAGES
from core.workflow import TransitionRefused

from . import services
from .models import (
    CAMPAIGN_TEXTS,
    SEGMENT_LISTS,
    Campaign,
    CommunicationPlan,
    Delivery,
    PlanAction,
    Segment,
)

TEXT_COLUMNS = tuple(f"{field}_{code}" for field in CAMPAIGN_TEXTS for code in LANGUAGES)
EDITABLE = (
    *("slug", "topic", "plan", "rate_per_minute", "not_proofread", "is_demo"),
    *SEGMENT_LISTS,
    *TEXT_COLUMNS,
)
OPEN_STATES = (
    *(Campaign.Status.DRAFT, Campaign.Status.IN_REVIEW, Campaign.Status.APPROVED),
    *(Campaign.Status.SCHEDULED, Campaign.Status.MISSED, Campaign.Status.HELD),
)


class PlanActionInline(TranslatedInline):
    """The actions of a plan."""

    model = PlanAction

    def has_view_permission(self, request, obj=None):
        """Who reads the plan reads its actions."""
        return has_role(*CommunicationPlanAdmin.readers)(request.user)

    def has_add_permission(self, request, obj=None):
        """Who edits the plan adds actions."""
        return has_role(*CommunicationPlanAdmin.editors)(request.user)

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(CommunicationPlan)
class CommunicationPlanAdmin(TranslatedAdmin):
    """The communication plan with its actions."""

    list_display = ["title", "starts_on", "ends_on", "is_demo"]
    search_fields = [f"title_{code}" for code in LANGUAGES]
    inlines = [PlanActionInline]


class CampaignForm(forms.ModelForm):
    """Refuses a segment that is both asked for and left out."""

    def clean(self):
        """Say it beside the second list."""
        cleaned = super().clean()
        only, without = (set(cleaned.get(name) or ()) for name in SEGMENT_LISTS)
        if only & without:
            names = ", ".join(sorted(str(each) for each in only & without))
            words = gettext("One and the same segment cannot be asked for and left out: %(names)s.")
            self.add_error("excluded_segments", words % {"names": names})
        return cleaned


@admin.register(Campaign)
class CampaignAdmin(TranslatedAdmin):
    """Campaigns: written here, approved by somebody else, sent by the worker."""

    form = CampaignForm
    list_display = ["__str__", "topic", "status", "created_by", "approved_by", "finished_at"]
    list_filter = ["status", "topic"]
    list_select_related = ["topic", "created_by", "approved_by"]
    search_fields = [f"{field}_{code}" for field in ("subject", "body") for code in LANGUAGES]
    autocomplete_fields = ["plan"]
    readonly_fields = [
        *("created_by", "edited_by", "approved_by"),
        *("started_at", "finished_at", "as_received"),
    ]
    fieldsets = [
        (None, {"fields": ["topic", "plan", "slug", "rate_per_minute", "as_received", "status"]}),
        (_("Audience"), {"fields": list(SEGMENT_LISTS)}),
        (_("Texts"), {"fields": list(CAMPAIGN_TEXTS)}),
        (_("Marks"), {"fields": ["not_proofread", "is_demo"]}),
        (
            _("Who and when"),
            {"fields": ["created_by", "edited_by", "approved_by", "started_at", "finished_at"]},
        ),
    ]

    @admin.display(description=_("as received"))
    def as_received(self, campaign):
        """Link to the preview in three languages."""
        if not campaign.pk:
            return self.get_empty_value_display()
        url = reverse("campaigns:preview", args=[campaign.slug])
        return format_html('<a href="{}">{}</a>', url, _("Preview, addressees and test"))

    @admin.display(description=_("edited by"))
    def edited_by(self, campaign):
        """Name everybody who wrote in it."""
        return ", ".join(str(editor) for editor in campaign.editors.all())

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer the segments that are not archived, and those that the campaign has already."""
        if db_field.name in SEGMENT_LISTS:
            kwargs["queryset"] = segments_for(request)
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """What was sent or cancelled is read only."""
        is_open = obj is None or obj.status in OPEN_STATES
        return is_open and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        """Write through the services, so that an approval ends with the text that it was about."""
        try:
            if not change:
                services.create_campaign(obj, by=request.user)
            elif changes := changed_values(form):
                services.edit_campaign(obj, by=request.user, **changes)
        except TransitionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal


def segments_for(request):
    """Return the segments that the campaign of this page can choose."""
    match = request.resolver_match
    pk = match.kwargs.get("object_id", "") if match else ""
    rows = Segment.objects.on_offer()
    if pk.isdecimal():
        used = Q(campaigns=pk) | Q(excluded_from=pk)
        rows = Segment.objects.filter(Q(archived_at=None) | used).distinct()
    return rows


def changed_values(form) -> dict:
    """Return the fields that this form really changed."""
    return {name: form.cleaned_data[name] for name in form.changed_data if name in EDITABLE}


@admin.register(Segment)
class SegmentAdmin(TranslatedAdmin):
    """Segments, to read: they are made on their own page, where one sees whom they find."""

    list_display = ["__str__", "created_by", "archived_at", "is_demo"]
    list_select_related = ["created_by"]
    search_fields = [f"name_{code}" for code in LANGUAGES]
    fields = ["name", "description", "page", "created_by", "created_at", "archived_at", "is_demo"]
    readonly_fields = ["page"]
    editors = ()

    @admin.display(description=_("page"))
    def page(self, segment):
        """Link to the page where it is made."""
        return format_html('<a href="{}">{}</a>', segment.get_absolute_url(), _("Whom it finds"))


@admin.register(Delivery)
class DeliveryAdmin(PortalAdmin):
    """Who got which campaign, to read."""

    list_display = ["campaign", "contact", "language", "state", "reason", "handed_at"]
    list_filter = ["state", "reason", "language"]
    list_select_related = ["campaign", "contact"]
    search_fields = ["contact__email", "campaign__slug"]
    exclude = ["email_norm", "email_hmac", "lease_owner", "lease_until"]
    readers = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
    editors = ()
