"""The help of the form in easy words: beside each field, and nothing typed is lost."""

import pytest

from stakeholders.forms import IdeaForm
from stakeholders.forms.easy import EASY
from stakeholders.models import Idea
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "label", "sentence"),
    [
        ("fr", "facile à lire", "Vous écrivez votre idée."),
        ("nl", "makkelijke taal", "U schrijft uw idee."),
        ("en", "easy words", "You write your idea."),
    ],
)
def test_it_stands_in_each_language(client, language, label, sentence):
    page = client.get(address("idea-new", language=language)).content.decode()
    for words in (label, sentence, 'class="easy-words"', 'class="usual-words"'):
        assert words in page


def test_the_switch_stays_with_what_was_typed(client, send, filled):
    response = send(title="", easy="on")
    page = response.content.decode()
    assert filled["body"] in page
    assert response.context["form"]["easy"].value() is True
    assert not Idea.objects.exists()
    send(easy="on")
    assert Idea.objects.get().title == filled["title"]


def test_a_link_opens_it_ticked(client):
    response = client.get(address("idea-new"), {"easy": "1"})
    assert response.context["form"]["easy"].value() is True


def test_its_sentences_are_short_and_every_field_has_some():
    for words in EASY.values():
        for sentence in str(words).replace("?", ".").replace(":", ".").split("."):
            assert len(sentence.split()) <= 12, sentence
    fields = set(IdeaForm().fields) - {"easy", "website", "stamp"}
    assert fields == set(EASY)
