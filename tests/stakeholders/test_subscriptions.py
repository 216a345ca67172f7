"""Subscriptions: asked, confirmed by the one who owns the address, ended at once."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from core.models import Message, Token
from stakeholders import services, tasks
from stakeholders.consents import SUBSCRIPTION_VERSION
from stakeholders.models import ConsentEvent, Contact, Subscription, SubscriptionRequest
from stakeholders.selectors import active_subscriptions
from tests.factories.stakeholders import ContactFactory, TopicFactory
from tests.stakeholders.conftest import address, mails_to, old_stamp

pytestmark = pytest.mark.django_db
EMAIL = "zoe@example.org"


@pytest.fixture
def topics():
    return TopicFactory.create_batch(2)


@pytest.fixture
def ask(client):
    """Send the form for ``topics``."""

    def post(*topics, **changes):
        data = {
            "topics": [topic.pk for topic in topics],
            "email": EMAIL,
            "language": "nl",
            "consent": "on",
            "stamp": old_stamp(),
        }
        return client.post(address("subscribe"), {**data, **changes})

    return post


def link(email=EMAIL):
    (path,) = re.findall(r"(/\S+/subscribe/confirm/[\w-]+/)", mails_to(email)[-1].text)
    return path


def events():
    return list(ConsentEvent.objects.order_by("pk").values_list("event", "topic__slug"))


def test_nothing_is_sent_before_the_address_is_confirmed(client, ask, topics):
    first, second = topics
    assert ask(first).status_code == 200
    assert list(active_subscriptions(first)) == []
    page = client.get(link())
    assert first.name_nl in page.content.decode()
    assert Subscription.objects.get().status == "pending"
    assert client.post(link()).status_code == 200
    (subscription,) = active_subscriptions(first)
    assert (subscription.contact.email, subscription.language) == (EMAIL, "nl")
    assert list(active_subscriptions(second)) == []
    assert events() == [("requested", first.slug), ("confirmed", first.slug)]


def test_the_link_works_once(client, ask, topics):
    ask(*topics)
    path = link()
    client.post(path)
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 200
        assert response.templates[0].name == "stakeholders/subscription_dead.html"
    assert ConsentEvent.objects.filter(event="confirmed").count() == 2


def test_a_link_confirms_its_own_topics_and_no_others(client, ask, topics):
    wanted, slipped_in = topics
    ask(slipped_in)
    ask(wanted)
    client.post(link())
    assert [row.topic for row in Subscription.objects.filter(status="active")] == [wanted]


def test_a_subscriber_gets_the_same_page_and_mail_again(client, ask, topics):
    ask(topics[0])
    client.post(link())
    confirmed_at = Subscription.objects.get().confirmed_at
    ask(topics[0])
    subscription = Subscription.objects.get()
    assert (subscription.status, subscription.confirmed_at) == ("active", confirmed_at)
    assert len(mails_to(EMAIL)) == 2


def test_ending_is_noted_once(client, ask, topics):
    ask(topics[0])
    client.post(link())
    subscription = Subscription.objects.get()
    assert services.unsubscribe(subscription, source="one-click") is True
    assert services.unsubscribe(subscription, source="one-click") is False
    assert subscription.status == "unsubscribed"
    assert list(active_subscriptions(topics[0])) == []
    assert events()[-1] == ("withdrawn", topics[0].slug)
    assert ConsentEvent.objects.count() == 3
    ask(topics[0])
    client.post(link())
    assert len(active_subscriptions(topics[0])) == 1


def test_the_ledger_knows_no_address_and_forgets_nothing(ask, topics):
    ask(topics[0])
    event = ConsentEvent.objects.get()
    assert event.address_hmac == services.address_hmac("ZOE@example.org")
    assert event.wording_version == SUBSCRIPTION_VERSION
    assert "zoe" not in event.address_hmac
    for statement in ("UPDATE stakeholders_consentevent SET source='x'", "DELETE FROM {}"):
        sql = statement.format("stakeholders_consentevent")
        with (
            pytest.raises(InternalError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_what_nobody_confirms_is_deleted(ask, topics):
    ask(topics[0])
    tasks.purge_unconfirmed()
    assert Subscription.objects.exists()
    long_ago = timezone.now() - timedelta(hours=73)
    Subscription.objects.update(asked_at=long_ago)
    SubscriptionRequest.objects.update(asked_at=long_ago)
    tasks.purge_unconfirmed()
    for model in (Subscription, SubscriptionRequest, Contact, Token):
        assert not model.objects.exists(), model


@pytest.mark.parametrize("changes", [{"website": "x"}, {"website": "x", "email": ""}])
def test_a_robot_is_thanked(ask, topics, changes):
    assert ask(topics[0], **changes).templates[0].name == "stakeholders/subscription_sent.html"
    assert not Message.objects.exists()
    assert not Contact.objects.exists()


def test_what_is_missing_is_named(ask, topics):
    closed = TopicFactory(is_open=False)
    response = ask(closed, email="", consent="")
    assert set(response.context["form"].errors) == {"topics", "email", "consent"}


@pytest.mark.parametrize(
    "change", [{"status": "active", "confirmed_at": None}, {"status": "paused"}]
)
def test_the_database_refuses_nonsense(change, topics):
    row = Subscription.objects.create(contact=ContactFactory(), topic=topics[0], language="fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.filter(pk=row.pk).update(**change)


def test_one_person_has_one_address_whatever_its_case():
    ContactFactory(email="Zoe@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactFactory(email="zoe@example.org")
