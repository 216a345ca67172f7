"""What every page needs: the host's name and contact points, the menu and the footer."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

MENU = (
    ("stakeholders:idea-list", _("Ideas")),
    ("workshops:workshop-list", _("Workshops")),
    ("projects:sheet-list", _("Projects")),
    ("roadmap:initiative-list", _("Roadmap")),
    ("kpi:indicator-list", _("Indicators")),
    ("standards:standard-list", _("Standards")),
    ("governance:index", _("Governance")),
)
FOOTER = (
    (
        _("The programme"),
        (
            ("portal:programme", _("Planned and done")),
            ("programme:workstream-list", _("Priority workstreams")),
            ("portal:journeys", _("What became of the ideas")),
            ("stakeholders:organisation-list", _("Stakeholders")),
            ("stakeholders:ecosystem", _("Map of the ecosystem")),
            ("projects:jury", _("Jury")),
            ("portal:news", _("News")),
        ),
    ),
    (
        _("About this portal"),
        (
            ("portal:transparency", _("Transparency")),
            ("portal:open-data", _("Open data")),
            ("portal:questions", _("Parliamentary questions")),
            ("portal:accessibility", _("Accessibility")),
            ("portal:privacy", _("Privacy")),
            ("portal:my-data", _("My data")),
            ("portal:contact", _("Contact, report an error")),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    """One entry of the menu or the footer; ``current`` is the value of aria-current."""

    url: str
    label: str
    current: str = ""


def portal(request) -> dict:
    """Context processor of all pages."""
    return {
        "site": settings.SITE,
        "menu": links(MENU, request.path),
        "footer": [(title, links(entries, request.path)) for title, entries in FOOTER],
    }


def links(entries, path: str) -> list[Link]:
    """Return the links of ``entries`` (URL name, label) for a page at ``path``."""
    found = [(url_or_none(name), label) for name, label in entries]
    return [Link(url, label, current(url, path)) for url, label in found if url]


def url_or_none(name: str) -> str | None:
    """Return the address of ``name``, or None while the app that owns it has no page yet."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def current(url: str, path: str) -> str:
    """Return "page" for the page itself, "true" for a page under it, else nothing."""
    if path == url:
        return "page"
    return "true" if path.startswith(url) else ""
