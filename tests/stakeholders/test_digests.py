"""Saved searches: one mail a day at most, with what is new and still there."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import mail
from core.models import Message
from stakeholders import follow_mails, preferences, services
from stakeholders.models import Idea, Subscription, SubscriptionState
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import ContactFactory, IdeaFactory
from tests.stakeholders.conftest import mails_to

pytestmark = pytest.mark.django_db

BEGUN = datetime(2026, 5, 4, 8, tzinfo=ZoneInfo("Europe/Brussels"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def person():
    return ContactFactory()


def saved(person, query="", language="nl"):
    """Return a confirmed saved search."""
    return Subscription.objects.create(
        contact=person,
        kind="search",
        target=query,
        language=language,
        status=SubscriptionState.ACTIVE,
        confirmed_at=BEGUN,
        seen_until=BEGUN,
    )


def idea_at(when, **fields):
    """Return an idea published at ``when``."""
    return IdeaFactory(**{"status": "published", "published_at": when, **fields})


def digests(person) -> list[Message]:
    return mails_to(person.email, "idea_digest")


def test_what_is_new_is_told_once(person):
    saved(person)
    old, new = idea_at(BEGUN - HOUR), idea_at(BEGUN + HOUR)
    services.send_digests(BEGUN + 2 * HOUR)
    services.send_digests(BEGUN + DAY)
    (sent,) = digests(person)
    assert new.title in sent.text
    assert old.title not in sent.text
    assert sent.language == "nl"
    assert f"/nl/ideas/{new.reference}/" in sent.text
    assert sent.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert preferences.link(person, preferences.SEARCHES) in sent.text


def test_nothing_new_is_no_mail(person):
    saved(person, "language=fr")
    idea_at(BEGUN + HOUR, language="nl")
    assert services.send_digests(BEGUN + 2 * HOUR) == 0
    assert digests(person) == []


def test_one_mail_a_day_for_all_searches_and_what_came_later_the_next_day(person):
    theme = ThemeFactory(slug="mobility", name_nl="Mobiliteit")
    saved(person, "theme=mobility")
    saved(person, "language=fr")
    both = idea_at(BEGUN + HOUR, theme=theme, language="fr")
    french = idea_at(BEGUN + HOUR, language="fr", title="Un abri")
    services.send_digests(BEGUN + 2 * HOUR)
    later = idea_at(BEGUN + 3 * HOUR, language="fr")
    services.send_digests(BEGUN + 4 * HOUR)
    (sent,) = digests(person)
    assert sent.text.count(both.title) == 1
    assert french.title in sent.text
    assert theme.name_nl in sent.text
    services.send_digests(BEGUN + DAY)
    assert later.title in digests(person)[1].text
    assert both.title not in digests(person)[1].text


@pytest.mark.parametrize("status", ["hidden", "received"])
def test_what_was_hidden_meanwhile_is_not_in_it(person, status):
    saved(person)
    shown, hidden = idea_at(BEGUN + HOUR), idea_at(BEGUN + HOUR)
    Idea.objects.filter(pk=hidden.pk).update(status=status)
    services.send_digests(BEGUN + 2 * HOUR)
    (sent,) = digests(person)
    assert shown.title in sent.text
    assert hidden.title not in sent.text


def test_a_criterion_that_is_gone_finds_nothing_instead_of_everything(person):
    saved(person, "theme=gone")
    idea_at(BEGUN + HOUR)
    assert services.send_digests(BEGUN + 2 * HOUR) == 0


def test_many_are_counted_and_the_list_has_the_rest(person):
    saved(person, "language=fr")
    for _n in range(13):
        idea_at(BEGUN + HOUR, language="fr")
    services.send_digests(BEGUN + 2 * HOUR)
    (sent,) = digests(person)
    assert sent.text.count("/nl/ideas/SCO-") == 10
    assert " 3 " in sent.text
    assert "/nl/ideas/?language=fr" in sent.text


def test_a_crash_tells_nobody_twice_and_forgets_nothing(person, monkeypatch):
    saved(person)
    new = idea_at(BEGUN + HOUR)
    send = follow_mails.send_digest

    def crash(*args):
        send(*args)
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(follow_mails, "send_digest", crash)
        with pytest.raises(RuntimeError):
            services.send_digests(BEGUN + 2 * HOUR)
    assert digests(person) == []
    services.send_digests(BEGUN + 3 * HOUR)
    services.send_digests(BEGUN + 4 * HOUR)
    (sent,) = digests(person)
    assert new.title in sent.text


def test_one_click_ends_all_searches_of_the_digest(client, person):
    saved(person)
    saved(person, "language=fr")
    idea_at(BEGUN + HOUR)
    services.send_digests(BEGUN + 2 * HOUR)
    (sent,) = digests(person)
    link = sent.headers["List-Unsubscribe"].strip("<>")
    client.post("/f/" + link.rpartition("/f/")[2], {"List-Unsubscribe": "One-Click"})
    assert not Subscription.objects.filter(status="active").exists()
    assert mail.send(sent.pk) is False, "what waits is not sent any more"
    assert services.send_digests(BEGUN + DAY) == 0


# --- what waits is made anew when it is handed over ----------------------------------------------


def waiting_digest(person) -> Message:
    """Return the one digest of a person that nobody has sent yet."""
    services.send_digests(BEGUN + 2 * HOUR)
    (message,) = digests(person)
    return message


def text_of(received) -> str:
    """Return the plain text and the HTML of a mail that has arrived."""
    return "".join(received.get_body((kind,)).get_content() for kind in ("plain", "html"))


@pytest.mark.parametrize("status", ["hidden", "withdrawn"])
def test_what_is_hidden_or_withdrawn_while_the_digest_waits_is_not_named(person, server, status):
    saved(person)
    stays, goes = idea_at(BEGUN + HOUR, title="Un abri"), idea_at(BEGUN + HOUR, title="Un kiosque")
    message = waiting_digest(person)
    assert goes.title in message.text
    Idea.objects.filter(pk=goes.pk).update(status=status, closing_reason="solved")
    assert mail.send(message.pk) is True
    (arrived,) = server.received
    assert stays.title in text_of(arrived)
    assert goes.title not in text_of(arrived)
    assert goes.reference not in text_of(arrived)
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.send(message.pk) is False
    assert services.send_digests(BEGUN + DAY) == 0, "the next digest goes on where this one ended"
    message.refresh_from_db()
    assert (message.text, message.facts) == ("", {})


def test_a_digest_of_which_nothing_is_left_is_never_sent(person, server):
    saved(person)
    goes = idea_at(BEGUN + HOUR)
    message = waiting_digest(person)
    Idea.objects.filter(pk=goes.pk).update(status="hidden")
    assert mail.send(message.pk) is False
    Idea.objects.filter(pk=goes.pk).update(status="published")
    assert mail.send(message.pk) is False
    message.refresh_from_db()
    assert (message.status, message.text, server.received) == ("failed", "", [])


def test_a_digest_that_was_refused_for_now_is_made_anew_at_each_try(person, server):
    saved(person)
    stays, goes = idea_at(BEGUN + HOUR, title="Un abri"), idea_at(BEGUN + HOUR, title="Un kiosque")
    message = waiting_digest(person)
    server.data_answers = ["450 later"]
    assert mail.send(message.pk) is False
    message.refresh_from_db()
    assert message.status == "queued"
    Idea.objects.filter(pk=goes.pk).update(status="hidden")
    Idea.objects.filter(pk=stays.pk).update(title="Un grand abri")
    assert mail.send(message.pk) is True
    (arrived,) = server.received
    assert "Un grand abri" in text_of(arrived), "as it reads today"
    assert "Un kiosque" not in text_of(arrived)


def test_a_search_that_was_ended_while_the_digest_waits_is_not_in_it(person, server):
    theme = ThemeFactory(slug="mobility")
    kept, ended = saved(person, "theme=mobility"), saved(person, "language=fr")
    wanted = idea_at(BEGUN + HOUR, theme=theme, language="nl", title="Een hok")
    other = idea_at(BEGUN + HOUR, language="fr", title="Un kiosque")
    message = waiting_digest(person)
    services.unsubscribe(ended)
    assert mail.send(message.pk) is True
    (arrived,) = server.received
    assert wanted.title in text_of(arrived)
    assert other.title not in text_of(arrived)
    kept.refresh_from_db()
    assert kept.status == "active"


def test_what_was_published_after_the_digest_was_queued_waits_for_the_next(person, server):
    saved(person)
    idea_at(BEGUN + HOUR)
    message = waiting_digest(person)
    later = idea_at(BEGUN + 3 * HOUR, title="Un kiosque")
    mail.send(message.pk)
    assert later.title not in text_of(server.received[0])
    assert services.send_digests(BEGUN + DAY) == 1
    assert later.title in digests(person)[1].text
