"""Two weeks after an answer: asked once, told behind a secret link, a "no" is looked at again."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Message, StatusChange, Token
from core.workflow import TransitionRefused
from stakeholders import services
from stakeholders.models import AnswerFeedback, OfficialStatement
from stakeholders.own_data import as_file
from stakeholders.panels import answers_to_review
from stakeholders.tasks import ask_whether_helped
from tests.factories.stakeholders import IdeaFactory, StatementFactory, SubmissionFactory
from tests.stakeholders.conftest import address, answer, link_in, mails_to, propose

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


def answered(days=15, **more):
    """Return a contribution to an idea that was answered ``days`` ago."""
    at = ago(days)
    idea = {"status": "answered", "published_at": at, "answered_at": at, "outcome": "accepted"}
    texts = {"answer_fr": "Oui.", "answer_nl": "Ja."}
    fields = {f"idea__{name}": value for name, value in {**idea, **texts}.items()}
    return SubmissionFactory(**{"contact__email": "zoe@example.org", **fields, **more})


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def asked():
    """Return (feedback, secret link) of somebody who was asked."""
    answered()
    ask_whether_helped()
    (mail,) = mails_to("zoe@example.org")
    return AnswerFeedback.objects.get(), link_in(mail)


def test_each_willing_contributor_is_asked_once_in_their_language():
    submission = answered(language="nl")
    idea = submission.idea
    SubmissionFactory(idea=idea, notify=False, contact__email="quiet@example.org")
    SubmissionFactory(idea=idea, contact__email="")
    SubmissionFactory(idea=idea, language="fr", contact__email="fr@example.org")
    for _time in range(3):
        ask_whether_helped()
    found = {mail.recipient: mail.language for mail in Message.objects.all()}
    assert found == {"zoe@example.org": "nl", "fr@example.org": "fr"}
    assert Message.objects.count() == AnswerFeedback.objects.count() == 2
    assert "/nl/ideas/helped/" in mails_to("zoe@example.org")[0].text


@pytest.mark.parametrize(("days", "count"), [(13, 0), (14.1, 1), (40, 1), (50, 0)])
def test_it_is_asked_two_weeks_later_and_not_about_old_answers(days, count):
    answered(days)
    ask_whether_helped()
    assert Message.objects.count() == count


@pytest.mark.parametrize("status", ["hidden", "merged", "archived"])
def test_what_is_gone_is_not_asked_about(status):
    idea = answered().idea
    other = IdeaFactory(published=True)
    type(idea).objects.filter(pk=idea.pk).update(status=status, duplicate_of=other)
    ask_whether_helped()
    assert not Message.objects.exists()


def test_an_answer_that_was_replaced_is_not_asked_about():
    idea = answered(20).idea
    first = OfficialStatement.objects.get()
    StatementFactory(idea=idea, supersedes=first, published_at=ago(2))
    ask_whether_helped()
    assert not Message.objects.exists()


def test_a_crash_between_question_and_mail_asks_again(monkeypatch):
    answered()
    with monkeypatch.context() as broken:
        broken.setattr("stakeholders.mails.ask_whether_helped", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.ask_whether_helped()
    assert not AnswerFeedback.objects.exists()
    assert not Token.objects.exists()
    services.ask_whether_helped()
    services.ask_whether_helped()
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_clocks_at_once_one_asks():
    answered()
    faults = []

    def run():
        try:
            services.ask_whether_helped()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Message.objects.count() == Token.objects.count() == 1


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_looking_changes_nothing(client, asked, language):
    feedback, link = asked
    response = client.get(link.replace("/fr/", f"/{language}/"))
    page = response.content.decode()
    assert "Oui, parce que." in page or "Ja, omdat." in page
    assert "no-store" in response.headers["Cache-Control"]
    assert 'content="noindex"' in page
    feedback.refresh_from_db()
    assert feedback.status == "asked"
    assert Token.objects.alive().count() == 1


def test_yes_is_told_once(client, asked):
    feedback, link = asked
    wrong = client.post(link, {"comment": "Merci"})
    assert "helps" in wrong.context["form"].errors
    assert client.post(link, {"helps": "yes", "comment": "Merci"}).status_code == 200
    feedback.refresh_from_db()
    assert (feedback.status, feedback.comment) == ("helped", "Merci")
    again = client.post(link, {"helps": "no", "comment": ""})
    assert again.templates[0].name == "stakeholders/feedback_dead.html"
    assert client.get(link).templates[0].name == "stakeholders/feedback_dead.html"
    feedback.refresh_from_db()
    assert feedback.status == "helped"


def test_an_unknown_or_old_link_says_nothing(client, asked):
    _feedback, link = asked
    unknown = client.get(address("idea-feedback", "x" * 43))
    Token.objects.update(expires_at=ago(1))
    old = client.post(link, {"helps": "no"})
    for response in (unknown, old):
        assert response.templates[0].name == "stakeholders/feedback_dead.html"
    assert AnswerFeedback.objects.get().status == "asked"


def test_a_tracking_link_is_no_link_of_this_kind(client, asked):
    raw = services.issue_tracking(asked[0].submission)
    response = client.post(address("idea-feedback", raw), {"helps": "no"})
    assert response.templates[0].name == "stakeholders/feedback_dead.html"


def test_no_opens_a_review_that_a_note_closes(client, login, staff, asked):
    feedback, link = asked
    assert answers_to_review(staff) is None
    client.post(link, {"helps": "no", "comment": "Et ma rue ?"})
    queue = answers_to_review(staff)
    assert [row.text for row in queue.rows] == [str(feedback.statement.idea)]
    login(staff)
    url = reverse("admin:stakeholders_answerfeedback_change", args=[feedback.pk])
    assert "Et ma rue ?" in client.get(url).content.decode()
    assert client.get(queue.url).context["cl"].result_count == 1
    close = reverse("admin:stakeholders_answerfeedback_transition", args=[feedback.pk, "close"])
    assert client.post(close, {"note": ""}).status_code == 200
    assert client.post(close, {"note": "La rue n’est pas à nous."}).status_code == 302
    feedback.refresh_from_db()
    assert feedback.status == "closed"
    assert StatusChange.objects.latest("pk").note == "La rue n’est pas à nous."
    assert answers_to_review(staff) is None


def test_a_new_answer_closes_the_reviews(client, staff, asked):
    feedback, link = asked
    client.post(link, {"helps": "no", "comment": ""})
    idea = feedback.statement.idea
    statement = propose(idea, body_fr="Et votre rue aussi.", body_nl="En uw straat ook.")
    feedback.refresh_from_db()
    assert feedback.status == "review", "a proposal closes nothing"
    services.publish_statement(statement, by=staff)
    feedback.refresh_from_db()
    assert (feedback.status, feedback.closed_by) == ("closed", statement)


def test_nobody_reviews_what_is_said_of_an_own_idea(client, login, staff, asked):
    feedback, link = asked
    client.post(link, {"helps": "no", "comment": ""})
    SubmissionFactory(idea=feedback.statement.idea, contact__user=staff)
    assert answers_to_review(staff) is None
    with pytest.raises(TransitionRefused):
        services.close_review(feedback, by=staff, note="rien")


def test_comments_are_read_by_the_office_alone(client, login, users, staff, asked):
    feedback, link = asked
    client.post(link, {"helps": "no", "comment": "commentaire-privé"})
    idea = feedback.statement.idea
    for role in ("secretary", "translator", "juror", "nobody", "superuser"):
        login(users[role])
        url = reverse("admin:stakeholders_answerfeedback_change", args=[feedback.pk])
        for path in (url, idea.get_absolute_url(), address("idea-answering")):
            words = client.get(path, follow=True).content.decode()
            assert "commentaire-privé" not in words, (role, path)


def test_erasing_takes_words_and_link_and_leaves_the_count(client, asked):
    feedback, link = asked
    submission = feedback.submission
    other = answered(contact__email="b@example.org")
    ask_whether_helped()
    waiting = link_in(mails_to("b@example.org")[0])
    client.post(link, {"helps": "no", "comment": "Je suis Zoé"})
    told = as_file(submission.contact)["reactions"]
    assert told[0]["comment"] == "Je suis Zoé"
    services.erase_contact(submission.contact)
    services.erase_contact(other.contact)
    feedback.refresh_from_db()
    assert (feedback.status, feedback.comment, feedback.submission) == ("review", "", None)
    assert not Token.objects.filter(subject__contains="feedback").exists()
    assert client.get(waiting).templates[0].name == "stakeholders/feedback_dead.html"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "gone"},
        {"status": "helped"},
        {"replied_at": ago(1)},
        {"status": "closed", "replied_at": ago(1)},
        {"closed_at": ago(1)},
    ],
)
def test_the_database_refuses_nonsense(change, asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerFeedback.objects.update(**change)


def test_nobody_is_asked_twice_about_one_answer(asked):
    feedback, _link = asked
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerFeedback.objects.create(statement=feedback.statement, submission=feedback.submission)


def test_after_a_new_answer_one_is_asked_about_that(staff, asked):
    feedback, _link = asked
    second = answer(feedback.statement.idea, by=staff)
    services.ask_whether_helped(now=timezone.now() + timedelta(days=14, hours=1))
    assert set(AnswerFeedback.objects.values_list("statement", flat=True)) == {
        feedback.statement_id,
        second.pk,
    }
