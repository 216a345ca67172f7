"""The back office: Django's admin with our landing page, menu by work package and login."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from . import slots


class PortalAdminSite(AdminSite):
    """Landing page with what waits, since when, for whom (slot `office.queues`)."""

    site_title = _("Back office")
    site_header = "Smart City Office"
    index_title = _("What waits for you")
    index_template = "admin/landing.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A password at /admin/login/ would go round the second factor.
        self.login = secure_admin_login(self.login)

    def index(self, request, extra_context=None):
        """Show the queues that concern this user, the most overdue first within each."""
        queues = [
            queue
            for queue in slots.collect("office.queues", request.user)
            if queue.rows
        ]
        return super().index(request, {"queues": queues, **(extra_context or {})})
