"""Mails about an idea of one's own end with one click of a mail program, and begin again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from core import mail
from core.models import Message
from core.permissions import SYSTEM
from stakeholders import preferences, services
from stakeholders.mails import ALWAYS_SENT
from stakeholders.models import Submission, text_state, words_of
from stakeholders.workflow import IDEA
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import answer, mails_to
from tests.stakeholders.test_steps import follower_of

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def begun(db):
    """The look-out for steps has begun before the test."""
    services.tell_steps()


def own_link(submission) -> str:
    """Return the path of the link in the mails to a contributor."""
    link = preferences.link(submission.contact, submission)
    return re.sub(r"^https?://[^/]+", "", link)


def corrected(submission, body):
    words = {**words_of(submission.idea), "body": body}
    return services.correct_idea(submission, words, seen=text_state(submission.idea))


def everything_happens(submission, staff):
    """Let an idea in moderation go through all that its contributors are told."""
    idea = submission.idea
    services.ask_question(idea, by=staff, question="Où ?")
    services.reply_to_question(idea, reply="Ici.")
    services.publish_idea(idea, by=staff)
    edit = corrected(submission, "Un banc large à chaque arrêt du tram.")
    services.approve_edit(edit, by=staff)
    idea.refresh_from_db()
    edit = corrected(submission, "Un banc de Zoé à chaque arrêt du tram.")
    services.refuse_edit(edit, by=staff, reason="personal_data", explanation="Sans nom.")
    services.split_idea(idea, by=staff, title="Le tram", body="à chaque arrêt du tram")
    services.start_review(idea, by=staff)
    answer(idea, by=staff)
    services.tell_steps()
    services.ask_whether_helped(timezone.now() + timedelta(days=15))
    other = IdeaFactory(published=True)
    services.merge_idea(other, by=staff, into=idea)
    services.merge_idea(idea, by=staff, into=IdeaFactory(published=True))
    IDEA.run(idea, "undo_merge_answered", by=staff, note="Deux idées.")
    services.hide_idea(idea, by=staff, note="Fin.")


def templates_to(submission, *, endable=None) -> set[str]:
    """Return the kinds of mails to a contributor, those with or without a link to end them."""
    sent = mails_to(submission.contact.email)
    if endable is not None:
        sent = [each for each in sent if ("List-Unsubscribe" in each.headers) == endable]
    return {each.template for each in sent}


TOLD = {
    *("idea_published", "idea_edit_approved", "idea_split", "idea_step", "idea_answered"),
    *("idea_feedback", "idea_took_in", "idea_merged", "idea_unmerged"),
}


def test_what_one_may_switch_off_has_the_headers_and_what_always_comes_has_none(make_user):
    staff, wants, silent = make_user("staff"), SubmissionFactory(), SubmissionFactory(notify=False)
    for each in (wants, silent):
        everything_happens(each, staff)
    assert templates_to(wants, endable=True) == TOLD
    assert templates_to(wants, endable=False) == {"idea_question", "idea_edit_refused"}
    assert templates_to(silent) == {"idea_question", "idea_edit_refused"} <= ALWAYS_SENT
    for message in mails_to(wants.contact.email):
        if message.template in TOLD and message.template != "idea_split":
            assert own_link(wants) in message.text
            assert own_link(wants) in message.html
            assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert "own-ideas" in message.headers["List-Id"]


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_how_an_idea_ends_reaches_everybody_and_is_no_list(make_user, verb):
    submission = SubmissionFactory(notify=False)
    words = {f"{name}_{code}": "x" for name in ("public_note", "instead") for code in ("fr", "nl")}
    if verb == "refuse":
        services.refuse_idea(submission.idea, by=make_user("staff"), reason="unclear", **words)
    else:
        services.withdraw_idea(submission.idea, by=SYSTEM, reason="solved", explanation="")
    (message,) = mails_to(submission.contact.email)
    assert message.template in ALWAYS_SENT
    assert "List-Unsubscribe" not in message.headers
    assert own_link(submission) not in message.text


def test_the_mails_that_carry_a_secret_link_are_no_list(confirmed):
    confirmed()
    services.send_links("zoe@example.org", language="fr")
    assert {each.template for each in Message.objects.all()} == {
        *("idea_confirm", "idea_received", "idea_links"),
    }
    assert [each.headers for each in Message.objects.all()] == [{}, {}, {}]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_one_click_ends_them_and_the_page_undoes_it(client, make_user, server, language):
    submission = SubmissionFactory(language=language)
    services.publish_idea(submission.idea, by=make_user("staff"))
    (message,) = mails_to(submission.contact.email)
    mail.send(message.pk)
    (received,) = server.received
    path = "/f/" + received["List-Unsubscribe"].strip("<>").rpartition("/f/")[2]
    assert path == own_link(submission)
    client.handler.enforce_csrf_checks = True

    def notify():
        return Submission.objects.get().notify

    page = client.get(path)
    assert notify() is True, "a GET changes nothing"
    assert f'<html lang="{language}"' in page.text
    assert submission.idea.title in page.text
    assert not page.cookies
    for _twice in range(2):
        answered = client.post(path, ONE_CLICK)
        assert answered.status_code == 200
        assert notify() is False
        assert 'name="again"' in answered.text
    assert 'name="again"' in client.get(path).text
    again = client.post(path, {"again": "own"})
    assert notify() is True
    assert 'name="end" value="own"' in again.text
    client.post(path, {"end": "own"})
    assert notify() is False
    submission.refresh_from_db()
    assert submission.language == language


def test_what_is_followed_beside_it_goes_on_unless_all_is_ended(client):
    submission = SubmissionFactory(idea__published=True)
    followed = follower_of(IdeaFactory(published=True), contact=submission.contact)
    client.post(own_link(submission), ONE_CLICK)
    followed.refresh_from_db()
    assert followed.status == "active"
    client.post(own_link(submission), {"again": "own"})
    client.post(own_link(submission), {"end": followed.pk})
    submission.refresh_from_db()
    assert submission.notify is True, "a button ends what it names"
    client.post(own_link(submission), {"end": "all"})
    submission.refresh_from_db()
    assert submission.notify is False


def test_it_holds_for_what_the_idea_was_merged_into_and_back(client, make_user):
    staff, submission = make_user("staff"), SubmissionFactory(idea__published=True)
    second, third = (IdeaFactory(published=True) for _each in range(2))
    elsewhere = SubmissionFactory(contact=submission.contact, idea__published=True)
    services.merge_idea(submission.idea, by=staff, into=second)
    services.merge_idea(second, by=staff, into=third)
    mine = submission.contact.submissions
    for path in (own_link(submission), own_link(mine.get(idea=third))):
        client.post(path, ONE_CLICK)
        assert list(mine.filter(notify=True)) == [elsewhere]
        client.post(path, {"again": "own"})
        assert not mine.filter(notify=False).exists()


def test_a_waiting_step_is_not_sent_after_the_click(client, make_user):
    submission = SubmissionFactory(idea__published=True)
    services.start_review(submission.idea, by=make_user("staff"))
    services.tell_steps()
    (waiting,) = mails_to(submission.contact.email, "idea_step")
    client.post(own_link(submission), ONE_CLICK)
    assert mail.send(waiting.pk) is False


def test_nothing_is_shown_of_an_idea_that_nobody_may_see(client):
    submission = SubmissionFactory(idea__title="Un banc secret")
    page = client.get(own_link(submission)).text
    assert submission.idea.reference in page
    assert "Un banc secret" not in page
    assert submission.idea.get_absolute_url() not in page


def test_a_link_of_somebody_else_or_of_who_was_erased_opens_nothing(client):
    submission, stranger = SubmissionFactory(), ContactFactory()
    forged = preferences.link(stranger, submission).partition("/f/")[2]
    client.post(f"/f/{forged}", ONE_CLICK)
    submission.refresh_from_db()
    assert submission.notify is True
    path = own_link(submission)
    services.erase_contact(submission.contact)
    assert client.post(path, ONE_CLICK).templates[0].name == "stakeholders/preferences_dead.html"


def test_the_link_outlives_the_merge_of_two_records_of_one_person(client, make_user):
    submission, kept = SubmissionFactory(), ContactFactory()
    path = own_link(submission)
    staff = make_user("staff")
    services.merge_contacts(kept, submission.contact, by=staff, reason="Une personne.")
    client.post(path, ONE_CLICK)
    assert Submission.objects.get().notify is False
