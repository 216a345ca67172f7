"""The draft of an idea stays on the device, and only where its author asked for it."""

import pytest

from tests.e2e.browser import LAW, NARROW, WIDE, axe_faults, listen, sideways_faults
from tests.factories.programme import ThemeFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
KEPT = "() => window.localStorage.getItem('idea-draft')"
WORDS = "Un banc à chaque deuxième arrêt, pour souffler en chemin."


@pytest.fixture
def form(live_portal, open_page):
    """Return a function that opens the form: ``form(language, size)`` → (page, complaints)."""
    ThemeFactory()

    def enter(language="fr", size=WIDE, **options):
        page, complaints = open_page(viewport=size, locale=f"{language}-BE", **options), []
        listen(page, live_portal.url, complaints)
        page.goto(f"{live_portal.url}/{language}/ideas/new/")
        return page, complaints

    return enter


def test_nothing_is_kept_without_the_tick(form):
    page, complaints = form()
    assert page.locator("#id_keep_draft").is_checked() is False
    page.fill("#id_body", WORDS)
    assert page.evaluate(KEPT) is None
    assert complaints == []


@pytest.mark.parametrize(("language", "size"), [("fr", WIDE), ("nl", NARROW)])
def test_a_draft_is_kept_offered_again_and_deleted(form, language, size):
    page, complaints = form(language, size)
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.check("#id_keep_draft")
    page.fill("#id_body", WORDS)
    assert WORDS in page.evaluate(KEPT)
    for never in ("csrf", "stamp", "consent"):
        assert never not in page.evaluate(KEPT)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.input_value("#id_body") == ""
    page.click("[data-draft-use]")
    assert page.input_value("#id_body") == WORDS
    assert axe_faults(page, LAW) == []
    assert sideways_faults(page) == []
    page.click("[data-draft-choice] [data-draft-clear]")
    assert page.evaluate(KEPT) is None
    assert page.locator("#id_keep_draft").is_checked() is False
    assert not [line for line in sent if "souffler" in line], "no draft is sent"
    assert complaints == []


def test_sending_ends_the_draft_and_a_refused_form_does_not(form):
    page, _complaints = form()
    page.check("#id_keep_draft")
    page.fill("#id_title", "Des bancs")
    page.fill("#id_body", WORDS)
    page.click("form.form-column [type=submit], .form-column form [type=submit]")
    page.locator("[data-error-summary]").wait_for()
    assert WORDS in page.evaluate(KEPT)
    page.click("[data-draft-use]")
    page.select_option("#id_theme", index=1)
    page.fill("#id_email", "zoe@example.org")
    page.check("#id_consent")
    page.wait_for_timeout(4500)  # faster than a human is refused
    page.click(".form-column form [type=submit]")
    if not page.locator("[data-draft-sent]").count():
        page.click(".form-column form [type=submit]")
    page.locator("[data-draft-sent]").wait_for()
    assert page.evaluate(KEPT) is None


def test_without_scripts_there_is_no_box(form):
    page, _complaints = form(java_script_enabled=False)
    assert page.locator("#id_body").is_visible()
    assert page.locator("#id_keep_draft").is_visible() is False
