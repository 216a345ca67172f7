"""The page types of the portal, read from its URLconf, and an address of each."""

import re
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

#: Downloads, machines' addresses and moves, not pages to look at: each with the test that has it.
NOT_PAGES = {
    "healthz": "tests/core/test_health.py",
    "favicon": "tests/portal/test_pages.py",
    "robots": "tests/portal/test_sitemap.py",
    "sitemap": "tests/portal/test_sitemap.py",
    "sitemap-part": "tests/portal/test_sitemap.py",
    "campaigns:plan-pdf": "tests/campaigns/test_plan_papers.py",
    "campaigns:plan-version-pdf": "tests/campaigns/test_plan_papers.py",
    "stakeholders:idea-file": "tests/stakeholders/test_attachments.py",
    "stakeholders:idea-blank": "tests/stakeholders/test_letters.py",
    "stakeholders:idea-data-json": "tests/stakeholders/test_own_data.py",
    "stakeholders:idea-data-pdf": "tests/stakeholders/test_own_data.py",
    "stakeholders:idea-feed": "tests/stakeholders/test_feed.py",
    "campaigns:picture": "tests/campaigns/test_blocks.py",
    "kpi:indicator-data": "tests/kpi/test_open_data.py",
    "kpi:framework-data": "tests/kpi/test_open_data.py",
    "kpi:all-data": "tests/kpi/test_open_data.py",
    "api:root": "tests/kpi/test_api.py",
    "api:indicator-list": "tests/kpi/test_api.py",
    "api:indicator-detail": "tests/kpi/test_api.py",
    "api:observation-list": "tests/kpi/test_api.py",
    "api:framework-list": "tests/kpi/test_api.py",
    "api:framework-detail": "tests/kpi/test_api.py",
    "api:place-list": "tests/kpi/test_api.py",
    "api:place-detail": "tests/kpi/test_api.py",
    "api:openapi": "tests/kpi/test_api.py",
    "api:nothing": "tests/kpi/test_api.py",
    "catalogue": "tests/portal/test_catalogue.py",
    "catalogue-file": "tests/portal/test_catalogue.py",
    "catalogue-dataset": "tests/portal/test_catalogue.py",
    "click": "tests/campaigns/test_findings.py",
    "kpi:indicator-svg": "tests/kpi/test_dashboards.py",
    "api:index-scores": "tests/kpi/test_indices_pages.py",
    "api:imports": "tests/kpi/test_import_pages.py",
    "api:import-state": "tests/kpi/test_import_pages.py",
    "set_language": "a POST that answers with a redirect",
}


@dataclass(frozen=True)
class Route:
    """One entry of the URLconf: its full name, its pattern and whether anybody may open it."""

    name: str
    pattern: str
    is_public: bool

    @property
    def needs_arguments(self) -> bool:
        """Tell whether the address has a variable part."""
        return "<" in self.pattern


def routes() -> list[Route]:
    """Return every route outside the admin, in the order of the URLconf."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver, prefix, namespace):
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                inner = ":".join(filter(None, (namespace, entry.namespace)))
                yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            name = ":".join(filter(None, (namespace, entry.name)))
            public = not getattr(entry.callback, "login_required", True)
            yield Route(name, pattern, public)


def public_pages() -> list[Route]:
    """Return the routes that anybody may open and that are pages."""
    return [route for route in routes() if route.is_public and route.name not in NOT_PAGES]


def path_of(url: str) -> str:
    """Return the path of an address, without host, query and fragment."""
    return re.sub(r"^https?://[^/]+", "", url).split("?")[0].split("#")[0]
