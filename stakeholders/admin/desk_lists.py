"""What the Office keeps beside ideas, as lists to read; and the templates of its messages."""

from django.contrib import admin
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import RoleAdmin, TranslatedAdmin
from core.templatetags.ui import lang_mark

from ..models import Assignment, IdeaNote, IdeaReport, MessageTemplate


class BesideIdeaAdmin(RoleAdmin):
    """Base: read by those who may know people, never by who sent the idea; written on screens."""

    readers = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
    editors = ()

    def get_queryset(self, request):
        """Leave out what concerns an idea of one's own."""
        return self.model.objects.visible_to(request.user)


@admin.register(IdeaReport)
class IdeaReportAdmin(BesideIdeaAdmin):
    """Who reported stays unknown here as well."""

    list_display = ["idea", "reason", "at", "locale", "how", "settled_by", "settled_at"]
    list_filter = ["reason", "how", "locale"]
    list_select_related = ["idea", "settled_by"]
    date_hierarchy = "at"
    fields = [
        *("idea", "reason", "said", "locale", "at"),
        *("how", "settle_note", "settled_by", "settled_at"),
    ]
    readonly_fields = ["said"]

    @admin.display(description=_("details"))
    def said(self, report):
        """Show what the person wrote, in the language in which it was written."""
        words = linebreaksbr(report.details, autoescape=True)
        return format_html("<span{}>{}</span>", lang_mark(report.locale), words)


@admin.register(IdeaNote)
class IdeaNoteAdmin(BesideIdeaAdmin):
    """What colleagues told each other."""

    list_display = ["idea", "author", "text", "at"]
    list_select_related = ["idea", "author"]
    date_hierarchy = "at"
    fields = ["idea", "author", "text", "at", "reply_to"]


@admin.register(Assignment)
class AssignmentAdmin(BesideIdeaAdmin):
    """Who evaluates what, now and before."""

    list_display = ["idea", "evaluator", "due_on", "assigned_by", "assigned_at", "ended_at"]
    list_filter = ["evaluator"]
    list_select_related = ["idea", "evaluator", "assigned_by"]
    fields = [
        *("idea", "evaluator", "due_on", "assigned_by", "assigned_at", "ended_by", "ended_at"),
    ]


@admin.register(MessageTemplate)
class MessageTemplateAdmin(TranslatedAdmin):
    """Texts to begin from; the staff edit them, a translator their words."""

    list_display = ["name", "use", "reason", "is_active", "is_demo"]
    list_filter = ["use", "is_active"]
    search_fields = ["name_fr", "name_nl", "slug"]
    prepopulated_fields = {"slug": ["name_fr"]}
    readers = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR, Role.TRANSLATOR)
    editors = (Role.STAFF,)
