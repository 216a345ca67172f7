"""The back office is held to the standard of the public pages, in FR and NL, wide and narrow.

The list of pages comes from the registry of the admin site: for each model its list, the form to
add, the form of a row, and the page that asks before a transition.
"""

import re
from dataclasses import dataclass
from functools import partial
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.roles import Role
from core.workflow import workflow_of
from portal.management.commands.demo_logins import PASSWORD
from tests.e2e.browser import (
    LANGUAGES,
    LAW,
    NARROW,
    WIDE,
    axe_faults,
    listen,
    policy_faults,
    sideways_faults,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Who looks at a page: the first of these that it is open to.
VISITORS = (Role.STAFF, Role.SECRETARY, Role.ADMINISTRATOR)
#: Roles that see another landing page and another menu than the staff.
OTHER_ROLES = (Role.SECRETARY, Role.FACILITATOR, Role.TRANSLATOR, Role.AUDITOR, Role.ADMINISTRATOR)
ROW = re.compile(r'<th class="field[^>]*><a href="([^"]*)"')
MOVE = re.compile(r'href="([^"]*/do/[^"]*)"')
#: What only a portal in use fills.
MAY_BE_EMPTY = {
    *("core.Suppression", "core.Bounce", "core.BounceRaw", "core.DomainBudget"),
    *("campaigns.Delivery", "campaigns.OccasionEvent", "campaigns.Picture", "core.Message"),
    *("stakeholders.ConsentEvent", "kpi.IndexImport", "kpi.Release"),
    *("stakeholders.TrackingLetter", "stakeholders.IdeaStep", "stakeholders.ContributorsDownload"),
}
#: Rows of these begin on the page of an idea, or are part of the portal: the list has no "add".
BEGUN_ELSEWHERE = {
    *("stakeholders.IdeaAttachment", "stakeholders.OfficialStatement", "campaigns.Occasion"),
    *("kpi.CompositeIndex", "kpi.IndexEdition", "kpi.IndexImport", "kpi.IndexInput"),
    *("kpi.IndexNode", "kpi.IndexValue", "kpi.Release"),
}
#: All its rows have come to their end in the seed, or there are none.
MAY_BE_AT_REST = {
    *("projects.JurySession", "core.Suppression", "core.BounceRaw", "kpi.IndexEdition"),
}

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def visitor_of(roles) -> Role | None:
    """Return who of the usual visitors holds one of ``roles``."""
    return next((role for role in VISITORS if role in roles), None)


@dataclass
class Desk:
    """The back office as one role sees it in one language, with what was found wrong so far."""

    page: object
    language: str
    home: str
    faults: list

    def look(self, path: str) -> None:
        """Open a page and note what is wrong with it: French begins wide, Dutch is narrow."""
        self.page.set_viewport_size(WIDE if self.language == "fr" else NARROW)
        response = self.page.goto(urljoin(self.home, path), wait_until="load")
        found = policy_faults(response) + self.in_words() + axe_faults(self.page, LAW)
        self.page.set_viewport_size(NARROW)
        self.faults += [f"{path} {fault}" for fault in found + sideways_faults(self.page)]

    def in_words(self) -> list[str]:
        """Return what is wrong with language and heading."""
        shown = self.page.locator("html").get_attribute("lang")
        found = [] if shown == self.language else [f"is in {shown}, not in {self.language}"]
        count = self.page.locator("h1").count()
        return found if count == 1 else [*found, f"has {count} main headings"]

    def links(self, selector: str) -> list[str]:
        """Return where the links of the page in front lead to."""
        spots = self.page.locator(selector).all()
        return [urljoin(self.page.url, spot.get_attribute("href")) for spot in spots]

    def move_in(self, path: str) -> str | None:
        """Return a move that the first row of the list ``path`` offers, without drawing pages."""
        row = first_match(ROW, self.read(path))
        return row and first_match(MOVE, self.read(row))

    def read(self, path: str) -> str:
        """Return the text of a page."""
        return self.page.request.get(urljoin(self.home, path)).text()


def first_match(pattern, text: str) -> str | None:
    """Return the first address that ``pattern`` finds in ``text``."""
    found = pattern.search(text)
    return unescape(found[1]) if found else None


@pytest.fixture(scope="session")
def desks(portal, browser):
    """A function that seats a role in a language: once, so that the browser keeps what it has."""
    known = {}

    def seat(role, language):
        if (role, language) not in known:
            page = browser.new_context(locale=f"{language}-BE").new_page()
            log_in(page, portal.url, role)
            # Logging in sets the language of the account.
            choice = {"name": "language", "value": language, "url": portal.url}
            page.context.add_cookies([choice])
            known[role, language] = Desk(page, language, portal.url, [])
            listen(page, portal.url, known[role, language].faults)
        return known[role, language]

    yield seat
    for desk in known.values():
        desk.page.context.close()


def log_in(page, home: str, role: str) -> None:
    """Enter the back office with a demo account."""
    page.goto(f"{home}/admin/", wait_until="load")
    page.fill("input[name=login]", f"{role}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.locator("#user-tools").wait_for()


@pytest.fixture
def desk(desks):
    """Like ``desks``; whatever was wrong at one of them fails the test at its end."""
    used = {}

    def seat(role, language):
        used[role, language] = desks(role, language)
        return used[role, language]

    yield seat
    faults = [fault for each in used.values() for fault in each.faults]
    for each in used.values():
        each.faults.clear()
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_pages_of_a_model(model, language, desk):
    page_of = partial("admin:{}_{}_{}".format, model._meta.app_label, model._meta.model_name)
    model_admin = admin.site._registry[model]
    reader = desk(visitor_of(model_admin.readers), language)
    reader.look(reverse(page_of("changelist")))
    rows = reader.links("#result_list tbody tr:first-child th a")
    assert rows or model._meta.label in MAY_BE_EMPTY, "a list without rows"
    for row in rows[:1]:
        reader.look(row)
    editor = visitor_of(model_admin.editors)
    if editor and model._meta.label not in BEGUN_ELSEWHERE:
        desk(editor, language).look(reverse(page_of("add")))
    if workflow_of(model):
        look_at_a_move([desk(role, language) for role in VISITORS], model, page_of("changelist"))


def look_at_a_move(desks: list[Desk], model, page_name: str) -> None:
    """Look at the question before a move, at the first desk and in the first state that has one."""
    flow = workflow_of(model)
    states = dict.fromkeys(state for step in flow.table.values() for state in step.sources)
    for desk in desks:
        for state in states:
            move = desk.move_in(f"{reverse(page_name)}?{flow.field}__exact={state}")
            if move:
                return desk.look(move)
    assert model._meta.label in MAY_BE_AT_REST, "no row that may move"
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_around_the_models(language, desk, portal, open_page):
    staff = desk(Role.STAFF, language)
    ideas = reverse("admin:stakeholders_idea_changelist")
    staff.look(reverse("admin:index"))
    staff.look(f"{ideas}?q=velo")
    staff.look(f"{ideas}?q=nothing-is-called-so")
    staff.look(reverse("admin:stakeholders_idea_queue"))
    reported = staff.links(".queue-rows a")[0]
    for screen in ("reports", "notes", "assign"):
        staff.look(reported.replace("/reports/", f"/{screen}/"))
    staff.look(ideas)
    row = staff.links("#result_list tbody th a")[0]
    staff.look(row.replace("/change/", "/history/"))
    for role in OTHER_ROLES:
        desk(role, language).look(reverse("admin:index"))
    stranger = Desk(open_page(locale=f"{language}-BE"), language, portal.url, staff.faults)
    stranger.look(reverse("admin:login"))
