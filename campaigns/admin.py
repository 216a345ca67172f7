"""Back office of campaigns; that of the communication plan is in `plan_admin`."""

import json

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.forms import FileField, ModelForm
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import PortalAdmin, TranslatedAdmin
from core.admin_fields import TranslatedInline
from core.permissions import has_role
from core.search import LANGUAGES
from core.uploads import Refused
from core.workflow import TransitionRefused

from . import (
    occasion_admin,
    plan_admin,  # noqa: F401
    services,
)
from .models import (
    ASKED,
    CAMPAIGN_TEXTS,
    SEGMENT_LISTS,
    Block,
    Campaign,
    Delivery,
    Picture,
    Segment,
)

TEXT_COLUMNS = tuple(f"{field}_{code}" for field in CAMPAIGN_TEXTS for code in LANGUAGES)
EDITABLE = (
    *("slug", "topic", "plan", "layout", "counts_clicks"),
    *("rate_per_minute", "not_proofread", "is_demo"),
    *SEGMENT_LISTS,
    *TEXT_COLUMNS,
)
OPEN_STATES = (
    *(Campaign.Status.DRAFT, Campaign.Status.IN_REVIEW, Campaign.Status.APPROVED),
    *(Campaign.Status.SCHEDULED, Campaign.Status.MISSED, Campaign.Status.HELD),
)


class BlockForm(forms.ModelForm):
    """A block, whose form shows by script the fields of its kind and any that is filled."""

    class Media:
        js = (forms.Script("js/blocks.js", defer=True),)

    class Meta:
        model = Block
        exclude: tuple = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].widget.attrs["data-asked"] = json.dumps(ASKED)


class BlockInline(TranslatedInline):
    """The blocks of a campaign, in their order."""

    model = Block
    form = BlockForm
    extra = 0
    fields = [
        *("position", "kind", "heading", "figure", "words", "label"),
        *("link", "begins_at", "picture"),
    ]

    def has_view_permission(self, request, obj=None):
        """Who reads the campaign reads its blocks."""
        return has_role(*CampaignAdmin.readers)(request.user)

    def has_add_permission(self, request, obj=None):
        """Who edits campaigns adds blocks, as long as nothing was sent."""
        is_open = obj is None or obj.status in OPEN_STATES
        return is_open and has_role(*CampaignAdmin.editors)(request.user)

    has_change_permission = has_delete_permission = has_add_permission


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
    inlines = [BlockInline]
    readonly_fields = [
        *("created_by", "edited_by", "approved_by", "version"),
        *("started_at", "finished_at", "as_received", "origin"),
    ]
    fieldsets = [
        (None, {"fields": ["topic", "plan", "slug", "as_received", "origin", "status", "version"]}),
        (_("Audience"), {"fields": list(SEGMENT_LISTS)}),
        (_("How it is sent"), {"fields": ["layout", "counts_clicks", "rate_per_minute"]}),
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

    @admin.display(description=_("comes from"))
    def origin(self, campaign):
        """Link to what happened, where the portal made the draft."""
        links = occasion_admin.origin_links(campaign) if campaign.pk else ""
        return links or self.get_empty_value_display()

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

    def save_formset(self, request, form, formset, change):
        """Change blocks through the service: an approval ends with what it was about."""
        if not formset.has_changed():
            formset.save()
            return
        try:
            services.edit_blocks(form.instance, by=request.user, save=formset.save)
        except TransitionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal


class PictureForm(ModelForm):
    """A picture with its description; the file is made small when it is taken in."""

    upload = FileField(
        label=_("file"),
        required=False,
        help_text=_("JPEG, PNG or WebP, best 1120 pixels wide. It is made small for the mail."),
    )

    class Meta:
        model = Picture
        exclude: tuple = ()

    def clean_upload(self):
        """Ask for a file where there is none yet."""
        upload = self.cleaned_data["upload"]
        if upload is None and not self.instance.pk:
            raise ValidationError(_("Choose a file."))
        return upload

    def _post_clean(self):
        super()._post_clean()
        upload = self.cleaned_data.get("upload")
        if upload is not None:
            try:
                services.take_in_picture(self.instance, upload)
            except Refused as refusal:
                self.add_error("upload", str(refusal))


@admin.register(Picture)
class PictureAdmin(TranslatedAdmin):
    """Pictures of our own, with what they show in French and Dutch."""

    form = PictureForm
    list_display = ["name", "alt", "credit", "width", "height"]
    search_fields = ["name", *(f"alt_{code}" for code in LANGUAGES)]
    readonly_fields = ["shown"]
    fieldsets = [
        (None, {"fields": ["name", "upload", "shown"]}),
        (_("Texts"), {"fields": ["alt", "credit"]}),
        (_("Marks"), {"fields": ["not_proofread", "is_demo"]}),
    ]

    @admin.display(description=_("as it is sent"))
    def shown(self, picture):
        """Show the picture."""
        if not picture.pk:
            return self.get_empty_value_display()
        url, alt = picture.get_absolute_url(), picture.alt
        return format_html('<img src="{}" alt="{}" width="280">', url, alt)


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
