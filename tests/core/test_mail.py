"""The mail engine: once, in the reader's language, after the commit; what a refusal does."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from core import mail, slots, tasks
from core.models import Message

LINK = "https://example.org/?a=1&b=2"


def queue(key="try:1", to="zoe@example.org", language="fr", **fields):
    context = {"link": LINK}
    return mail.enqueue(
        key=key,
        template="account/password_reset_key",
        to=to,
        language=language,
        context=context,
        **fields,
    )


def state(message):
    message.refresh_from_db()
    return message.status


@pytest.mark.django_db
def test_a_key_makes_one_mail():
    first = queue()
    assert queue(to="other@example.org").pk == first.pk
    assert Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "mot de passe"), ("nl", "wachtwoord"), ("en", "password")],
)
def test_a_mail_is_in_the_language_of_its_reader(language, words):
    message = queue(language=language)
    assert words in message.subject.lower()
    assert words in message.text
    assert words in message.html
    assert f'<html lang="{language}">' in message.html


@pytest.mark.django_db
def test_whoever_has_chosen_no_language_reads_french_and_dutch_each_marked(server):
    message = queue(language=mail.BOTH)
    french, dutch = (mail.render(message.template, code, {"link": LINK}) for code in ("fr", "nl"))
    assert message.subject == f"{french['subject']} / {dutch['subject']}"
    order = [message.text.index(each) for each in ("== Français ==", "== Nederlands ==")]
    assert order == sorted(order)
    assert message.text.count(LINK) == 2
    assert "mot de passe" in message.text[order[0] : order[1]].lower()
    assert "wachtwoord" in message.text[order[1] :].lower()
    assert "-- \n" not in message.text, "below that sign, programs hide what follows"
    assert message.html.count("<html") == message.html.count("</html>") == 1
    sheets = re.findall(r'<table class="sheet"[^>]* lang="(\w+)"', message.html)
    assert sheets == ["fr", "nl"]
    assert "<style" not in message.html
    assert message.html.count("</table>") == message.html.count("<table")
    assert mail.send(message.pk)
    (received,) = server.received
    assert received["content-language"] == "fr, nl"


@pytest.mark.django_db
def test_the_context_of_a_mail_may_be_made_in_its_language():
    def context():
        return {"link": f"{LINK}&{get_language()}"}

    parts = mail.render("account/password_reset_key", mail.BOTH, context)
    assert f"{LINK}&fr" in parts["text"]
    assert f"{LINK}&nl" in parts["text"]
    assert f"{LINK}&en" in mail.render("account/password_reset_key", "en", context)["text"]


@pytest.mark.django_db
def test_only_html_is_escaped_and_styles_are_attributes():
    message = queue()
    assert LINK in message.text
    assert LINK.replace("&", "&amp;") in message.html
    assert 'style="' in message.html


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_after_the_commit_and_not_after_a_rollback(monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.send_message, "apply_async", lambda args, **rest: woken.append(args))
    with transaction.atomic():
        message = queue()
        assert woken == []
    assert woken == [[message.pk]]
    with transaction.atomic():
        queue(key="try:2")
        transaction.set_rollback(True)
    assert woken == [[message.pk]]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing(settings, monkeypatch):
    def away(*args, **kwargs):
        raise tasks.send_message.OperationalError("no broker")

    monkeypatch.setattr(tasks.send_message, "apply_async", away)
    message = queue()
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert list(mail.due(timezone.now())) == [message]


@pytest.mark.django_db
def test_sent_twice_arrives_once_and_the_text_is_emptied(server):
    message = queue()
    assert mail.send(message.pk)
    assert not mail.send(message.pk)
    assert state(message) == "sent"
    assert (message.text, message.html) == ("", "")
    assert message.sent_at
    (received,) = server.received
    assert received["to"] == "zoe@example.org"
    assert received["content-language"] == "fr"
    assert received["auto-submitted"] == "auto-generated"
    assert [part.get_content_type() for part in received.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert LINK in received.get_body(("plain",)).get_content()


@pytest.mark.django_db
def test_headers_of_an_app_are_kept_and_transactional_mail_has_no_list(server):
    mail.send(queue(headers={"Precedence": "bulk"}).pk)
    mail.send(queue(key="try:2").pk)
    first, second = server.received
    assert first["precedence"] == "bulk"
    assert second["precedence"] is second["list-unsubscribe"] is None


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_one(server):
    # Without `enqueue`, whose wake-up a real worker of another test could answer first.
    message = Message.objects.create(
        key="try:1",
        template="account/password_reset_key",
        recipient="zoe@example.org",
        language="fr",
        **mail.render("account/password_reset_key", "fr", {"link": LINK}),
    )
    start = threading.Barrier(8)
    results = []

    def work():
        from django.db import connection

        start.wait()
        results.append(mail.send(message.pk))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(results) == [False] * 7 + [True]
    assert len(server.received) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["recipient_answers", "data_answers"])
def test_a_final_refusal_fails_and_keeps_no_text(server, place):
    setattr(server, place, ["550 no such person"])
    message = queue()
    assert not mail.send(message.pk)
    assert state(message) == "failed"
    assert (message.text, message.html) == ("", "")
    assert "no such person" in message.error


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["recipient_answers", "data_answers"])
def test_a_passing_refusal_is_tried_again_and_arrives_once(server, place):
    setattr(server, place, ["450 later"] * 3)
    message = queue()
    for attempt in range(1, 4):
        assert not mail.send(message.pk)
        assert state(message) == "queued"
        assert message.attempts == attempt
    assert mail.send(message.pk)
    assert state(message) == "sent"
    assert len(server.received) == 1


@pytest.mark.django_db
def test_a_refusal_that_never_passes_is_given_up(server):
    server.data_answers = ["450 later"] * 20
    message = queue()
    while state(message) == "queued":
        mail.send(message.pk)
    assert message.status == "failed"
    assert message.attempts == len(mail.RETRY_AFTER) + 1
    assert message.text == ""


@pytest.mark.django_db
def test_nobody_listens_so_it_waits(settings, free_port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port
    message = queue()
    assert not mail.send(message.pk)
    assert state(message) == "queued"
    assert message.text


@pytest.fixture
def free_port():
    """A port on which nobody listens."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.django_db
