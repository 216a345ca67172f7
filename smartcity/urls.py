"""Addresses. Public pages stand under /fr/, /nl/ and /en/ with the same English path words."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from core.views import healthz

PREFIXES = {
    "portal": "",
    "programme": "",
    "stakeholders": "",
    "workshops": "workshops/",
    "projects": "",
    "governance": "governance/",
    "roadmap": "roadmap/",
    "compliance": "",
    "kpi": "kpi/",
    "standards": "standards/",
    "campaigns": "",
}

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("kpi.api_urls")),
    path("", include("portal.root_urls")),
    path("", include("campaigns.root_urls")),
    path("", include("stakeholders.root_urls")),
]
if settings.DEMO_LOGINS:
    urlpatterns.append(path("dev/mail/", include("smartcity.devmail")))
urlpatterns += i18n_patterns(
    path("accounts/", include("accounts.urls")),  # before allauth: replaces some of its pages
    path("accounts/", include("allauth.urls")),
    *[path(prefix, include(f"{app}.urls")) for app, prefix in PREFIXES.items()],
    prefix_default_language=True,
)
