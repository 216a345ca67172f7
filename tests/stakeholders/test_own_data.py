"""My data behind the secret link: to read, to take along, to have erased (case 24)."""

import json

import pytest
from django.apps import apps
from django.db import connection

from core.models import Message, Token
from stakeholders import services
from stakeholders.models import Contact, Idea, Submission, text_state, words_of
from stakeholders.services.blotting import tables, text_columns
from tests.factories.files import attachment_of
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db
EMAIL, NAME = "zoe.canari@example.org", "Zoé Canari"


@pytest.fixture
def submission():
    return SubmissionFactory(
        contact__email=EMAIL,
        contact__name=NAME,
        idea__published=True,
        idea__title="Mon banc",
        idea__display="name",
        idea__display_text=NAME,
    )


@pytest.fixture
def path_of(submission):
    """Return a function that gives an address behind the secret link."""
    raw = services.issue_tracking(submission)
    return lambda name, language="fr": address(name, raw, language=language)


def found_in_tables(words) -> list[str]:
    """Return the tables in which ``words`` stand."""
    found = []
    with connection.cursor() as cursor:
        for table, model in tables().items():
            where = " OR ".join(f'"{name}"::text ILIKE %s' for name in text_columns(model))
            cursor.execute(
                f'SELECT 1 FROM "{table}" WHERE {where} LIMIT 1',
                [f"%{words}%"] * len(text_columns(model)),
            )
            found += [table] if cursor.fetchone() else []
    return found


def corrected(submission):
    """Let the author correct the text, with their own name in it."""
    words = {**words_of(submission.idea), "body": f"Un banc pour {NAME}, à chaque arrêt."}
    services.correct_idea(submission, words, seen=text_state(submission.idea))


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_page_shows_what_is_kept(client, submission, path_of, language):
    corrected(submission)
    page = client.get(path_of("idea-data", language))
    words = page.content.decode()
    for expected in (EMAIL, NAME, "Mon banc", submission.idea.reference):
        assert expected in words
    assert "no-store" in page.headers["Cache-Control"]
    assert 'content="noindex"' in words


def test_the_file_holds_the_same(client, submission, path_of):
    corrected(submission)
    response = client.get(path_of("idea-data-json"))
    assert response.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(response.content)
    assert data["person"][0]["email"] == EMAIL
    assert data["ideas"][0]["title"] == "Mon banc"
    assert NAME in data["corrections"][0]["body"]


def test_the_files_that_were_sent_are_told(client, submission, path_of):
    attachment_of(submission.idea, name="Plan de Zoé.pdf")
    attachment_of(IdeaFactory(), name="Autre.pdf")
    assert "Plan de Zoé.pdf" in client.get(path_of("idea-data")).text
    (told,) = json.loads(client.get(path_of("idea-data-json")).content)["files"]
    assert (told["name"], told["kind"]) == ("Plan de Zoé.pdf", "PDF")


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_pdf_is_one(client, path_of, language):
    response = client.get(path_of("idea-data-pdf", language))
    assert response.content.startswith(b"%PDF")
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_nothing_of_another_person_and_nothing_internal(client, submission, path_of, make_user):
    SubmissionFactory(contact__name="Ann Ander", contact__email="ann@example.org")
    SubmissionFactory(idea=submission.idea, contact__name="Bram B.", contact__email="b@example.org")
    services.publish_idea(IdeaFactory(), by=make_user("staff"), note="a remark of ours")
    for name in ("idea-data", "idea-data-json"):
        words = client.get(path_of(name)).content.decode()
        for other in ("Ann Ander", "ann@example.org", "Bram B.", "a remark of ours"):
            assert other not in words


@pytest.mark.parametrize("name", ["idea-data", "idea-data-json", "idea-data-pdf", "idea-erase"])
def test_a_dead_link_shows_and_erases_nothing(client, submission, name):
    for method in (client.get, client.post):
        response = method(address(name, "x" * 43), {"understood": "1", "confirmed": "1"})
        assert EMAIL not in response.content.decode()
    assert Contact.objects.get().email == EMAIL


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_erasing_is_asked_twice(client, submission, path_of, language):
    path = path_of("idea-erase", language)
    assert "Mon banc" in client.get(path).content.decode()
    assert client.post(path, {}).context["forgotten"] is True
    assert client.post(path, {"confirmed": "1"}).context["forgotten"] is True
    assert client.post(path, {"understood": "on"}).context["asked_again"] is True
    assert Contact.objects.get().email == EMAIL
    client.post(path, {"understood": "1", "confirmed": "1"})
    assert Contact.objects.get().erased_at is not None


@pytest.mark.parametrize(("language", "removed"), [("fr", "auteur retiré"), ("nl", None)])
def test_after_erasure_the_idea_stays_without_its_author(
    client, submission, path_of, language, removed
):
    corrected(submission)
    client.post(address("idea-track"), {"email": EMAIL})
    assert Message.objects.filter(recipient=EMAIL).exists()
    erase, tracking = path_of("idea-erase"), path_of("idea-tracking")
    before = client.get(address("idea-list")).context["page_obj"].paginator.count
    client.post(erase, {"understood": "1", "confirmed": "1"})
    for words in (EMAIL, EMAIL.upper(), NAME):
        assert found_in_tables(words) == []
    assert not Submission.objects.exists()
    assert not Token.objects.filter(subject__startswith="stakeholders.submission").exists()
    idea = Idea.objects.get()
    page = client.get(address("idea-detail", idea.reference, language=language)).content.decode()
    assert NAME not in page
    assert "Mon banc" in page
    assert removed is None or removed in page
    after = client.get(address("idea-list")).context["page_obj"].paginator.count
    assert (before, after) == (1, 1)
    assert client.get(tracking).templates[0].name == "stakeholders/link_dead.html"
    assert client.post(erase).templates[0].name == "stakeholders/link_dead.html", "once"


def test_an_idea_that_somebody_else_sent_too_keeps_its_author(submission):
    other = SubmissionFactory(idea=submission.idea, contact__email="b@example.org")
    services.erase_contact(submission.contact)
    idea = Idea.objects.get()
    assert idea.author_removed_at is None
    services.erase_contact(other.contact)
    idea.refresh_from_db()
    assert idea.author_removed_at is not None


def test_who_has_an_account_is_told_to_close_it_first(client, submission, path_of, make_user):
    Contact.objects.update(user=make_user("board"))
    response = client.post(
        path_of("idea-erase"), {"understood": "1", "confirmed": "1"}, follow=True
    )
    assert response.redirect_chain
    assert list(response.context["messages"])
    assert Contact.objects.get().email == EMAIL


def test_the_page_asks_as_often_for_three_ideas_as_for_one(
    client, submission, path_of, django_assert_max_num_queries
):
    path = path_of("idea-data")
    corrected(submission)
    client.get(path)
    with django_assert_max_num_queries(30) as first:
        client.get(path)
    for _n in range(2):
        corrected(SubmissionFactory(contact=submission.contact, idea__published=True))
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(path)


def test_every_model_of_a_person_is_decided():
    """A new relation to a person has to be told here, or named as the Office's own."""
    shown = {"Submission", "Subscription", "Affiliation", "Participation"}
    ours = {"SubscriptionRequest", "Commitment", "Contact", "BilateralMeeting"}
    contact = apps.get_model("stakeholders", "Contact")
    relations = contact._meta.related_objects
    found = {
        each.related_model.__name__
        for each in relations
        if each.related_model._meta.app_label == "stakeholders"
        and not each.related_model._meta.auto_created
    }
    assert found == shown | ours
