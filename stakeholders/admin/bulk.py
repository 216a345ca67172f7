"""One action on many ideas of the list: first what would become of each, then what came of it."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.admin import lines_of
from core.permissions import is_staff

from .. import services
from ..forms import MANY
from ..models import text_states

#: More than this nobody reads before confirming.
MOST = 100


class PatientList(ChangeList):
    """A list that shows its last page where the one asked for is gone, as after an action."""

    def get_results(self, request):
        """Go back to the last page before Django takes every filter away."""
        if self.page_num > 1:
            paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
            self.page_num = min(self.page_num, paginator.num_pages)
        super().get_results(request)


class BulkMixin:
    """Publish, refuse, hide and assign what was ticked; filter, page and order stay."""

    actions = ["publish_many", "refuse_many", "hide_many", "assign_many"]

    def has_moderate_permission(self, request):
        """Tell whether this user moderates: translators edit ideas as well."""
        return is_staff(request.user)

    def get_changelist(self, request, **kwargs):
        """Return the list that survives the loss of its last page."""
        return PatientList

    @admin.action(description=gettext_lazy("Publish"), permissions=["moderate"])
    def publish_many(self, request, queryset):
        """Let the ideas through moderation."""
        return self._many(request, queryset, "publish", _("Publish"))

    @admin.action(description=gettext_lazy("Not admissible"), permissions=["moderate"])
    def refuse_many(self, request, queryset):
        """Declare the ideas not admissible, all for the same reason."""
        return self._many(request, queryset, "refuse", _("Not admissible"))

    @admin.action(description=gettext_lazy("Hide"), permissions=["moderate"])
    def hide_many(self, request, queryset):
        """Take the ideas out of sight."""
        return self._many(request, queryset, "hide", _("Hide"))

    @admin.action(description=gettext_lazy("Assign to a colleague"), permissions=["moderate"])
    def assign_many(self, request, queryset):
        """Give the ideas to one colleague."""
        return self._many(request, queryset, "assign", _("Assign to a colleague"))

    def _many(self, request, queryset, name, title):
        """Ask first; None leads back to the list as it was, with its filter, page and order."""
        is_confirmed = "confirmed" in request.POST
        if is_confirmed:  # whatever the filter of the list makes of them meanwhile
            queryset = self.get_queryset(request).filter(pk__in=_ticked(request))
        ideas = list(queryset[: MOST + 1])
        if len(ideas) > MOST:
            words = _("Choose at most %(most)s ideas at once, so that each is looked at.")
            self.message_user(request, words % {"most": MOST}, messages.WARNING)
            return None
        form = MANY[name](request.POST if is_confirmed else None, instance_of=None)
        if is_confirmed and form.is_valid():
            seen = _seen(request)
            done = services.run_on_many(
                ideas, name, by=request.user, seen=seen, **form.cleaned_data
            )
            return self._tell(request, done, title)
        return self._confirm(request, ideas, name, title, form)

    def _confirm(self, request, ideas, name, title, form):
        hindered = services.obstacles(ideas, name, request.user)
        states = text_states(ideas)
        shown = _seen(request)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "list_url": request.get_full_path(),
            "may_change": True,
            "form": form,
            "lines": lines_of(form),
            "can": [
                (idea, shown.get(idea.pk) or states[idea.pk])
                for idea in ideas
                if idea.pk not in hindered
            ],
            "cannot": [(idea, hindered[idea.pk]) for idea in ideas if idea.pk in hindered],
            "action": f"{name}_many",
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/stakeholders/bulk.html", context)

    def _tell(self, request, done, title):
        """Say how many moved, and of each that did not, why."""
        if done.moved:
            count = len(done.moved)
            words = ngettext("%(action)s: %(n)s idea.", "%(action)s: %(n)s ideas.", count)
            self.message_user(request, words % {"action": title, "n": count}, messages.SUCCESS)
        for idea, reason in done.refused:
            self.message_user(request, f"{idea}: {reason}", messages.WARNING)


def _ticked(request) -> list[int]:
    """Return the keys of the ideas that were ticked."""
    return [int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if key.isdigit()]


def _seen(request) -> dict[int, str]:
    """Return {key: state of the text} as the question showed the ideas."""
    pairs = (each.partition(":") for each in request.POST.getlist("seen"))
    return {int(key): state for key, _colon, state in pairs if key.isdigit()}
