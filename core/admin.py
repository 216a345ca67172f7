"""The one base class of every admin page: roles instead of table permissions, verbs as buttons.

A status never shows as an input: it moves through the buttons that `Workflow.available()` gives,
and these call the same services as the pages.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.module_loading import import_string
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin
from modeltranslation.translator import translator

from accounts.roles import Role

from . import slots
from .admin_fields import SideBySide, WellAsked, side_by_side
from .admin_filters import TextsFilter
from .concurrency import FIELD as ROW_STATE
from .concurrency import refuse_stale, row_state
from .forms import TransitionForm
from .models import Message, StatusChange, Translated
from .permissions import has_role, is_translator
from .publication import INCOMPLETE, LANGUAGE_NAMES, breaks_parity, missing_texts
from .selectors import history_of
from .workflow import PermissionRefused, TransitionRefused, workflow_of


class RoleAdmin(WellAsked, admin.ModelAdmin):
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

    def lookup_allowed(self, lookup, value, request):
        """Narrow a list by what it shows or offers, never by what else hangs at its rows.

        Django lets an address ask any list about every column and relation of its model: how many
        rows answer would tell what no page shows.
        """
        name = lookup.partition("__")[0]
        asks_a_column = name in {field.name for field in self.opts.get_fields()}
        return (not asks_a_column or self._offers(name, request)) and super().lookup_allowed(
            lookup, value, request
        )

    def _offers(self, name, request) -> bool:
        fields = flatten_fieldsets(self.get_fieldsets(request))
        filters = [each for each in self.get_list_filter(request) if isinstance(each, str)]
        offered = [*fields, *self.get_list_display(request), self.date_hierarchy or ""]
        stems = {each.partition("__")[0] for each in filters}
        return name in {self.opts.pk.name, *offered, *stems}

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

    def changelist_view(self, request, extra_context=None):
        """Head a list with the name of what it lists."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def render_change_form(self, request, context, *args, **kwargs):
        """Head the form with the row's own name, and put what the row looks like now into it."""
        obj = kwargs.get("obj")
        context["subtitle"] = None
        context["title"] = _("Add %(name)s") % {"name": self.opts.verbose_name}
        if obj is not None:
            # From the database: on an error ``obj`` carries what was typed.
            stored = type(obj)._base_manager.get(pk=obj.pk)
            context["title"] = Truncator(str(stored)).words(18)
            known = self._known_fields(request, obj)
            context["row_state"], context["row_state_name"] = row_state(stored, known), ROW_STATE
        return super().render_change_form(request, context, *args, **kwargs)

    def _known_fields(self, request, obj) -> set[str]:
        """Return the fields of ``obj`` that its form tells this user of."""
        flow = workflow_of(self.model)
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        return {*shown, flow.field} if flow else set(shown)

    def history_view(self, request, object_id, extra_context=None):
        """Refuse before looking: Django answers differently where there is no such row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


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
        # Django leaves out constraints on fields that the form does not hold, such as the status,
        # and tells the others without saying which field is meant.
        if not breaks_parity(self.instance):
            return
        missing = {f"{field}_{code}": code for field, code in missing_texts(self.instance)}
        beside = {name: code for name, code in missing.items() if name in self.fields}
        for name, code in beside.items():
            if name not in self.errors:
                self.add_error(name, missing_sentence(code))
        told = [each for each in self.non_field_errors() if each == str(INCOMPLETE)]
        if told and beside:
            self._forget(told[0])
        elif not told and not beside:
            self.add_error(None, INCOMPLETE)

    def _forget(self, words):
        """Take back a sentence above the form: it stands beside the fields, with more in it."""
        rest = [each for each in self.non_field_errors() if each != words]
        del self._errors[forms.forms.NON_FIELD_ERRORS]
        for each in rest:
            self.add_error(None, each)


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
            context["shows_notes"] = self.shows_notes(request)
        if obj and getattr(obj, "public_fields", ()):
            context["missing_texts"] = named_missing(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def shows_notes(self, request) -> bool:
        """Tell whether the history shows what was noted with each move."""
        return True

    def transition_view(self, request, object_id, name):
        """Ask for what the verb needs (GET), run it (POST), say what happened.

        What the state does not allow leads back to the row, which says so.
        """
        obj = self.get_object(request, object_id)
        flow = workflow_of(self.model)
        if obj is None or flow is None or name not in flow.table:
            raise Http404
        step = flow.table[name]
        if not step.permission(request.user, obj):
            raise PermissionDenied
        blocked = request.method != "POST" and flow.blocked(obj, name)
        if blocked:
            messages.warning(request, blocked)
            return redirect(self._change_url(obj))
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
            "lines": lines_of(form),
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


class TranslatedAdmin(SideBySide, WorkflowMixin, RoleAdmin, TranslationAdmin):
    """Base of the admin of every model with translated fields: French and Dutch side by side."""

    list_per_page = 50
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        """Let editors change, and translators where there are editors: of these the texts only."""
        translates = bool(self.editors) and is_translator(request.user)
        return translates or super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Leave a translator the texts and the mark that says which of them were read."""
        fields = tuple(super().get_readonly_fields(request, obj))
        if has_role(*self.editors)(request.user):
            return fields
        return (*fields, *(name for name in other_fields(self.model) if name not in fields))

    def get_prepopulated_fields(self, request, obj=None):
        """Propose nothing for what this user only reads."""
        read = self.get_readonly_fields(request, obj)
        fields = super().get_prepopulated_fields(request, obj)
        return {name: sources for name, sources in fields.items() if name not in read}

    def get_list_filter(self, request):
        """Let everybody find the texts that one language lacks or that nobody has read."""
        more = (TextsFilter,) if issubclass(self.model, Translated) else ()
        return (*super().get_list_filter(request), *more)


