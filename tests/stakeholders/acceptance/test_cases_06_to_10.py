"""Cases 6, 7, 9 and 10: what the form does for people, and against robots.

That an error is announced after it was sent and never on the first focus, and that the hint comes
while one types, needs a browser: `tests/e2e/test_errors.py`, `tests/e2e/test_hint.py`.
"""

import pytest

from core.models import Message, StatusChange, Token
from stakeholders.models import Contact, Idea, Submission
from tests.factories.files import SVG, chosen
from tests.factories.stakeholders import IdeaFactory
from tests.stakeholders.acceptance.conftest import EMAIL, IDEAS
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db


def kept() -> int:
    """Return how many rows there are of whatever a form may leave."""
    models = (Idea, Submission, Contact, Message, Token, StatusChange)
    return sum(model.objects.count() for model in models)


def test_case_06_a_robot_is_thanked_and_nothing_is_kept(author, sends, post):
    """Whoever fills in the field that nobody sees reads the same page as a person; no row, no mail.
    The same form without it is taken."""
    robot = sends(author, website="http://spam.example")
    assert kept() == 0
    assert post.delivered() == []
    person = sends(author)
    assert (robot.status, robot.path, robot.words) == (200, person.path, person.words)
    assert len(post.to()) == 1


def test_case_07_haste_is_told_politely_and_the_second_try_works(author, sends, post):
    """Sent faster than anybody writes, the form comes back with a friendly sentence and all that
    was typed; sent again, at once, it is taken."""
    again = sends(author, at_once=True)
    assert again.status == 200
    told = again.errors[""]
    assert told.startswith({"fr": "C’était plus rapide", "nl": "Dat ging sneller"}[author.language])
    form = again.form("title", "email")
    assert form.value("body").strip() == IDEAS[author.language]["body"]
    assert form.value("email") == EMAIL
    assert kept() == 0
    assert form.send(at_once=True).errors == {}
    assert len(post.to()) == 1


MENDING = {
    "fr": {
        "title": "Dites votre idée en une ligne",
        "body": "trois phrases suffisent",
        "theme": "Choisissez le thème",
        "email": "Indiquez une adresse",
        "consent": "Cochez cette case",
    },
    "nl": {
        "title": "Vat uw idee samen in één zin",
        "body": "drie zinnen volstaan",
        "theme": "Kies het thema",
        "email": "Geef een adres",
        "consent": "Vink dit vakje aan",
    },
}


def test_case_09_an_empty_form_names_each_field_and_says_how_to_mend_it(author):
    """The summary has one line for each field that lacks, with the way there and what to do; each
    field carries its sentence too. Nothing is alarming before anything was sent."""
    page = author.page("idea-new")
    assert page.errors == {}
    assert page.tree.xpath("//*[@aria-invalid='true']") == []
    refused = page.form("title", "email").send()
    told = MENDING[author.language]
    assert set(refused.errors) == set(told)
    for name, words in told.items():
        assert words in refused.errors[name]
        (field,) = refused.tree.xpath(f"//*[@id='id_{name}']")
        assert field.get("aria-invalid") == "true"
        beside = field.get("aria-describedby").split()
        assert any(
            words in each.text_content()
            for key in beside
            for each in refused.tree.xpath(f"//*[@id='{key}']")
        )
    assert kept() == 0


def test_case_09_what_was_typed_and_the_language_stay(author, sends):
    """On any error the form comes back as it was typed, the chosen language included."""
    other = "nl" if author.language == "fr" else "fr"
    refused = sends(author, email="zoe", language=other, display="name")
    assert set(refused.errors) == {"email", "name"}
    form = refused.form("title", "email")
    typed = IDEAS[author.language]
    assert (form.value("title"), form.value("body").strip()) == (typed["title"], typed["body"])
    assert (form.value("email"), form.value("language")) == ("zoe", other)
    assert form.value("consent") == "on"
    every = (
        author.page("idea-new")
        .form("title", "email")
        .send(submitter_type="organisation", display="name", files_chosen=[chosen("a.svg", SVG)])
    )
    on_the_page = [each.get("id") for each in every.tree.xpath("//main//*[@id]")]
    told = [f"id_{name}" for name in every.errors]
    assert told == sorted(told, key=on_the_page.index), "from top to bottom"
    assert len(told) == 8
    assert form.send(email=EMAIL, name="Zoé").errors == {}
    assert (Idea.objects.get().language, Idea.objects.get().author) == (other, "Zoé")


def hint(who, title) -> tuple[list[str], str]:
    """Return links and words of the hint below the title field, as the page asks for it."""
    (field,) = who.page("idea-new").tree.xpath("//input[@name='title']")
    query = {"title": title}
    response = who.client.get(field.get("hx-get"), query, headers={"HX-Request": "true"})
    return [href.split('"')[0] for href in response.text.split('href="')[1:]], response.text


def test_case_10_at_most_five_ideas_alike_and_how_many_there_are(author):
    """Of seven ideas with the words of the title five are shown, with the total; where none has
    them, nothing is."""
    word, title = IDEAS[author.language]["word"], IDEAS[author.language]["title"]
    alike = [
        IdeaFactory(published=True, title=f"{title} {n}", language=author.language)
        for n in range(7)
    ]
    hidden = IdeaFactory(title=title, language=author.language)
    links, words = hint(author, word.upper())
    assert len(links) == 5
    assert set(links) <= {
        address("idea-detail", idea.reference, language=author.language) for idea in alike
    }
    assert "7 " in words
    assert hidden.reference not in words
    assert hint(author, "Xylophone") == ([], hint(author, "")[1])


def test_case_10_none_when_i_correct_my_own(author, published):
    """My idea, on line, is shown to whoever types its title, and not to me when I correct it."""
    reference, mine = published(author)
    title = IDEAS[author.language]["title"]
    assert reference in hint(author, title)[1]
    correcting = mine.follow("/correct/")
    assert correcting.form("title").value("title") == title
    assert correcting.tree.xpath("//*[@hx-get] | //*[@id='similar']") == []
    refused = correcting.form("title").send(body="")
    assert refused.errors.keys() == {"body"}
    assert reference not in " ".join(refused.links)


def test_case_10_the_hint_needs_no_script(author, published):
    """Without scripts the form shows the ideas alike once it was sent and something lacks."""
    reference, _mine = published(author)
    form = author.page("idea-new").form("title", "email")
    refused = form.send(title=IDEAS[author.language]["title"])
    assert refused.tree.xpath("//*[@id='similar']//a/@href") == [
        f"/{author.language}/ideas/{reference}/"
    ]
