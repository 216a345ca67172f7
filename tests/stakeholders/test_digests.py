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