def test_an_answer_that_got_lost_is_uncertain_and_never_sent_again(server):
    server.drop_after_data = True
    message = queue()
    assert not mail.send(message.pk)
    assert state(message) == "uncertain"
    assert not mail.send(message.pk)
    Message.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert not mail.due(timezone.now()).exists()


@pytest.mark.django_db
def test_an_impossible_address_fails_without_a_second_try():
    message = queue(to="zoe@example.org")
    Message.objects.update(recipient="zoe@example.org\nbcc: v@example.org")
    assert not mail.send(message.pk)
    assert state(message) == "failed"
    assert outbox.outbox == []


@pytest.mark.django_db
def test_an_app_may_stop_a_mail_that_waits(monkeypatch):
    monkeypatch.setattr(slots, "_SLOTS", type(slots._SLOTS)(list))
    slots.register("mail.veto", lambda message: "no longer wanted")
    message = queue()
    assert not mail.send(message.pk)
    assert state(message) == "failed"
    assert message.error == "no longer wanted"
    assert outbox.outbox == []


@pytest.mark.django_db
def test_the_sweep_calls_a_claim_that_was_left_uncertain(monkeypatch):
    woken = []
    monkeypatch.setattr(mail, "wake", woken.append)
    left, young, waits = queue("a"), queue("b"), queue("c")
    now = timezone.now()
    Message.objects.filter(pk=left.pk).update(status="sending", started_at=now - timedelta(hours=1))
    Message.objects.filter(pk=waits.pk).update(created_at=now - timedelta(minutes=1))
    assert mail.sweep() == 1
    assert woken == [waits.pk]
    assert state(left) == "uncertain"
    assert state(young) == "queued"


@pytest.mark.django_db
def test_a_refused_mail_waits_longer_each_time():
    message = queue()
    now = timezone.now()
    Message.objects.update(attempts=2, started_at=now - mail.RETRY_AFTER[1])
    assert not mail.due(now - timedelta(seconds=1)).exists()
    assert list(mail.due(now + timedelta(seconds=1))) == [message]


@pytest.mark.django_db
def test_a_subject_is_one_line_of_two_hundred_signs():
    message = mail.enqueue(
        key="long",
        template="account/login_code",
        to="zoe@example.org",
        language="fr",
        context={"code": "x\r\nBcc: v@example.org " + "y" * 300},
    )
    assert "\n" not in message.subject
    assert len(message.subject) == 200
