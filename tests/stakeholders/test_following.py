"""Following an idea or a saved search: asked, confirmed by mail, listed and ended by its link."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import mail
from core.models import Message, Token
from stakeholders import consents, following, preferences, services, tasks
from stakeholders.models import ConsentEvent, Contact, Subscription, SubscriptionRequest
from stakeholders.services.erasing import erase_contact
from tests.factories.campaigns import SubscriberFactory
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import address, mails_to, old_stamp

pytestmark = pytest.mark.django_db
EMAIL = "zoe@example.org"


@pytest.fixture
def idea():
    return IdeaFactory(published=True, title="Des bancs partout")


@pytest.fixture
def ask(client):
    """Send the form at an address."""

    def post(path, **changes):
        data = {"email": EMAIL, "language": "nl", "consent": "on", "stamp": old_stamp()}
        return client.post(path, {**data, **changes})

    return post


@pytest.fixture
def follow(client, ask):
    """Ask at an address and confirm; return the subscription."""

    def run(path, **changes):
        ask(path, **changes)
        client.post(confirm_link(changes.get("email", EMAIL)))
        return Subscription.objects.order_by("-pk").first()

    return run


def confirm_link(email=EMAIL):
    (path,) = re.findall(r"(/\S+/subscribe/confirm/[\w-]+/)", mails_to(email)[-1].text)
    return path


def of_idea(idea, language="nl"):
    return address("idea-follow", idea.reference, language=language)


def of_search(query, language="nl"):
    return f"{address('search-follow', language=language)}?{query}"


def path_in(link):
    return re.sub(r"^https?://[^/]+", "", link)


def test_an_idea_is_followed_once_the_address_is_confirmed_by_post(client, ask, idea):
    assert idea.title in client.get(of_idea(idea)).content.decode()
    ask(of_idea(idea))
    assert Subscription.objects.get().status == "pending"
    page = client.get(confirm_link())
    assert idea.title in page.content.decode()
    assert Subscription.objects.get().status == "pending", "a GET changes nothing"
    client.post(confirm_link())
    row = Subscription.objects.get()
    assert (row.kind, row.target, row.status) == ("idea", idea.reference, "active")
    assert (row.contact.email, row.language, row.topic) == (EMAIL, "nl", None)


def test_the_reply_is_the_same_for_whoever_follows_already_and_there_is_no_second_row(
    client, follow, ask, idea
):
    follow(of_idea(idea))
    again = ask(of_idea(idea))
    other = ask(of_idea(idea), email="new@example.org")
    words = [re.sub(r'nonce="[^"]*"', "", each.content.decode()) for each in (again, other)]
    assert words[0] == words[1]
    assert Subscription.objects.filter(contact__email=EMAIL).count() == 1
    assert Subscription.objects.get(contact__email=EMAIL).status == "active"


@pytest.mark.parametrize("changes", [{"website": "x"}, {"website": "x", "email": ""}])
def test_a_robot_is_thanked(ask, idea, changes):
    assert ask(of_idea(idea), **changes).templates[0].name == "stakeholders/subscription_sent.html"
    assert not Message.objects.exists()
    assert not Contact.objects.exists()


def test_only_what_anybody_sees_is_followed(client, ask, users):
    hidden = IdeaFactory(status="hidden")
    client.force_login(users["staff"])
    assert client.get(of_idea(hidden)).status_code == 404
    assert ask(of_idea(hidden)).status_code == 404
    assert not SubscriptionRequest.objects.exists()


def test_what_is_missing_is_named(ask, idea):
    response = ask(of_idea(idea), email="", consent="")
    assert set(response.context["form"].errors) == {"email", "consent"}


def test_a_search_keeps_what_the_list_knows_and_tells_what_it_does_not(client, follow):
    theme = ThemeFactory(slug="mobility", name_nl="Mobiliteit")
    query = "page=3&theme=mobility&colour=red&stage=99&search=++fiets++pad&outcome="
    page = client.get(of_search(query)).content.decode()
    assert theme.name_nl in page
    assert "colour, stage" in page
    row = follow(of_search(query))
    assert (row.kind, row.target) == ("search", "search=fiets+pad&theme=mobility")
    assert row.seen_until is not None
    follow(of_search("theme=mobility&search=fiets pad"))
    assert Subscription.objects.count() == 1, "the same search, written otherwise"


def test_a_search_of_many_hundred_letters_is_left_out():
    found = following.saved_search({"search": "x" * 900, "language": "nl"})
    assert (found.query, found.dropped) == ("language=nl", ("search",))


@pytest.mark.parametrize("text", ["a\x00b", "\u202efiets", "' OR 1=1 --", "🚲" * 40, "<b>"])
def test_whatever_is_searched_for_is_followed_or_told(client, text):
    response = client.get(address("search-follow"), {"search": text, "theme": text})
    assert response.status_code == 200


def test_the_ledger_holds_the_wording_and_no_search(follow, idea):
    follow(of_idea(idea))
    follow(of_search("search=zoe+peeters"))
    rows = list(ConsentEvent.objects.order_by("pk").values_list("event", "kind", "target"))
    fingerprint = following.in_the_ledger("search", "search=zoe+peeters")
    assert rows == [
        ("requested", "idea", idea.reference),
        ("confirmed", "idea", idea.reference),
        ("requested", "search", fingerprint),
        ("confirmed", "search", fingerprint),
    ]
    event = ConsentEvent.objects.first()
    assert event.wording_sha256 == consents.fingerprint(consents.FOLLOW_VERSION, "nl")
    assert event.wording_sha256 != consents.fingerprint(consents.FOLLOW_VERSION, "en")
    assert event.address_hmac == services.address_hmac(EMAIL)


def test_a_dead_link_is_neutral_and_leads_to_a_new_one(client, ask, idea):
    ask(of_idea(idea))
    old = confirm_link()
    dead = client.get(address("subscribe-confirm", "x" * 43))
    assert dead.templates[0].name == "stakeholders/subscription_dead.html"
    assert EMAIL not in dead.content.decode()
    known = client.post(address("subscription-links"), {"email": EMAIL})
    unknown = client.post(address("subscription-links"), {"email": "nobody@example.org"})
    assert known.content == unknown.content
    assert mails_to("nobody@example.org") == []
    assert client.get(old).templates[0].name == "stakeholders/subscription_dead.html"
    client.post(confirm_link())
    assert Subscription.objects.get().status == "active"


def test_what_nobody_confirms_is_deleted(ask, idea):
    ask(of_idea(idea))
    long_ago = timezone.now() - timedelta(hours=73)
    Subscription.objects.update(asked_at=long_ago)
    SubscriptionRequest.objects.update(asked_at=long_ago)
    tasks.purge_unconfirmed()
    for model in (Subscription, SubscriptionRequest, Contact, Token):
        assert not model.objects.exists(), model


def test_the_page_lists_all_in_the_language_of_the_mail_and_a_look_changes_nothing(
    client, follow, idea
):
    row = follow(of_idea(idea))
    follow(of_search("language=nl"))
    SubscriberFactory(contact=row.contact, topic__name_nl="Nieuwsbrief")
    path = path_in(preferences.link(row.contact, row))
    page = client.get(path)
    words = page.content.decode()
    assert '<html lang="nl"' in words
    assert page.headers["Content-Language"] == "nl"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    for expected in (idea.title, "Nieuwsbrief", "?language=nl"):
        assert expected in words
    assert Subscription.objects.filter(status="active").count() == 3


def test_one_click_ends_what_the_mail_was_about_without_cookie_or_redirect(client, follow, idea):
    row = follow(of_idea(idea))
    follow(of_search("language=nl"))
    path = path_in(preferences.link(row.contact, row))
    client.handler.enforce_csrf_checks = True
    for _twice in range(2):
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    row.refresh_from_db()
    assert row.status == "unsubscribed"
    assert Subscription.objects.filter(status="active").count() == 1
    assert ConsentEvent.objects.filter(event="withdrawn").count() == 1


def test_each_is_ended_by_its_button_and_all_by_one(client, follow, idea):
    first = follow(of_idea(idea))
    second = follow(of_search("language=nl"))
    follow(of_search("language=fr"))
    stranger = SubscriberFactory()
    path = path_in(preferences.link(first.contact))
    client.post(path, {"end": second.pk})
    client.post(path, {"end": stranger.pk})
    assert Subscription.objects.filter(status="unsubscribed").get() == second
    client.post(path, {"end": "all"})
    assert list(Subscription.objects.filter(status="active")) == [stranger]
    assert client.post(path, {"end": "9" * 40}).status_code == 200


def test_a_forged_link_shows_nothing(client, follow, idea):
    row = follow(of_idea(idea))
    path = path_in(preferences.link(row.contact, row))
    for token in (path[:-1], "/f/1-1.forged", "/f/x"):
        for answer in (client.get(token), client.post(token)):
            assert answer.templates[0].name == "stakeholders/preferences_dead.html"
    assert Subscription.objects.get().status == "active"


def test_who_follows_again_is_asked_again(client, follow, ask, idea):
    row = follow(of_idea(idea))
    services.unsubscribe(row)
    ask(of_idea(idea))
    assert Subscription.objects.get().status == "pending"
    client.post(confirm_link())
    assert Subscription.objects.get().ended_at is None


def test_the_link_to_all_is_sent_on_request(client, follow, idea):
    follow(of_idea(idea))
    client.post(address("subscription-links"), {"email": EMAIL.upper()})
    (sent,) = mails_to(EMAIL, "subscription_links")
    (path,) = re.findall(r"(/f/\S+)", sent.text)
    assert idea.reference in client.get(path).content.decode()


def test_own_data_and_erasure_know_what_is_followed(client, follow, idea):
    row = follow(of_idea(idea))
    search = follow(of_search("search=zoe+peeters"))
    submission = SubmissionFactory(contact=row.contact)
    raw = services.issue_tracking(submission)
    data = client.get(address("idea-data-json", raw)).json()
    assert [each["kind"] for each in data["subscriptions"]] == ["idée", "recherche enregistrée"]
    assert idea.reference in data["subscriptions"][0]["followed"]
    assert [each["event"] for each in data["consents"]][::2] == ["demandé", "demandé"]
    assert len(data["links"]) == 3
    path = path_in(preferences.link(row.contact, search))
    erase_contact(row.contact)
    assert not Subscription.objects.exists()
    assert not SubscriptionRequest.objects.exists()
    assert not Token.objects.exists()
    assert client.get(path).templates[0].name == "stakeholders/preferences_dead.html"
    assert ConsentEvent.objects.order_by("-pk").first().event == "erased"
    assert not Message.objects.filter(text__icontains="peeters").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "idea", "target": ""},
        {"kind": "idea", "target": "anything"},
        {"kind": "topic", "target": ""},
        {"kind": "search", "status": "active", "confirmed_at": "2026-01-01T00:00Z"},
        {"kind": "colour", "target": ""},
    ],
)
def test_the_database_refuses_nonsense(change):
    values = {"kind": "search", "target": "", "language": "fr", **change}
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(contact=ContactFactory(), **values)


def test_one_subscription_for_each_person_and_target():
    person = ContactFactory()
    for kind, target in (("idea", "SCO-2026-00001"), ("search", ""), ("search", "language=fr")):
        values = {"contact": person, "kind": kind, "target": target, "language": "fr"}
        Subscription.objects.create(**values)
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(**values)


def test_a_mail_in_each_language_says_what_is_confirmed(ask, idea):
    for language, words in (("fr", "l’idée"), ("nl", "het idee")):
        email = f"{language}@example.org"
        ask(of_idea(idea), email=email, language=language)
        (sent,) = mails_to(email)
        assert f"{words} {idea.reference} {idea.title}" in sent.text
    assert mail.render("subscription_links", "nl", {"entries": [], "preferences": "x"})["subject"]
