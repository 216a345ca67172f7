"""The admin site of the portal."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Puts our site (landing page, login through allauth) where Django expects the stock one."""

    default_site = "core.admin_site.PortalAdminSite"
