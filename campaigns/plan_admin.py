"""Back office of the communication plan: the plan, and each kind of row that hangs at it.

What is adopted is read only, but for who looks after an action and the words that it uses; an
amendment opens the rest again.
"""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import PortalAdmin, TranslatedAdmin
from core.search import LANGUAGES
from core.workflow import TransitionRefused
from stakeholders.selectors import colleagues

from . import services
from .models import (
    CommunicationPlan,
    KPIReading,
    PlanAction,
    PlanAudience,
    PlanKPI,
    PlanObjective,
    PlanStatus,
    PlanVersion,
)
from .services.planning import WORKING_FIELDS

#: The rows of a plan as its page in the back office lists them: (related name, model).
ROWS = (
    ("objectives", PlanObjective),
    ("audiences", PlanAudience),
    ("actions", PlanAction),
    ("kpis", PlanKPI),
)
#: The methods of the back office that list them.
LISTED = tuple(f"its_{name}" for name, _model in ROWS)


def in_columns(*fields: str) -> list[str]:
    """Return the columns of translated ``fields``."""
    return [f"{field}_{code}" for field in fields for code in LANGUAGES]


@admin.register(CommunicationPlan)
class CommunicationPlanAdmin(TranslatedAdmin):
    """The communication plan: its name and period, and the way to everything that hangs at it."""

    list_display = ["title", "status", "starts_on", "ends_on", "is_demo"]
    list_filter = ["status"]
    search_fields = in_columns("title")
    readonly_fields = ["adopted_at", "closed_at", *LISTED]
    fieldsets = [
        (None, {"fields": ["title", ("starts_on", "ends_on"), "status"]}),
        (gettext_lazy("What the plan says"), {"fields": list(LISTED)}),
        (gettext_lazy("Who and when"), {"fields": ["adopted_at", "closed_at"]}),
        (gettext_lazy("Marks"), {"fields": ["not_proofread", "is_demo"]}),
    ]

    def has_change_permission(self, request, obj=None):
        """What is adopted is read only."""
        return (obj is None or obj.is_open) and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        """Write through the service, which knows whether the plan is open."""
        if not change or form.changed_data:
            changed = form.changed_data if change else ()
            run(services.save_plan, obj, by=request.user, changed=changed)

    @admin.display(description=gettext_lazy("objectives"))
    def its_objectives(self, plan):
        """List the objectives."""
        return self._rows(plan, "objectives")

    @admin.display(description=gettext_lazy("audiences"))
    def its_audiences(self, plan):
        """List the audiences."""
        return self._rows(plan, "audiences")

    @admin.display(description=gettext_lazy("actions"))
    def its_actions(self, plan):
        """List the actions."""
        return self._rows(plan, "actions")

    @admin.display(description=gettext_lazy("key figures"))
    def its_kpis(self, plan):
        """List the key figures."""
        return self._rows(plan, "kpis")

    def _rows(self, plan, name):
        """Return links to the rows of one kind, and to the form that adds one while it is open."""
        if not plan.pk:
            return _("Save the plan first.")
        address = f"admin:campaigns_{dict(ROWS)[name]._meta.model_name}"
        found = [
            (reverse(f"{address}_change", args=[row.pk]), str(row))
            for row in getattr(plan, name).all()
        ]
        rows = format_html_join("", '<li><a href="{}">{}</a></li>', found)
        if plan.is_open:
            new = f"{reverse(f'{address}_add')}?plan={plan.pk}"
            rows += format_html('<li><a href="{}">{}</a></li>', new, _("Add one"))
        return format_html("<ul>{}</ul>", rows) if rows else self.get_empty_value_display()


def run(verb, row, **data) -> None:
    """Call a verb of the services; what it refuses is forbidden here."""
    try:
        verb(row, **data)
    except TransitionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal


