"""What the tests of ideas share: a filled form, and the links that mails carry."""

import re
import time

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from core.models import Message
from stakeholders import services
from stakeholders.forms.guards import SALT
from tests.factories.programme import ThemeFactory

WORDS = {
    "title": "Des bancs aux arrêts",
    "body": "Un banc à chaque deuxième arrêt, pour souffler en chemin.",
    "language": "fr",
    "submitter_type": "person",
    "display": "anonymous",
    "email": "zoe@example.org",
    "notify": "on",
    "consent": "on",
}


def address(name, *args, language="fr") -> str:
    """Return the path of our page ``name``."""
    with translation.override(language):
        return reverse(f"stakeholders:{name}", args=args)


def old_stamp(key="0" * 32) -> str:
    """Return the stamp of a form that was opened a minute ago."""
    return signing.dumps({"key": key, "at": time.time() - 60, "warned": False}, salt=SALT)


def mails_to(email, template=None) -> list[Message]:
    """Return the mails to an address, the oldest first."""
    rows = Message.objects.filter(recipient=email).order_by("pk")
    return list(rows.filter(template=template) if template else rows)


def link_in(message) -> str:
    """Return the path of the one secret link in a mail."""
    (link,) = re.findall(
        r"https?://[^/\s]+(/\S+/(?:confirm|track|helped)/[\w-]{20,}/)", message.text
    )
    return link


def evaluator() -> User:
    """Return the colleague who proposes what somebody else publishes."""
    email = "evaluator@example.org"
    known = User.objects.filter(email=email).first()
    return known or User.objects.create_user(email, "a long password", roles=["staff"])


def propose(idea, *, by=None, kind="answer", body_fr="Oui, car.", body_nl="Ja, want.", **more):
    """Let a colleague propose a statement about ``idea``, an answer if nothing else is said."""
    by = by or evaluator()
    names = ("outcome", "reason", "note")
    said = {name: more.pop(name) for name in names if name in more}
    if kind == "answer":
        said.setdefault("outcome", "accepted")
    words = {"body_fr": body_fr, "body_nl": body_nl, **more}
    statement = services.draft_statement(idea, by=by, kind=kind, words=words, **said)
    services.propose_statement(statement, by=by)
    return statement


def answer(idea, *, by, **said):
    """Let a colleague propose an answer and ``by`` publish it; return the statement."""
    statement = propose(idea, **said)
    services.publish_statement(statement, by=by)
    idea.refresh_from_db()
    return statement


#: What a refusal says beside its text.
DECLINED = {
    "outcome": "declined",
    "reason": "cost",
    "instead_fr": "Voyez votre commune.",
    "instead_nl": "Ga naar uw gemeente.",
}


@pytest.fixture
def filled(db):
    """What a person types into the form, the stamp of which is a minute old."""
    return {**WORDS, "theme": str(ThemeFactory().pk), "stamp": old_stamp()}


@pytest.fixture
def send(client, filled):
    """Return a function that sends the form, with changes, and gives the response."""

    def post(page="fr", **changes):
        data = {name: text for name, text in {**filled, **changes}.items() if text is not None}
        return client.post(address("idea-new", language=page), data)

    return post


@pytest.fixture
def confirmed(client, send):
    """Send and confirm an idea; return the path of its tracking page."""

    def run(**changes):
        send(**changes)
        email = changes.get("email", WORDS["email"])
        response = client.post(link_in(mails_to(email, "idea_confirm")[-1]))
        return response.url

    return run


@pytest.fixture
def empty_storage():
    """A test finds no files of the one before, of whatever module."""
    for name in stored():
        default_storage.delete(f"ideas/{name}")


def stored() -> list[str]:
    """Return the names of the files of ideas that are kept."""
    try:
        return default_storage.listdir("ideas")[1]
    except FileNotFoundError:
        return []
