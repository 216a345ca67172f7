"""Indicators as data sets, their files as distributions, frameworks as series."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS, XSD

from core.licences import licence_named
from kpi.models import Framework, Indicator, Place
from kpi.open_data.csvw import Fingerprints
from kpi.open_data.downloads import KINDS
from kpi.open_data.figures import Scope, records
from kpi.periods import Period

from .catalogue_agents import add_responsible
from .catalogue_terms import (
    ADMS,
    BOTH,
    DATASET_SERIES,
    FREQUENCIES,
    IN_SERIES,
    LANGUAGES,
    SPDX,
    THEMES,
    absolute,
    add_code,
    add_concept,
    add_format,
    add_licence,
    add_pages,
    add_standard,
    add_texts,
    authority,
    in_each,
    moment,
    node,
    of_column,
    paths_of,
)

CSVW_STANDARD = "https://www.w3.org/TR/tabular-metadata/"
JSON_STAT_STANDARD = "https://json-stat.org/full/"
SERIES_WORDS = _("The indicators of one framework, each a data set of this series.")
#: Places that the tables of the EU know; others are described by name and code.
KNOWN_PLACES = {
    "BXL": "http://data.europa.eu/nuts/code/BE1",
    "VLA": "http://data.europa.eu/nuts/code/BE2",
    "WAL": "http://data.europa.eu/nuts/code/BE3",
    "BE": str(authority("country", "BEL")),
}


@dataclass
class Extent:
    """What the figures of one indicator span."""

    periods: set[str] = field(default_factory=set)
    issued: datetime | None = None
    modified: datetime | None = None
    sha256: str = ""

    def span(self) -> tuple[date, date] | None:
        """Return the first and the last day, None without a figure."""
        periods = [Period.parse(text) for text in self.periods]
        if not periods:
            return None
        return min(each.starts_on for each in periods), max(each.ends_on for each in periods)


def add_indicators(graph: Graph, indicators: list[Indicator]) -> list[URIRef]:
    """Describe ``indicators`` with a handful of queries for any number; return their nodes."""
    extents = extents_of(indicators)
    for each in {indicator.framework for indicator in indicators}:
        add_series(graph, each)
    return [add_indicator(graph, each, extents[each.code]) for each in indicators]


def extents_of(indicators: list[Indicator]) -> dict[str, Extent]:
    """Return {code: Extent}; the figures are read once, to know what their files will say."""
    scope = Scope(None, {each.pk: each for each in indicators})
    found = {each.code: Extent() for each in indicators}
    fingerprints = Fingerprints(found)
    for record in records(scope):
        fingerprints.take(record)
        found[record.code].periods.add(record.period)
    for code, sha256 in fingerprints.finished().items():
        found[code].sha256 = sha256
    rows = scope.released().order_by().values_list("indicator__code")
    for code, first, last in rows.annotate(Min("released_at"), Max("released_at")):
        found[code].issued, found[code].modified = first, last
    return found


def dataset_node(code: str) -> URIRef:
    """Return the node of an indicator."""
    return node(f"/indicators/{code}")


def add_indicator(graph: Graph, indicator: Indicator, extent: Extent) -> URIRef:
    """Describe an indicator and its files; return its node."""
    this = dataset_node(indicator.code)
    graph.add((this, RDF.type, DCAT.Dataset))
    graph.add((this, DCTERMS.identifier, Literal(indicator.code)))
    add_texts(graph, this, DCTERMS.title, of_column(indicator, "name"))
    add_texts(graph, this, DCTERMS.description, of_column(indicator, "definition"))
    add_responsible(graph, this)
    _add_subject(graph, this, indicator)
    _add_state(graph, this, indicator)
    _add_span(graph, this, extent)
    add_place(graph, this, indicator.geo)
    graph.add((this, IN_SERIES, series_node(indicator.framework)))
    if indicator.framework.url:
        add_standard(graph, this, indicator.framework.url)
    for code in LANGUAGES.values():
        add_code(graph, this, DCTERMS.language, code, DCTERMS.LinguisticSystem)
    pages = paths_of("kpi:indicator-detail", indicator.code)
    add_pages(graph, this, DCAT.landingPage, pages.values())
    _add_files(graph, this, indicator, extent)
    return this


def _add_subject(graph: Graph, this: URIRef, indicator: Indicator) -> None:
    theme = indicator.theme
    codes = {"TECH"} | ({THEMES[theme.slug]} if theme and theme.slug in THEMES else set())
    for code in codes:
        add_concept(graph, this, DCAT.theme, "data-theme", code)
    for row in filter(None, (theme, indicator.framework)):
        add_texts(graph, this, DCAT.keyword, of_column(row, "name"))


def _add_state(graph: Graph, this: URIRef, indicator: Indicator) -> None:
    """Say how often it is continued; a retired one is kept, but is current no more."""
    is_retired = indicator.status == Indicator.Status.RETIRED
    ends = is_retired or indicator.is_frozen
    frequency = authority("frequency", "NEVER" if ends else FREQUENCIES[indicator.frequency])
    add_code(graph, this, DCTERMS.accrualPeriodicity, frequency, DCTERMS.Frequency)
    if not is_retired:
        add_concept(graph, this, ADMS.status, "concept-status", "CURRENT")
    successor = indicator.replaced_by
    if successor and successor.status in Indicator.PUBLIC_STATES:
        graph.add((this, DCTERMS.isReplacedBy, dataset_node(successor.code)))


def _add_span(graph: Graph, this: URIRef, extent: Extent) -> None:
    if span := extent.span():
        period = URIRef(f"{this}#period")
        add_code(graph, this, DCTERMS.temporal, period, DCTERMS.PeriodOfTime)
        graph.add((period, DCAT.startDate, Literal(span[0])))
        graph.add((period, DCAT.endDate, Literal(span[1])))
    if extent.issued:
        graph.add((this, DCTERMS.issued, moment(extent.issued)))
        graph.add((this, DCTERMS.modified, moment(extent.modified)))


def add_place(graph: Graph, this: URIRef, place: Place) -> None:
    """Say which territory a data set is about."""
    known = KNOWN_PLACES.get(place.code)
    where = URIRef(known) if known else URIRef(f"{this}#place")
    add_code(graph, this, DCTERMS.spatial, where, DCTERMS.Location)
    if not known:
        graph.add((where, DCTERMS.identifier, Literal(place.code)))
        add_texts(graph, where, SKOS.prefLabel, of_column(place, "name"))


def _add_files(graph: Graph, this: URIRef, indicator: Indicator, extent: Extent) -> None:
    """Describe the files; the CSV is the same in every language, the others speak one."""
    code = indicator.code
    csv, _description, json_stat, xlsx = KINDS
    file = add_file(graph, this, indicator, "csv", paths_of("kpi:indicator-data", code, csv))
    add_format(graph, file, "csv")
    add_standard(graph, file, CSVW_STANDARD)
    add_checksum(graph, file, extent.sha256)
    for kind, ending, standard in (
        ("json", json_stat, JSON_STAT_STANDARD),
        ("xlsx", xlsx, None),
    ):
        for language, path in paths_of("kpi:indicator-data", code, ending).items():
            file = add_file(graph, this, indicator, f"{kind}-{language}", {language: path})
            add_format(graph, file, kind)
            if standard:
                add_standard(graph, file, standard)
    _add_api(graph, this, indicator)


def add_file(graph: Graph, this: URIRef, indicator: Indicator, name: str, paths: dict) -> URIRef:
    """Describe a distribution with its addresses {language: path}; return its node."""
    file = URIRef(f"{this}#{name}")
    graph.add((this, DCAT.distribution, file))
    graph.add((file, RDF.type, DCAT.Distribution))
    add_licence(graph, file, licence_named(indicator.licence))
    for language, path in paths.items():
        graph.add((file, DCAT.accessURL, absolute(path)))
        graph.add((file, DCAT.downloadURL, absolute(path)))
        add_code(graph, file, DCTERMS.language, LANGUAGES[language], DCTERMS.LinguisticSystem)
    is_retired = indicator.status == Indicator.Status.RETIRED
    status = "DEPRECATED" if is_retired else "COMPLETED"
    add_concept(graph, file, ADMS.status, "distribution-status", status)
    return file


def _add_api(graph: Graph, this: URIRef, indicator: Indicator) -> None:
    file = URIRef(f"{this}#api")
    graph.add((this, DCAT.distribution, file))
    graph.add((file, RDF.type, DCAT.Distribution))
    path = paths_of("api:indicator-detail", indicator.code, languages=BOTH[:1])["fr"]
    graph.add((file, DCAT.accessURL, absolute(path)))
    graph.add((file, DCAT.accessService, node("#api")))
    add_format(graph, file, "json")
    add_licence(graph, file, licence_named(indicator.licence))


def add_checksum(graph: Graph, file: URIRef, sha256: str) -> None:
    """Say what the SHA-256 of a file is."""
    checksum = URIRef(f"{file}-checksum")
    add_code(graph, file, SPDX.checksum, checksum, SPDX.Checksum)
    algorithm = SPDX.checksumAlgorithm_sha256
    add_code(graph, checksum, SPDX.algorithm, algorithm, SPDX.ChecksumAlgorithm)
    value = Literal(sha256, datatype=XSD.hexBinary)
    graph.add((checksum, SPDX.checksumValue, value))


def series_node(framework: Framework) -> URIRef:
    """Return the node of a framework."""
    return node(f"/frameworks/{framework.slug}")


def add_series(graph: Graph, framework: Framework) -> URIRef:
    """Describe a framework as the series of its indicators; return its node."""
    this = series_node(framework)
    graph.add((this, RDF.type, DATASET_SERIES))
    add_texts(graph, this, DCTERMS.title, of_column(framework, "name"))
    add_texts(graph, this, DCTERMS.description, in_each(SERIES_WORDS))
    add_responsible(graph, this)
    if framework.url:
        add_standard(graph, this, framework.url)
    return this
