"""Every page type that anybody may open: axe, keyboard, phone, JavaScript off, in FR and NL.

The list comes from the URLconf: a public route for which no address is known fails.
"""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from tests.e2e.browser import (
    LANGUAGES,
    NARROW,
    axe_faults,
    keyboard_faults,
    listen,
    policy_faults,
    sideways_faults,
)
from tests.e2e.routes import path_of, public_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Routes whose variable part no page links to: what opens them here.
KNOWN_ARGUMENTS = {
    "stakeholders:idea-confirm": ["unknown-token"],
    "stakeholders:idea-tracking": ["unknown-token"],
    "stakeholders:idea-correct": ["unknown-token"],
    "stakeholders:idea-data": ["unknown-token"],
    "stakeholders:idea-erase": ["unknown-token"],
    "stakeholders:idea-feedback": ["unknown-token"],
    "stakeholders:subscribe-confirm": ["unknown-token"],
    "unsubscribe": ["unknown-token"],
    "preferences": ["unknown-token"],
    "account_confirm_email": ["unknown-key"],
    "account_reset_password_from_key": ["1", "unknown-key"],
}

#: A page for the frame of somebody else's has no header and no footer to walk through.
FEWEST_STOPS = {"kpi:indicator-embed": 3}

PAGES = [(route.name, language) for route in public_pages() for language in LANGUAGES]


class Links(HTMLParser):
    """Collects the addresses that a page links to."""

    def __init__(self, base):
        super().__init__()
        self.base, self.found = base, []

    def handle_starttag(self, tag, attributes):
        target = dict(attributes).get("href")
        if tag == "a" and target:
            self.found.append(urljoin(self.base, target))


def links_of(url: str) -> list[str]:
    """Return the links of the page at ``url`` to its own host, without fragments."""
    with urlopen(url, timeout=60) as answer:
        if "text/html" not in answer.headers.get("Content-Type", ""):
            return []
        parser = Links(answer.geturl())
        parser.feed(answer.read().decode())
    host = urlsplit(url).netloc
    return [link.split("#")[0] for link in parser.found if urlsplit(link).netloc == host]


def name_of(url: str) -> str | None:
    """Return the route name behind ``url``, or None where there is none."""
    try:
        return resolve(path_of(url)).view_name
    except Resolver404:
        return None


@pytest.fixture(scope="session")
def addresses(portal):
    """Return {(route name, language): address}, found by following the links of the portal."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            wanted = {route.name for route in public_pages()}
            for route in public_pages():
                if not route.needs_arguments:
                    found[route.name, language] = portal.url + reverse(route.name)
            for name, arguments in KNOWN_ARGUMENTS.items():
                if name in wanted:
                    found[name, language] = portal.url + reverse(name, args=arguments)
            follow(found, language, wanted)
    return found


def follow(found, language, wanted) -> None:
    """Open the known pages of ``language`` and note an address of each route they link to."""
    waiting = [url for (_name, code), url in found.items() if code == language]
    while waiting:
        for link in links_of_page(waiting.pop(0)):
            name = name_of(link)
            belongs = f"/{language}/" in path_of(link)
            if name in wanted and belongs and (name, language) not in found:
                found[name, language] = link
                waiting.append(link)


def links_of_page(url):
    """Return the links of ``url``; a page that answers with an error has none (see the test)."""
    try:
        return links_of(url)
    except OSError:
        return []


@pytest.fixture
def complaints():
    """Collects what the browser complains about on a page."""
    return []


@pytest.fixture
def page(open_page, portal, complaints):
    """A page that notes errors, policy violations and requests that leave the portal."""
    made = open_page(locale="fr-BE")
    listen(made, portal.url, complaints)
    return made


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_a_page_is_for_everybody(name, language, addresses, page, complaints):
    assert (name, language) in addresses, f"no address known of the public page {name}"
    response = page.goto(addresses[name, language], wait_until="load")
    assert page.locator("h1").count() == 1
    faults = policy_faults(response) + axe_faults(page)
    faults += keyboard_faults(page, FEWEST_STOPS.get(name, 5))
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(120)  # charts are drawn anew
    faults += axe_faults(page) + sideways_faults(page)
    assert faults + complaints == []


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_a_page_works_without_javascript(name, language, addresses, open_page):
    page = open_page(java_script_enabled=False, viewport=NARROW)
    response = page.goto(addresses[name, language], wait_until="load")
    assert response.status == 200
    shown = page.locator("html").get_attribute("lang")
    # Outside the languages (a token, a redirect to the start) the browser's wish decides.
    assert shown == language or not path_of(page.url).startswith(f"/{language}/")
    assert shown in LANGUAGES
    assert page.locator("main").inner_text().strip()
    for chart in page.locator("[data-chart]").all():
        assert chart.locator("xpath=ancestor::figure[1]").locator("table").count() == 1
