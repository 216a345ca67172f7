"""A campaign from draft to archive: two pairs of eyes, one mail for each person."""

import threading

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns import selectors, services, tasks
from campaigns.models import Campaign, Delivery
from campaigns.services import sending
from campaigns.workflow import CAMPAIGN
from core import mail
from core.markdown import body_text
from core.models import Message, StatusChange
from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders.models import ConsentEvent, SubscriptionState
from stakeholders.services import unsubscribe
from tests.campaigns.conftest import parts, send_everything
from tests.factories.campaigns import CampaignFactory, PlanFactory, SubscriberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(make_user):
    return make_user("staff", language="fr")


@pytest.fixture
def reviewer(make_user):
    return make_user("secretary", language="nl")


@pytest.fixture
def approved(author, reviewer):
    """An approved campaign with a French, a Dutch and an English subscriber."""
    campaign = CampaignFactory(created_by=author)
    for language in ("fr", "nl", "en"):
        SubscriberFactory(topic=campaign.topic, language=language, email=f"{language}@example.org")
    services.submit_campaign(campaign, by=author)
    services.approve_campaign(campaign, by=reviewer)
    return campaign


@pytest.fixture(autouse=True)
def _mail_server(server):
    """Every mail of these tests goes to a real server."""


def test_from_draft_to_archive(approved, author, server):
    services.start_campaign(approved, by=author)
    send_everything(approved)
    assert approved.status == "finished"
    assert approved.finished_at
    assert list(Campaign.objects.public()) == [approved]
    moves = StatusChange.objects.filter(object_id=approved.pk).values_list("transition", flat=True)
    assert list(moves)[::-1] == ["submit", "approve", "start", "begin", "finish"]
    assert len(server.received) == 3


def test_each_reader_gets_the_own_language_everywhere(approved, author, server):
    services.start_campaign(approved, by=author)
    send_everything(approved)
    sent = {message["to"]: message for message in server.received}
    for language, words, leave in (
        ("fr", "Cinq projets", "Se désabonner"),
        ("nl", "Vijf projecten", "Uitschrijven"),
        ("en", "Five projects", "Unsubscribe"),
    ):
        message = sent[f"{language}@example.org"]
        html, text = parts(message)
        assert message["subject"].startswith(words)
        assert message["content-language"] == language
        assert leave in text
        assert leave in html
        assert f'<html lang="{language}">' in html
        assert getattr(approved, f"body_{language}").split(",")[0] in text


def test_without_english_an_english_reader_gets_both_others(approved, author, reviewer, server):
    services.edit_campaign(approved, by=author, subject_en="", body_en="")
    services.submit_campaign(approved, by=author)
    services.approve_campaign(approved, by=reviewer)
    services.start_campaign(approved, by=author)
    send_everything(approved)
    (message,) = [each for each in server.received if each["to"] == "en@example.org"]
    html, _text = parts(message)
    assert '<div lang="fr">' in html
    assert '<div lang="nl">' in html
    assert approved.subject_fr in message["subject"]
    assert approved.subject_nl in message["subject"]


def test_headers_let_a_mail_program_unsubscribe(approved, author, settings, server):
    settings.SITE_URL = "https://portal.example.org"
    services.start_campaign(approved, by=author)
    send_everything(approved)
    for message in server.received:
        link = message["list-unsubscribe"]
        assert link.startswith("<https://portal.example.org/u/")
        assert link.endswith(">")
        assert link.count("<") == 1
        assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert message["list-id"] == f"<{approved.topic.slug}.portal.example.org>"
        assert message["precedence"] == "bulk"
        html, text = parts(message)
        assert link.strip("<>") in text
        assert f'href="{link.strip("<>")}"' in html
        assert selectors.subscription_of(link.strip("<>").split("/")[-1])
        assert "@@" not in message.as_string()


def test_an_author_does_not_approve_the_own_campaign(author, reviewer):
    campaign = CampaignFactory(created_by=author)
    services.edit_campaign(campaign, by=reviewer, subject_en="Six projects")
    services.submit_campaign(campaign, by=author)
    for person in (author, reviewer):
        with pytest.raises(PermissionRefused):
            services.approve_campaign(campaign, by=person)
        assert campaign not in selectors.to_approve(person)


