"""Templates wherever the staff writes to contributors: each use in its form and languages."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.seeding import read
from stakeholders import seed_desk, services
from stakeholders.models import Idea, IdeaMerge, MessageTemplate, text_state, words_of
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory, TemplateFactory
from tests.stakeholders.conftest import address, mails_to

pytestmark = pytest.mark.django_db
EMAIL = "zoe@example.org"
READ_IT = "Read it, complete it, then send."


@pytest.fixture
def staff(users, login):
    return login(users["staff"])


@pytest.fixture
def submission():
    return SubmissionFactory(contact__email=EMAIL, idea__published=True)


def do(row, name):
    """Return the address of a move of the back office."""
    kind = f"admin:stakeholders_{row._meta.model_name}_transition"
    return reverse(kind, args=[row.pk, name])


def offered(page) -> list[str]:
    """Return the names of the templates that a page offers."""
    choices = page.context["form"].fields["template"].choices
    return [str(label).rpartition(" – ")[2] for key, label in choices if key]


def values(response) -> dict:
    """Return what the form of a page would send."""
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def template(use, reason="", **texts) -> MessageTemplate:
    return TemplateFactory(use=use, reason=reason, name_fr=use, name_nl=use, name_en=use, **texts)


@pytest.fixture
def one_of_each():
    """One template for each use."""
    reasons = {"refusal": "unclear", "correction": "personal_data", "answer": "declined"}
    for use in MessageTemplate.Use.values:
        template(use, reasons.get(use, ""))
    template("answer", "accepted", is_active=False)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("acknowledgement", "published"), ("answer", "published"), ("update", "answered")],
)
def test_a_statement_is_begun_from_a_template_of_its_kind(staff, one_of_each, kind, status):
    idea = IdeaFactory(**{status: True})
    screen = reverse("admin:stakeholders_idea_statement", args=[idea.pk, kind])
    page = staff.get(screen)
    assert offered(page) == [kind]
    mine = {**values(page), "body_fr": "Mes propres mots.", "propose": "1"}
    chosen = MessageTemplate.objects.get(use=kind, is_active=True)
    filled = staff.post(screen, {**mine, "template": chosen.pk})
    assert READ_IT in filled.text
    assert not idea.statements.open().exists(), "nothing is kept that nobody has read"
    words = values(filled)
    assert words["body_fr"] == "Mes propres mots."
    assert words["body_nl"].startswith("Wij begrijpen het niet.")
    if kind == "answer":
        assert words["instead_nl"] == "Kom naar het loket."
        assert words["outcome"] == "declined", "that of the template"
    else:
        assert "Kom naar het loket." in words["body_nl"], "no place of its own: the text says it"
    assert staff.post(screen, {**words, "propose": "1"}).status_code == 302
    statement = idea.statements.open().get()
    assert (statement.status, statement.body_fr) == ("proposed", "Mes propres mots.")


def test_a_template_of_another_kind_is_not_taken(staff, one_of_each):
    idea = IdeaFactory(published=True)
    screen = reverse("admin:stakeholders_idea_statement", args=[idea.pk, "answer"])
    for other in MessageTemplate.objects.exclude(use="answer", is_active=True):
        sent = staff.post(screen, {"template": other.pk, "outcome": "accepted", "keep": "1"})
        assert "template" in sent.context["form"].errors
    assert not idea.statements.exists()


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (["nl"], "Waar?\n\nKom naar het loket."),
        (["fr", "nl"], "Où ?\n\nVenez au guichet.\n\nWaar?\n\nKom naar het loket."),
        (["en"], "Where?"),
    ],
)
def test_a_question_is_filled_in_the_languages_of_its_readers(
    staff, submission, one_of_each, languages, expected
):
    words = {"text_fr": "Où ?", "text_nl": "Waar?", "text_en": "Where?"}
    MessageTemplate.objects.filter(use="question").update(**words)
    submission.delete()
    for language in languages:
        email = f"{language}@example.org"
        SubmissionFactory(idea=submission.idea, language=language, contact__email=email)
    move = do(submission.idea, "ask_info")
    assert offered(staff.get(move)) == ["question"]
    chosen = MessageTemplate.objects.get(use="question")
    filled = staff.post(move, {"question": "", "template": chosen.pk})
    assert values(filled)["question"] == expected
    assert not mails_to(f"{languages[0]}@example.org")
    assert staff.post(move, values(filled)).status_code == 302
    (mail,) = mails_to(f"{languages[0]}@example.org", "idea_question")
    assert expected.splitlines()[0] in mail.text


def test_an_english_reader_gets_both_languages_where_there_is_no_english(staff, one_of_each):
    idea = SubmissionFactory(language="en").idea
    MessageTemplate.objects.filter(use="question").update(text_en=None)
    chosen = MessageTemplate.objects.get(use="question")
    filled = staff.post(do(idea, "ask_info"), {"question": "", "template": chosen.pk})
    french, dutch = values(filled)["question"].split("\n\nWij begrijpen het niet.")
    assert french == "Nous ne comprenons pas.\n\nVenez au guichet."
    assert dutch == "\n\nKom naar het loket."


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_refusal_of_a_correction_is_filled_in_the_language_of_its_author(
    staff, one_of_each, language
):
    submission = SubmissionFactory(idea__published=True, language=language, contact__email=EMAIL)
    words = {**words_of(submission.idea), "body": "Un banc pour Monsieur Untel, à l’arrêt."}
    edit = services.correct_idea(submission, words, seen=text_state(submission.idea))
    move = do(edit, "refuse")
    assert offered(staff.get(move)) == ["correction"]
    chosen = MessageTemplate.objects.get(use="correction")
    filled = staff.post(move, {"reason": "advertising", "template": chosen.pk})
    text = values(filled)["explanation"]
    assert values(filled)["reason"] == "personal_data", "that of the template"
    assert text.startswith({"fr": "Nous ne", "nl": "Wij begrijpen"}[language])
    assert staff.post(move, values(filled)).status_code == 302
    edit.refresh_from_db()
    assert (edit.status, edit.explanation.splitlines()[0]) == ("refused", text.splitlines()[0])


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_merge_is_explained_on_the_page_and_in_the_mail(
    staff, client, submission, one_of_each, language
):
    submission.language = language
    submission.save()
    into = IdeaFactory(published=True)
    move = do(submission.idea, "merge")
    assert offered(staff.get(move)) == ["merge"]
    chosen = MessageTemplate.objects.get(use="merge")
    filled = staff.post(move, {"into": into.reference, "template": chosen.pk})
    assert Idea.objects.get(pk=submission.idea.pk).status == "published"
    assert staff.post(move, values(filled)).status_code == 302
    words = {"fr": "Nous ne comprenons pas.", "nl": "Wij begrijpen het niet."}[language]
    (mail,) = mails_to(EMAIL, "idea_merged")
    assert words in mail.text
    assert words in mail.html
    page = address("idea-detail", submission.idea.reference, language=language)
    assert words in client.get(page).text


def test_a_merge_needs_no_explanation_and_never_one_language_alone(staff, submission):
    into = IdeaFactory(published=True)
    move = do(submission.idea, "merge")
    for words in ({"public_note_nl": "Zelfde idee."}, {"public_note_en": "The same."}):
        answer = staff.post(move, {"into": into.reference, **words})
        assert "public_note_fr" in answer.context["form"].errors
    assert not IdeaMerge.objects.exists()
    assert staff.post(move, {"into": into.reference}).status_code == 302
    assert IdeaMerge.objects.get().was_explained is None
    (mail,) = mails_to(EMAIL, "idea_merged")
    assert "\n\n\n" not in mail.text


@pytest.mark.parametrize("before", [None, "Lue au conseil."])
def test_undoing_a_merge_takes_its_explanation_back(staff, submission, before):
    idea = submission.idea
    columns = {f"public_note_{code}": before for code in ("fr", "nl")}
    Idea.objects.filter(pk=idea.pk).update(**columns)
    said = {"public_note_fr": "La même idée.", "public_note_nl": "Hetzelfde idee."}
    into = IdeaFactory(published=True)
    staff.post(do(idea, "merge"), {"into": into.reference, **said})
    idea.refresh_from_db()
    assert (idea.status, idea.public_note_nl) == ("merged", "Hetzelfde idee.")
    assert staff.post(do(idea, "undo_merge_published"), {"note": "Deux idées."}).status_code == 302
    idea.refresh_from_db()
    assert (idea.status, idea.public_note_fr, idea.public_note_nl) == ("published", before, before)


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        *(("question", "unclear"), ("merge", "unclear"), ("update", "accepted")),
        *(("acknowledgement", "accepted"), ("correction", ""), ("correction", "accepted")),
        *(("answer", ""), ("refusal", "declined"), ("letter", "")),
    ],
)
def test_the_database_knows_which_use_has_a_reason(use, reason):
    with pytest.raises(IntegrityError, match="reason_fits"), transaction.atomic():
        template(use, reason)


def test_the_demonstration_has_an_example_of_each_use():
    for entry in read("demo", "desk")["templates"]:
        seed_desk.load_template(entry)
    found = MessageTemplate.objects.filter(is_demo=True)
    assert set(found.values_list("use", flat=True)) == set(MessageTemplate.Use.values)
    assert not found.filter(text_en=None).exists()
