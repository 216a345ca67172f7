"""Every page type behind the login, outside the back office, opened by a role that may: FR and NL.

The list comes from the URLconf: a route that nobody is named for here, or to which no page of that
role leads, fails.
"""

import re
import time
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from accounts.roles import Role
from portal.management.commands.demo_logins import PASSWORD
from tests.e2e.browser import (
    LANGUAGES,
    NARROW,
    axe_faults,
    keyboard_faults,
    listen,
    sideways_faults,
)
from tests.e2e.routes import path_of, routes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Addresses that are no pages to look at.
NOT_PAGES = {
    "set_language": "a POST that answers with a redirect",
    "mfa_download_recovery_codes": "a text file",
    "campaigns:preview-mail": "the mail inside the page of the preview",
    "campaigns:check-links": "a POST that answers with a redirect",
    "campaigns:recipient-mail": "the mail inside the page of a recipient",
    "campaigns:recipient-people": "the answers of a search field",
    "campaigns:segment-organisations": "the answers of a search field",
    "workshops:take-off": "a POST that answers with a redirect",
    "stakeholders:meeting-minutes": "a PDF",
    "stakeholders:exchange-organisations": "the answers of a search field",
    "stakeholders:exchange-people": "the answers of a search field",
    "kpi:import-failed": "a CSV file",
    "kpi:index-import-failed": "a CSV or XLSX file",
    "kpi:index-import-review": "between a file and its confirmation: test_indices_import.py",
    "kpi:import-template": "a file to fill in",
}
#: Pages of one's own account that exist with a second factor only.
WITH_SECOND_FACTOR = {
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}
#: Who opens which page; whoever is not named here opens the pages of the own account.
OPENED_BY = {
    "portal:desk": Role.BOARD,
    "projects:ballot-list": Role.JUROR,
    "projects:ballot": Role.JUROR,
    "projects:declaration": Role.JUROR,
    "projects:ruling": Role.CHAIR,
    "projects:session-move": Role.CHAIR,
    "projects:sheet-move": Role.LEAD,
    "projects:sheet-edit": Role.LEAD,
    "projects:sheet-from-idea": Role.STAFF,
    "governance:meeting-do": Role.GOVERNMENT,
    "governance:decision-do": Role.CHAIR,
    "governance:action-do": Role.BOARD,
    "roadmap:milestone-do": Role.OWNER,
    "roadmap:initiative-do": Role.OWNER,
    "roadmap:publish-selection": Role.STAFF,
    "compliance:statement-do": Role.OWNER,
    "kpi:indicator-record": Role.OWNER,
    "kpi:index-import": Role.STAFF,
    "kpi:report-list": Role.STAFF,
    "kpi:report-detail": Role.STAFF,
    "kpi:import-list": Role.OWNER,
    "kpi:import-new": Role.OWNER,
    "kpi:import-detail": Role.OWNER,
    "kpi:import-do": Role.OWNER,
    "kpi:token-list": Role.OWNER,
    "kpi:token-revoke": Role.OWNER,
    "workshops:workshop-do": Role.FACILITATOR,
    "workshops:agenda": Role.FACILITATOR,
    "workshops:result": Role.FACILITATOR,
    "workshops:put-idea": Role.FACILITATOR,
    "campaigns:plan-do": Role.STAFF,
    "campaigns:action-do": Role.STAFF,
    "campaigns:plan-reading": Role.STAFF,
    "campaigns:preview": Role.STAFF,
    "campaigns:progress": Role.STAFF,
    "campaigns:recipient": Role.STAFF,
    "campaigns:segment-list": Role.STAFF,
    "campaigns:segment-new": Role.STAFF,
    "campaigns:segment-detail": Role.STAFF,
    "campaigns:segment-do": Role.STAFF,
    "stakeholders:meetings": Role.STAFF,
    "stakeholders:meeting": Role.STAFF,
    "stakeholders:meeting-new": Role.STAFF,
    "stakeholders:meeting-do": Role.STAFF,
    "stakeholders:political-round": Role.STAFF,
    "stakeholders:exchange-log": Role.STAFF,
    "stakeholders:exchange": Role.STAFF,
    "stakeholders:exchange-new": Role.STAFF,
    "stakeholders:commitment-new": Role.STAFF,
    "stakeholders:contact-timeline": Role.STAFF,
    "stakeholders:organisation-timeline": Role.STAFF,
    "stakeholders:assessment-add": Role.STAFF,
    "stakeholders:assessment-history": Role.STAFF,
    "stakeholders:register-grid": Role.STAFF,
    "stakeholders:register-matrix": Role.STAFF,
    "stakeholders:register-silence": Role.STAFF,
    "stakeholders:register-balance": Role.STAFF,
}
#: Pages to which nothing leads while nothing waits there: the first row of the demonstration.
KNOWN_ARGUMENTS = {"roadmap:publish-selection": [1]}
#: The walk for addresses begins at the desk and at these lists.
LISTS = (
    "portal:desk",
    "projects:jury",
    "projects:sheet-list",
    "governance:index",
    "governance:decision-list",
    "roadmap:initiative-list",
    "kpi:indicator-list",
    "kpi:import-list",
    "kpi:token-list",
    "workshops:workshop-list",
    "stakeholders:idea-list",
    "stakeholders:meetings",
    "stakeholders:exchange-log",
    "stakeholders:register-grid",
    "stakeholders:organisation-list",
    "campaigns:plan-list",
    "campaigns:campaign-list",
    "campaigns:segment-list",
    "kpi:report-list",
)
#: How many pages of one type the walk opens before it gives up on that type.
OF_A_TYPE = 25
LOGINS_WITHIN = 60.0

