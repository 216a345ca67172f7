"""The data that anybody may take away: every list of the portal, as a table or for machines."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.context import url_or_none
from core.exports import WRITERS
from kpi.models import PUBLIC_INDICATOR, Framework, Observation
from kpi.open_data.downloads import downloads_of
from kpi.open_data.workbook import MOST_ROWS

#: What a framework with too many figures for a workbook is not offered as.
TOO_LONG = frozenset({"xlsx"})

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
    (
        "kpi:programme",
        _("Plan and outcome of the programme"),
        _("one row for each deliverable, with what was planned and what is on record"),
    ),
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


def figures_by_framework() -> list[dict]:
    """Return {"framework", "downloads"} of each framework with public figures, then of all.

    A workbook is not offered where it would be too long.
    """
    known = figures().filter(indicator__framework=OuterRef("pk"))
    frameworks = Framework.objects.filter(Exists(known)).annotate(is_long=Exists(known[MOST_ROWS:]))
    ordered = frameworks.order_by("position", "slug")
    found = [
        {"framework": each, "downloads": downloads_of("framework", each.slug, leave=left(each))}
        for each in ordered
    ]
    is_long = figures()[MOST_ROWS:].exists()
    everything = downloads_of("all", leave=TOO_LONG if is_long else frozenset())
    return [*found, {"framework": None, "downloads": everything}]


def figures():
    """Return the figures of public indicators, in every vintage."""
    return Observation.objects.filter(indicator__status__in=PUBLIC_INDICATOR).order_by()


def left(framework) -> frozenset[str]:
    """Return the kinds of files that there are not of a framework: no workbook of too much."""
    return TOO_LONG if framework.is_long else frozenset()


def catalogue_links() -> list[tuple[str, str]]:
    """Return the addresses of the catalogue with the names of what they are written in."""
    names = {"ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML"}
    return [(reverse("catalogue-file", args=[key]), name) for key, name in names.items()]


def api_trail() -> list[tuple]:
    """Return the way to the page about the API."""
    return [(reverse("portal:open-data"), _("Open data"))]
