"""The indicators in the back office; figures are added through the service and never edited."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from core.admin import PortalAdmin, TranslatedAdmin
from core.admin_fields import TranslatedInline, WellAsked
from core.permissions import has_role
from core.search import LANGUAGES
from core.workflow import TransitionRefused

from .imports.messages import sentence
from .imports.services import FaultsFound, record_by_hand, try_by_hand
from .indices import admin as index_admin  # noqa: F401
from .models import (
    UNKNOWN_METRIC,
    Band,
    Baseline,
    Framework,
    ImportJob,
    Indicator,
    IndicatorVersion,
    InitiativeIndicator,
    Mapping,
    MetadataEntry,
    Observation,
    PathPoint,
    Place,
    Release,
    Target,
)

#: What an indicator is about, of which there are a few each.
SHORT_LISTS = ("objectives", "workstreams", "deliverables")
FIGURE_FIELDS = ("period", "position", "value", "flag", "disputed", "reason")


class RoleInline:
    """Rows of an indicator follow the roles of its page."""

    extra = 0

    def has_view_permission(self, request, obj=None):
        """Let the readers of the page read."""
        return has_role(*PortalAdmin.readers)(request.user)

    def has_change_permission(self, request, obj=None):
        """Let its editors change."""
        return has_role(*PortalAdmin.editors)(request.user)

    def has_add_permission(self, request, obj=None):
        """Let its editors add."""
        return has_role(*PortalAdmin.editors)(request.user)

    def has_delete_permission(self, request, obj=None):
        """Let its editors take back a link or a typing error."""
        return has_role(*PortalAdmin.editors)(request.user)


class TargetInline(RoleInline, TranslatedInline):
    """Targets; a new one supersedes, it does not overwrite."""

    model = Target
    fields = (
        *("geo", "period", "value", "unit_code", "upper", "kind"),
        *("basis", "decided_on", "sources", "superseded_by"),
    )
    autocomplete_fields = ("geo", "sources")

    def has_delete_permission(self, request, obj=None):
        """A target that counted stays on record."""
        return False


class BaselineInline(RoleInline, WellAsked, admin.TabularInline):
    """The starting value."""

    model = Baseline
    fields = ("geo", "period", "value", "sources")
    autocomplete_fields = ("geo", "sources")


class InitiativeInline(RoleInline, TranslatedInline):
    """What the indicator measures, and what the initiative is expected to add."""

    model = InitiativeIndicator
    fields = ("initiative", "role", "expected", "expected_period", "without", "evidence")
    autocomplete_fields = ("initiative",)


class VersionInline(RoleInline, TranslatedInline):
    """How it is counted, from which day on."""

    model = IndicatorVersion
    fields = ("number", "method", "valid_from", "breaks_series")


class MetadataInline(RoleInline, TranslatedInline):
    """What is said under the headings of a metadata report."""

    model = MetadataEntry
    fields = ("heading", "text")


class BandInline(RoleInline, WellAsked, admin.TabularInline):
    """Thresholds, where the usual ones do not fit."""

    model = Band
    fields = ("basis", "standing", "floor")


class MappingInline(RoleInline, WellAsked, admin.TabularInline):
    """Its names in other frameworks."""

    model = Mapping
    fields = ("framework", "code", "name", "match", "verified")
    autocomplete_fields = ("framework",)


@admin.register(Place)
class PlaceAdmin(TranslatedAdmin):
    """Territories that figures are about."""

    list_display = ("code", "name", "kind", "position")
    list_filter = ("kind",)
    search_fields = ("code", "name_fr", "name_nl", "name_en")

    def get_readonly_fields(self, request, obj=None):
        """A code stands in files and addresses: once given, it stays."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "code") if obj else fields


@admin.register(Release)
class ReleaseAdmin(TranslatedAdmin):
    """What was published together; to read."""

    list_display = ("released_at", "reason", "author", "approver")
    list_filter = ("reason",)
    date_hierarchy = "released_at"

    def has_add_permission(self, request):
        """A release is made by publishing figures."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes what was published."""
        return False


class PathInline(RoleInline, WellAsked, admin.TabularInline):
    """Points between baseline and target."""

    model = PathPoint
    fields = ("period", "value")


@admin.register(Target)
class TargetAdmin(TranslatedAdmin):
    """Targets with the points of their paths; a target that counted stays on record."""

    list_display = ("indicator", "geo", "period", "value", "kind", "decided_on", "superseded_by")
    list_filter = ("kind", "geo")
    list_select_related = ("indicator", "geo", "superseded_by")
    search_fields = ("indicator__code", "indicator__name_fr", "indicator__name_nl")
    autocomplete_fields = ("indicator", "geo", "sources", "superseded_by")
    fields = (
        *("indicator", "geo", "period", "value", "unit_code", "upper", "kind"),
        *("basis", "decided_on", "sources", "superseded_by"),
    )
    inlines = (PathInline,)

    def has_delete_permission(self, request, obj=None):
        """What was decided stays, even where something else was decided later."""
        return False


@admin.register(Framework)
class FrameworkAdmin(TranslatedAdmin):
    """Where indicators are defined."""

    list_display = ("name", "slug", "kind", "publisher", "position")
    search_fields = ("name_fr", "name_nl", "name_en", "slug")


