"""Back office of campaigns; that of the communication plan is in `plan_admin`."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import PortalAdmin, TranslatedAdmin
from core.search import LANGUAGES
from core.workflow import TransitionRefused

from . import (
    plan_admin,  # noqa: F401
    services,
)
from .models import CAMPAIGN_TEXTS, Campaign, Delivery

TEXT_COLUMNS = tuple(f"{field}_{code}" for field in CAMPAIGN_TEXTS for code in LANGUAGES)
EDITABLE = (
    *("slug", "topic", "plan", "rate_per_minute", "not_proofread", "is_demo"),
    *TEXT_COLUMNS,
)
OPEN_STATES = (
    *(Campaign.Status.DRAFT, Campaign.Status.IN_REVIEW, Campaign.Status.APPROVED),
    *(Campaign.Status.SCHEDULED, Campaign.Status.MISSED),
)


@admin.register(Campaign)
class CampaignAdmin(TranslatedAdmin):
    """Campaigns: written here, approved by somebody else, sent by the worker."""

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


def changed_values(form) -> dict:
    """Return the fields that this form really changed."""
    return {name: form.cleaned_data[name] for name in form.changed_data if name in EDITABLE}


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
