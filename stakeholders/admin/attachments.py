"""The files of ideas in the back office: looked at, released or refused."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import PortalAdmin

from ..models import KNOW_PEOPLE, IdeaAttachment

AUDIT = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)


@admin.display(description=_("file"))
def download_link(attachment):
    """Return the way to the bytes, or why there is none."""
    if attachment.pk is None:
        return ""
    if not attachment.is_there:
        return gettext("deleted")
    words = gettext("Download")
    return format_html(
        '<a href="{}" download>{}<span class="visually-hidden"> {}</span></a>',
        *(attachment.get_absolute_url(), words, attachment.name),
    )


class AttachmentInline(admin.TabularInline):
    """The files of an idea; each is released or refused on its own page."""

    model = IdeaAttachment
    extra = 0
    can_delete = False
    show_change_link = True
    view_on_site = False
    fields = readonly_fields = ["name", "about", download_link, "scan_state", "is_public"]

    @admin.display(description=_("type and size"))
    def about(self, attachment):
        """Return type and size."""
        return attachment.about

    def has_view_permission(self, request, obj=None):
        """Show files to those who know people: a file may name somebody."""
        return KNOW_PEOPLE(request.user)

    def has_add_permission(self, request, obj=None):
        """Files come with the form."""
        return False


@admin.register(IdeaAttachment)
class IdeaAttachmentAdmin(PortalAdmin):
    """One file: what is said of it may be mended, the bytes may not."""

    list_display = ["__str__", "name", "scan_state", "is_public", "added_at"]
    list_filter = ["scan_state", "kind", "is_public"]
    list_select_related = ["idea"]
    search_fields = ["idea__reference", "idea__title"]
    ordering = ["added_at", "pk"]
    fields = [
        *("idea", "name", "about", download_link, "scan_state", "refusal"),
        *("rights_confirmed", "sha256", "added_at", "alt_text", "is_public"),
    ]
    readonly_fields = [
        *("idea", "name", "about", download_link, "refusal"),
        *("rights_confirmed", "sha256", "added_at"),
    ]
    readers = AUDIT
    editors = (Role.STAFF,)
    view_on_site = False  # the link to the bytes stands among the fields

    @admin.display(description=_("type and size"))
    def about(self, attachment):
        """Return type and size."""
        return attachment.about

    def has_add_permission(self, request):
        """Files come with the form."""
        return False
