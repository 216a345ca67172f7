"""The screen that makes a part of an idea an idea of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from core.permissions import is_staff
from core.workflow import PermissionRefused, TransitionRefused

from .. import services
from ..forms import SplitForm
from ..permissions import moderates
from .screens import posted


class SplitMixin:
    """Adds the screen to the page of an idea."""

    def get_urls(self):
        """Put the screen before the page of a row."""
        view = self.admin_site.admin_view(self.split_view)
        return [path("<int:pk>/split/", view, name="stakeholders_idea_split"), *super().get_urls()]

    def split_view(self, request, pk):
        """Ask for the part (GET), make it (POST) and go to its page."""
        idea = get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)
        if not is_staff(request.user) or not moderates(request.user, idea):
            raise PermissionDenied
        form = SplitForm(posted(request), idea=idea)
        if request.method == "POST" and form.is_valid():
            part = self._split(request, idea, form)
            if part is not None:
                return redirect("admin:stakeholders_idea_change", part.pk)
        return self._ask_part(request, idea, form)

    def _split(self, request, idea, form):
        """Return the new idea, None where it is refused and the form says why."""
        try:
            part = services.split_idea(idea, by=request.user, **form.cleaned_data)
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
            return None
        words = _("%(part)s was separated from %(whole)s. It waits in moderation.")
        messages.success(request, words % {"part": part.reference, "whole": idea.reference})
        return part

    def _ask_part(self, request, idea, form):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Separate a part"),
            "opts": self.opts,
            "may_change": True,
            "list_url": reverse("admin:stakeholders_idea_changelist"),
            "back": (reverse("admin:stakeholders_idea_change", args=[idea.pk]), str(idea)),
            "form": form,
            "button": _("Make it an idea of its own"),
            "lead": _(
                "For an idea that proposes two things. The part gets its own reference and goes "
                "through moderation; its contributors are told and follow both."
            ),
        }
        return render(request, "admin/stakeholders/ask.html", context)
