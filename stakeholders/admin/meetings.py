"""The log, the bilateral meetings and the commitments in the back office."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import PortalAdmin
from core.admin_fields import WellAsked
from core.pages import CappedPaginator
from core.permissions import is_staff
from core.workflow import record_change

from .. import services
from ..models import TOOK_PLACE, BilateralMeeting, Commitment, Interaction, Participation

READERS = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
EDITORS = (Role.STAFF,)


class ParticipationInline(WellAsked, admin.TabularInline):
    """Who took part; a person stands for the organisation of that day."""

    model = Participation
    extra = 0
    can_delete = False
    fields = ["side", "contact", "organisation", "user"]
    autocomplete_fields = ["contact", "organisation"]

    def has_view_permission(self, request, obj=None):
        """Show them to those who may know people."""
        return request.user.has_role(*READERS)

    def has_change_permission(self, request, obj=None):
        """Let the staff mend them."""
        return is_staff(request.user)

    def has_add_permission(self, request, obj=None):
        """Let the staff add somebody."""
        return is_staff(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the Office's own people for its side."""
        if db_field.name == "user":
            kwargs["queryset"] = db_field.related_model.objects.filter(groups__name=Role.STAFF)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OfficeAdmin(PortalAdmin):
    """Base: read by those who may know people, changed by the staff, begun on a working page."""

    readers = READERS
    editors = EDITORS
    begins_at = ""

    def add_view(self, request, form_url="", extra_context=None):
        """Lead to the working page on which one begins."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect(f"{reverse(self.begins_at)}?{request.GET.urlencode()}")


@admin.register(Interaction)
class InteractionAdmin(OfficeAdmin):
    """The engagement log."""

    begins_at = "stakeholders:exchange-new"
    paginator = CappedPaginator
    list_display = ["happened_at", "kind", "subject", "direction", "logged_by", "is_demo"]
    list_filter = ["kind", "direction", "is_demo"]
    list_select_related = ["logged_by"]
    search_fields = ["subject"]
    autocomplete_fields = ["themes"]
    inlines = [ParticipationInline]
    readonly_fields = ["logged_by"]

    def save_model(self, request, obj, form, change):
        """Move those who took part along when the day is mended."""
        moved = "happened_at" in form.changed_data
        if moved:
            happened_at = obj.happened_at
            obj.happened_at = Interaction.objects.get(pk=obj.pk).happened_at
        super().save_model(request, obj, form, change)
        if moved:
            services.move_exchange(obj, happened_at)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Refuse a day that is still to come beside its field."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (PastOnly, form), {})

    def save_formset(self, request, form, formset, change):
        """Give those who took part the moment of the exchange."""
        for row in formset.save(commit=False):
            row.happened_at = form.instance.happened_at
            row.save()


class PastOnly:
    """Mixed into the form of an exchange."""

    def clean_happened_at(self):
        """Refuse what is still to come."""
        at = self.cleaned_data["happened_at"]
        if at > timezone.now():
            self.add_error("happened_at", _("An exchange is logged once it has taken place."))
        return at


@admin.register(BilateralMeeting)
class BilateralMeetingAdmin(OfficeAdmin):
    """Meetings as the Office keeps them; they move by their buttons."""

    begins_at = "stakeholders:meeting-new"
    list_display = [
        *("series_no", "kind", "organisation", "starts_at", "status", "owner", "is_demo"),
    ]
    list_filter = ["status", "kind", "language", "is_demo"]
    list_select_related = ["organisation", "owner"]
    search_fields = ["organisation__name_fr", "organisation__name_nl"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["organisation", "contacts"]
    raw_id_fields = ["owner", "colleagues"]
    readonly_fields = [
        *("series_no", "kind", "invited_at", "agenda_sent_at", "interaction", "outcomes"),
        *("minutes", "validated_by", "validated_at", "followed_up_at", "starts_at", "ends_at"),
        "place",
    ]

    def get_readonly_fields(self, request, obj=None):
        """Who held it stays once it took place; what was validated is read only."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.status not in TOOK_PLACE:
            return fields
        if obj.status == BilateralMeeting.Status.VALIDATED:
            return tuple(field.name for field in self.opts.get_fields() if _is_shown(field))
        return (*fields, "owner", "organisation", "portfolio")


def _is_shown(field) -> bool:
    """Tell whether the page shows a field: our own, not those that point here."""
    return field.concrete and not field.auto_created and field.editable


class OverdueFilter(admin.SimpleListFilter):
    """Promises past their day."""

    title = _("past its day")
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        """Offer the one question."""
        return [("yes", _("past its day"))]

    def queryset(self, request, queryset):
        """Keep what is overdue, in the order of the list."""
        if self.value() != "yes":
            return queryset
        late = Commitment.objects.overdue(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=late)


@admin.register(Commitment)
class CommitmentAdmin(PortalAdmin):
    """Promises of both sides; kept and dropped by their buttons."""

    readers = READERS
    editors = EDITORS
    list_display = ["text", "made_by", "organisation", "owner", "due_on", "status", "is_demo"]
    list_filter = [OverdueFilter, "made_by", "status", "is_demo"]
    list_select_related = ["organisation", "owner"]
    search_fields = ["text", "organisation__name_fr", "organisation__name_nl"]
    autocomplete_fields = ["organisation", "contact"]
    raw_id_fields = ["owner", "interaction"]
    readonly_fields = ["closed_on", "evidence", "created_at"]

    def save_model(self, request, obj, form, change):
        """Begin the history of a new promise."""
        super().save_model(request, obj, form, change)
        if not change:
            record_change(obj, "note", "", obj.status, by=request.user)
