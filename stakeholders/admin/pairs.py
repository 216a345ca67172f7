"""The pairs of ideas that may be the same: the list of them, and two ideas side by side."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.roles import Role
from core.admin import RoleAdmin
from core.permissions import is_staff
from core.search import current_language
from core.workflow import TransitionRefused

from .. import services
from ..concepts import concepts_of, names
from ..models import Idea, SimilarityPair, Verdict
from ..selectors import IDEA_NAMES
from ..services.verdicts import VerdictRefused

#: What of two ideas is compared.
COMPARED = ("title", "language", "theme", "municipality", "status", "body", "expected_benefit")


@admin.register(SimilarityPair)
class SimilarityPairAdmin(RoleAdmin):
    """What the portal found is decided here and nowhere typed."""

    list_display = ["score", "a", "b", "method", "verdict", "by", "at"]
    list_display_links = ["score", "a", "b"]
    list_filter = ["verdict", "method"]
    list_select_related = ["a", "b", "by"]
    readers = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
    editors = ()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the two ideas; take a decision, a merge, or the wish to be asked again."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pair = self._pair(object_id)
        if request.method == "POST":
            if not is_staff(request.user):
                raise PermissionDenied
            return self._decide(request, pair)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Are they the same?"),
            "opts": self.opts,
            "list_url": reverse("admin:stakeholders_similaritypair_changelist"),
            "may_change": is_staff(request.user),
            "pair": pair,
            "is_open": pair.verdict == Verdict.OPEN,
            "lines": [line for line in map(line_of(pair), COMPARED) if line],
            "shared": shared_subjects(pair),
            "verdicts": [each for each in Verdict.choices if each[0] != Verdict.OPEN],
        }
        return render(request, "admin/stakeholders/idea_pair.html", context)

    @staticmethod
    def _pair(object_id):
        names = [f"{side}__{name}" for side in ("a", "b") for name in IDEA_NAMES]
        rows = SimilarityPair.objects.select_related("a", "b", "by", *names)
        pair = rows.filter(pk=object_id).first() if object_id.isdigit() else None
        if pair is None:
            raise Http404
        return pair

    def _decide(self, request, pair):
        try:
            words = decide(pair, request.POST, by=request.user)
        except (VerdictRefused, TransitionRefused) as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, words)
        return redirect("admin:stakeholders_similaritypair_changelist")


def decide(pair, data, *, by) -> str:
    """Do what the screen was asked for; return the sentence that says so."""
    if "reset" in data:
        services.reset_pair(pair, by=by)
        return _("The pair is to be decided again.")
    if data.get("survivor") in ("a", "b"):
        survivor = getattr(pair, data["survivor"])
        services.merge_pair(pair, survivor, by=by)
        return _("Merged into %(reference)s.") % {"reference": survivor.reference}
    services.judge_pair(pair, data.get("verdict", ""), by=by)
    return _("Noted. The pair is not proposed again.")


def line_of(pair):
    """Return the function that gives a line of the comparison, None where both say nothing."""

    def line(name):
        both = [shown(idea, name) for idea in (pair.a, pair.b)]
        label = capfirst(Idea._meta.get_field(name).verbose_name)
        same = both[0] == both[1]
        return {"label": label, "a": both[0], "b": both[1], "same": same} if any(both) else None

    return line


def shown(idea, name) -> str:
    """Return a field of an idea as words."""
    display = getattr(idea, f"get_{name}_display", None)
    value = display() if display else getattr(idea, name)
    return "" if value is None else str(value)


def shared_subjects(pair) -> list[str]:
    """Return what both texts speak of, in the language of the page."""
    told = [concepts_of(f"{idea.title}\n{idea.body}", idea.language) for idea in (pair.a, pair.b)]
    return names(told[0] & told[1], current_language())