class PlanRowAdmin(TranslatedAdmin):
    """Base of the rows of a plan: written while the plan is open, read afterwards."""

    list_filter = ["plan"]
    list_select_related = ["plan"]
    #: Fields whose choices are rows of the same plan.
    of_the_plan: tuple[str, ...] = ()

    def has_change_permission(self, request, obj=None):
        """What is adopted is read only."""
        return (obj is None or obj.plan.is_open) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """A row is taken out by those who write it, while the plan is open."""
        is_open = obj is None or obj.plan.is_open
        return is_open and self.has_add_permission(request)

    def get_readonly_fields(self, request, obj=None):
        """A row stays with its plan."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "plan") if obj and "plan" not in fields else fields

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer open plans, and the rows of the same plan."""
        if db_field.name == "plan":
            kwargs["queryset"] = CommunicationPlan.objects.filter(status=PlanStatus.DRAFT)
        if db_field.name in self.of_the_plan:
            kwargs["queryset"] = self._of_same_plan(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer the rows of the same plan."""
        if db_field.name in self.of_the_plan:
            kwargs["queryset"] = self._of_same_plan(db_field, request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _of_same_plan(self, db_field, request):
        rows = db_field.related_model.objects.select_related("plan")
        plan = self._plan_asked(request)
        return rows.filter(plan=plan) if plan else rows.filter(plan__status=PlanStatus.DRAFT)

    def _plan_asked(self, request) -> int | None:
        """Return the plan of the row that is changed, or the one that the form of a new names."""
        key = request.resolver_match.kwargs.get("object_id", "")
        if key.isdecimal():
            return self.model.objects.filter(pk=key).values_list("plan", flat=True).first()
        asked = request.POST.get("plan") or request.GET.get("plan", "")
        return int(asked) if asked.isdecimal() else None

    def save_model(self, request, obj, form, change):
        """Write through the service, which knows whether the plan is open."""
        if not change or form.changed_data:
            changed = form.changed_data if change else ()
            run(services.save_row, obj, by=request.user, changed=changed)

    def delete_model(self, request, obj):
        """Take out through the service."""
        run(services.remove_row, obj, by=request.user)

    def delete_queryset(self, request, queryset):
        """Take out one by one through the service."""
        for row in queryset:
            run(services.remove_row, row, by=request.user)


@admin.register(PlanObjective)
class PlanObjectiveAdmin(PlanRowAdmin):
    """What the plan is to bring about."""

    list_display = ["text", "plan", "position", "smart_city_objective"]
    list_select_related = ["plan", "smart_city_objective"]
    search_fields = in_columns("text")
    fieldsets = [
        (None, {"fields": ["plan", "position", "text", "smart_city_objective"]}),
        (gettext_lazy("Marks"), {"fields": ["not_proofread"]}),
    ]


@admin.register(PlanAudience)
class PlanAudienceAdmin(PlanRowAdmin):
    """Whom the plan speaks to."""

    list_display = ["name", "plan", "position"]
    search_fields = in_columns("name")
    fieldsets = [
        (None, {"fields": ["plan", "position", "name", "need", "message"]}),
        (gettext_lazy("Marks"), {"fields": ["not_proofread"]}),
    ]


class ActionForm(forms.ModelForm):
    """Refuses audiences of another plan."""

    def clean_audiences(self):
        """Tell which audience does not belong here."""
        chosen = self.cleaned_data["audiences"]
        plan = self.cleaned_data.get("plan") or self.instance.plan
        strangers = [each for each in chosen if each.plan_id != plan.pk]
        if strangers:
            names = ", ".join(map(str, strangers))
            raise forms.ValidationError(
                _("This belongs to another plan: %(names)s.") % {"names": names}
            )
        return chosen


@admin.register(PlanAction)
class PlanActionAdmin(PlanRowAdmin):
    """What the plan does, by whom and when."""

    form = ActionForm
    list_display = ["title", "plan", "channel", "starts_on", "ends_on", "status", "owner"]
    list_filter = ["plan", "status", "channel"]
    list_select_related = ["plan", "owner"]
    search_fields = in_columns("title")
    date_hierarchy = "starts_on"
    autocomplete_fields = ["lead", "partners"]
    readonly_fields = ["done_on"]
    of_the_plan = ("objective", "audiences")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("plan", "title", "objective", "audiences", "channel"),
                    *(("starts_on", "ends_on"), "status", "done_on"),
                ]
            },
        ),
        (gettext_lazy("What is said"), {"fields": ["text"]}),
        (gettext_lazy("By whom"), {"fields": ["owner", "lead", "partners", "budget"]}),
        (gettext_lazy("Marks"), {"fields": ["not_proofread"]}),
    ]

    def has_change_permission(self, request, obj=None):
        """Let owner and words be written until the plan is closed."""
        goes_on = obj is None or obj.plan.status != PlanStatus.CLOSED
        return goes_on and TranslatedAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Leave owner and words open while the plan is adopted."""
        fields = tuple(super().get_readonly_fields(request, obj))
        if obj is None or obj.plan.is_open:
            return fields
        kept = {*WORKING_FIELDS, "text", *fields}
        columns = [each.name for each in self.model._meta.fields if each.editable]
        many = [each.name for each in self.model._meta.many_to_many]
        return (*fields, *(name for name in (*columns, *many) if name not in kept and name != "id"))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the staff as owners."""
        if db_field.name == "owner":
            kwargs["queryset"] = colleagues()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(PlanKPI)
class PlanKPIAdmin(PlanRowAdmin):
    """By what objectives and actions are judged."""

    list_display = ["name", "plan", "objective", "action", "target", "due", "source", "metric"]
    list_filter = ["plan", "source"]
    list_select_related = ["plan", "objective", "action"]
    search_fields = in_columns("name")
    of_the_plan = ("objective", "action")
    fieldsets = [
        (None, {"fields": ["plan", "position", "objective", "action", "name", "unit"]}),
        (
            gettext_lazy("Target and source"),
            {"fields": [("baseline", "target"), "due", "source", "metric"]},
        ),
        (gettext_lazy("Marks"), {"fields": ["not_proofread"]}),
    ]


@admin.register(KPIReading)
class KPIReadingAdmin(PortalAdmin):
    """The readings of key figures, to read; one is written down on the page of the plan."""

    list_display = ["kpi", "on", "vintage", "value", "note", "by", "at"]
    list_filter = ["kpi__plan", "on"]
    list_select_related = ["kpi", "by"]
    search_fields = [f"kpi__{column}" for column in in_columns("name")]
    editors = ()


@admin.register(PlanVersion)
class PlanVersionAdmin(PortalAdmin):
    """The adopted versions, to read."""

    list_display = ["plan", "number", "adopted_at", "adopted_by", "sha256"]
    list_filter = ["plan"]
    list_select_related = ["plan", "adopted_by"]
    fields = ["plan", "number", "adopted_at", "adopted_by", "sha256", "page"]
    readonly_fields = ["page"]
    editors = ()

    @admin.display(description=gettext_lazy("page"))
    def page(self, version):
        """Link to the page of the version."""
        return format_html('<a href="{}">{}</a>', version.get_absolute_url(), version)
