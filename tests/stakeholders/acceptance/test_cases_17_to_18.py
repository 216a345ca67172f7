"""Cases 17 and 18: what the public reads changes when the Office publishes, and not before."""

import pytest

from stakeholders.models import Idea
from tests.factories.stakeholders import SubmissionFactory
from tests.stakeholders.acceptance.conftest import IDEAS

pytestmark = pytest.mark.django_db
NEW = {
    "fr": "Un banc large à chaque arrêt du tram, avec un dossier.",
    "nl": "Een brede bank aan elke tramhalte, met een rugleuning.",
}
PLACES = ("", "?format=json", "?format=csv")


def texts(who, reference) -> str:
    """Return all that the public reads of the idea."""
    page = who.page("idea-detail", reference).words
    return page + "".join(who.page("idea-list", query=query).text for query in PLACES)


def test_case_17_a_correction_of_a_published_idea_waits_for_the_office(
    author, anybody, office, published
):
    """Its author corrects an idea that is on line: the public goes on reading the approved text,
    the author their own, and the Office the difference. Approved, the new text takes its place."""
    reference, mine = published(author)
    old, new = IDEAS[author.language]["body"], NEW[author.language]
    kept = mine.follow("/correct/").form("body").send(body=new)
    assert new in kept.words
    for text in (texts(anybody, reference), anybody.page("idea-feed").text):
        assert new not in text
        assert old in text
    waiting = office.open("/admin/stakeholders/idea/queue/?kind=edit").follow("/ideaedit/")
    assert waiting.tree.xpath("//del")
    assert waiting.tree.xpath("//ins")
    waiting.follow("/do/approve/").form().send()
    assert new in texts(anybody, reference)
    assert old not in texts(anybody, reference)


def test_case_17_a_correction_that_is_refused_leaves_the_approved_text(
    author, anybody, office, published, post
):
    """Refused with a reason, the correction is never public; its author reads why, by mail and
    behind the link, and the text before stays."""
    reference, mine = published(author)
    mine.follow("/correct/").form("body").send(body=NEW[author.language])
    waiting = office.open("/admin/stakeholders/idea/queue/?kind=edit").follow("/ideaedit/")
    form = waiting.follow("/do/refuse/").form("reason", "explanation")
    form.send(reason="personal_data", explanation="Sans nom, svp.")
    assert NEW[author.language] not in texts(anybody, reference)
    assert IDEAS[author.language]["body"] in texts(anybody, reference)
    assert "Sans nom, svp." in post.to()[-1]
    assert "Sans nom, svp." in author.open(mine.path).words


def test_case_17_before_moderation_a_correction_is_in_place_at_once(author, confirms, office):
    """The twin: as long as nobody has published the idea, its author mends it directly."""
    mine = confirms(author)
    mine.follow("/correct/").form("body").send(body=NEW[author.language])
    assert Idea.objects.get().body == NEW[author.language]
    queue = office.open("/admin/stakeholders/idea/queue/?kind=edit")
    assert not [href for href in queue.links if "/ideaedit/" in href]


ANSWER = {
    "outcome": "accepted",
    "note": "Coûte peu, dit le service technique.",
    "body_fr": "Oui, car c’est utile.",
    "body_nl": "Ja, want het is nuttig.",
    "signatory_fr": "Bruxelles Mobilité",
    "signatory_nl": "Brussel Mobiliteit",
}


def test_case_18_a_decision_is_public_once_it_is_published_and_mailed_once_to_each(
    browser, office, second, published, post, language
):
    """Decided and saved, then proposed: the page is what it was and no mail goes out. Published by
    a second person, the page has the answer in both languages, and each contributor one mail in
    their own. The internal reason is nowhere. Saving and publishing again mails nobody."""
    reference, _mine = published(browser(language))
    idea = Idea.objects.get(reference=reference)
    readers = {code: f"{code}@example.org" for code in ("fr", "nl")}
    for code, email in readers.items():
        SubmissionFactory(idea=idea, language=code, contact__email=email)
    pages = {code: browser(code) for code in ("fr", "nl")}
    before = {code: who.page("idea-detail", reference).words for code, who in pages.items()}
    mails = len(post.delivered())

    begun = office.row(reference).follow("/statement/answer/").form("outcome")
    draft = begun.send("keep", **ANSWER)
    assert {c: who.page("idea-detail", reference).words for c, who in pages.items()} == before
    draft.follow("/do/propose/").form().send()
    assert {c: who.page("idea-detail", reference).words for c, who in pages.items()} == before
    assert len(post.delivered()) == mails

    publish = second.open(draft.path).follow("/do/publish/")
    publish.form().send()
    for code, who in pages.items():
        words = who.page("idea-detail", reference).words
        assert ANSWER[f"body_{code}"] in words
        assert ANSWER[f"signatory_{code}"] in words
        assert ANSWER["note"] not in words
        (told,) = post.to(readers[code])
        assert ANSWER[f"body_{code}"] in told
        assert ANSWER["note"] not in told
    assert len(post.delivered()) == mails + 3

    assert publish.form().send().tree.xpath("//*[@class='errornote']"), "published already"
    saved = second.row(reference).form("theme").send("_save")
    assert saved.path.startswith("/admin/stakeholders/idea/?") or saved.path.endswith("/idea/")
    assert len(post.delivered()) == mails + 3, "one mail for each, whoever saves again"


def test_case_18_whoever_proposes_does_not_publish(office, second, published, browser):
    """Four eyes: the address of the button is refused to whoever proposed, and works for a second
    person."""
    reference, _mine = published(browser("fr"))
    begun = office.row(reference).follow("/statement/answer/").form("outcome")
    proposed = begun.send("propose", **ANSWER)
    assert office.open(proposed.path.replace("change/", "do/publish/")).status == 403
    assert Idea.objects.get().status == "published"
    second.open(proposed.path).follow("/do/publish/").form().send()
    assert Idea.objects.get().status == "answered"
