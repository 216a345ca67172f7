"""Traps that other systems fell into, see the end of the acceptance cases; uploads: case 14."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from core.models import Message
from stakeholders import tasks
from stakeholders.models import Idea
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory
from tests.stakeholders.acceptance.conftest import EMAIL, IDEAS, REFERENCE, reference_in

pytestmark = pytest.mark.django_db


def test_trap_what_one_types_is_offered_to_nobody_else(author, anybody, sends):
    """Whoever sends an incomplete form gets their words back; the next visitor, and the next
    person at the same computer, find an empty form, and no browser or proxy keeps the page."""
    words = IDEAS[author.language]
    refused = sends(author, email="")
    assert refused.form("title", "email").value("title") == words["title"]
    for who in (anybody, author):
        page = who.page("idea-new")
        assert words["title"] not in page.text
        assert page.form("title", "email").value("title") is None
        assert "no-store" in page.response["Cache-Control"]


def registers(office, **changes) -> str:
    """Enter an idea that came on paper: → its reference."""
    form = office.open("/admin/stakeholders/idea/add/").form("channel", "title")
    typed = {
        **{name: IDEAS["fr"][name] for name in ("title", "body")},
        "channel": "paper",
        "name": "Zoé D.",
        "theme": next(value for value in form.choices("theme") if value),
        "language": "fr",
        "submitter_type": "person",
        "display": "anonymous",
        "consent": True,
    }
    form.send("_save", **{**typed, **changes})
    return Idea.objects.latest("pk").reference


@pytest.mark.parametrize(("email", "mails"), [("", 0), (EMAIL, 3)])
def test_trap_without_an_address_no_mail_goes_anywhere(office, second, post, email, mails):
    """An idea on paper of somebody without e-mail is registered, published and asked about: no
    mail is queued to nobody. The same with an address: one mail for each of these."""
    reference = registers(office, email=email)
    office.publish(reference)
    office.press(reference, "ask_info", question="Combien d’arrêts ?")
    assert Message.objects.count() == len(post.delivered()) == mails
    assert len(post.to(EMAIL)) == mails
    assert not Message.objects.filter(recipient="").exists()


def test_trap_two_people_at_one_computer_are_two_people(browser, confirms, make_user, language):
    """Two people send an idea one after the other from the same browser: each link shows one idea,
    asking for links by mail names those of one address, and an account that logs in there has
    neither."""
    shared = browser(language)
    first = confirms(shared, email="a@example.org", title="Première idée de la journée")
    second = confirms(shared, email="b@example.org", title="Deuxième idée de la journée")
    references = [reference_in(page.words) for page in (first, second)]
    assert references[0] != references[1]
    for page, mine, other in ((first, 0, 1), (second, 1, 0)):
        again = shared.open(page.path)
        assert references[mine] in again.words
        assert references[other] not in again.text
    shared.client.force_login(make_user())
    for path in ("ideas/new/", "ideas/track/", "my-data/", "desk/"):
        assert not REFERENCE.search(shared.open(f"/{language}/{path}").words), path


def test_trap_the_links_of_one_address_are_of_one_address(browser, confirms, post):
    """The mail with the links of an address lists its ideas and no other, whatever else came from
    this computer within the day."""
    shared = browser("fr")
    confirms(shared, email="a@example.org", title="Première idée de la journée")
    confirms(shared, email="b@example.org", title="Deuxième idée de la journée")
    shared.page("idea-track").form("email").send(email="a@example.org")
    told = post.to("a@example.org")[-1]
    assert "Première idée" in told
    assert "Deuxième idée" not in told
    assert told.count("/ideas/track/") == 1


def figures(who) -> dict:
    """Return {code: (value, base)} of what the Office publishes about its answers."""
    cache.clear()
    rows = json.loads(who.page("idea-answering", query="?format=json").text)["rows"]
    return {row["figure"]: (row["value"], row["base"]) for row in rows}


def test_trap_nothing_to_count_is_no_zero(browser, language):
    """Without ideas each share is "not applicable", in the page and in the file, never 0 %; with
    five late ones it is 0 %, and what still waits in time counts neither way."""
    visitor = browser(language)
    assert {value for value, _base in figures(visitor).values()} == {None}
    page = visitor.page("idea-answering").words
    assert {"fr": "s.o.", "nl": "n.v.t."}[language] in page
    assert "0 %" not in page.replace("\u00a0", " ")
    long_ago = timezone.now() - timedelta(days=400)
    for _each in range(5):
        IdeaFactory(received_at=long_ago)
        IdeaFactory(published=True, received_at=timezone.now())
    assert figures(visitor)["answered_on_time"] == (0.0, 5)
    for _each in range(5):
        at = long_ago + timedelta(days=3)
        IdeaFactory(answered=True, received_at=long_ago, published_at=at, answered_at=at)
    assert figures(visitor)["answered_on_time"] == (50.0, 10)


def answered_fifteen_days_ago(language) -> None:
    """Make an idea whose author is due to be asked whether the answer helped."""
    at = timezone.now() - timedelta(days=15)
    idea = IdeaFactory(answered=True, published_at=at, answered_at=at)
    SubmissionFactory(idea=idea, language=language, contact__email=EMAIL)


@pytest.mark.parametrize("task", [tasks.ask_whether_helped, tasks.tell_staff, tasks.tell_steps])
def test_trap_a_reminder_goes_out_once(task, make_user, office, author, published, post):
    """Whatever the clock sends goes out once, however often the clock strikes: the question about
    an answer, the mail to the staff, the news of a step."""
    tasks.tell_steps()  # its first run notes what is there
    answered_fifteen_days_ago(author.language)
    IdeaFactory()
    reference, _mine = published(author)
    office.press(reference, "start_review")
    before = len(post.delivered())
    task()
    once = len(post.delivered())
    assert once > before
    for _strike in range(3):
        task()
    assert len(post.delivered()) == once
