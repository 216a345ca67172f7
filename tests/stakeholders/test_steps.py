"""The mails to contributors and followers: each step once, in their language, to nobody else."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from core import mail
from core.models import Message
from core.permissions import SYSTEM
from kpi.models import InitiativeIndicator
from stakeholders import follow_mails, preferences, services
from stakeholders.models import Subscription, SubscriptionState, Watch
from tests.factories import chains
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.factories.workshops import WorkshopFactory
from tests.stakeholders.conftest import answer, mails_to
from workshops.models import AgendaIdea

pytestmark = pytest.mark.django_db
#: Of a look at two hundred ideas that have come all the way, where nothing is to be told. (To a
#: test all of it was written since the last look: that was in the same transaction.)
QUERIES = 36


@pytest.fixture(autouse=True)
def begun(db):
    """The look-out has begun before the test."""
    services.tell_steps()


@pytest.fixture
def idea():
    return IdeaFactory(published=True)


def follower_of(idea, language="nl", **fields):
    """Return a confirmed subscription to ``idea``."""
    return Subscription.objects.create(
        contact=fields.pop("contact", None) or ContactFactory(),
        kind="idea",
        target=idea.reference,
        language=language,
        status=SubscriptionState.ACTIVE,
        confirmed_at=timezone.now(),
        **fields,
    )


def steps_to(person) -> list[Message]:
    """Return the mails about steps to a person, the oldest first."""
    return mails_to(person.email, "idea_step")


def discuss(idea, **fields):
    """Put ``idea`` on the agenda of a workshop."""
    workshop = WorkshopFactory(**{"status": "published", **fields})
    AgendaIdea.objects.create(workshop=workshop, idea=idea)
    return workshop


def test_followers_are_told_the_moves_of_an_idea_once(idea, users):
    follower = follower_of(idea)
    services.start_review(idea, by=users["staff"])
    services.tell_steps()
    answer(idea, by=users["staff"])
    for _again in range(3):
        services.tell_steps()
    first, second = steps_to(follower.contact)
    assert (first.language, second.language) == ("nl", "nl")
    assert "Het Bureau werkt" in first.text or "antwoord" in first.text
    assert idea.title in second.text
    link = preferences.link(follower.contact, follower)
    assert second.headers["List-Unsubscribe"] == f"<{link}>"
    assert second.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in second.text


def test_contributors_hear_of_the_review_and_not_twice_of_the_answer(idea, users):
    submission = SubmissionFactory(idea=idea)
    silent = SubmissionFactory(idea=idea, notify=False)
    services.start_review(idea, by=users["staff"])
    services.tell_steps()
    answer(idea, by=users["staff"])
    services.tell_steps()
    kinds = [each.template for each in mails_to(submission.contact.email)]
    assert kinds == ["idea_step", "idea_answered"]
    assert mails_to(silent.contact.email) == []


def test_whoever_contributed_and_follows_gets_one_mail(idea, users):
    submission = SubmissionFactory(idea=idea)
    follower_of(idea, contact=submission.contact)
    services.start_review(idea, by=users["staff"])
    services.withdraw_idea(idea, by=SYSTEM, reason="solved", explanation="")
    discuss(idea)
    services.tell_steps()
    kinds = sorted(each.template for each in mails_to(submission.contact.email))
    assert kinds == ["idea_step", "idea_step", "idea_withdrawn"]


def test_a_reply_to_a_question_is_no_step(idea, users):
    follower = follower_of(idea)
    services.ask_question(idea, by=users["staff"], question="Where?")
    services.reply_to_question(idea, reply="There.")
    services.tell_steps()
    assert steps_to(follower.contact) == []


def test_who_follows_what_was_merged_follows_the_survivor(idea, users):
    follower, other = follower_of(idea), IdeaFactory(published=True)
    services.merge_idea(idea, by=users["staff"], into=other)
    services.tell_steps()
    (told,) = steps_to(follower.contact)
    assert other.reference in told.text
    services.start_review(other, by=users["staff"])
    follower_of(other, contact=follower.contact)
    discuss(other)
    discuss(idea)
    services.tell_steps()
    assert len(steps_to(follower.contact)) == 4


def test_every_step_of_the_journey_is_told_to_both():
    chains.chains(2)
    measured = InitiativeIndicator.objects.order_by("pk").first()
    InitiativeIndicator.objects.filter(pk=measured.pk).delete()
    idea = measured.initiative.outcome.sheet.ideas.get()
    people = [SubmissionFactory(idea=idea).contact, follower_of(idea).contact]
    services.tell_steps()
    for person in people:
        words = [each.text for each in steps_to(person)]
        assert len(words) == 4
        for number in (2, 3, 4, 5):
            assert (
                sum(f" {number} sur 6" in text for text in words)
                + sum(f" {number} van 6" in text for text in words)
                == 1
            )
    InitiativeIndicator.objects.create(initiative=measured.initiative, indicator=measured.indicator)
    for _again in range(2):
        services.tell_steps()
    assert [len(steps_to(person)) for person in people] == [5, 5]


def test_what_nobody_may_see_yet_is_told_once_it_is_public(idea):
    follower = follower_of(idea)
    workshop = discuss(idea, status="draft")
    services.tell_steps()
    assert steps_to(follower.contact) == []
    type(workshop).objects.filter(pk=workshop.pk).update(status="published")
    services.tell_steps()
    (told,) = steps_to(follower.contact)
    assert workshop.title_nl in told.text
    assert f"/nl/workshops/{workshop.pk}/" in told.text


def test_what_was_there_before_the_look_out_is_told_to_nobody(idea):
    Watch.objects.all().delete()
    follower = follower_of(idea)
    discuss(idea)
    services.tell_steps()
    services.tell_steps()
    assert steps_to(follower.contact) == []


def test_a_crash_in_the_middle_tells_nobody_twice_and_forgets_nobody(idea, monkeypatch):
    people = [follower_of(idea).contact for _n in range(3)]
    discuss(idea)
    send, calls = follow_mails.send_step, []

    def crash_at_the_second(*args):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError
        send(*args)

    monkeypatch.setattr(follow_mails, "send_step", crash_at_the_second)
    with pytest.raises(RuntimeError):
        services.tell_steps()
    assert not Message.objects.exists()
    services.tell_steps()
    services.tell_steps()
    assert [len(steps_to(person)) for person in people] == [1, 1, 1]


def test_a_hidden_idea_is_told_to_nobody_and_a_waiting_mail_is_not_sent(idea, users, server):
    follower = follower_of(idea)
    discuss(idea)
    services.tell_steps()
    services.hide_idea(idea, by=users["staff"], note="abuse")
    discuss(idea)
    services.tell_steps()
    (waiting,) = steps_to(follower.contact)
    assert mail.send(waiting.pk) is False
    waiting.refresh_from_db()
    assert (waiting.status, server.received) == ("failed", [])


def test_a_waiting_mail_is_not_sent_once_what_it_leads_to_is_hidden(idea, users, server):
    follower, other = follower_of(idea), IdeaFactory(published=True)
    services.merge_idea(idea, by=users["staff"], into=other)
    workshop = discuss(other)
    services.tell_steps()
    services.hide_idea(other, by=users["staff"], note="abuse")
    type(workshop).objects.filter(pk=workshop.pk).update(status="draft")
    waiting = steps_to(follower.contact)
    assert [other.reference in each.text for each in waiting] == [True, True]
    assert [mail.send(each.pk) for each in waiting] == [False, False]
    assert server.received == []


def test_a_waiting_mail_is_not_sent_once_the_thing_further_on_is_withdrawn(idea, server):
    follower = follower_of(idea)
    gone, stays = discuss(idea), discuss(idea)
    services.tell_steps()
    type(gone).objects.filter(pk=gone.pk).update(status="draft")
    sent = [mail.send(each.pk) for each in steps_to(follower.contact)]
    assert sorted(sent) == [False, True]
    (arrived,) = server.received
    assert stays.title_nl in arrived.get_body(("plain",)).get_content()


def test_a_waiting_mail_is_not_sent_to_who_has_unsubscribed(idea, server):
    follower, stays = follower_of(idea), follower_of(idea)
    discuss(idea)
    services.tell_steps()
    services.unsubscribe(follower)
    for person in (follower.contact, stays.contact):
        for message in steps_to(person):
            mail.send(message.pk)
    (sent,) = server.received
    assert sent["To"] == stays.contact.email
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "idea" in sent["List-Id"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_step_once(idea):
    people = [follower_of(idea).contact for _n in range(2)]
    discuss(idea)
    barrier, errors = threading.Barrier(2), []

    def work():
        try:
            barrier.wait()
            services.tell_steps()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [len(steps_to(person)) for person in people] == [1, 1]


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_queries_does_not_grow_with_what_was_told(count, django_assert_num_queries):
    chains.chains(count)
    services.tell_steps()
    with django_assert_num_queries(QUERIES):
        services.tell_steps()