def test_the_database_refuses_an_approval_by_the_author(author):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignFactory(approved=True, created_by=author, approved_by=author)


def test_the_database_refuses_what_nobody_approved(author):
    campaign = CampaignFactory(created_by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(status="approved")


@pytest.mark.parametrize("status", ["approved", "sending", "finished"])
def test_the_database_refuses_a_missing_language(approved, status):
    Campaign.objects.filter(pk=approved.pk).update(status=status)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=approved.pk).update(body_nl=" ")


def test_a_missing_dutch_text_blocks_the_approval(author):
    campaign = CampaignFactory(created_by=author, body_nl="")
    with pytest.raises(TransitionRefused) as refusal:
        services.submit_campaign(campaign, by=author)
    assert "Dutch" in str(refusal.value)


@pytest.mark.parametrize("status", ["in_review", "approved"])
def test_an_edit_makes_a_draft_again_and_voids_the_approval(approved, author, reviewer, status):
    if status == "in_review":
        services.reopen_campaign(approved, by=author)
        services.submit_campaign(approved, by=author)
    services.edit_campaign(approved, by=author, subject_fr="Six projets")
    assert approved.status == "draft"
    assert approved.approved_by is None
    assert approved.approved_hash == ""
    assert approved.subject_fr == "Six projets"
    assert list(approved.editors.all()) == [author]


def test_what_was_changed_behind_the_service_is_not_sent(approved, author):
    Campaign.objects.filter(pk=approved.pk).update(subject_en="Something else")
    approved.refresh_from_db()
    with pytest.raises(TransitionRefused):
        services.start_campaign(approved, by=author)
    assert not Delivery.objects.exists()


def test_what_was_sent_is_not_edited(approved, author):
    services.start_campaign(approved, by=author)
    with pytest.raises(TransitionRefused):
        services.edit_campaign(approved, by=author, subject_fr="Six projets")


def test_nobody_to_write_to_is_said_before_anything_starts(author, reviewer):
    campaign = CampaignFactory(approved=True, created_by=author, approved_by=reviewer)
    with pytest.raises(TransitionRefused):
        services.start_campaign(campaign, by=author)


def test_only_confirmed_subscribers_of_the_topic_are_written_to(approved, author):
    for state in (SubscriptionState.PENDING, SubscriptionState.UNSUBSCRIBED):
        SubscriberFactory(topic=approved.topic, status=state)
    SubscriberFactory()
    services.start_campaign(approved, by=author)
    services.begin_campaign(approved)
    addresses = {each.contact.email for each in approved.deliveries.all()}
    assert addresses == {"fr@example.org", "nl@example.org", "en@example.org"}
    assert selectors.subscribers_by_language(approved.topic) == {"fr": 1, "nl": 1, "en": 1}


def test_draining_again_sends_nothing(approved, author, server):
    services.start_campaign(approved, by=author)
    assert services.drain(approved.pk).taken == 3
    assert services.drain(approved.pk).taken == 0
    assert len(server.received) == approved.deliveries.count() == 3


def test_it_is_finished_only_when_every_mail_is_settled(approved, author):
    services.start_campaign(approved, by=author)
    services.begin_campaign(approved)
    services.tick()
    approved.refresh_from_db()
    assert approved.status == "sending"
    with pytest.raises(TransitionRefused):
        services.finish_campaign(approved)
    send_everything(approved)
    assert approved.status == "finished"
    services.tick()


def test_the_outcomes_add_up(approved, author):
    services.start_campaign(approved, by=author)
    services.begin_campaign(approved)
    approved.deliveries.filter(email="fr@example.org").update(state=4)
    approved.deliveries.filter(email="nl@example.org").update(state=7, reason="unsubscribed")
    found = selectors.outcome(approved)
    assert found == {
        "prepared": 3,
        "excluded": 1,
        "sent": 0,
        "failed": 1,
        "uncertain": 0,
        "waiting": 1,
        "not_taken": 2,
        "came_back": 0,
    }


