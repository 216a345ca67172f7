"""Decisions, official statements and reactions to answers in the back office."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Role
from core.admin import PortalAdmin, TranslatedAdmin, lines_of
from core.permissions import is_staff
from core.workflow import PermissionRefused, TransitionRefused

from .. import services
from ..forms import StatementForm
from ..models import (
    KNOW_PEOPLE,
    AnswerFeedback,
    IdeaDecision,
    OfficialStatement,
    StatementKind,
    StatementStatus,
)
from ..permissions import moderates
from ..services.statements import default_signatory
from ..statement_workflow import refuse_unfit
from .screens import posted, staff_only

AUDIT = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
#: The most proposals that are published at once.
MOST = 100


class OfficeInline(admin.TabularInline):
    """Rows of an idea that only those read who may know people; nothing is typed in them."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request, obj=None):
        """Show them to those who may know people."""
        return KNOW_PEOPLE(request.user)

    def has_add_permission(self, request, obj=None):
        """They come with a statement."""
        return False

    def has_change_permission(self, request, obj=None):
        """They are read here."""
        return False


class DecisionInline(OfficeInline):
    """What was decided, and why: internal."""

    model = IdeaDecision
    fields = readonly_fields = ["outcome", "note", "by", "at"]


class StatementInline(OfficeInline):
    """What is said about the idea, published or not yet."""

    model = OfficialStatement
    show_change_link = True
    fields = readonly_fields = ["kind", "status", "outcome", "proposed_by", "published_at"]


class StatementMixin:
    """Adds the beginning of a statement to the page of an idea."""

    def get_urls(self):
        """Put the screen before the page of a row."""
        view = self.admin_site.admin_view(self.statement_view)
        name = "stakeholders_idea_statement"
        return [path("<int:pk>/statement/<slug:kind>/", view, name=name), *super().get_urls()]

    def statement_view(self, request, pk, kind):
        """Ask for decision and text (GET), keep them as a draft or propose them (POST)."""
        idea = get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)
        if kind not in StatementKind.values:
            raise Http404
        if not moderates(request.user, idea):
            raise PermissionDenied
        elsewhere = _elsewhere(request, idea, kind)
        if elsewhere:
            return elsewhere
        form = StatementForm(
            posted(request), kind=kind, signatory=default_signatory(), instance_of=idea
        )
        if request.method == "POST" and form.is_valid():
            statement = _begin(request, idea, kind, form)
            if statement:
                return redirect("admin:stakeholders_officialstatement_change", statement.pk)
        return self._ask_statement(request, idea, kind, form)

    def _ask_statement(self, request, idea, kind, form):
        context = {
            **self.admin_site.each_context(request),
            "title": StatementKind(kind).label.capitalize(),
            "opts": self.opts,
            "list_url": reverse("admin:stakeholders_idea_changelist"),
            "back": (reverse("admin:stakeholders_idea_change", args=[idea.pk]), str(idea)),
            "form": form,
            "lines": lines_of(form),
            "idea": idea,
            "languages": form.languages(),
        }
        return render(request, "admin/stakeholders/statement.html", context)


def _elsewhere(request, idea, kind):
    """Lead to the statement of this kind that is being prepared, or back where none fits."""
    known = idea.statements.open().filter(kind=kind).first()
    if known:
        messages.info(request, _("A statement of this kind is being prepared already."))
        return redirect("admin:stakeholders_officialstatement_change", known.pk)
    try:
        refuse_unfit(idea, kind)
    except TransitionRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("admin:stakeholders_idea_change", idea.pk)
    return None


def _begin(request, idea, kind, form):
    """Keep a valid form; return the statement, None where it is refused and the form says why."""
    try:
        statement = services.draft_statement(idea, by=request.user, kind=kind, **form.arguments())
        if "propose" in request.POST:
            services.propose_statement(statement, by=request.user)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("Kept. Nothing is published before a second person does so."))
    return statement


