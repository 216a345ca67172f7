"""What search engines are told of: the public pages of each language, and robots.txt.

A row is told of if anybody may see it, so what waits, was refused or is hidden is not in it. Each
language is a part of its own: a page of it reads a slice of the rows, however many there are.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import translation

from governance.models import Decision, Meeting
from kpi.models import CompositeIndex, Indicator
from portal.models import NewsItem
from programme.models import Workstream
from projects.models import ProjectSheet
from roadmap.models import Initiative
from stakeholders.models import Idea, Organisation
from standards.models import Standard
from workshops.models import Workshop

MODELS = {
    "ideas": Idea,
    "stakeholders": Organisation,
    "workshops": Workshop,
    "sheets": ProjectSheet,
    "decisions": Decision,
    "meetings": Meeting,
    "initiatives": Initiative,
    "workstreams": Workstream,
    "standards": Standard,
    "indicators": Indicator,
    "indices": CompositeIndex,
    "news": NewsItem,
}
PAGES = (
    *("portal:home", "portal:programme", "portal:journeys", "portal:news", "portal:questions"),
    *(
        "portal:transparency",
        "portal:open-data",
        "portal:api",
        "portal:accessibility",
        "portal:privacy",
    ),
    *("portal:my-data", "portal:contact"),
    *("stakeholders:idea-list", "stakeholders:idea-new", "stakeholders:idea-answering"),
    *("stakeholders:idea-map", "stakeholders:organisation-list", "stakeholders:ecosystem"),
    *("stakeholders:bilateral-list", "stakeholders:subscribe"),
)


class InLanguage(Sitemap):
    """Base: a part in one language, at the address of this portal."""

    limit = 5000
    protocol = urlsplit(settings.SITE_URL).scheme

    def __init__(self, language: str):
        self.language = language

    def get_domain(self, site=None) -> str:
        """Return the host of the portal, whatever the request calls it."""
        return urlsplit(settings.SITE_URL).netloc


class Pages(InLanguage):
    """The pages that are always there."""

    def items(self):
        """Return their names."""
        return PAGES

    def location(self, item) -> str:
        """Return the address of a page."""
        with translation.override(self.language):
            return reverse(item)


class Rows(InLanguage):
    """The pages of what anybody may see of one model."""

    def __init__(self, language: str, model):
        super().__init__(language)
        self.model = model

    def items(self):
        """Return the rows, in an order that does not change."""
        return self.model.objects.visible_to(AnonymousUser()).order_by("pk")

    def location(self, item) -> str:
        """Return the address of the page of a row."""
        with translation.override(self.language):
            return item.get_absolute_url()


def parts() -> dict[str, Sitemap]:
    """Return {name: part} for each language."""
    codes = [code for code, _name in settings.LANGUAGES]
    found = {f"pages-{code}": Pages(code) for code in codes}
    return found | {
        f"{name}-{code}": Rows(code, model) for name, model in MODELS.items() for code in codes
    }
