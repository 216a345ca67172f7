"""The mails about ideas: two parts that say the same, in the person's language, without markup."""

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation

from core import mail
from stakeholders import mails
from stakeholders.models import IdeaAttachment
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import answer as publish_answer
from tests.stakeholders.conftest import mails_to

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> & <a href='javascript:alert(1)'>Vélo</a>"
LINK = "https://portal.example.org/nl/ideas/track/a?b=1&c=2"


def context_of_every_mail() -> dict:
    """Return what any of the mails needs, with hostile words wherever a person may write."""
    into = IdeaFactory(published=True, title=f"Autre {HOSTILE}")
    idea = IdeaFactory(
        status="withdrawn", published_at=into.published_at, title=HOSTILE, closing_reason="solved"
    )
    idea.outcome = "accepted"
    answer = [{"language": "fr", "text": HOSTILE}, {"language": "nl", "text": "Ja.\n\nOmdat."}]
    return {
        "idea": idea,
        "into": into,
        "into_page": LINK,
        "page": LINK,
        "track": LINK,
        "link": LINK,
        "answer": answer,
        "instead": answer,
        "signed": [{"language": "fr", "text": HOSTILE}],
        "reasons": answer,
        "question": f"{HOSTILE}\n\nEn verder?",
        "entries": [
            {"idea": idea, "link": LINK, "confirms": kind, "words": HOSTILE}
            for kind in (True, False)
        ],
        "topics": [HOSTILE],
        "words": "Étape 3 sur 6. Est devenue la fiche :",
        "name": HOSTILE,
        "url": LINK,
        "preferences": LINK,
        "file": IdeaAttachment(idea=idea, name=HOSTILE, kind="pdf", size=9, refusal="rights"),
        "can_correct": True,
        "mute": LINK,
        "sections": [
            {"search": HOSTILE, "page": LINK, "ideas": [{"idea": idea, "page": LINK}], "more": 2},
            {"search": "", "page": LINK, "ideas": [{"idea": into, "page": LINK}], "more": 0},
        ],
    }


class Words(HTMLParser):
    """What a reader of the HTML part sees, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.tags = [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return squeeze("".join(self.words))


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()


NAMES = [
    *("idea_confirm", "idea_received", "idea_links", "idea_published", "idea_question"),
    *("idea_answered", "idea_merged", "idea_refused", "idea_withdrawn", "subscribe_confirm"),
    *("idea_acknowledged", "idea_updated", "idea_feedback"),
    *("idea_step", "idea_digest", "subscription_links", "idea_file_refused"),
]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_both_parts_say_the_same_and_hostile_words_stay_words(name, language):
    parts = mail.render(name, language, context_of_every_mail())
    page = Words(parts["html"])
    assert f'<html lang="{language}"' in parts["html"]
    assert parts["subject"] in page.text
    body, _foot = parts["text"].split("\n-- \n")
    for line in filter(None, map(str.strip, body.splitlines())):
        words = squeeze(re.sub(r"https?://\S+", "", line)).strip("–“”: ").strip()
        assert words in page.text, line
    assert set(re.findall(r"https?://\S+", body)) <= set(page.links)
    assert "script" not in page.tags
    assert not [link for link in page.links if link.startswith("javascript")]
    if name != "subscribe_confirm":
        assert HOSTILE in parts["text"]
        assert HOSTILE in page.text


def test_words_of_a_person_keep_their_language_inside_the_mail():
    html = mail.render("idea_published", "nl", context_of_every_mail())["html"]
    assert '<span lang="fr">&lt;script&gt;' in html


def test_an_answer_in_english_is_sent_in_both_languages_each_with_its_own(users):
    submission = SubmissionFactory(idea__published=True, language="en")
    publish_answer(submission.idea, by=users["staff"], body_fr="Oui.", body_nl="Ja.")
    (sent,) = mails_to(submission.contact.email, "idea_answered")
    assert '<div lang="fr"><p' in sent.html
    assert '<div lang="nl"><p' in sent.html
    assert "Oui.\n\nJa.\n" in sent.text
    assert "Smart City Office" in sent.text


@pytest.mark.parametrize(("language", "found"), [("nl", ["nl"]), ("en", ["fr", "nl"])])
def test_passages_fall_back_to_both_languages(language, found):
    idea = IdeaFactory(answered=True, theme=ThemeFactory())
    with translation.override("fr"):
        passages = mails.passages(idea, "answer", language)
    assert [each["language"] for each in passages] == found


def test_nothing_to_say_is_no_passage():
    assert mails.passages(IdeaFactory(), "public_note", "fr") == []