@admin.register(OfficialStatement)
class OfficialStatementAdmin(TranslatedAdmin):
    """Statements: a draft is written here, a proposal read and published by somebody else."""

    list_display = [
        *("idea", "kind", "status", "outcome", "proposed_by", "proposed_at", "published_at"),
    ]
    list_filter = ["status", "kind", "outcome"]
    list_select_related = ["idea", "proposed_by"]
    search_fields = ["idea__reference", "idea__title"]
    ordering = ["proposed_at", "pk"]
    actions = ["publish_chosen"]
    readonly_fields = [
        *("idea", "kind", "supersedes", "proposed_by", "proposed_at"),
        *("published_by", "published_at", "created_at"),
    ]
    fieldsets = [
        (None, {"fields": ["idea", "kind", "outcome", "reason"]}),
        (gettext_lazy("Text"), {"fields": ["body", "instead", "signatory"]}),
        (
            gettext_lazy("Who and when"),
            {
                "fields": [
                    *("created_at", "proposed_by", "proposed_at", "published_by"),
                    *("published_at", "supersedes"),
                ]
            },
        ),
    ]
    readers = (*AUDIT, Role.TRANSLATOR)
    editors = (Role.STAFF,)

    def has_add_permission(self, request):
        """A statement begins on the page of its idea."""
        return False

    def has_change_permission(self, request, obj=None):
        """Only a draft is written; whoever sent the idea writes nothing about it."""
        may = super().has_change_permission(request, obj)
        if obj is None or not may:
            return may
        own = is_staff(request.user) and not moderates(request.user, obj.idea)
        return obj.status == StatementStatus.DRAFT and not own

    def has_publish_permission(self, request):
        """Let the staff publish; of each proposal it is asked again."""
        return is_staff(request.user)

    def get_readonly_fields(self, request, obj=None):
        """Ask for an outcome where there is one."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.kind == StatementKind.ANSWER:
            return fields
        return (*fields, "outcome", "reason")

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """An answer has an outcome: no empty choice."""
        if db_field.name == "outcome":
            kwargs["choices"] = db_field.get_choices(include_blank=False)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Keep a draft through its service: another outcome is a new decision."""
        services.save_draft(obj, by=request.user)

    def get_urls(self):
        """Put the screen before the page of a row."""
        view = self.admin_site.admin_view(self.publish_view)
        name = "stakeholders_officialstatement_publish"
        return [path("publish/", view, name=name), *super().get_urls()]

    @admin.action(
        description=gettext_lazy("Publish the chosen statements…"), permissions=["publish"]
    )
    def publish_chosen(self, request, queryset):
        """Lead to the list that says what can be published; it keeps the filter to return to."""
        chosen = list(queryset.order_by().values_list("pk", flat=True)[:MOST])
        query = urlencode(
            {"pk": chosen, "filters": request.META.get("QUERY_STRING", "")}, doseq=True
        )
        return redirect(reverse("admin:stakeholders_officialstatement_publish") + f"?{query}")

    def publish_view(self, request):
        """Say of each chosen statement what it lacks (GET); publish those that can be (POST)."""
        staff_only(request)
        asked = request.POST if request.method == "POST" else request.GET
        keys = [int(key) for key in asked.getlist("pk") if key.isdigit()][:MOST]
        rows = OfficialStatement.objects.visible_to(request.user).filter(pk__in=keys)
        statements = list(rows.select_related("idea", "proposed_by").order_by("proposed_at", "pk"))
        filters = asked.get("filters", "")
        list_url = reverse("admin:stakeholders_officialstatement_changelist")
        back = f"{list_url}?{filters}" if filters else list_url
        if request.method == "POST":
            _tell_batch(request, services.publish_batch(statements, by=request.user))
            return redirect(back)
        lines = [(each, services.obstacle(each, request.user)) for each in statements]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish the chosen statements"),
            "opts": self.opts,
            "list_url": list_url,
            "back_url": back,
            "filters": filters,
            "lines": lines,
            "ready": sum(not against for _statement, against in lines),
        }
        return render(request, "admin/stakeholders/publish.html", context)


def _tell_batch(request, batch) -> None:
    """Say how many were published, and of each other one why not."""
    if batch.published:
        count = len(batch.published)
        words = ngettext("%(n)s statement published.", "%(n)s statements published.", count)
        messages.success(request, words % {"n": count})
    for statement, reason in batch.refused:
        words = _("Not published: %(statement)s. %(reason)s")
        messages.warning(request, words % {"statement": statement, "reason": reason})


@admin.register(AnswerFeedback)
class AnswerFeedbackAdmin(PortalAdmin):
    """What contributors say of answers: read, and closed with a note or by a new answer."""

    list_display = ["__str__", "status", "replied_at", "closed_at"]
    list_filter = ["status"]
    list_select_related = ["statement__idea"]
    search_fields = ["statement__idea__reference"]
    ordering = ["replied_at", "pk"]
    fields = readonly_fields = [
        *("statement", "status", "comment", "asked_at", "replied_at", "closed_at", "closed_by"),
    ]
    readers = AUDIT
    editors = ()