def test_who_leaves_after_the_freeze_gets_nothing_but_other_mail(approved, author, server):
    services.start_campaign(approved, by=author)
    services.begin_campaign(approved)
    people = [each.contact for each in approved.deliveries.all()]
    for person in people:
        unsubscribe(person.subscriptions.get())
    reset = mail.enqueue(
        key="reset",
        template="account/password_reset_key",
        to=people[0].email,
        language="fr",
        context={"link": "https://example.org"},
    )
    send_everything(approved)
    assert server.received == []
    assert set(approved.deliveries.values_list("reason", flat=True)) == {"unsubscribed"}
    assert approved.status == "finished"
    assert mail.send(reset.pk)
    assert "mot de passe" in server.received[0]["subject"]


def test_an_erased_person_gets_nothing(approved, author, server):
    services.start_campaign(approved, by=author)
    services.begin_campaign(approved)
    approved.deliveries.get(contact__email="nl@example.org").contact.delete()
    send_everything(approved)
    assert approved.deliveries.get(contact=None).reason == "removed"
    assert {each["to"] for each in server.received} == {"fr@example.org", "en@example.org"}


def test_cancelled_stops_what_was_not_handed_over(approved, author, server):
    services.start_campaign(approved, by=author)
    services.begin_campaign(approved)
    services.cancel_campaign(approved, by=author, note="The date changed.")
    assert set(approved.deliveries.values_list("reason", flat=True)) == {"cancelled"}
    assert services.drain(approved.pk) is None
    with pytest.raises(TransitionRefused):
        services.start_campaign(approved, by=author)
    assert server.received == []


def test_a_test_goes_to_oneself_is_marked_and_counts_nowhere(approved, author, server):
    services.send_test(approved, by=author, language="nl")
    services.send_test(approved, by=author, language="nl")
    first, second = Message.objects.all()
    mail.send(first.pk)
    (message,) = server.received
    assert message["to"] == author.email
    assert message["subject"].startswith("[test]")
    assert "Dit is een test" in parts(message)[1]
    assert "List-Unsubscribe" not in message
    assert selectors.outcome(approved)["prepared"] == 0
    assert mail.send(second.pk)


def test_a_hostile_text_stays_text(author, server):
    campaign = CampaignFactory(
        created_by=author,
        subject_fr='<img src=x onerror=1> & "Zoé"\r\nBcc: v@example.org',
        body_fr="<script>alert(1)</script> [x](javascript:alert(1)) **gras**",
    )
    message = services.send_test(campaign, by=author, language="fr")
    mail.send(message.pk)
    (sent,) = server.received
    html, _text = parts(sent)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html.split("&lt;script")[0]
    assert 'href="javascript' not in html
    assert "<strong" in html
    assert '& "Zoé" Bcc: v@example.org' in sent["subject"]
    assert sent["to"] == author.email
    assert sent["bcc"] is None


def test_plain_text_keeps_links_lists_and_breaks():
    source = (
        "# Titre\n\nVoir [la page](https://example.org/a).\n\n- un\n- deux **mots**\n\n---\nfin -"
    )
    assert body_text(source) == (
        "Titre\n\nVoir la page (https://example.org/a).\n\n- un\n\n- deux mots\n\nfin -\n"
    )


@pytest.mark.parametrize("role", ["juror", "board", "auditor", "administrator", "translator"])
def test_other_roles_do_nothing(make_user, role):
    person = make_user(role)
    campaign = CampaignFactory()
    assert CAMPAIGN.available(campaign, person) == []
    with pytest.raises(PermissionRefused):
        services.edit_campaign(campaign, by=person, subject_fr="x")
    with pytest.raises(PermissionRefused):
        services.send_test(campaign, by=person, language="fr")
    with pytest.raises(PermissionRefused):
        services.create_campaign(CampaignFactory.build(topic=campaign.topic), by=person)


