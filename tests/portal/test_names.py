"""Names follow the language of the page: no French one with a Dutch twin on a Dutch page, and back.

The published facts and the demonstration content are loaded once, and every public page that links
lead to is read in both languages.
"""

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from core.seeding import read
from programme.models import Municipality, Portfolio, Theme, Workstream
from stakeholders import selectors
from stakeholders.models import Organisation, OrganisationName
from tests.e2e.routes import path_of, public_pages
from tests.portal.name_check import NameCheck, Words

# The mark tells pytest-django to make the database, which the fixture below then fills.
pytestmark = pytest.mark.django_db

LANGUAGES = ("fr", "nl")
NAMED = (
    (Organisation, "name"),
    (Organisation, "short_name"),
    (OrganisationName, "name"),
    (Municipality, "name"),
    (Portfolio, "name"),
    (Theme, "name"),
    (Workstream, "name"),
)
#: Pages of one thing, which links have to lead to.
DETAILS = {
    "stakeholders:idea-detail",
    "stakeholders:organisation-detail",
    "programme:workstream-detail",
    "workshops:workshop-detail",
    "projects:sheet-detail",
    "governance:body-detail",
    "governance:meeting-detail",
    "governance:decision-detail",
    "roadmap:initiative-detail",
    "kpi:indicator-detail",
    "standards:standard-detail",
    "portal:journey",
    "portal:news-detail",
}
SOURCE_MARKS = {
    "fr": ("| Sources |", "nom non vu dans une source"),
    "nl": ("| Bronnen |", "naam niet in een bron gezien"),
}
#: Words that are no name, so that what a visitor typed is no find.
QUERIES = ("smart", "brux", "brus", "data", "mobili")


class Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self, base, text):
        super().__init__()
        self.base, self.found = base, set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        target = dict(attributes).get("href")
        if tag == "a" and target:
            self.found.add(urljoin(self.base, target).split("#")[0])


def start_pages(language):
    """Every public page without a variable part, the filtered lists and some searches."""
    with translation.override(language):
        found = {reverse(each.name) for each in public_pages() if not each.needs_arguments}
        register, search = reverse("stakeholders:organisation-list"), reverse("portal:search")
        found |= {
            each.get_absolute_url() for each in selectors.listed_organisations(AnonymousUser())
        }
    found |= {f"{register}?page={number}" for number in range(1, 6)}
    towns = Municipality.objects.values_list("slug", flat=True)
    found |= {f"{register}?municipality={slug}" for slug in towns}
    found |= {f"{search}?q={query}" for query in QUERIES}
    return {address for address in found if address.startswith(f"/{language}/")}


def is_wanted(address, language, routes):
    """Tell whether a link leads to another public page; of lists, the first page is enough."""
    if not address.startswith(f"/{language}/") or "?" in address:
        return False
    return type_of(address, language) in routes


def type_of(address, language):
    """Return the name of the page type at ``address``, None where there is no page."""
    with translation.override(language):
        try:
            return resolve(path_of(address)).view_name
        except Resolver404:
            return None


def crawl(language):
    """Return {address: page} of all public pages in ``language``."""
    client, pages, waiting = Client(), {}, start_pages(language)
    routes = {each.name for each in public_pages()}
    while waiting:
        address = waiting.pop()
        answer = client.get(address, follow=True)
        pages[address] = answer.content.decode()
        links = Links(address, pages[address]).found
        waiting |= {each for each in links if is_wanted(each, language, routes)} - pages.keys()
    return pages


def pairs_of_names():
    """Every name that the Office gives in both languages, as (French, Dutch)."""
    named = {
        pair
        for model, field in NAMED
        for pair in model.objects.values_list(f"{field}_fr", f"{field}_nl")
        if all(pair)
    }
    return named | {(settings.SITE["signature"]["fr"], settings.SITE["signature"]["nl"])}


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The check that knows all names, and the pages of the seeded portal: (check, pages)."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        found = NameCheck(pairs_of_names()), {code: crawl(code) for code in LANGUAGES}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_those_of_the_language_of_the_page(seeded, language):
    check, pages = seeded
    found = {address: names for address, page in pages[language].items() if (names := check(page))}
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_type_was_read(seeded, language):
    _check, pages = seeded
    read_types = {type_of(address, language) for address in pages[language]}
    with translation.override(language):
        expected = {
            each.name
            for each in public_pages()
            if not each.needs_arguments and reverse(each.name).startswith(f"/{language}/")
        }
    assert expected | DETAILS <= read_types
    lists = [address for address in pages[language] if "?municipality=" in address]
    assert len(lists) == 19


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_published_organisations_are_in_with_name_and_source(seeded, language):
    _check, pages = seeded
    facts = read("facts", "organisations")
    assert len(facts) == 68
    for fact in facts:
        with translation.override(language):
            address = reverse("stakeholders:organisation-detail", args=[fact["slug"]])
        text = Words(pages[language][address]).text
        assert fact["name"][language] in text
        assert any(mark in text for mark in SOURCE_MARKS[language]), fact["slug"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_municipalities_are_on_the_map(seeded, language):
    _check, pages = seeded
    text = Words(pages[language][f"/{language}/stakeholders/ecosystem/"]).text
    for fact in read("facts", "municipalities"):
        assert f"| {fact['name'][language]}" in text


# --- the check itself ------------------------------------------------------------------------


PAIRS = {
    ("Ixelles", "Elsene"),
    ("Evere", "Evere"),
    ("Forest", "Vorst"),
    ("Forest National", "Forest National"),
    ("STIB", "MIVB"),
    ("Saint-Gilles", "Sint-Gillis"),
}


def dutch(body):
    return NameCheck(PAIRS)(f'<html lang="nl"><body>{body}</body></html>')


@pytest.mark.parametrize(
    "body",
    [
        "<p>in Ixelles</p>",
        "<p>de gemeente d’Ixelles.</p>",
        "<td>Elsene</td><td>Ixelles</td>",
        "<p>Ix<b>elles</b></p>",
        '<a href="/" aria-label="Ixelles: 3 organisaties">3</a>',
        '<p lang="fr">à <span lang="nl">Ixelles</span></p>',
        '<p lang="fr">à Elsene</p><br><p>Ixelles</p>',
        '<script type="application/json">{"x": ["\\u0049xelles"]}</script>',
    ],
)
def test_a_planted_ixelles_on_a_dutch_page_is_found(body):
    assert dutch(body) == {"Ixelles"}


@pytest.mark.parametrize(
    "body",
    [
        "<p>in Elsene, Evere en Sint-Gillis</p>",
        '<p>uit <span lang="fr">Ixelles</span></p>',
        '<div lang="fr"><p>à <b>Ixelles</b></p></div>',
        "<p>in Forest National</p>",
        "<p>STIBO</p><p>forest</p>",
        '<a href="/fr/ixelles/?x=Ixelles">Elsene</a>',
    ],
)
def test_what_belongs_on_a_dutch_page_is_no_find(body):
    assert dutch(body) == set()


def test_a_planted_name_is_found_on_a_real_page(seeded):
    check, pages = seeded
    page = pages["nl"]["/nl/stakeholders/"]
    assert check(page) == set()
    assert check(page.replace("</main>", "<p>Ixelles</p></main>")) == {"Ixelles"}
    assert check(page.replace("</main>", '<p lang="fr">Ixelles</p></main>')) == set()