class IndicatorForm(forms.ModelForm):
    """An indicator as the back office asks for it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "metric" in self.fields:
            self._show_lost_count(self.fields["metric"])

    def _show_lost_count(self, field):
        """Offer a count that no longer exists: left out, the first save would let people in.

        The model refuses it, beside the field.
        """
        field.error_messages["invalid_choice"] = UNKNOWN_METRIC
        known = list(field.choices)
        if self.instance.metric not in dict(known):
            words = _("%(name)s (no longer counted)") % {"name": self.instance.metric}
            field.choices = [*known, (self.instance.metric, words)]


@admin.register(Indicator)
class IndicatorAdmin(TranslatedAdmin):
    """What is measured."""

    form = IndicatorForm
    list_display = ("code", "name", "framework", "geo", "frequency", "status", "is_demo")
    list_filter = ("status", "framework", "theme", "geo", "frequency", "is_demo")
    list_select_related = ("framework",)
    search_fields = ("code", "name_fr", "name_nl", "name_en")
    autocomplete_fields = (
        *("framework", "geo", "owner", "owner_organisation"),
        *("replaced_by", "sources"),
    )
    inlines = (
        *(TargetInline, BaselineInline, BandInline, InitiativeInline),
        *(VersionInline, MetadataInline, MappingInline),
    )
    fieldsets = (
        (None, {"fields": ("code", "status", "framework", "name", "definition", "headline")}),
        (
            _("How it is counted"),
            {
                "fields": (
                    *("unit", "unit_code", "decimals", "direction", "kind", "frequency", "geo"),
                    *("lag_days", "is_frozen", "coverage", "confidentiality", "min_n", "metric"),
                )
            },
        ),
        (
            _("What it is about"),
            {"fields": ("theme", "orientation", "objectives", "workstreams", "deliverables")},
        ),
        (
            None,
            {
                "fields": (
                    "licence",
                    "source_text",
                    "sources",
                    "verified",
                    "not_proofread",
                    "is_demo",
                )
            },
        ),
        (None, {"fields": ("owner", "owner_organisation", "replaced_by")}),
    )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer what it is about as boxes to tick: these lists are short."""
        if db_field.name in SHORT_LISTS:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """A code is an address: once given, it stays."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "code") if obj else fields


class FigureForm(forms.ModelForm):
    """A figure as typed in the back office, held against the rules of every import."""

    #: Who types; set by `ObservationAdmin.get_form`.
    user = None

    def _post_clean(self):
        super()._post_clean()
        if set(self.errors) - {forms.forms.NON_FIELD_ERRORS}:
            return
        if self.instance.indicator.metric:
            self.add_error("indicator", _("The portal counts this indicator itself."))
            return
        try:
            try_by_hand(**typed(self.instance), by=self.user)
        except FaultsFound as found:
            # What the constraints say above the form the rules say beside the field.
            self._errors.pop(forms.forms.NON_FIELD_ERRORS, None)
            for fault in found.faults:
                field = fault.column if fault.column in self.fields else None
                self.add_error(field, sentence(fault))
        except TransitionRefused as refusal:
            self.add_error(None, str(refusal))


def typed(row: Observation) -> dict:
    """Return a figure in a form as the keyword arguments of `record_by_hand`."""
    note = {code: getattr(row, f"note_{code}") for code in LANGUAGES}
    figure = {name: getattr(row, name) for name in FIGURE_FIELDS}
    return {"indicator": row.indicator, "geo": row.geo_id, "note": note, **figure}


@admin.register(Observation)
class ObservationAdmin(TranslatedAdmin):
    """Figures: added as a new vintage, never changed."""

    list_display = ("indicator", "geo", "period", "value", "flag", "disputed", "vintage", "reason")
    list_filter = ("geo", "flag", "disputed", "reason", "indicator__framework")
    list_select_related = ("indicator",)
    search_fields = ("indicator__code", "indicator__name_fr", "indicator__name_nl", "period")
    autocomplete_fields = ("indicator", "geo", "sources")
    fields = (
        "indicator",
        "geo",
        "period",
        "position",
        "value",
        "flag",
        "disputed",
        "reason",
        "note",
        "sources",
    )
    form = FigureForm

    def has_change_permission(self, request, obj=None):
        """Nobody changes what was published."""
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Tell the form who types."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def save_model(self, request, obj, form, change):
        """Send the figure in, as every page does: it waits for the approval of somebody else."""
        sources = form.cleaned_data["sources"]
        obj.job = record_by_hand(**typed(obj), by=request.user, sources=sources)

    def save_related(self, request, form, formsets, change):
        """Leave the sources to the import: there is no figure yet."""

    def log_addition(self, request, obj, message):
        """Leave it to the history of the import: no figure was added yet."""

    def response_add(self, request, obj, post_url_continue=None):
        """Go to the page of the import."""
        messages.success(request, _("The figure waits for the approval of somebody else."))
        return redirect(obj.job)


@admin.register(ImportJob)
class ImportJobAdmin(TranslatedAdmin):
    """Figures that came in, to read and to approve; what they say is on their own pages."""

    list_display = ("uploaded_at", "file_name", "origin", "author", "status", "new", "changed")
    list_display_links = ("uploaded_at", "file_name")
    list_filter = ("status", "origin", "reason")
    list_select_related = ("author",)
    search_fields = ("file_name", "author__name", "author__email")
    fields = (
        *("status", "origin", "file_name", "file_sha256", "author", "approver", "uploaded_at"),
        *("reason", "note", "release_at", "rows_count"),
        *("new", "changed", "unchanged", "missing", "errors", "warnings", "release"),
    )
    editors = ()