MEMBER_PAGES = sorted({each.name for each in routes() if not each.is_public} - set(NOT_PAGES))
PAGES = [(name, language) for name in MEMBER_PAGES for language in LANGUAGES]


def role_for(name: str) -> Role:
    """Return the role that opens the page ``name``; the own account is everybody's."""
    if name in WITH_SECOND_FACTOR:
        return Role.LEAD
    return OPENED_BY[name] if ":" in name else Role.BOARD


class Links(HTMLParser):
    """Collects the addresses inside the main part of a page, leaving navigation out."""

    def __init__(self, base):
        super().__init__()
        self.base, self.found, self.inside = base, [], False

    def handle_starttag(self, tag, attributes):
        target = dict(attributes).get("href")
        self.inside = self.inside or tag == "main"
        if tag == "a" and target and self.inside:
            self.found.append(urljoin(self.base, target).split("#")[0])

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "main"


def name_of(url: str) -> str | None:
    """Return the route name behind ``url``, or None where there is none."""
    try:
        return resolve(path_of(url)).view_name
    except Resolver404:
        return None


class Member:
    """Somebody who is logged in: opens pages and knows the addresses that their pages lead to."""

    def __init__(self, page, home, role):
        self.page, self.home, self.known = page, home, {}
        self.wanted = {name for name, opener in OPENED_BY.items() if opener == role}
        self.wanted -= set(KNOWN_ARGUMENTS)

    def links_of(self, url: str) -> list[str]:
        """Return the links of the page at ``url`` to its own host."""
        answer = self.page.request.get(url)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            return []
        parser = Links(answer.url)
        parser.feed(answer.text())
        return [link for link in parser.found if urlsplit(link).netloc == urlsplit(url).netloc]

    def address(self, name: str, language: str) -> str | None:
        """Return an address of the page ``name``: without arguments, known, or found by walking."""
        with translation.override(language):
            route = next(each for each in routes() if each.name == name)
            if not route.needs_arguments:
                return self.home + reverse(name)
            if name in KNOWN_ARGUMENTS:
                return self.home + reverse(name, args=KNOWN_ARGUMENTS[name])
            if language not in self.known:
                self.known[language] = self.walk(language)
        return self.known[language].get(name)

    def walk(self, language: str) -> dict[str, str]:
        """Follow links until each wanted page is found; return {route name: first address}."""
        waiting = [self.home + reverse(name) for name in LISTS]
        opened, found, counts = set(), {}, {}
        while waiting and not self.wanted <= set(found):
            url = waiting.pop(0)
            opened.add(url)
            for link in self.links_of(url):
                name = name_of(link)
                if name is None or f"/{language}/" not in link or "?" in link or link in opened:
                    continue
                found.setdefault(name, link)
                if link not in waiting and counts.get(name, 0) < OF_A_TYPE:
                    counts[name] = counts.get(name, 0) + 1
                    waiting.append(link)
        return found


