"""Corrections by authors in the back office: what changes, and the decision."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from core.admin import PortalAdmin
from core.differences import differences

from ..forms.edits import unix
from ..models import KNOW_PEOPLE, Idea, IdeaEdit
from ..selectors import names_of


@admin.register(IdeaEdit)
class IdeaEditAdmin(PortalAdmin):
    """Read as a difference, then published or refused by the buttons; nothing is typed here."""

    list_display = ["idea", "title", "status", "made_at", "decided_at"]
    list_filter = ["status"]
    list_select_related = ["idea"]
    search_fields = ["idea__reference", "title"]
    date_hierarchy = "made_at"
    fields = readonly_fields = [
        *("idea", "difference", "made_at", "status", "decided_at", "reason", "explanation"),
    ]
    editors = ()

    def has_module_permission(self, request):
        """Show corrections to those who may know people."""
        return KNOW_PEOPLE(request.user)

    def has_view_permission(self, request, obj=None):
        """Let those read who may know people: the text is not public."""
        return KNOW_PEOPLE(request.user)

    @admin.display(description=_("What changes"))
    def difference(self, edit):
        """Show the words that go and those that come, each marked in words."""
        passages = [_passage(edit, name) for name in edit.changed]
        context = {"passages": passages, "language": edit.idea.language}
        return render_to_string("admin/stakeholders/_edit_diff.html", context)


def _passage(edit, name) -> dict:
    """Return the label and the rows of one changed field; a theme or a place by its name."""
    old, new = edit.former[name], getattr(edit, name)
    if name.endswith("_id"):
        names = names_of(name, [old, new])
        old, new = names[old], names[new]
    label = Idea._meta.get_field(name).verbose_name
    return {"label": label, "rows": differences(unix(old), unix(new))}
