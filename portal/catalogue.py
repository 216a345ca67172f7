"""The catalogue of open data as DCAT-AP 3.0.1: one graph, whatever it is written as.

https://semiceu.github.io/DCAT-AP/releases/3.0.1/ says what is mandatory and recommended; codes are
those of the EU's authority tables. Every node has an address of its own and nothing is anonymous,
so that the same catalogue is always the same text. A page of it has `PER_PAGE` indicators at most.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

from core.licences import OWN
from kpi.models import Framework
from kpi.open_data.figures import public_indicators

from .catalogue_agents import add_publisher, add_responsible
from .catalogue_indicators import add_indicators, add_series
from .catalogue_lists import add_list, list_key
from .catalogue_terms import (
    HYDRA,
    LANGUAGES,
    absolute,
    add_code,
    add_licence,
    add_pages,
    add_texts,
    in_each,
    new_graph,
    node,
    paths_of,
)
from .open_data import DATASETS

#: Indicators of one page; the lists of the portal stand on the first.
PER_PAGE = 50
TITLE = _("Open data of the Smart City Office of the Brussels-Capital Region")
DESCRIPTION = _(
    "The indicators of the smart city of Brussels with their figures, and every list of the "
    "portal: ideas, decisions, roadmap, standards, stakeholders."
)
API_TITLE = _("API of the indicators")
API_DESCRIPTION = _("Indicators, figures by vintage, frameworks and places as JSON, for reading.")


def catalogue(number: int = 1) -> Graph | None:
    """Return page ``number`` of the catalogue; None where there is no such page.

    Each page is whole in itself: it describes the catalogue, the publisher and the API too.
    """
    rows = indicators()
    count = rows.count()
    last = max(1, -(-count // PER_PAGE))
    if not 1 <= number <= last:
        return None
    start = (number - 1) * PER_PAGE
    graph = new_graph()
    members = add_indicators(graph, list(rows[start : start + PER_PAGE]))
    add_api(graph, members)
    if number == 1:
        members += [add_list(graph, *entry) for entry in DATASETS]
    add_catalogue(graph, members)
    add_paging(graph, number, last, count + len(DATASETS))
    return graph


def indicators():
    """Return the indicators of the catalogue with what it says of them."""
    return public_indicators().select_related("framework", "theme", "geo", "replaced_by")


def dataset(kind: str, key: str) -> Graph | None:
    """Return the graph of one data set or series, by its place in the catalogue, else None."""
    graph = new_graph()
    found = ADDERS[kind](graph, key)
    if not found:
        return None
    add_publisher(graph)
    return graph


def _add_indicator(graph: Graph, key: str) -> list[URIRef]:
    members = add_indicators(graph, list(indicators().filter(code=key)))
    if members:
        add_api(graph, members)
    return members


def _add_framework(graph: Graph, key: str) -> list[URIRef]:
    return [add_series(graph, each) for each in Framework.objects.filter(slug=key)]


def _add_list(graph: Graph, key: str) -> list[URIRef]:
    return [add_list(graph, *entry) for entry in DATASETS if list_key(entry[0]) == key]


ADDERS = {"indicators": _add_indicator, "frameworks": _add_framework, "lists": _add_list}


def add_catalogue(graph: Graph, members: list[URIRef]) -> None:
    """Describe the catalogue itself, with the data sets of this page."""
    this = node()
    graph.add((this, RDF.type, DCAT.Catalog))
    add_texts(graph, this, DCTERMS.title, in_each(TITLE))
    add_texts(graph, this, DCTERMS.description, in_each(DESCRIPTION))
    add_responsible(graph, this)
    add_licence(graph, this, OWN)
    for code in LANGUAGES.values():
        add_code(graph, this, DCTERMS.language, code, DCTERMS.LinguisticSystem)
    # One homepage, which is that of no language; the page of each language is a landing page.
    add_pages(graph, this, FOAF.homepage, [reverse("choose-language")])
    add_pages(graph, this, DCAT.landingPage, paths_of("portal:open-data").values())
    graph.add((this, DCAT.service, node("#api")))
    for member in members:
        graph.add((this, DCAT.dataset, member))


def add_api(graph: Graph, members: list[URIRef]) -> None:
    """Describe the API, and that it serves ``members``."""
    this = node("#api")
    graph.add((this, RDF.type, DCAT.DataService))
    add_texts(graph, this, DCTERMS.title, in_each(API_TITLE))
    add_texts(graph, this, DCTERMS.description, in_each(API_DESCRIPTION))
    add_responsible(graph, this)
    add_licence(graph, this, OWN)
    address = absolute(reverse("api:root"))
    add_code(graph, this, DCAT.endpointURL, address, RDFS.Resource)
    described = absolute(reverse("api:openapi"))
    add_code(graph, this, DCAT.endpointDescription, described, RDFS.Resource)
    add_pages(graph, this, DCAT.landingPage, paths_of("portal:api").values())
    for member in members:
        graph.add((this, DCAT.servesDataset, member))


def add_paging(graph: Graph, number: int, last: int, total: int) -> None:
    """Say which page this is and where the others are, in the words of Hydra."""
    this = page_node(number)
    graph.add((this, RDF.type, HYDRA.PartialCollectionView))
    graph.add((node(), HYDRA.view, this))
    graph.add((node(), HYDRA.totalItems, Literal(total)))
    around = {"first": 1, "previous": number - 1, "next": number + 1, "last": last}
    for name, page in around.items():
        if 1 <= page <= last:
            graph.add((this, HYDRA[name], page_node(page)))


def page_node(number: int) -> URIRef:
    """Return the address of a page of the catalogue."""
    return node(f"?page={number}")
