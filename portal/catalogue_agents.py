"""Who publishes the data and whom to ask, the same for the whole catalogue."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from .catalogue_terms import (
    BOTH,
    VCARD,
    absolute,
    add_code,
    add_named,
    add_texts,
    in_each,
    node,
    paths_of,
)

#: The register of enterprises names each by an address.
KBO = "https://org.belgif.be/id/CbeRegisteredEntity/"
#: What kind of publisher it is, with its names in the three languages.
REGIONAL = (
    URIRef("http://purl.org/adms/publishertype/RegionalAuthority"),
    ("Autorité régionale", "Gewestelijke overheid", "Regional authority"),
)
PUBLISHER = _("Smart City Office of the Brussels-Capital Region")


def add_publisher(graph: Graph) -> URIRef:
    """Describe the publisher and return its node: that of the register where the number is set."""
    number = "".join(filter(str.isdigit, settings.SITE_KBO))
    publisher = URIRef(KBO + number) if number else node("#publisher")
    if (publisher, RDF.type, FOAF.Agent) in graph:
        return publisher
    graph.add((publisher, RDF.type, FOAF.Agent))
    add_texts(graph, publisher, FOAF.name, in_each(PUBLISHER))
    add_named(graph, publisher, DCTERMS.type, *REGIONAL)
    if number:
        graph.add((publisher, DCTERMS.identifier, Literal(number)))
    return publisher


def add_contact(graph: Graph) -> URIRef:
    """Describe where to ask and return its node."""
    contact = node("#contact")
    graph.add((contact, RDF.type, VCARD.Kind))
    graph.add((contact, RDF.type, VCARD.Organization))
    add_texts(graph, contact, VCARD.fn, in_each(PUBLISHER))
    email = settings.SITE["contact"]["email"]
    if email:
        graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{email}")))
    for path in paths_of("portal:contact", languages=BOTH).values():
        graph.add((contact, VCARD.hasURL, absolute(path)))
    return contact


def add_responsible(graph: Graph, dataset: URIRef) -> None:
    """Say who publishes a data set and whom to ask."""
    graph.add((dataset, DCTERMS.publisher, add_publisher(graph)))
    add_code(graph, dataset, DCAT.contactPoint, add_contact(graph), VCARD.Kind)
