"""My data behind the secret link: to read, to take along, to have erased (case 24)."""

import json
import re

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from core import pdf
from core.models import Message, Token
from core.typography import day
from stakeholders import services
from stakeholders.models import (
    Contact,
    Idea,
    IdeaQuestion,
    Submission,
    text_state,
    words_of,
)
from stakeholders.reporters import hash_of_address
from stakeholders.services.blotting import tables, text_columns
from tests.factories.files import PDF, attachment_of
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


@pytest.fixture
def printed(monkeypatch):
    """Collects the words that each PDF was made of."""
    words, compiled = [], pdf._compile

    def note(template, text, language):
        words.append(text)
        return compiled(template, text, language)

    monkeypatch.setattr(pdf, "_compile", note)
    return words


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


def section(page, key) -> list[dict]:
    """Return the records of one section of the page: {key: fact} of each."""
    (found,) = [each for each in page.context["sections"] if each.key == key]
    return [{fact.key: fact for fact in each.facts} for each in found.records]


@pytest.mark.parametrize(("language", "unit"), [("fr", "ko"), ("nl", "kB")])
def test_the_files_that_were_sent_are_listed(client, submission, path_of, printed, language, unit):
    idea = submission.idea
    refused = {"scan_state": "refused", "refusal": "personal_data"}
    attachment_of(idea, name="plan de Zoé.pdf", size=240_000, **refused)
    picture = {"kind": "png", "alt_text": "Un banc cassé", "rights_confirmed": True}
    attachment_of(idea, name="banc.png", **picture)
    attachment_of(IdeaFactory(published=True), name="somebody else’s.pdf")
    page = client.get(path_of("idea-data", language))
    one, two = section(page, "files")
    assert (one["name"].shown, one["size"].shown.split()) == ("plan de Zoé.pdf", ["240", unit])
    assert "rights_confirmed" not in one
    assert two["rights_confirmed"].value is True
    with translation.override(language):
        row = idea.attachments.first()
        assert one["scan_state"].shown == row.get_scan_state_display()
        assert one["refusal"].shown == row.get_refusal_display()
        assert one["added_at"].shown == day(row.added_at)
    assert "Un banc cassé" in page.text
    assert "somebody else’s.pdf" not in page.text
    files = client.get(path_of("idea-data-json", language)).json()["files"]
    assert [(each["name"], each["size"]) for each in files] == [
        ("plan de Zoé.pdf", 240_000),
        ("banc.png", len(PDF)),
    ]
    client.get(path_of("idea-data-pdf", language))
    assert "plan de Zoé.pdf" in printed[0]


def test_own_words_carry_the_language_in_which_they_were_written(
    client, submission, path_of, printed
):
    corrected(submission)
    idea = submission.idea
    attachment_of(idea, name="banc.pdf", alt_text="")
    services.report_idea(
        IdeaFactory(published=True, language="en", title="A bench"),
        reason="other",
        details="Dat ben ik niet.",
        device="a" * 64,
        locale="nl",
        reporter=hash_of_address(EMAIL),
    )
    IdeaQuestion.objects.create(
        idea=idea, text="Où ?", asked_from="published", reply="Ici.", replied_at=idea.published_at
    )
    page = client.get(path_of("idea-data", "nl")).text
    for words, language in (
        *(("Mon banc", "fr"), (NAME, "fr"), ("banc.pdf", "fr"), ("Où ?", "fr"), ("Ici.", "fr")),
        (f"Un banc pour {NAME}, à chaque arrêt.", "fr"),
    ):
        assert f'<dd lang="{language}">{words}</dd>' in page
    assert "<dd>Dat ben ik niet.</dd>" in page, "in the language of the page"
    assert "A bench</dd>" in page
    french = client.get(path_of("idea-data")).text
    assert "<dd>Mon banc</dd>" in french
    assert '<dd lang="nl">Dat ben ik niet.</dd>' in french
    assert re.search(r'<dd lang="en">SCO-[^<]* A bench</dd>', french)
    client.get(path_of("idea-data-pdf"))
    rows = [row for part in json.loads(printed[0])["parts"] for row in part.get("rows", [])]
    assert [row[2] for row in rows if row[1] == "Dat ben ik niet."] == ["nl"]
    assert [row[2] for row in rows if row[1] == EMAIL] == [""]


def test_a_report_tells_what_became_of_it_and_nothing_that_the_office_noted(
    client, path_of, make_user
):
    idea = IdeaFactory(published=True)
    reporter = {"locale": "fr", "reporter": hash_of_address(EMAIL)}
    services.report_idea(
        idea, reason="offensive", details="Voyez la fin.", device="a" * 64, **reporter
    )
    services.settle_reports(
        idea, by=make_user("staff"), how="left", note="a remark of ours", seen=10**9
    )
    page = client.get(path_of("idea-data"))
    (report,) = section(page, "reports")
    assert report["details"].shown == "Voyez la fin."
    assert {"how", "settled_at"} <= set(report)
    assert "a remark of ours" not in page.text


def test_what_others_reported_and_noted_is_not_shown(client, submission, path_of, make_user):
    idea, staff = submission.idea, make_user("staff")
    other = {"locale": "fr", "reporter": hash_of_address("ann@example.org")}
    services.report_idea(idea, reason="offensive", details="Il ment.", device="b" * 64, **other)
    services.add_note(idea, by=staff, text="a remark of ours")
    services.add_note(IdeaFactory(), by=staff, text="about another idea")
    for name in ("idea-data", "idea-data-json"):
        words = client.get(path_of(name)).text
        assert "Il ment." not in words
        assert "a remark of ours" not in words
    assert section(client.get(path_of("idea-data")), "reports") == []
    (notes,) = section(client.get(path_of("idea-data")), "notes")
    assert notes["count"].value == 1


def test_of_an_idea_that_took_theirs_in_its_name_is_shown_and_no_word_more(
    client, submission, path_of
):
    into = SubmissionFactory(
        idea__published=True,
        idea__title="Autre banc",
        idea__body="Le texte d’Ann.",
        idea__withdrawal_words="Ann déménage.",
        idea__display="name",
        idea__display_text="Ann Ander",
    ).idea
    SubmissionFactory(idea=into, contact=submission.contact, via=submission.idea)
    attachment_of(into, name="plan d’Ann.pdf")
    page = client.get(path_of("idea-data"))
    mine, other = section(page, "ideas")
    assert (mine["title"].shown, other["title"].shown) == ("Mon banc", "Autre banc")
    assert other["via"].shown == str(submission.idea)
    for words in ("Le texte d’Ann.", "Ann déménage.", "Ann Ander", "plan d’Ann.pdf"):
        assert words not in page.text


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
    attachment_of(submission.idea)
    client.get(path)
    with django_assert_max_num_queries(30) as first:
        client.get(path)
    for _n in range(2):
        more = SubmissionFactory(contact=submission.contact, idea__published=True)
        corrected(more)
        attachment_of(more.idea)
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