def other_fields(model) -> list[str]:
    """Return the fields of ``model`` that are typed and are no translated text."""
    texts = translator.get_options_for_model(model)
    columns = {column.name for columns in texts.all_fields.values() for column in columns}
    texts_and_mark = {*texts.all_fields, *columns, "not_proofread"}
    fields = (*model._meta.fields, *model._meta.many_to_many)
    return [each.name for each in fields if each.editable and each.name not in texts_and_mark]


def transition_form(step, request, obj):
    """Return the form of a transition: its own, or the common one with a note."""
    data = request.POST if request.method == "POST" else None
    if step.form:
        return import_string(step.form)(data, instance_of=obj)
    return TransitionForm(data, reason=step.reason)


def lines_of(form) -> list[list]:
    """Return the visible fields of a transition, the languages of one text on one line."""
    lines = side_by_side([field.name for field in form.visible_fields()])
    return [[form[name] for name in ([line] if isinstance(line, str) else line)] for line in lines]


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
        "papers",
    ]
    readonly_fields = ["papers"]
    editors = ()
    readers = (Role.STAFF, Role.ADMINISTRATOR, Role.AUDITOR)

    @admin.display(description=gettext_lazy("attachments"))
    def papers(self, message):
        """Name the documents that go along."""
        rows = message.attachments.select_related("version__document")
        return ", ".join(str(each) for each in rows)


@admin.register(StatusChange)
class StatusChangeAdmin(RoleAdmin):
    """The history of everything, to read."""

    list_display = ["at", "content_type", "subject", "action", "before", "after", "by", "note"]
    list_display_links = ["at"]
    list_filter = ["content_type"]
    list_select_related = ["content_type", "by"]
    date_hierarchy = "at"
    fields = ["at", "content_type", "subject", "action", "before", "after", "by", "note"]
    readonly_fields = ["subject", "action", "before", "after"]
    editors = ()
    readers = (Role.AUDITOR, Role.ADMINISTRATOR, Role.STAFF)

    def get_queryset(self, request):
        """Fetch what moved for all rows of a page, one query for each model."""
        return super().get_queryset(request).prefetch_related("subject")

    @admin.display(description=gettext_lazy("about"))
    def subject(self, change):
        """Name what moved."""
        return str(change.subject or change.object_id)

    @admin.display(description=gettext_lazy("action"))
    def action(self, change):
        """Name the move in words."""
        return change.action_label

    @admin.display(description=gettext_lazy("from"))
    def before(self, change):
        """Name the state before."""
        return change.source_label

    @admin.display(description=gettext_lazy("to"))
    def after(self, change):
        """Name the state after."""
        return change.target_label


admin.site.empty_value_display = "—"

from . import mailing_admin  # noqa: E402, F401  stands on the classes above
