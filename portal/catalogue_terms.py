"""The words of the catalogue: nodes, authority tables, texts in three languages, licences."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from core.licences import CC0, OWN, Licence
from core.spreadsheets import clean

ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
#: Of DCAT 3; rdflib knows the terms of DCAT 2.
DATASET_SERIES, IN_SERIES = URIRef(f"{DCAT}DatasetSeries"), URIRef(f"{DCAT}inSeries")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
LANGUAGES = {
    "fr": URIRef(f"{AUTHORITY}language/FRA"),
    "nl": URIRef(f"{AUTHORITY}language/NLD"),
    "en": URIRef(f"{AUTHORITY}language/ENG"),
}
#: What the authority writes is there in both; English may be lacking.
BOTH = ("fr", "nl")
LICENCES = {
    OWN: URIRef(f"{AUTHORITY}licence/CC_BY_4_0"),
    CC0: URIRef(f"{AUTHORITY}licence/CC0"),
}
FREQUENCIES = {"A": "ANNUAL", "S": "ANNUAL_2", "Q": "QUARTERLY", "M": "MONTHLY"}
#: Themes of the programme in the EU's table of themes; the programme itself is about technology.
THEMES = {
    "economy": "ECON",
    "government": "GOVE",
    "environment": "ENVI",
    "living": "SOCI",
    "mobility": "TRAN",
    "people": "EDUC",
}
#: What the concepts that the catalogue names are called in the tables of the EU: a concept without
#: a label is a fault in DCAT-AP 3.0.1.
CONCEPTS = {
    "data-theme/ECON": ("Économie et finances", "Economie en financiën", "Economy and finance"),
    "data-theme/EDUC": (
        "Éducation, culture et sport",
        "Onderwijs, cultuur en sport",
        "Education, culture and sport",
    ),
    "data-theme/ENVI": ("Environnement", "Milieu", "Environment"),
    "data-theme/GOVE": (
        "Gouvernement et secteur public",
        "Overheid en publieke sector",
        "Government and public sector",
    ),
    "data-theme/SOCI": (
        "Population et société",
        "Bevolking en samenleving",
        "Population and society",
    ),
    "data-theme/TECH": (
        "Science et technologie",
        "Wetenschap en technologie",
        "Science and technology",
    ),
    "data-theme/TRAN": ("Transports", "Vervoer", "Transport"),
    "concept-status/CURRENT": ("actuel", "actueel", "current"),
    "distribution-status/COMPLETED": ("achevé", "voltooid", "completed"),
    "distribution-status/DEPRECATED": ("obsolète", "verouderd", "deprecated"),
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
#: Kind of a file: its code in the EU's table of file types, and its media type.
FORMATS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "json": ("JSON", "application/json"),
}
PREFIXES = {
    "adms": ADMS,
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "hydra": HYDRA,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
}


def new_graph() -> Graph:
    """Return an empty graph that knows the prefixes of the catalogue."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def absolute(path: str) -> URIRef:
    """Return the address of ``path`` on this portal, as the world knows it."""
    return URIRef(settings.SITE_URL + path)


def node(path: str = "") -> URIRef:
    """Return the address of something that the catalogue describes."""
    return absolute(reverse("catalogue") + path)


@cache
def authority(table: str, code: str) -> URIRef:
    """Return the address of ``code`` in a table of the EU: ``authority("frequency", "ANNUAL")``."""
    return URIRef(f"{AUTHORITY}{table}/{code}")


def in_each(words) -> dict[str, str]:
    """Return a text of the interface in the three languages."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = str(words)
    return found


def of_column(row, column: str) -> dict[str, str]:
    """Return a translated column in the languages in which it is filled."""
    texts = {code: getattr(row, f"{column}_{code}") or "" for code in LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def add_texts(graph: Graph, subject, predicate, texts: dict[str, str]) -> None:
    """Say ``texts``, each in its language."""
    for code, text in texts.items():
        graph.add((subject, predicate, Literal(clean(text), lang=code)))


def paths_of(name: str, *args, languages: Iterable[str] = LANGUAGES) -> dict[str, str]:
    """Return the path of a page in each language."""
    found = {}
    for code in languages:
        with translation.override(code):
            found[code] = reverse(name, args=args)
    return found


def add_pages(graph: Graph, subject, predicate, paths: Iterable[str]) -> None:
    """Say that the pages at ``paths`` are about ``subject``."""
    for path in paths:
        page = absolute(path)
        graph.add((subject, predicate, page))
        graph.add((page, RDF.type, FOAF.Document))


def add_licence(graph: Graph, subject, licence: Licence) -> None:
    """Say under which licence ``subject`` stands; one that is known by words only is a right."""
    address = LICENCES.get(licence) or (URIRef(licence.url) if licence.url else None)
    if address is not None:
        graph.add((subject, DCTERMS.license, address))
        graph.add((address, RDF.type, DCTERMS.LicenseDocument))
        return
    rights = URIRef(f"{subject}-rights" if "#" in str(subject) else f"{subject}#rights")
    graph.add((subject, DCTERMS.rights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    graph.add((rights, RDFS.label, Literal(licence.name)))


def add_code(graph: Graph, subject, predicate, value: URIRef, kind) -> None:
    """Say a value of an authority table, and of what kind it is."""
    graph.add((subject, predicate, value))
    graph.add((value, RDF.type, kind))


def add_concept(graph: Graph, subject, predicate, table: str, code: str) -> None:
    """Say a concept of an authority table, with its names."""
    add_named(graph, subject, predicate, authority(table, code), CONCEPTS[f"{table}/{code}"])


def add_named(graph: Graph, subject, predicate, value: URIRef, names: tuple[str, str, str]) -> None:
    """Say a concept of any table, with its names in French, Dutch and English, once a catalogue."""
    is_named = (value, RDF.type, SKOS.Concept) in graph
    add_code(graph, subject, predicate, value, SKOS.Concept)
    if is_named:
        return
    add_texts(graph, value, SKOS.prefLabel, dict(zip(LANGUAGES, names, strict=True)))


def add_standard(graph: Graph, subject, address: str) -> None:
    """Say which standard or method ``subject`` follows."""
    add_code(graph, subject, DCTERMS.conformsTo, URIRef(address), DCTERMS.Standard)


def add_format(graph: Graph, subject, kind: str) -> None:
    """Say what kind of file a distribution is."""
    code, media_type = FORMATS[kind]
    file_type = authority("file-type", code)
    add_code(graph, subject, DCTERMS["format"], file_type, DCTERMS.MediaTypeOrExtent)
    media = URIRef(MEDIA_TYPES + media_type)
    add_code(graph, subject, DCAT.mediaType, media, DCTERMS.MediaType)


def moment(value) -> Literal:
    """Return a time as the catalogue writes it."""
    return Literal(value.isoformat(timespec="seconds"), datatype=XSD.dateTime)
