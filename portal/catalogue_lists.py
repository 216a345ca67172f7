"""The lists of the portal (ideas, decisions, roadmap…) as data sets of the catalogue."""

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from core.exports import WRITERS
from core.licences import OWN

from .catalogue_agents import add_responsible
from .catalogue_indicators import KNOWN_PLACES
from .catalogue_terms import (
    BOTH,
    LANGUAGES,
    absolute,
    add_code,
    add_concept,
    add_format,
    add_licence,
    add_pages,
    add_texts,
    authority,
    in_each,
    node,
    paths_of,
)


def list_key(name: str) -> str:
    """Return how the catalogue calls the list whose page is ``name``."""
    return name.replace(":", "-")


def add_list(graph: Graph, name: str, title, content) -> URIRef:
    """Describe a list: the page ``name``, its ``title``, and what one row is; return its node."""
    this = node(f"/lists/{list_key(name)}")
    graph.add((this, RDF.type, DCAT.Dataset))
    graph.add((this, DCTERMS.identifier, Literal(list_key(name))))
    add_texts(graph, this, DCTERMS.title, in_each(title))
    add_texts(graph, this, DCTERMS.description, in_each(content))
    add_texts(graph, this, DCAT.keyword, in_each(title))
    add_responsible(graph, this)
    add_concept(graph, this, DCAT.theme, "data-theme", "GOVE")
    # A file is made of the rows of the moment in which it is asked for.
    often = authority("frequency", "CONT")
    add_code(graph, this, DCTERMS.accrualPeriodicity, often, DCTERMS.Frequency)
    where = URIRef(KNOWN_PLACES["BXL"])
    add_code(graph, this, DCTERMS.spatial, where, DCTERMS.Location)
    for code in BOTH:
        add_code(graph, this, DCTERMS.language, LANGUAGES[code], DCTERMS.LinguisticSystem)
    pages = paths_of(name, languages=BOTH)
    add_pages(graph, this, DCAT.landingPage, pages.values())
    for language, path in pages.items():
        for kind in WRITERS:
            _add_file(graph, this, kind, language, f"{path}?format={kind}")
    return this


def _add_file(graph: Graph, this: URIRef, kind: str, language: str, path: str) -> None:
    file = URIRef(f"{this}#{kind}-{language}")
    graph.add((this, DCAT.distribution, file))
    graph.add((file, RDF.type, DCAT.Distribution))
    graph.add((file, DCAT.accessURL, absolute(path)))
    graph.add((file, DCAT.downloadURL, absolute(path)))
    add_format(graph, file, kind)
    add_licence(graph, file, OWN)
    add_code(graph, file, DCTERMS.language, LANGUAGES[language], DCTERMS.LinguisticSystem)
