"""What a screen reader meets after errors in a form: the summary, the fields, the way there."""

import pytest

from tests.e2e.browser import LAW, NARROW, WIDE, axe_faults, listen
from tests.factories.programme import ThemeFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
FOCUSED = "() => document.activeElement.hasAttribute('data-error-summary')"
#: The errors of the field that has the focus, as a screen reader reads them.
DESCRIBED = """() => {
    const field = document.activeElement;
    const ids = (field.getAttribute('aria-describedby') || '').split(/\\s+/).filter(Boolean);
    return {
        name: field.name,
        invalid: field.getAttribute('aria-invalid'),
        words: ids.map((id) => document.getElementById(id)?.textContent.trim()).join(' | '),
    };
}"""
#: What the summary says in each language of the law: how to mend a field, not only that it is bad.
MENDING = {
    "fr": {"title": "Dites votre idée en une ligne", "theme": "Choisissez le thème"},
    "nl": {"title": "Vat uw idee samen in één zin", "theme": "Kies het thema"},
}


@pytest.mark.parametrize(("language", "size"), [("fr", WIDE), ("nl", NARROW)])
def test_the_summary_takes_the_focus_and_leads_to_each_field(
    live_portal, open_page, language, size
):
    ThemeFactory()
    page, complaints = open_page(viewport=size, locale=f"{language}-BE"), []
    listen(page, live_portal.url, complaints)
    page.goto(f"{live_portal.url}/{language}/ideas/new/")
    assert page.evaluate(FOCUSED) is False
    assert page.locator("[aria-invalid=true]").count() == 0, "no alarm before anything was sent"
    page.fill("#id_body", "Un banc à chaque deuxième arrêt, pour souffler en chemin.")
    page.locator("form [type=submit][name=send]").click()
    page.locator("[data-error-summary]").wait_for()
    assert page.evaluate(FOCUSED) is True
    links = page.locator("[data-error-summary] a")
    told = {
        link.get_attribute("href"): link.locator("xpath=ancestor::li").inner_text()
        for link in links.all()
    }
    assert set(told) == {"#id_title", "#id_theme", "#id_email", "#id_consent"}
    for href in told:
        page.locator(f'[data-error-summary] a[href="{href}"]').click()
        field = page.evaluate(DESCRIBED)
        assert f"#id_{field['name']}" == href
        assert field["invalid"] == "true"
        assert field["words"]
    for name, words in MENDING[language].items():
        assert words in told[f"#id_{name}"]
    assert page.input_value("#id_body").startswith("Un banc")
    assert axe_faults(page, LAW) == []
    assert complaints == []
