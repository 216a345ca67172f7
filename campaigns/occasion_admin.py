"""Back office of the events that make drafts: which do, for whom, and what was made of each."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import PortalAdmin
from core.workflow import TransitionRefused

from . import services
from .models import Occasion, OccasionEvent


class OccasionForm(forms.ModelForm):
    """Asks for the topic of what is switched on."""

    class Meta:
        model = Occasion
        fields = ("topic", "is_active")

    def clean(self):
        """Say it beside the topic."""
        cleaned = super().clean()
        if cleaned.get("is_active") and "topic" in cleaned and cleaned["topic"] is None:
            self.add_error("topic", _("Choose the topic for which the drafts are."))
        return cleaned


@admin.register(Occasion)
class OccasionAdmin(PortalAdmin):
    """The switches; the kinds of events themselves are part of the portal."""

    form = OccasionForm
    list_display = ["__str__", "topic", "is_active"]
    list_filter = ["is_active", "topic"]
    list_select_related = ["topic"]
    fields = ["name", "topic", "is_active"]
    readonly_fields = ["name"]

    @admin.display(description=_("event"))
    def name(self, occasion):
        """Name the event."""
        return str(occasion)

    def has_add_permission(self, request):
        """No kind of event is added by hand."""
        return False

    def save_model(self, request, obj, form, change):
        """Switch through the service, which writes it down."""
        values = {name: form.cleaned_data[name] for name in ("topic", "is_active")}
        try:
            services.switch_occasion(obj, by=request.user, **values)
        except TransitionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal


@admin.register(OccasionEvent)
class OccasionEventAdmin(PortalAdmin):
    """What was looked at and what came of it, to read."""

    list_display = ["occasion", "what", "outcome", "draft", "noted_at"]
    list_filter = ["outcome", "occasion"]
    fields = ["occasion", "what", "outcome", "draft", "noted_at"]
    readonly_fields = ["what", "draft"]
    # Some are about rows that are not public: these roles read what is not.
    readers = (Role.STAFF, Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR)
    editors = ()

    def get_queryset(self, request):
        """Load what each is about."""
        return super().get_queryset(request).with_subjects().select_related("campaign")

    @admin.display(description=_("about"))
    def what(self, event):
        """Lead to the page of what happened."""
        return subject_link(event)

    @admin.display(description=_("draft"))
    def draft(self, event):
        """Lead to the draft, where it is there still."""
        if event.campaign is None:
            return self.get_empty_value_display()
        url = reverse("admin:campaigns_campaign_change", args=[event.campaign_id])
        return format_html('<a href="{}">{}</a>', url, event.campaign)


def subject_link(event):
    """Return the name of what an event is about, as a link where it has a page."""
    subject = event.subject
    if not hasattr(subject, "get_absolute_url"):
        return str(subject)
    return format_html('<a href="{}">{}</a>', subject.get_absolute_url(), subject)


def origin_links(campaign):
    """Return what led to a draft, each with its link; "" for what a person began."""
    rows = campaign.events.order_by("pk").with_subjects()
    parts = ((event.occasion, subject_link(event)) for event in rows)
    return format_html_join("", "<div>{}: {}</div>", parts)
