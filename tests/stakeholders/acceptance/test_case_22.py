"""Case 22: an idea is found by its reference, by any form of its words, at any address of it."""

import pytest

from tests.factories.stakeholders import IdeaFactory
from tests.stakeholders.acceptance.conftest import REFERENCE

pytestmark = pytest.mark.django_db


def found(who, words) -> list[str]:
    """Return the references that the list finds for ``words``, in its order."""
    page = who.page("idea-list", query=f"?search={words}")
    found = [REFERENCE.search(href) for href in page.tree.xpath("//main//article//h2/a/@href")]
    return [each.group() for each in found]


def test_case_22_the_exact_reference_comes_first(browser, language):
    """Whoever types a reference, however it is written, finds that idea in the list before those
    that only speak of it; the search of the portal leads straight to its page."""
    visitor = browser(language)
    wanted = IdeaFactory(published=True)
    other = IdeaFactory(published=True, body=f"Comme {wanted.reference}, mais plus grand.")
    for typed in (wanted.reference, wanted.reference.lower(), f"  {wanted.reference} "):
        assert found(visitor, typed) == [wanted.reference, other.reference], typed
        straight = visitor.open(f"/{language}/search/?q={typed}")
        assert straight.path == visitor.page("idea-detail", wanted.reference).path
    assert found(visitor, "SCO-2026-99999") == []
    assert "SCO-2026-99999" in visitor.open(f"/{language}/search/?q=SCO-2026-99999").words


FORMS = {
    "fr": (
        "Un vélo-cargo par quartier, des travaux aux écoles",
        ("velo", "VÉLOS", "vélo cargo", "quartiers", "ecole", "Écoles", "travail"),
        ("velodrome", "quartz", "escale"),
    ),
    "nl": (
        "Een fietspad, bruggen en ideeën voor de haltes van één gemeente",
        ("fietspaden", "FIETSPAD", "brug", "bruggen", "idee", "ideeen", "halte", "een gemeente"),
        ("ideaal", "briljant", "hal te huur"),
    ),
}
#: The other way round: the title has the singular, the search the plural.
SINGULAR = {
    "fr": ("Un arrêt, un local, un travail", ("arrets", "locaux", "travaux")),
    "nl": (
        "Een idee over een brug, een halte, een adres, een huis in de stad",
        ("ideeën", "bruggen", "haltes", "adressen", "huizen", "steden"),
    ),
}


def test_case_22_accents_case_and_plurals(browser, language):
    """Without accents, in capitals, in the plural or the singular: the idea is found; another word
    that begins alike does not find it."""
    title, finding, missing = FORMS[language]
    idea = IdeaFactory(published=True, title=title, language=language)
    visitor = browser(language)
    for words in finding:
        assert found(visitor, words) == [idea.reference], words
    for words in missing:
        assert found(visitor, words) == [], words


def test_case_22_a_plural_finds_the_singular(browser, language):
    """Who looks for several finds the one, also where the plural changes the end of the word."""
    title, plurals = SINGULAR[language]
    idea = IdeaFactory(published=True, title=title, language=language)
    visitor = browser(language)
    for words in plurals:
        assert found(visitor, words) == [idea.reference], words


def test_case_22_the_reference_of_a_merged_idea_finds_it(published, author, anybody, office):
    """After a merge the old reference finds the merged idea, whose page leads to the survivor."""
    survivor = IdeaFactory(published=True)
    reference, _mine = published(author)
    office.press(reference, "merge", into=survivor.reference)
    assert found(anybody, "") == [survivor.reference]
    assert found(anybody, reference) == [reference]
    page = anybody.page("idea-detail", reference)
    assert page.follow(f"/ideas/{survivor.reference}/").status == 200
    assert anybody.open(f"/{anybody.language}/search/?q={reference}").path == page.path


def test_case_22_a_wrong_address_leads_to_the_right_one(browser, language):
    """An address that differs in its letters leads for good to the one address of the idea; one
    that is nobody's is not found."""
    idea, visitor = IdeaFactory(published=True), browser(language)
    right = visitor.page("idea-detail", idea.reference)
    assert right.response.redirect_chain == []
    wrong = visitor.page("idea-detail", idea.reference.lower())
    assert wrong.response.redirect_chain == [(right.path, 301)]
    assert visitor.page("idea-detail", "SCO-2026-99999").status == 404
