"""The one base class of every admin page: roles instead of table permissions, verbs as buttons.

A status never shows as an input: it moves through the buttons that `Workflow.available()` gives,
and these call the same services as the pages.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from modeltranslation.admin import TranslationAdmin

from accounts.roles import Role

from . import slots
from .concurrency import FIELD as ROW_STATE
from .concurrency import refuse_stale, row_state
from .forms import TransitionForm
from .models import Message, StatusChange
from .permissions import has_role
from .publication import INCOMPLETE, LANGUAGE_NAMES, breaks_parity, missing_texts
from .search import LANGUAGES
from .selectors import history_of
from .workflow import PermissionRefused, TransitionRefused, workflow_of


class RoleAdmin(admin.ModelAdmin):
    """Who may see and change rows is said by roles, the same words as everywhere else."""

    #: Roles that read, and roles that add and change; nobody deletes unless a class says so.
    readers = (
        Role.STAFF,
        Role.SECRETARY,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
        Role.TRANSLATOR,
    )
    editors = (Role.STAFF, Role.SECRETARY)
    deleters: tuple = ()

    def has_module_permission(self, request):
        """Show the app in the menu to its readers."""
        return has_role(*self.readers)(request.user)

    def has_view_permission(self, request, obj=None):
        """Let readers read."""
        return has_role(*self.readers)(request.user)

    def has_change_permission(self, request, obj=None):
        """Let editors change."""
        return has_role(*self.editors)(request.user)

    def has_add_permission(self, request):
        """Let editors add."""
        return has_role(*self.editors)(request.user)

    def has_delete_permission(self, request, obj=None):
        """Nothing that counts is deleted: it is withdrawn, closed or archived."""
        return bool(self.deleters) and has_role(*self.deleters)(request.user)

    def get_object(self, request, object_id, from_field=None):
        """Return the row, locked while a change of it is being saved."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST" and connection.in_atomic_block:
            type(obj)._base_manager.select_for_update().filter(pk=obj.pk).first()
            obj.refresh_from_db()
        return obj

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form class, made aware of concurrent edits and of language parity."""
        form = super().get_form(request, obj, change=change, **kwargs)
        state = request.POST.get(ROW_STATE, "")
        return type(form.__name__, (CarefulForm, form), {"state": state, "before": obj})

    def render_change_form(self, request, context, *args, **kwargs):
        """Put what the row looks like now into the form."""
        obj = kwargs.get("obj")
        if obj is not None:
            # From the database: on an error ``obj`` carries what was typed.
            stored = type(obj)._base_manager.get(pk=obj.pk)
            context["row_state"], context["row_state_name"] = row_state(stored), ROW_STATE
        return super().render_change_form(request, context, *args, **kwargs)


class CarefulForm:
    """Mixed into each admin form: tells a stale save, and puts parity errors beside the field."""

    state = ""
    before = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Looked at before the form writes what was typed into its instance.
        self.stale = self._stale()

    def _stale(self):
        if self.before is None or not self.state:
            return None
        try:
            refuse_stale(self.before, self.state)
        except forms.ValidationError as error:
            return error
        return None

    def clean(self):
        """Refuse what somebody else has changed meanwhile."""
        cleaned = super().clean()
        if self.stale:
            self.add_error(None, self.stale)
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        # Django leaves out constraints on fields that the form does not hold, such as the status.
        if self.errors or not breaks_parity(self.instance):
            return
        for field, code in missing_texts(self.instance) or [(None, None)]:
            name = f"{field}_{code}"
            if name in self.fields:
                self.add_error(name, missing_sentence(code))
            else:
                self.add_error(None, INCOMPLETE)


def missing_sentence(code: str) -> str:
    """Return what to do about a text that lacks language ``code``."""
    return _("Fill in the text in %(language)s: both languages are published together.") % {
        "language": LANGUAGE_NAMES[code]
    }


class WorkflowMixin:
    """Transitions as buttons on the change page, each asking for what its verb needs."""

    change_form_template = "admin/workflow_change_form.html"

    def get_readonly_fields(self, request, obj=None):
        """A status is read, never typed."""
        flow = workflow_of(self.model)
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, flow.field) if flow and flow.field not in fields else fields

    def get_urls(self):
        """Add the address of the transitions."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_transition"
        view = self.admin_site.admin_view(self.transition_view)
        return [
            path("<path:object_id>/do/<slug:name>/", view, name=name),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        """Give the template the buttons, what is missing for publication, and the history."""
        obj = kwargs.get("obj")
        flow = workflow_of(self.model)
        if obj:
            context["office_links"] = slots.collect("office.links", obj, user=request.user)
        if obj and flow:
            context["transitions"] = flow.available(obj, request.user)
            context["transition_url_name"] = (
                f"admin:{self.opts.app_label}_{self.opts.model_name}_transition"
            )
            context["status_label"] = flow.states(getattr(obj, flow.field)).label
            context["history"] = history_of(obj)[:20]
        if obj and getattr(obj, "public_fields", ()):
            context["missing_texts"] = named_missing(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def transition_view(self, request, object_id, name):
        """Ask for what the verb needs (GET), run it (POST), say what happened."""
        obj = self.get_object(request, object_id)
        flow = workflow_of(self.model)
        if obj is None or flow is None or name not in flow.table:
            raise Http404
        step = flow.table[name]
        if not step.permission(request.user, obj):
            raise PermissionDenied
        form = transition_form(step, request, obj)
        if request.method == "POST" and form.is_valid() and self._run(request, obj, step, form):
            return redirect(self._change_url(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "object": obj,
            "opts": self.opts,
            "step": step,
            "form": form,
            "back": self._change_url(obj),
        }
        return render(request, "admin/transition.html", context)

    def _run(self, request, obj, step, form) -> bool:
        try:
            workflow_of(obj).run(obj, step.name, by=request.user, **form.cleaned_data)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
            return False
        messages.success(request, _("Done: %(action)s.") % {"action": step.label})
        return True

    def _change_url(self, obj):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])


class PortalAdmin(WorkflowMixin, RoleAdmin):
    """Base of the admin of every model without translated fields."""

    list_per_page = 50
    show_full_result_count = False


class TranslatedAdmin(WorkflowMixin, RoleAdmin, TranslationAdmin):
    """Base of the admin of every model with translated fields: French and Dutch side by side."""

    list_per_page = 50
    show_full_result_count = False

    def get_fieldsets(self, request, obj=None):
        """Put the columns of one text on one line, so that they stand side by side."""
        fieldsets = super().get_fieldsets(request, obj)
        return [
            (name, {**options, "fields": side_by_side(options["fields"])})
            for name, options in fieldsets
        ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Tell the language of each column; none is asked for sooner than another.

        modeltranslation makes French obligatory, so that no draft could begin in Dutch. Whether
        both are there is what the gate and the constraint ask.
        """
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        language = getattr(db_field, "language", None)
        if field is not None and language:
            field.widget.attrs["lang"] = language
            field.required = False
        return field


def side_by_side(fields) -> list:
    """Return ``fields`` with `x_fr, x_nl, x_en` drawn together into one line."""
    lines = []
    for field in fields:
        stem, _sep, code = field.rpartition("_") if isinstance(field, str) else ("", "", "")
        last = lines[-1] if lines else None
        if code in LANGUAGES and isinstance(last, tuple) and last[0] == f"{stem}_{LANGUAGES[0]}":
            lines[-1] = (*last, field)
        elif code == LANGUAGES[0] and f"{stem}_{LANGUAGES[1]}" in fields:
            lines.append((field,))
        else:
            lines.append(field)
    return lines


def transition_form(step, request, obj):
    """Return the form of a transition: its own, or the common one with a note."""
    data = request.POST if request.method == "POST" else None
    if step.form:
        return import_string(step.form)(data, instance_of=obj)
    return TransitionForm(data, reason=step.reason)


def named_missing(obj) -> list[str]:
    """Return what is missing for publication in words: "title (Dutch)"."""
    return [
        f"{obj._meta.get_field(name).verbose_name} ({LANGUAGE_NAMES[code]})"
        for name, code in missing_texts(obj)
    ]


@admin.register(Message)
class MessageAdmin(RoleAdmin):
    """The outgoing mails, to read."""

    list_display = [
        "subject",
        "recipient",
        "language",
        "status",
        "created_at",
        "sent_at",
    ]
    list_filter = ["status", "language", "template"]
    search_fields = ["recipient", "subject"]
    fields = [
        "key",
        "template",
        "recipient",
        "language",
        "subject",
        "status",
        "attempts",
        "error",
    ]
    editors = ()
    readers = (Role.STAFF, Role.ADMINISTRATOR, Role.AUDITOR)


@admin.register(StatusChange)
class StatusChangeAdmin(RoleAdmin):
    """The history of everything, to read."""

    list_display = [
        "at",
        "content_type",
        "object_id",
        "transition",
        "source",
        "target",
        "by",
    ]
    list_filter = ["content_type", "transition"]
    list_select_related = ["content_type", "by"]
    editors = ()
    readers = (Role.AUDITOR, Role.ADMINISTRATOR, Role.STAFF)


admin.site.empty_value_display = "—"
