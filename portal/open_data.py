"""The data that anybody may take away: every list of the portal, as a table or for machines."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.context import url_or_none
from core.exports import WRITERS

#: The licence under which the Office publishes its own data.
LICENCE = "Creative Commons Attribution 4.0 International (CC BY 4.0)"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

#: Address of a list, its name, and what one row is.
DATASETS = (
    ("stakeholders:idea-list", _("Ideas"), _("one row for each published idea")),
    (
        "stakeholders:idea-answering",
        _("How we answer"),
        _("one row for each figure, with its definition"),
    ),
    (
        "portal:journeys",
        _("What became of the ideas"),
        _("one row for each published idea, with the step it has reached"),
    ),
    (
        "stakeholders:organisation-list",
        _("Stakeholders"),
        _("one row for each organisation of the quadruple helix"),
    ),
    (
        "stakeholders:ecosystem",
        _("Map of the ecosystem"),
        _("one row for each municipality, with its organisations by helix group"),
    ),
    (
        "stakeholders:bilateral-list",
        _("Bilateral meetings"),
        _("one row for each validated meeting, with its day and its number in the series"),
    ),
    ("workshops:workshop-list", _("Workshops"), _("one row for each workshop announced or held")),
    ("projects:sheet-list", _("Project sheets"), _("one row for each sheet made public")),
    ("governance:decision-list", _("Decisions"), _("one row for each decision, with its reasons")),
    ("roadmap:initiative-list", _("Roadmap"), _("one row for each initiative")),
    (
        "roadmap:milestone-list",
        _("Milestones"),
        _("one row for each milestone of an initiative"),
    ),
    ("kpi:indicator-list", _("Indicators"), _("one row for each indicator, with its last figure")),
    ("standards:standard-list", _("Standards"), _("one row for each open standard")),
    (
        "compliance:statement-list",
        _("Compliance"),
        _("one row for each initiative and standard that were compared"),
    ),
    (
        "programme:workstream-list",
        _("Priority workstreams"),
        _("one row for each priority workstream"),
    ),
    ("portal:news", _("News"), _("one row for each news item")),
    (
        "campaigns:campaign-list",
        _("Mails sent so far"),
        _("one row for each mail sent to subscribers"),
    ),
    (
        "portal:questions",
        _("Parliamentary questions"),
        _("one row for each request of members of Parliament"),
    ),
)


@dataclass(frozen=True)
class Dataset:
    """A list that can be taken away, with its downloads as (address, format)."""

    title: str
    content: str
    url: str
    downloads: list[tuple[str, str]]


def datasets() -> list[Dataset]:
    """Return the lists with the addresses of their files, in the language of the page."""
    found = [(url_or_none(name), title, content) for name, title, content in DATASETS]
    return [
        Dataset(title, content, url, [(f"{url}?format={kind}", kind.upper()) for kind in WRITERS])
        for url, title, content in found
        if url
    ]