def wait_for_logins(portal) -> None:
    """Wait until the launcher has made the demonstration logins, which comes after the pages."""
    deadline = time.monotonic() + LOGINS_WITHIN
    while PASSWORD not in (portal.state / "launcher.log").read_text():
        assert time.monotonic() < deadline, "no demonstration logins"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def members(portal, browser):
    """Return a function: the member of a role, logged in once through the login page."""
    wait_for_logins(portal)
    found, contexts = {}, []

    def member(role: Role) -> Member:
        if role not in found:
            contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
            page = contexts[-1].new_page()
            page.goto(f"{portal.url}/fr/accounts/login/")
            page.fill("input[name=login]", f"{role.value}@example.org")
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button[type=submit]")
            page.wait_for_url(re.compile("/(desk|ballots|admin)/"))
            found[role] = Member(page, portal.url, role)
        return found[role]

    yield member
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def doubt(members, portal):
    """A juror who says once that there may be a conflict of interest, so that the chair rules."""
    juror = members(Role.JUROR)
    page = juror.page
    page.goto(f"{portal.url}/fr/jury/ballots/")
    # Of some sheets the juror has said already how they stand to them.
    for address in [urljoin(page.url, each.get_attribute("href")) for each in ballots_on(page)]:
        page.goto(address)
        if page.locator("button[value=unsure]").count():
            page.locator("button[value=unsure]").click()
            page.wait_for_load_state()
            return page.url
    raise AssertionError("no sheet is left to declare on")


def ballots_on(page) -> list:
    """Return the links from the list of ballots to each of them."""
    return page.locator("main h2 a").all()


@pytest.fixture(scope="module")
def figure(members, portal):
    """An owner who has sent a figure, which waits for approval, and has made a token."""
    owner = members(Role.OWNER)
    page = owner.page
    page.goto(owner.address("kpi:indicator-record", "fr"))
    page.fill("main input[name=period]", "1999")
    page.fill("main input[name=value]", "1")
    page.click("main form [type=submit]")
    page.wait_for_url(re.compile("/kpi/imports/[0-9]+/"))
    page.goto(f"{portal.url}/fr/kpi/imports/tokens/")
    page.fill("main input[name=name]", "essai")
    page.click("main form [type=submit]")
    page.wait_for_load_state()
    owner.known.clear()  # more can be reached now


def open_protected(page, url) -> None:
    """Open a page of the second factor; where the portal asks for the password again, give it."""
    page.goto(url)
    if page.locator("main input[name=password]").count():
        page.fill("main input[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_load_state()


@pytest.fixture(scope="module")
def second_factor(members, portal):
    """A lead with an authenticator app, which is taken away again at the end."""
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    page = members(Role.LEAD).page
    open_protected(page, f"{portal.url}/fr/accounts/2fa/totp/activate/")
    secret = page.locator("main code").inner_text()
    for _try in range(3):  # a code is good for half a minute, which may end while it is typed
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        page.fill("input[name=code]", code)
        page.click("main form button[type=submit]")
        page.wait_for_load_state()
        if not page.locator("input[name=code]").count():
            break
    yield
    open_protected(page, f"{portal.url}/fr/accounts/2fa/totp/deactivate/")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def test_every_page_behind_the_login_has_somebody_who_opens_it():
    named = {name for name in MEMBER_PAGES if ":" in name}
    assert named == set(OPENED_BY)
    assert {name for name in MEMBER_PAGES if ":" not in name} >= WITH_SECOND_FACTOR


@pytest.mark.parametrize(("name", "language"), PAGES)
@pytest.mark.usefixtures("doubt", "figure", "second_factor")
def test_a_page_of_a_member_is_for_everybody(name, language, members):
    member = members(role_for(name))
    address = member.address(name, language)
    assert address, f"no page of {role_for(name)} leads to {name}"
    page, complaints = member.page.context.new_page(), []
    listen(page, member.home, complaints)
    response = page.goto(address, wait_until="load")
    assert response.status == 200
    assert "unsafe" not in response.headers["content-security-policy"]
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    # Inside a frame it is the frame's own page that draws the focus.
    stops = [fault for fault in keyboard_faults(page) if "<iframe" not in fault]
    faults = axe_faults(page) + stops
    page.set_viewport_size(NARROW)
    faults += axe_faults(page) + sideways_faults(page)
    page.close()
    assert faults + complaints == []
