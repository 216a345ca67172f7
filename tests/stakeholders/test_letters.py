"""On paper: the letter with the secret link, its replacement, the blank form."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core import pdf
from core.models import Message, Token
from core.workflow import TransitionRefused
from stakeholders import services
from stakeholders.models import Submission, TrackingLetter
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import MunicipalityFactory, SubmissionFactory
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db
LOST = {"checked": "on", "reason": "Lost in a move; identity card seen at the desk."}


@pytest.fixture
def submission():
    return SubmissionFactory(channel="paper", contact__email="", contact__name="Jeanne Sans-Mail")


@pytest.fixture
def office(make_user, login):
    return login(make_user("staff"))


@pytest.fixture
def printed(monkeypatch):
    """Collects the words that each PDF was made of."""
    words, compiled = [], pdf._compile

    def note(template, text, language):
        words.append(json.loads(text))
        return compiled(template, text, language)

    monkeypatch.setattr(pdf, "_compile", note)
    return words


def letter_url(submission):
    return reverse("admin:stakeholders_idea_letter", args=[submission.idea_id])


def link_of(sheet) -> str:
    """Return the path of the secret link on a printed sheet."""
    (secret,) = [part["text"] for part in sheet["parts"] if part["kind"] == "secret"]
    return "/" + secret.split("://")[1].partition("/")[2]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_first_letter_carries_a_living_link(client, office, submission, printed, language):
    page = office.get(reverse("admin:stakeholders_idea_change", args=[submission.idea_id]))
    assert letter_url(submission) in page.content.decode()
    data = {"language": language, "address": "Rue du Banc 1\n1000 Bruxelles"}
    response = office.post(letter_url(submission), data)
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response.headers["Cache-Control"]
    (sheet,) = printed
    assert sheet["parts"][0]["text"] == "Jeanne Sans-Mail\nRue du Banc 1\n1000 Bruxelles"
    link = link_of(sheet)
    assert link.startswith(f"/{language}/")
    assert submission.idea.title in client.get(link).content.decode()
    letter = TrackingLetter.objects.get()
    assert (letter.replaces, letter.reason) == (False, "")
    assert not Message.objects.exists()


def test_a_lost_link_dies_with_the_new_letter(client, office, submission, printed):
    office.post(letter_url(submission), {"language": "fr"})
    form = office.get(letter_url(submission)).context["form"]
    assert {"checked", "reason"} <= set(form.fields)
    refused = office.post(letter_url(submission), {"language": "fr"})
    assert set(refused.context["form"].errors) == {"checked", "reason"}
    assert Token.objects.alive().count() == 1
    assert office.post(letter_url(submission), {"language": "nl", **LOST}).status_code == 200
    old, new = (link_of(sheet) for sheet in printed)
    assert client.get(old).templates[0].name == "stakeholders/link_dead.html"
    assert submission.idea.title in client.get(new).content.decode()
    letter = TrackingLetter.objects.first()
    assert (letter.replaces, letter.reason) == (True, LOST["reason"])


def test_whoever_has_an_address_gets_no_letter(office, make_user):
    submission = SubmissionFactory(channel="desk")
    assert office.get(letter_url(submission)).status_code == 404
    with pytest.raises(TransitionRefused):
        services.give_letter(submission, by=make_user("staff"))
    assert not Token.objects.exists()


def test_only_the_staff_prints_and_nobody_their_own(users, login, submission, make_user):
    for role, user in users.items():
        status = login(user).get(letter_url(submission)).status_code
        assert (status == 200) == (role == "staff"), role
    own = make_user("staff")
    submission.contact.user = own
    submission.contact.save()
    assert login(own).post(letter_url(submission), {"language": "fr"}).status_code == 403


@pytest.mark.parametrize(("field", "text"), [("language", "de"), ("address", "x" * 301)])
def test_bad_input_is_told_beside_its_field(office, submission, field, text):
    response = office.post(letter_url(submission), {"language": "fr", field: text})
    assert field in response.context["form"].errors
    assert not TrackingLetter.objects.exists()


def test_the_database_refuses_a_replacement_without_reason(submission, make_user):
    row = {"submission": submission, "by": make_user("staff"), "replaces": True}
    with pytest.raises(IntegrityError), transaction.atomic():
        TrackingLetter.objects.create(**row)


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_blank_form_is_linked_beside_the_form(client, printed, language):
    theme, place = ThemeFactory(), MunicipalityFactory()
    path = address("idea-blank", language=language)
    assert path in client.get(address("idea-new")).content.decode()
    response = client.get(path)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    words = json.dumps(printed[0], ensure_ascii=False)
    assert getattr(theme, f"name_{language}") or theme.name_fr in words
    assert (place.name_nl if language == "nl" else place.name_fr) in words


def test_after_entering_a_paper_form_the_letter_is_offered(office):
    data = {
        "title": "Mon banc",
        "body": "Un banc à chaque arrêt.",
        "language": "fr",
        "theme": ThemeFactory().pk,
        "submitter_type": "person",
        "display": "anonymous",
        "channel": "paper",
        "name": "Jeanne",
        "consent": "on",
    }
    response = office.post(reverse("admin:stakeholders_idea_add"), data, follow=True)
    (submission,) = Submission.objects.all()
    assert letter_url(submission) in response.content.decode()
