"""The secret link: who gets one, what it opens, what can be done with it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from core.models import Message, StatusChange, Token
from core.permissions import SYSTEM
from stakeholders import services
from stakeholders.models import Idea, WithdrawalReason
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import DECLINED, address, answer, link_in, mails_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def submission():
    return SubmissionFactory(contact__email="zoe@example.org", idea__title="Mon banc")


@pytest.fixture
def page(submission):
    """The path of the tracking page of ``submission``."""
    return address("idea-tracking", services.issue_tracking(submission))


def test_the_reply_is_the_same_for_known_and_unknown(client, submission):
    pages = []
    for email in ("nobody@example.org", "ZOE@example.org"):
        response = client.post(address("idea-track"), {"email": email})
        assert response.status_code == 200
        pages.append(response.content.decode())
    assert pages[0] == pages[1]
    (mail,) = Message.objects.all()
    assert mail.recipient == "zoe@example.org"
    assert Token.objects.count() == 1
    assert "Mon banc" in client.get(link_in(mail)).content.decode()


def test_what_waits_for_confirmation_gets_a_new_confirmation_link(client, send):
    send()
    first = link_in(mails_to("zoe@example.org")[0])
    client.post(address("idea-track"), {"email": "zoe@example.org"})
    second = link_in(mails_to("zoe@example.org", "idea_links")[0])
    assert "/confirm/" in second
    client.post(first)
    assert Idea.objects.get().status == "submitted", "the old link is dead"
    client.post(second)
    assert Idea.objects.get().status == "received"


def test_many_requests_say_the_same_and_send_little(client, submission):
    for _time in range(9):
        response = client.post(address("idea-track"), {"email": "zoe@example.org"})
        assert "stakeholders/links_sent.html" in {each.name for each in response.templates}
    assert Message.objects.count() == 5


def test_a_bad_address_is_a_field_error(client):
    response = client.post(address("idea-track"), {"email": "x"})
    assert "email" in response.context["form"].errors


def test_only_the_right_living_token_opens_the_page(client, submission, page):
    other = SubmissionFactory(idea__title="Autre idée")
    assert "Mon banc" in client.get(page).content.decode()
    raw = services.issue_tracking(other)
    seen = client.get(address("idea-tracking", raw)).content.decode()
    assert "Autre idée" in seen
    assert "Mon banc" not in seen
    dead = [address("idea-tracking", submission.idea.reference), address("idea-tracking", raw[:-1])]
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for path in (*dead, page):
        response = client.get(path)
        assert response.templates[0].name == "stakeholders/link_dead.html"
        assert "Mon banc" not in response.content.decode()


def test_the_reference_alone_opens_nothing(client, submission):
    assert client.get(submission.idea.get_absolute_url()).status_code == 404


def test_a_confirmation_token_is_no_tracking_token(client, send):
    send()
    raw = link_in(mails_to("zoe@example.org")[0]).rstrip("/").rpartition("/")[2]
    response = client.get(address("idea-tracking", raw))
    assert response.templates[0].name == "stakeholders/link_dead.html"


def test_secret_pages_are_kept_by_nobody(client, page):
    response = client.get(page)
    assert "no-store" in response.headers["Cache-Control"]
    assert 'name="robots" content="noindex"' in response.content.decode()
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_internal_notes_are_not_told(client, staff, submission, page):
    services.publish_idea(submission.idea, by=staff, note="a remark of ours")
    assert "a remark of ours" not in client.get(page).content.decode()
    assert "a remark of ours" not in client.get(submission.idea.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["received", "published", "under_review"])
def test_a_question_is_asked_and_answered_through_the_link(client, staff, submission, state):
    published_at = None if state == "received" else timezone.now()
    Idea.objects.update(status=state, published_at=published_at)
    submission.idea.refresh_from_db()
    services.ask_question(submission.idea, by=staff, question="Combien d’arrêts ?")
    (mail,) = mails_to("zoe@example.org", "idea_question")
    assert "Combien d’arrêts ?" in mail.text
    link = link_in(mail)
    assert "Combien d’arrêts ?" in client.get(link).content.decode()
    refused = client.post(link, {"action": "reply", "reply": ""})
    assert "reply" in refused.context["reply_form"].errors
    assert client.post(link, {"action": "reply", "reply": "Une vingtaine."}).url == link
    submission.idea.refresh_from_db()
    assert submission.idea.status == state
    assert submission.idea.questions.get().reply == "Une vingtaine."
    again = client.post(link, {"action": "reply", "reply": "Encore."})
    assert again.context["reply_form"].errors
    assert submission.idea.questions.get().reply == "Une vingtaine."


def test_a_question_about_a_published_idea_leaves_its_page(client, staff):
    idea = SubmissionFactory(idea__published=True).idea
    services.ask_question(idea, by=staff, question="Où ?")
    response = client.get(idea.get_absolute_url())
    assert response.status_code == 200
    assert "Où ?" not in response.content.decode()


def test_withdrawing_needs_reason_and_explanation_and_is_asked_twice(client, submission, page):
    Idea.objects.update(status="published", published_at=timezone.now())
    empty = client.post(page, {"action": "withdraw"})
    assert set(empty.context["withdrawal_form"].errors) == {"reason", "explanation"}
    data = {"action": "withdraw", "reason": "solved", "explanation": "Le voisin s’en charge."}
    asked = client.post(page, data)
    assert asked.templates[0].name == "stakeholders/idea_withdraw.html"
    submission.idea.refresh_from_db()
    assert submission.idea.status == "published"
    assert client.post(page, {**data, "confirmed": "1"}).url == page
    submission.idea.refresh_from_db()
    assert submission.idea.status == "withdrawn"
    assert StatusChange.objects.latest("pk").by is None
    assert mails_to("zoe@example.org", "idea_withdrawn")


def test_a_withdrawn_idea_leaves_the_list_and_says_so_on_its_page(client, submission):
    Idea.objects.update(status="published", published_at=timezone.now())
    submission.idea.refresh_from_db()
    services.withdraw_idea(submission.idea, by=SYSTEM, reason="solved", explanation="Entre nous.")
    path = address("idea-detail", submission.idea.reference)
    assert path not in client.get(address("idea-list")).content.decode()
    for query in ("reason=solved", "status=withdrawn", f"search={submission.idea.reference}"):
        assert path in client.get(f"{address('idea-list')}?{query}").content.decode(), query
    assert path not in client.get(f"{address('idea-list')}?reason=mistake").content.decode()
    page = client.get(path)
    with translation.override("fr"):
        assert str(WithdrawalReason.SOLVED.label) in page.context["sentence"]
    assert "Entre nous." not in page.content.decode()


def test_what_was_withdrawn_before_moderation_never_becomes_public(client, submission):
    services.withdraw_idea(submission.idea, by=SYSTEM, reason="mistake", explanation="Oups.")
    assert client.get(submission.idea.get_absolute_url()).status_code == 404


def test_a_refused_contributor_reads_the_reasons_and_nobody_else(client, staff, submission, page):
    services.refuse_idea(
        submission.idea,
        by=staff,
        reason="private_matter",
        public_note_fr="Adressez-vous à votre commune.",
        public_note_nl="Wend u tot uw gemeente.",
        instead_fr="Maison communale, guichet 3.",
        instead_nl="Gemeentehuis, loket 3.",
    )
    assert "Adressez-vous à votre commune." in client.get(page).content.decode()
    assert "Maison communale, guichet 3." in client.get(page).content.decode()
    mail = mails_to("zoe@example.org")[0].text
    assert "Adressez-vous à votre commune." in mail
    assert "Maison communale, guichet 3." in mail
    assert client.get(submission.idea.get_absolute_url()).status_code == 404


def test_an_answer_is_read_in_the_language_of_each(staff):
    idea = IdeaFactory(published=True)
    for language in ("fr", "nl", "en"):
        email = f"{language}@example.org"
        SubmissionFactory(idea=idea, language=language, contact__email=email)
    SubmissionFactory(idea=idea, notify=False, contact__email="quiet@example.org")
    SubmissionFactory(idea=idea, contact__email="")
    answer(idea, by=staff, body_fr="Non, car…", body_nl="Neen, want…", **DECLINED)
    assert "Non, car…" in mails_to("fr@example.org")[0].text
    assert "Neen, want…" in mails_to("nl@example.org")[0].text
    english = mails_to("en@example.org")[0].text
    assert "Non, car…" in english
    assert "Neen, want…" in english
    assert Message.objects.count() == 3
