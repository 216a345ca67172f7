"""Ideas alike below the title while one types (case 10): shown, counted, opened by keyboard."""

import pytest

from tests.e2e.browser import LAW, NARROW, WIDE, axe_faults, listen, sideways_faults
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import IdeaFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
HINT = "#similar a"
TYPED = {"fr": ("Un banc à l’arrêt", "Des vélos partout"), "nl": ("Een zitbank", "Fietsen overal")}
TITLES = {"fr": "Des bancs aux arrêts", "nl": "Zitbanken aan de haltes"}
COUNTED = {"fr": "7 idées", "nl": "7 ideeën"}


@pytest.mark.parametrize(("language", "size"), [("fr", WIDE), ("nl", NARROW)])
def test_ideas_alike_come_while_one_types_and_go_again(live_portal, open_page, language, size):
    """Five of seven ideas and their number appear without a page being loaded, are announced
    politely and go when the title speaks of something else; what was typed stays."""
    ThemeFactory()
    for number in range(7):
        IdeaFactory(published=True, title=f"{TITLES[language]} {number}", language=language)
    page, complaints = open_page(viewport=size, locale=f"{language}-BE"), []
    listen(page, live_portal.url, complaints)
    page.goto(f"{live_portal.url}/{language}/ideas/new/")
    alike, other = TYPED[language]
    page.fill("#id_body", alike)
    page.locator("#id_title").press_sequentially(alike)
    page.locator(HINT).first.wait_for()
    assert page.locator(HINT).count() == 5
    assert COUNTED[language] in page.locator("#similar").inner_text()
    assert page.locator("#similar").get_attribute("aria-live") == "polite"
    assert page.evaluate("() => document.activeElement.id") == "id_title"
    assert axe_faults(page, LAW) == []
    assert sideways_faults(page) == []
    page.fill("#id_title", other)
    page.locator(HINT).first.wait_for(state="detached")
    assert page.input_value("#id_body") == alike
    page.fill("#id_title", alike)
    page.locator(HINT).first.wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(HINT).first.press("Enter")
    page.wait_for_url("**/ideas/SCO-*/")
    assert TITLES[language] in page.locator("h1").inner_text()
    assert complaints == []
