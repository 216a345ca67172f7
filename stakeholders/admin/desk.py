"""The screens around an idea that only the Office sees: queue, notes, assignment, reports."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from core.permissions import is_staff
from core.workflow import PermissionRefused, TransitionRefused

from .. import services, waiting
from ..forms import AssignForm, NoteForm, QueueForm, SettleForm
from ..models import KNOW_PEOPLE, Assignment, IdeaNote, IdeaReport
from ..permissions import is_contributor, moderates
from .screens import posted, staff_only


class DeskMixin:
    """Adds the screens to the pages of ideas."""

    def get_urls(self):
        """Put the screens before the page of a row."""
        screens = [
            ("queue/", self.queue_view, "queue"),
            ("<int:pk>/notes/", self.notes_view, "notes"),
            ("<int:pk>/assign/", self.assign_view, "assign"),
            ("<int:pk>/reports/", self.reports_view, "reports"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"stakeholders_idea_{name}")
            for route, view, name in screens
        ]
        return [*own, *super().get_urls()]

    # --- the queue -------------------------------------------------------------------------------

    def queue_view(self, request):
        """Show all that waits around ideas: what was reported, then the oldest."""
        staff_only(request)
        user, kinds = request.user, waiting.kinds_of(request.user)
        form = QueueForm(request.GET, kinds=[(kind.code, kind.title) for kind in kinds])
        asked = form.asked
        rows = waiting.waiting(kinds, user, **asked)
        page = waiting.page_of(rows, kinds, request.GET.get("page"))
        counts = waiting.counts_of(kinds, user, asked["whose"])
        context = {"page_obj": page, "form": form, "counts": counts, "asked": asked}
        return self._screen(request, "idea_queue", _("All that waits around ideas"), **context)

    # --- one idea --------------------------------------------------------------------------------

    def notes_view(self, request, pk):
        """Show the notes about an idea and take another one."""
        idea = self._idea(request, pk)
        form = NoteForm(posted(request), idea=idea)
        if request.method == "POST" and form.is_valid():
            _or_403(services.add_note, idea, by=request.user, **form.cleaned_data)
            messages.success(request, _("The note is kept."))
            return redirect(request.path)
        notes = IdeaNote.objects.visible_to(request.user).filter(idea=idea, reply_to=None)
        notes = notes.select_related("author").prefetch_related("replies__author")
        context = {"notes": notes, "form": form, "may_write": moderates(request.user, idea)}
        return self._about(request, idea, "idea_notes", _("Internal notes"), **context)

    def assign_view(self, request, pk):
        """Show who evaluates an idea and who did before; give it to somebody, or take it back."""
        idea = self._idea(request, pk)
        if not moderates(request.user, idea):
            raise PermissionDenied
        if "end" in request.POST:
            if _or_403(services.end_assignment, idea, by=request.user):
                messages.success(request, _("Nobody evaluates this idea now."))
            return redirect(request.path)
        form = AssignForm(posted(request), but=authors_of(idea))
        if request.method == "POST" and form.is_valid() and self._assign(request, idea, form):
            return redirect(request.path)
        rows = Assignment.objects.visible_to(request.user).filter(idea=idea)
        given = list(rows.select_related("evaluator", "assigned_by", "ended_by"))
        running = next((each for each in given if each.ended_at is None), None)
        context = {"form": form, "given": given, "running": running}
        return self._about(request, idea, "idea_assign", _("Who evaluates"), **context)

    def _assign(self, request, idea, form) -> bool:
        try:
            given = _or_403(services.assign_idea, idea, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
            return False
        words = _("%(name)s evaluates this idea.") % {"name": given.evaluator}
        messages.success(request, words)
        return True

    def reports_view(self, request, pk):
        """Show what was reported about an idea, and settle it."""
        idea = self._idea(request, pk)
        reports = IdeaReport.objects.visible_to(request.user).filter(idea=idea)
        reports = list(reports.select_related("settled_by"))
        waiting_ones = [each for each in reports if each.settled_at is None]
        form = SettleForm(posted(request))
        form.initial["seen"] = max((each.pk for each in waiting_ones), default=0)
        if request.method == "POST" and form.is_valid() and self._settle(request, idea, form):
            return redirect("admin:stakeholders_idea_queue")
        context = {
            "form": form,
            "open_reports": waiting_ones,
            "settled": [each for each in reports if each.settled_at is not None],
            "may_settle": bool(waiting_ones) and moderates(request.user, idea),
        }
        return self._about(request, idea, "idea_reports", _("Reports"), **context)

    def _settle(self, request, idea, form) -> bool:
        try:
            _or_403(services.settle_reports, idea, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
            return False
        messages.success(request, _("The reports are settled."))
        return True

    # --- the frame -------------------------------------------------------------------------------

    def _idea(self, request, pk):
        """Return the idea for those who may know people, unless they sent it themselves."""
        idea = get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)
        if not KNOW_PEOPLE(request.user) or is_contributor(request.user, idea):
            raise PermissionDenied
        return idea

    def _about(self, request, idea, template, title, **context):
        back = (reverse("admin:stakeholders_idea_change", args=[idea.pk]), str(idea))
        return self._screen(request, template, title, back=back, idea=idea, **context)

    def _screen(self, request, template, title, **context):
        frame = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "may_change": is_staff(request.user),
            "list_url": reverse("admin:stakeholders_idea_changelist"),
        }
        return render(request, f"admin/stakeholders/{template}.html", {**frame, **context})


def authors_of(idea):
    """Return the accounts of those who sent ``idea``: none of them evaluates it."""
    rows = idea.submissions.exclude(contact__user=None)
    return rows.values_list("contact__user", flat=True)


def _or_403(verb, idea, **data):
    """Run a verb; whoever may not do it at all is shown the page that says so."""
    try:
        return verb(idea, **data)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
