"""The contributors of the ideas of a list as a file, and the record of such files."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Role
from core import exports
from core.admin import RoleAdmin
from core.permissions import is_staff

from .. import selectors, services
from ..forms import DownloadForm
from ..models import ContributorsDownload
from .screens import posted, staff_only

ADDRESS = "admin:stakeholders_idea_contributors"


class ContributorsMixin:
    """Adds a file of those who sent the ideas of the list, with its filters."""

    change_list_template = "admin/stakeholders/register_change_list.html"

    def get_urls(self):
        """Put the screen before the page of a row."""
        view = self.admin_site.admin_view(self.contributors_view)
        return [
            path("contributors/", view, name="stakeholders_idea_contributors"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Add the button above the list."""
        tools = []
        if is_staff(request.user):
            query = request.META.get("QUERY_STRING", "")
            address = f"{reverse(ADDRESS)}?{query}" if query else reverse(ADDRESS)
            tools = [(address, _("Download the contributors"))]
        return super().changelist_view(request, {**(extra_context or {}), "tools": tools})

    def contributors_view(self, request):
        """Ask what for and in which format (GET), give the file and note it (POST)."""
        staff_only(request)
        try:
            ideas = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:stakeholders_idea_changelist")
        form = DownloadForm(posted(request))
        if request.method == "POST" and form.is_valid():
            table = services.download_contributors(
                ideas, by=request.user, criteria=request.GET.urlencode(), **form.cleaned_data
            )
            return exports.response(table, form.cleaned_data["kind"])
        count = selectors.contributions_to(ideas).count()
        words = ngettext(
            "The file has %(n)s line with the name and the address of whoever sent an idea. That "
            "you took it, when and what for is noted.",
            "The file has %(n)s lines with the names and the addresses of whoever sent an idea. "
            "That you took it, when and what for is noted.",
            count,
        )
        return self._screen(
            request,
            "ask",
            _("Download the contributors"),
            form=form,
            lead=words % {"n": count},
            button=_("Download"),
            back=(f"{reverse('admin:stakeholders_idea_changelist')}?{request.GET.urlencode()}", ""),
        )


@admin.register(ContributorsDownload)
class ContributorsDownloadAdmin(RoleAdmin):
    """Who took addresses along, to read."""

    list_display = ["at", "by", "lines", "kind", "purpose"]
    list_select_related = ["by"]
    date_hierarchy = "at"
    readers = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
    editors = ()