@pytest.mark.parametrize(
    ("status", "moves"),
    [
        ("draft", ["submit", "cancel"]),
        ("in_review", ["approve", "send_back", "reopen", "cancel"]),
        ("approved", ["reopen", "schedule", "start", "cancel"]),
        ("scheduled", ["reopen", "start", "cancel"]),
        ("freezing", ["cancel"]),
        ("held", ["reopen", "confirm_audience", "cancel"]),
        ("sending", ["pause", "cancel"]),
        ("paused", ["change_rate", "resume", "cancel"]),
        ("missed", ["reopen", "schedule", "start", "cancel"]),
        ("finished", ["send_again"]),
        ("cancelled", []),
    ],
)
def test_the_matrix_of_states(approved, make_user, status, moves):
    Campaign.objects.filter(pk=approved.pk).update(status=status, send_at=timezone.now())
    approved.refresh_from_db()
    assert [each.name for each in CAMPAIGN.available(approved, make_user("staff"))] == moves
    own = {"start", "begin", "hold", "pause", "miss", "finish"}
    assert {each.name for each in CAMPAIGN.available(approved, SYSTEM)} <= own


def test_a_lost_wake_up_is_repaired(
    approved, author, monkeypatch, settings, django_capture_on_commit_callbacks
):
    settings.CAMPAIGN_CONNECTIONS = 1
    woken = []
    monkeypatch.setattr(
        sending.current_app, "send_task", lambda name, args, **rest: woken.append((name, args))
    )
    with django_capture_on_commit_callbacks(execute=True):
        services.start_campaign(approved, by=author)
    assert woken == [("campaigns.drain", [approved.pk])]
    services.tick()
    assert len(woken) == 1, "a moment ago somebody was called"
    cache.clear()
    services.tick()
    assert len(woken) == 2
    tasks.drain_campaign(approved.pk)
    services.tick()
    assert len(woken) == 2


def test_a_subscriber_who_left_leaves_one_line_in_the_ledger(approved):
    subscription = approved.topic.subscriptions.first()
    assert unsubscribe(subscription)
    assert not unsubscribe(subscription)
    assert ConsentEvent.objects.filter(event="withdrawn").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_starts_and_four_drains_at_once_make_one_mail_each(author, reviewer, server):
    campaign = CampaignFactory(created_by=author, approved_by=reviewer, approved=True)
    for number in range(30):
        SubscriberFactory(topic=campaign.topic, email=f"many{number}@example.org")
    started = run_together(2, lambda: services.start_campaign(fresh(campaign), by=author))
    assert sorted(started) == ["TransitionRefused", "done"]
    run_together(4, lambda: services.drain(campaign.pk))
    assert sorted(campaign.deliveries.values_list("state", flat=True)) == [3] * 30
    assert len({each["to"] for each in server.received}) == len(server.received) == 30


def fresh(campaign):
    return Campaign.objects.get(pk=campaign.pk)


def run_together(times, work):
    """Run ``work`` in several threads at once; return "done" or the refusal of each."""
    barrier, answers = threading.Barrier(times), []

    def run():
        barrier.wait()
        try:
            work()
            answers.append("done")
        except TransitionRefused as refusal:
            answers.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("bad", [{"ends_on": "2025-01-01"}, {"title_nl": ""}, {"status": "begun"}])
def test_the_database_refuses_a_bad_plan(bad):
    plan = PlanFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(plan).objects.filter(pk=plan.pk).update(**bad)


@pytest.mark.parametrize(
    "bad",
    [
        {"state": 8},
        {"state": 1},
        {"state": 3},
        {"state": 6},
        {"reason": "bored"},
        {"email_norm": "nl@example.org"},
    ],
)
def test_the_database_refuses_a_bad_delivery(approved, author, bad):
    services.start_campaign(approved, by=author)
    services.begin_campaign(approved)
    with pytest.raises(IntegrityError), transaction.atomic():
        approved.deliveries.filter(email="fr@example.org").update(**bad)


def test_times_are_kept(approved, author):
    before = timezone.now()
    services.start_campaign(approved, by=author)
    assert approved.started_at >= before
