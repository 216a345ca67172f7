"""The fields that suggest while one types: by keyboard, by finger, and without the network."""

from datetime import date

import pytest

from tests.e2e.browser import LAW, NARROW, WIDE, axe_faults, listen
from tests.factories.register import AffiliationFactory
from tests.factories.stakeholders import OrganisationFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def fill_in(live_portal, open_page, make_user):
    """Return a function that opens the fast entry as staff: ``fill_in(language, size)``."""
    canal = OrganisationFactory(name_fr="Atelier du Canal", name_nl="Kanaalatelier")
    for name in ("Zoé Dupont", "Ann Peeters"):
        AffiliationFactory(organisation=canal, contact__name=name, starts_on=date(2020, 1, 1))
    staff = make_user("staff")

    def enter(language, size, **options):
        page = open_page(viewport=size, locale=f"{language}-BE", **options)
        page.goto(f"{live_portal.url}/{language}/accounts/login/")
        page.fill("[name=login]", staff.email)
        page.fill("[name=password]", "a long password")
        page.click("form:has([name=password]) button[type=submit]")
        page.goto(f"{live_portal.url}/{language}/register/log/new/")
        return page

    return enter


def lines(page, name):
    """Return the open list of a field."""
    found = page.locator(f"#id_{name}-suggestions li")
    found.first.wait_for(state="visible")
    return found


def test_by_keyboard_alone(fill_in, live_portal):
    page, complaints = fill_in("fr", WIDE), []
    listen(page, live_portal.url, complaints)
    page.locator("#id_organisation").press_sequentially("kanaal")
    lines(page, "organisation")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#id_organisation") == "Atelier du Canal"
    page.locator("#id_who").focus()
    page.keyboard.press("ArrowDown")
    offered = lines(page, "who")
    assert offered.count() == 2
    assert page.get_attribute("#id_who", "aria-expanded") == "true"
    page.keyboard.press("ArrowUp")
    active = page.get_attribute("#id_who", "aria-activedescendant")
    assert "Zoé Dupont" in page.inner_text(f"#{active}")
    assert axe_faults(page, LAW) == []
    page.keyboard.press("Enter")
    assert page.input_value("#id_who") == "Zoé Dupont, "
    page.keyboard.type("an")
    assert lines(page, "who").count() == 1
    page.keyboard.press("Escape")
    assert page.get_attribute("#id_who", "aria-expanded") == "false"
    assert page.input_value("#id_who") == "Zoé Dupont, an"
    assert complaints == []


def test_by_finger_on_a_phone(fill_in):
    page = fill_in("nl", NARROW, has_touch=True)
    page.locator("#id_organisation").press_sequentially("atelier")
    lines(page, "organisation").first.tap()
    page.locator("#id_who").press_sequentially("zoe")
    lines(page, "who").first.tap()
    assert page.input_value("#id_organisation") == "Kanaalatelier"
    assert page.input_value("#id_who") == "Zoé Dupont, "
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_without_the_network_the_field_is_a_plain_one(fill_in):
    page = fill_in("fr", NARROW)
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.locator("#id_who").press_sequentially("zoe")
    assert page.input_value("#id_who") == "zoe"
    assert page.locator("#id_who-suggestions").is_hidden()
