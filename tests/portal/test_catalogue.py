"""The catalogue of open data: one graph in three serialisations, as DCAT-AP wants it."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from kpi.models import Indicator
from portal import catalogue
from portal.catalogue_terms import ADMS, DATASET_SERIES, HYDRA, IN_SERIES, LICENCES, SPDX, authority
from portal.open_data import DATASETS
from tests.factories import kpi as make
from tests.factories.portal import make_chain

pytestmark = [
    pytest.mark.django_db,
    # The reader of JSON-LD warns of its own class.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
SHAPES = Path(__file__).with_name("dcat_ap.ttl")
READERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
NASTY = 'Ce qu’on «\u00a0compte\u00a0»\u00a0: "tout", l\'autre\\ligne\net <b>&amp; 𝄞</b>\n\nfin.'
RELEASED = datetime(2022, 7, 28, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_URL = "https://smart.example.org"


def read(client, ending="ttl", **query) -> Graph:
    response = client.get(f"/catalog.{ending}", query)
    assert response.status_code == 200
    return Graph().parse(data=response.content, format=READERS[ending])


def node(path: str) -> URIRef:
    return URIRef(f"https://smart.example.org/catalog{path}")


def an_indicator(**fields) -> Indicator:
    framework = make.FrameworkFactory(slug="desi", url="https://example.org/desi")
    texts = {"definition_fr": NASTY, "definition_nl": "Wat geteld wordt."}
    indicator = make.IndicatorFactory(framework=framework, **(texts | {"geo": "BE"} | fields))
    make.series(indicator, {"2019-Q2": Decimal(1), "2021": Decimal("46.7")}, released_at=RELEASED)
    return indicator


def test_three_serialisations_are_one_graph(client):
    """Case 19: isomorphic, and read by rdflib."""
    an_indicator(code="skills")
    graphs = [read(client, ending) for ending in READERS]
    assert len(graphs[0]) > 500
    assert isomorphic(graphs[0], graphs[1])
    assert isomorphic(graphs[0], graphs[2])
    # A description with quotes and new lines is what it was.
    for graph in graphs:
        found = set(graph.objects(node("/indicators/skills"), DCTERMS.description))
        assert Literal(NASTY, lang="fr") in found
        assert Literal("Wat geteld wordt.", lang="nl") in found


def test_the_catalogue_conforms_to_the_shapes(client):
    """Case 19: what DCAT-AP 3.0.1 wants is there, for lists, indicators, series and the API."""
    an_indicator(code="skills")
    an_indicator(code="old", status="retired", licence="Réutilisation libre", geo="FR")
    make.IndicatorFactory(code="empty")
    shapes = Graph().parse(SHAPES)
    graph = read(client)
    conforms, _graph, words = validate(graph, shacl_graph=shapes)
    assert conforms, words
    # The shapes do find what is lacking.
    graph.remove((node("/indicators/skills#csv"), DCAT.accessURL, None))
    graph.remove((node("/indicators/old"), DCTERMS.title, None))
    conforms, _graph, words = validate(graph, shacl_graph=shapes)
    assert not conforms
    assert words.count("Constraint Violation") >= 2


def test_every_address_answers(client):
    """Case 19: accessURL, downloadURL, landing pages, descriptions, and the nodes themselves."""
    make_chain()
    an_indicator()
    graph = read(client)
    wanted = (DCAT.accessURL, DCAT.landingPage, DCAT.endpointURL, DCAT.endpointDescription)
    addresses = {str(each) for name in wanted for each in graph.objects(None, name)}
    addresses |= {str(each) for each in graph.objects(None, FOAF.homepage)}
    assert len(addresses) > 100
    for address in addresses:
        response = client.get(address.removeprefix("https://smart.example.org"))
        assert response.status_code == 200, address
    for kind in (DCAT.Dataset, DATASET_SERIES):
        for each in graph.subjects(RDF.type, kind):
            path = str(each).removeprefix("https://smart.example.org")
            assert client.get(path, headers={"Accept": "text/html"}).status_code == 303, path
            response = client.get(path, headers={"Accept": "text/turtle"})
            assert (each, RDF.type, kind) in Graph().parse(data=response.content)


def test_what_is_said_of_an_indicator(client):
    indicator = an_indicator(code="skills", frequency="S")
    graph, this = read(client), node("/indicators/skills")
    one = {
        DCTERMS.identifier: Literal("skills"),
        DCTERMS.accrualPeriodicity: authority("frequency", "ANNUAL_2"),
        DCTERMS.spatial: authority("country", "BEL"),
        DCTERMS.conformsTo: URIRef("https://example.org/desi"),
        IN_SERIES: node("/frameworks/desi"),
        DCTERMS.issued: Literal(RELEASED.isoformat(), datatype=XSD.dateTime),
    }
    for predicate, value in one.items():
        assert list(graph.objects(this, predicate)) == [value], predicate
    titles = {(str(each), each.language) for each in graph.objects(this, DCTERMS.title)}
    assert titles == {(indicator.name_fr, "fr"), (indicator.name_nl, "nl")}
    period = graph.value(this, DCTERMS.temporal)
    assert graph.value(period, DCAT.startDate).value == date(2019, 4, 1)
    assert graph.value(period, DCAT.endDate).value == date(2021, 12, 31)
    csv = node("/indicators/skills#csv")
    assert graph.value(csv, DCTERMS["format"]) == authority("file-type", "CSV")
    assert graph.value(csv, DCTERMS.license) == next(iter(LICENCES.values()))


def test_the_checksum_is_that_of_the_file(client):
    for code in ("one", "two"):
        an_indicator(code=code)
    make.IndicatorFactory(code="empty")
    graph = read(client)
    for code in ("one", "two", "empty"):
        checksum = graph.value(node(f"/indicators/{code}#csv"), SPDX.checksum)
        content = b"".join(client.get(f"/nl/kpi/{code}/data.csv"))
        value = str(graph.value(checksum, SPDX.checksumValue))
        assert value.lower() == hashlib.sha256(content).hexdigest(), code


def test_only_what_is_public_is_in_it(client, users, login):
    """Cases 15 and 16: no draft for anybody; a retired one stays, but is current no more."""
    successor = an_indicator(code="published")
    for state in ("draft", "in_review", "approved", "suspended"):
        an_indicator(code=state, status=state)
    an_indicator(code="retired", status="retired", replaced_by=successor)
    for visitor in (client, login(users["staff"])):
        graph = read(visitor)
        codes = {str(each) for each in graph.objects(None, DCTERMS.identifier)}
        assert codes >= {"published", "retired"}
        assert not codes & {"draft", "in_review", "approved", "suspended"}
        assert visitor.get("/catalog/indicators/draft").status_code == 404
    current = authority("concept-status", "CURRENT")
    old, new = node("/indicators/retired"), node("/indicators/published")
    assert (new, ADMS.status, current) in graph
    assert (old, ADMS.status, None) not in graph
    assert graph.value(old, DCTERMS.isReplacedBy) == new
    assert graph.value(old, DCTERMS.accrualPeriodicity) == authority("frequency", "NEVER")
    deprecated = authority("distribution-status", "DEPRECATED")
    assert graph.value(node("/indicators/retired#csv"), ADMS.status) == deprecated


def test_a_draft_is_nowhere_to_be_found(client):
    """Case 15: list, search, files, API, catalogue, sitemap, and its own address."""
    an_indicator(code="shown", name_fr="Compétences montrées")
    for state in ("draft", "suspended"):
        an_indicator(code=state, status=state, name_fr="Compétences cachées")
    pages = {
        "/fr/kpi/": "/fr/kpi/{}/",
        "/fr/kpi/?format=csv": "{}",
        "/fr/search/?q=Comp%C3%A9tences": "/fr/kpi/{}/",
        "/fr/kpi/data.csv": "{},",
        "/api/v1/indicators/": '"{}"',
        "/api/v1/observations/": '"{}"',
        "/catalog.ttl": "/catalog/indicators/{}>",
        "/sitemap-indicators-fr.xml": "/fr/kpi/{}/",
    }
    for path, mark in pages.items():
        response = client.get(path)
        text = b"".join(response).decode() if response.streaming else response.content.decode()
        assert mark.format("shown") in text, path
        for state in ("draft", "suspended"):
            assert mark.format(state) not in text, path
            assert client.get(f"/fr/kpi/{state}/").status_code == 404


def test_every_list_of_the_portal_is_in_it(client):
    graph = read(client)
    lists = {str(each) for each in graph.objects(node(""), DCAT.dataset)}
    assert len(lists) == len(DATASETS)
    ideas = node("/lists/stakeholders-idea-list")
    assert Literal("Idées", lang="fr") in set(graph.objects(ideas, DCTERMS.title))
    assert Literal("Ideeën", lang="nl") in set(graph.objects(ideas, DCTERMS.title))


def test_a_long_catalogue_comes_page_by_page(client, monkeypatch):
    monkeypatch.setattr(catalogue, "PER_PAGE", 2)
    for number in range(5):
        an_indicator(code=f"i-{number}")
    pages = [read(client, page=number) for number in (1, 2, 3)]
    assert [len(set(page.subjects(IN_SERIES, None))) for page in pages] == [2, 2, 1]
    first, middle, last = (node(f"?page={number}") for number in (1, 2, 3))
    assert pages[0].value(first, HYDRA.next) == middle
    assert pages[1].value(middle, HYDRA.previous) == first
    assert pages[2].value(last, HYDRA.next) is None
    assert pages[0].value(first, HYDRA.last) == last
    assert pages[0].value(node(""), HYDRA.totalItems) == Literal(5 + len(DATASETS))
    shapes = Graph().parse(SHAPES)
    assert all(validate(page, shacl_graph=shapes)[0] for page in pages)
    whole = {each for page in pages for each in page.objects(node(""), DCAT.dataset)}
    assert len(whole) == 5 + len(DATASETS)
    assert client.get("/catalog.ttl?page=4").status_code == 404
    for text in ("0", "-1", "x", "²", "99999999999"):
        assert client.get("/catalog.ttl", {"page": text}).status_code in (400, 404), text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.2", "application/rdf+xml"),
        ("*/*", "text/turtle"),
    ],
)
def test_whoever_asks_gets_what_they_read(client, accept, media_type):
    response = client.get("/catalog", headers={"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"].startswith(media_type)
    assert "Accept" in response["Vary"]
    assert response["Access-Control-Allow-Origin"] == "*"


def test_people_are_led_to_the_pages(client):
    an_indicator(code="skills")
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "nl"}
    for path, wanted in (
        ("", "/nl/open-data/"),
        ("/indicators/skills", "/nl/kpi/skills/"),
        ("/frameworks/desi", "/nl/kpi/?framework=desi"),
        ("/lists/stakeholders-idea-list", "/nl/ideas/"),
    ):
        response = client.get(f"/catalog{path}", headers=browser)
        assert (response.status_code, response.url) == (303, wanted)
        assert client.get(response.url).status_code == 200
    assert client.get("/catalog", headers={"Accept": "image/png"}).status_code == 406
    for path in ("/indicators/none", "/frameworks/none", "/lists/none", "/others/x"):
        assert client.get(f"/catalog{path}").status_code == 404


@pytest.mark.parametrize("ending", READERS)
def test_whoever_has_it_is_told_so(client, ending):
    indicator = an_indicator()
    first = client.get(f"/catalog.{ending}")
    known = {"If-None-Match": first["ETag"]}
    assert client.get(f"/catalog.{ending}", headers=known).status_code == 304
    make.ObservationFactory(indicator=indicator, period="2024")
    assert client.get(f"/catalog.{ending}", headers=known).status_code == 200


def test_the_publisher_is_known_by_its_number_where_it_is_set(client, settings):
    settings.SITE_KBO = "0123.456.789"
    graph = read(client)
    publisher = URIRef("https://org.belgif.be/id/CbeRegisteredEntity/0123456789")
    assert graph.value(node(""), DCTERMS.publisher) == publisher
    assert graph.value(publisher, DCTERMS.identifier) == Literal("0123456789")


def test_a_page_asks_the_same_for_one_and_for_three(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            read(client)
        return len(captured)

    an_indicator()
    one = queries()
    an_indicator()
    an_indicator()
    assert queries() == one
