"""Organisations and people in the back office: one record each."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Role
from core.admin import PortalAdmin, TranslatedAdmin
from core.admin_fields import TranslatedInline, without
from core.permissions import is_staff

from .. import services
from ..forms import CloseForm, JobForm
from ..models import KNOW_PEOPLE, Affiliation, Contact, Organisation, OrganisationName
from ..permissions import reads_register
from ..services.affiliations import CLOSED_ALREADY, AffiliationRefused
from .duplicates import DuplicatesMixin
from .importing import ImportMixin
from .retention import RetentionMixin
from .screens import ScreensMixin, posted, staff_only

#: Columns of an organisation that are for those who may know people.
INTERNAL_FIELDS = frozenset({"retention_review_on"})
AUDIT = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)


class FormerNameInline(TranslatedInline):
    """Names of the past, with their dates; they stay searchable."""

    model = OrganisationName
    fields = [("name_fr", "name_nl"), "name_en", ("since", "until")]

    def has_view_permission(self, request, obj=None):
        """Let everybody read who reads the register."""
        return True

    def has_add_permission(self, request, obj=None):
        """Let staff add."""
        return is_staff(request.user)

    has_change_permission = has_delete_permission = has_add_permission


class AffiliationInline(admin.TabularInline):
    """Who works where, running and past: read here, closed and opened by their buttons."""

    model = Affiliation
    extra = 0
    can_delete = False
    ordering = ["ends_on", "-starts_on"]

    def has_view_permission(self, request, obj=None):
        """Show people to those who may know them."""
        return KNOW_PEOPLE(request.user)

    def has_add_permission(self, request, obj=None):
        """An affiliation is opened by its button."""
        return False

    has_change_permission = has_delete_permission = has_add_permission

    @admin.display(description=gettext_lazy("action"))
    def close_link(self, obj):
        """Link to the closing of a running affiliation; the past stays as it is."""
        if obj.ends_on is not None:
            return gettext_lazy("closed")
        address = ContactAdmin.close_address(obj)
        return format_html('<a href="{}">{}</a>', address, _("Close"))


class PeopleInline(AffiliationInline):
    """The people of an organisation."""

    fields = readonly_fields = ["contact_link", "role", "is_main", "starts_on", "ends_on"]
    verbose_name_plural = gettext_lazy("people, of today and of the past")

    def get_queryset(self, request):
        """Read the people with their affiliations."""
        return super().get_queryset(request).select_related("contact")

    @admin.display(description=gettext_lazy("contact"))
    def contact_link(self, obj):
        """Link to the person."""
        address = reverse("admin:stakeholders_contact_change", args=[obj.contact_id])
        return format_html('<a href="{}">{}</a>', address, obj.contact)


class WorkInline(AffiliationInline):
    """The organisations of a person."""

    fields = readonly_fields = [
        *("organisation", "role", "is_main", "starts_on", "ends_on", "close_link"),
    ]

    def get_queryset(self, request):
        """Read the organisations with their affiliations."""
        return super().get_queryset(request).select_related("organisation", "contact")


@admin.register(Organisation)
class OrganisationAdmin(ImportMixin, DuplicatesMixin, ScreensMixin, TranslatedAdmin):
    """The register of the quadruple helix."""

    list_display = [
        *("name", "legal_id", "helix", "status", "municipality", "is_listed"),
    ]
    list_filter = ["helix", "helix_secondary", "status", "level", "is_listed", "is_demo"]
    list_select_related = ["municipality"]
    search_fields = [
        *("name_fr", "name_nl", "short_name_fr", "short_name_nl", "legal_id"),
        *("other_names__name_fr", "other_names__name_nl"),
        *("merged_from__name_fr", "merged_from__name_nl"),
    ]
    prepopulated_fields = {"slug": ["name_fr"]}
    autocomplete_fields = ["municipality", "themes", "sources"]
    readonly_fields = ["ended_on", "successor"]
    inlines = [FormerNameInline, PeopleInline]
    fieldsets = [
        (None, {"fields": ["legal_id", "name", "short_name", "slug"]}),
        (gettext_lazy("Group"), {"fields": [("helix", "helix_secondary"), "level"]}),
        (gettext_lazy("Where and about what"), {"fields": ["municipality", "themes", "website"]}),
        (gettext_lazy("Where it stands"), {"fields": [("status", "ended_on", "successor")]}),
        (
            gettext_lazy("Shown to the public"),
            {"fields": ["is_listed", "note", "sources", "verified", "not_proofread"]},
        ),
        (gettext_lazy("Record"), {"fields": ["retention_review_on", "is_demo"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """Leave the keeping of the record to those who may know people."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if KNOW_PEOPLE(request.user) else without(fieldsets, INTERNAL_FIELDS)

    def shows_notes(self, request) -> bool:
        """Show what was noted about an organisation to those who may know people."""
        return KNOW_PEOPLE(request.user)

    def row_tools(self, request, obj):
        """Add the way to how the Office sees it, for those who may know."""
        tools = super().row_tools(request, obj)
        if not reads_register(request.user):
            return tools
        address = reverse("stakeholders:assessment-history", args=[obj.slug])
        return [(address, _("All assessments"), "quiet"), *tools]

    def get_prepopulated_fields(self, request, obj=None):
        """Propose an address for a new organisation; a known one keeps its own."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_inlines(self, request, obj):
        """Leave people out of the empty form."""
        return super().get_inlines(request, obj) if obj else [FormerNameInline]


@admin.register(Contact)
class ContactAdmin(RetentionMixin, DuplicatesMixin, ScreensMixin, PortalAdmin):
    """One person, whatever the role."""

    list_display = ["name", "email", "language", "do_not_contact", "user", "is_demo"]
    list_filter = ["language", "legal_basis", "do_not_contact", "is_demo"]
    list_select_related = ["user"]
    search_fields = [
        *("name", "email", "affiliations__organisation__name_fr"),
        *("affiliations__organisation__name_nl", "merged_from__name", "merged_from__email"),
    ]
    autocomplete_fields = ["user"]
    readers = AUDIT
    editors = (Role.STAFF,)
    inlines = [WorkInline]
    readonly_fields = ["created_at", "erased_at"]
    fields = [
        *("name", ("email", "phone"), ("language", "legal_basis"), "do_not_contact", "user"),
        *(("retention_review_on", "created_at", "erased_at"), "is_demo"),
    ]

    def get_inlines(self, request, obj):
        """Leave affiliations out of the empty form."""
        return super().get_inlines(request, obj) if obj else []

    def has_change_permission(self, request, obj=None):
        """Leave an erased record empty."""
        erased = obj is not None and obj.erased_at is not None
        return not erased and super().has_change_permission(request, obj)

    def screens(self):
        """Add the screens of affiliations."""
        return [
            *super().screens(),
            ("<int:pk>/affiliations/new/", self.job_view, "job"),
            ("<int:pk>/affiliations/<int:affiliation>/close/", self.close_view, "close"),
        ]

    def row_tools(self, request, obj):
        """Add the button of a new affiliation."""
        tools = super().row_tools(request, obj)
        if not is_staff(request.user) or obj.erased_at:
            return tools
        return [(self.address("job", obj.pk), _("New affiliation"), "primary"), *tools]

    @staticmethod
    def close_address(affiliation):
        """Return where an affiliation is closed."""
        args = [affiliation.contact_id, affiliation.pk]
        return reverse("admin:stakeholders_contact_close", args=args)

    def job_view(self, request, pk):
        """Note a role that a person takes up; the main one before ends."""
        staff_only(request)
        person = get_object_or_404(Contact.objects.visible_to(request.user).current(), pk=pk)

        def act(data):
            is_main = data.pop("is_main")
            if is_main:
                services.change_job(person, by=request.user, **data)
            else:
                services.open_affiliation(person, by=request.user, is_main=False, **data)
            return _("The affiliation was noted.")

        return self.ask(
            request,
            JobForm(posted(request), initial={"starts_on": timezone.localdate()}),
            act,
            title=_("New affiliation"),
            button=_("Note it"),
            back=(self.address("change", pk), str(person)),
            refusals=(AffiliationRefused,),
        )

    def close_view(self, request, pk, affiliation):
        """Note the last day of an affiliation."""
        staff_only(request)
        visible = Affiliation.objects.visible_to(request.user)
        row = get_object_or_404(visible, pk=affiliation, contact=pk)
        if request.method != "POST" and row.ends_on is not None:
            messages.warning(request, CLOSED_ALREADY)
            return redirect(self.address("change", pk))

        def act(data):
            services.close_affiliation(row, by=request.user, **data)
            return _("The affiliation was closed.")

        return self.ask(
            request,
            CloseForm(posted(request), initial={"ends_on": timezone.localdate()}),
            act,
            title=_("Close the affiliation"),
            button=_("Close it"),
            back=(self.address("change", pk), str(row.contact)),
            lead=str(row),
            refusals=(AffiliationRefused,),
        )
