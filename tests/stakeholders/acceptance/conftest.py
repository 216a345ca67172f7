"""The acceptance cases of work package 1: people with browsers, an Office, a real mail server."""

import re

import pytest

from core import mail
from core.models import Message
from stakeholders.models import Idea
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import MunicipalityFactory
from tests.stakeholders.acceptance.pages import Page, Visitor

EMAIL = "zoe@example.org"
#: The idea that everybody of these tests has, in their own words, and a word to find it by.
IDEAS = {
    "fr": {
        "title": "Des bancs aux arrêts de bus",
        "body": "Un banc à chaque deuxième arrêt, pour souffler en chemin.",
        "word": "banc",
    },
    "nl": {
        "title": "Zitbanken aan de bushaltes",
        "body": "Een bank aan elke tweede halte, om onderweg te rusten.",
        "word": "bushalte",
    },
}
REFERENCE = re.compile(r"SCO-\d{4}-\d{5}")
SECRET = re.compile(r"https?://[^/\s]+(/\S+/(?:confirm|track|helped)/[\w-]{20,}/|/f/\S+)")


class Post:
    """The way from the portal to mailboxes: rows handed over to a real mail server."""

    def __init__(self, server):
        self.server = server

    def delivered(self) -> list:
        """Hand over what waits; return all that arrived so far, the oldest first."""
        waiting = Message.objects.filter(status=Message.Status.QUEUED).order_by("pk")
        for pk in list(waiting.values_list("pk", flat=True)):
            mail.send(pk)
        return self.server.received

    def to(self, address=EMAIL) -> list[str]:
        """Return subject and words of the mails to ``address``, the oldest first."""
        return [words_of(each) for each in self.delivered() if each["To"] == address]


def words_of(message) -> str:
    """Return subject and text of a mail that arrived."""
    return f"{message['Subject']}\n{message.get_body(('plain',)).get_content()}"


def link_in(words: str) -> str:
    """Return the path of the one secret link in a mail."""
    found = set(SECRET.findall(words))
    assert len(found) == 1, words
    return found.pop()


def reference_in(words: str) -> str:
    """Return the reference that stands in ``words``."""
    return REFERENCE.search(words).group()


@pytest.fixture(params=["fr", "nl"])
def language(request):
    """French, then Dutch: the same case for both."""
    return request.param


@pytest.fixture
def post(server):
    """What the portal sends, and who got it."""
    return Post(server)


@pytest.fixture
def browser(db, django_capture_on_commit_callbacks):
    """Return a maker of visitors: ``browser("nl")``, ``browser("fr", user)``."""
    ThemeFactory()
    MunicipalityFactory()

    def make(language="fr", user=None) -> Visitor:
        return Visitor(language, committed=django_capture_on_commit_callbacks, user=user)

    return make


@pytest.fixture
def author(browser, language) -> Visitor:
    """Somebody with an idea."""
    return browser(language)


@pytest.fixture
def anybody(browser, language) -> Visitor:
    """Somebody else, who has sent nothing."""
    return browser(language)


@pytest.fixture
def sends():
    """Return how an idea is sent: ``sends(author, title="…")`` → the page that follows."""

    def send(who, at_once=False, **changes) -> Page:
        form = who.page("idea-new").form("title", "email")
        theme = next(value for value in form.choices("theme") if value)
        words = {name: IDEAS[who.language][name] for name in ("title", "body")}
        typed = {**words, "theme": theme, "email": EMAIL, "consent": True}
        return form.send(at_once=at_once, **{**typed, **changes})

    return send


@pytest.fixture
def confirms(sends, post):
    """Return how an idea is sent and confirmed: → the page behind the secret link."""

    def confirm(who, email=EMAIL, **changes) -> Page:
        before = len(post.to(email))
        sends(who, email=email, **changes)
        (asked,) = post.to(email)[before:]
        return who.open(link_in(asked)).form().send()

    return confirm


class Office(Visitor):
    """A colleague of the Office in the back office."""

    def row(self, reference: str) -> Page:
        """Open the idea with ``reference`` from the list."""
        found = self.open(f"/admin/stakeholders/idea/?q={reference}")
        (pk,) = set(re.findall(r"/admin/stakeholders/idea/(\d+)/change/", found.text))
        return self.open(f"/admin/stakeholders/idea/{pk}/change/")

    def press(self, reference: str, name: str, **values) -> Page:
        """Press a button on the page of an idea and answer what it asks."""
        return self.row(reference).follow(f"/do/{name}/").form().send(**values)

    def publish(self, reference: str) -> Page:
        """Let an idea through moderation."""
        return self.press(reference, "publish")


@pytest.fixture
def colleague(browser, make_user, django_capture_on_commit_callbacks):
    """Return a maker of people in the back office: ``colleague("auditor", language="nl")``."""

    def make(role="staff", language="fr", user=None) -> Office:
        user = user or make_user(role)
        return Office(language, committed=django_capture_on_commit_callbacks, user=user)

    return make


@pytest.fixture
def office(colleague) -> Office:
    """Somebody of the staff, who reads French."""
    return colleague()


@pytest.fixture
def second(colleague) -> Office:
    """Another one: what one proposes, a second person publishes."""
    return colleague()


@pytest.fixture
def published(confirms, office):
    """Return how an idea comes on line: → (reference, page behind the secret link)."""

    def publish(who, **changes) -> tuple[str, Page]:
        mine = confirms(who, **changes)
        reference = reference_in(mine.words)
        office.publish(reference)
        assert Idea.objects.get(reference=reference).status == "published"
        return reference, mine

    return publish
