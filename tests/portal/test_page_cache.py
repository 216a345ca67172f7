"""Public pages are kept for strangers for some seconds, for nobody else and nothing else."""

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from redis.exceptions import RedisError

from core.pages import forget_pages
from portal.page_cache import key_of
from stakeholders.models import Idea
from stakeholders.services import erase_contact, hide_idea, issue_tracking, publish_idea
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory

pytestmark = pytest.mark.django_db
LIST = "/fr/ideas/"


@pytest.fixture(autouse=True)
def _pages_are_kept(settings):
    settings.PAGE_CACHE_SECONDS = 30
    cache.clear()


def titles(client, address=LIST) -> bool:
    """Tell whether the page shows the idea that was renamed behind its back."""
    return "Deuxième titre" in client.get(address).content.decode()


@pytest.fixture
def renamed():
    """An idea whose page a stranger has seen, and which then got another title."""
    idea = IdeaFactory(published=True, title="Premier titre")
    for address in (LIST, "/nl/ideas/", idea.get_absolute_url()):
        assert not titles(Client(), address)
    Idea.objects.update(title="Deuxième titre")
    return idea


def test_strangers_get_the_same_page_for_a_while(renamed):
    first, second = Client().get(LIST), Client().get(LIST)
    assert first.content == second.content
    assert not titles(Client())
    assert second["Content-Type"] == first["Content-Type"]
    assert second["Content-Security-Policy"]
    assert second["Content-Language"] == "fr"


def test_after_that_the_page_is_made_anew(renamed):
    cache.clear()
    assert titles(Client())


def test_another_query_is_another_page(renamed):
    assert titles(Client(), LIST + "?language=fr")


def test_who_is_logged_in_sees_every_change(renamed, make_user):
    client = Client()
    client.force_login(make_user("staff"))
    assert titles(client)
    assert not titles(Client())  # and strangers get nothing that was made for somebody


def test_who_has_a_session_of_any_kind_sees_every_change(renamed):
    client = Client()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = "x" * 32
    assert titles(client)


@pytest.mark.parametrize(
    "name", [django_settings.CSRF_COOKIE_NAME, django_settings.LANGUAGE_COOKIE_NAME]
)
def test_a_cookie_that_says_nothing_about_who_asks_changes_nothing(renamed, name):
    client = Client()
    client.cookies[name] = "fr"
    assert not titles(client)


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Authorization": "Token x"}])
def test_parts_of_pages_and_programs_are_not_served_from_it(renamed, headers):
    page = Client().get(LIST, headers=headers).content.decode()
    assert "Deuxième titre" in page


def test_a_form_is_never_kept():
    tokens = set()
    for _visitor in range(2):
        client = Client()
        client.get("/fr/ideas/new/")
        tokens.add(client.cookies[django_settings.CSRF_COOKIE_NAME].value)
    assert len(tokens) == 2


def is_kept(address) -> bool:
    return cache.get(key_of(RequestFactory().get(address))) is not None


@pytest.mark.parametrize(
    "address", ["/fr/nothing/", "/fr/ideas/?format=csv", "/fr/ideas/SCO-2026-99999/", "/healthz"]
)
def test_errors_files_and_what_has_no_language_are_not_kept(address):
    Client().get(address)
    assert not is_kept(address)
    Client().get(LIST)
    assert is_kept(LIST)


def test_the_page_behind_a_secret_link_is_not_kept():
    submission = SubmissionFactory()
    address = reverse("stakeholders:idea-tracking", args=[issue_tracking(submission)])
    assert Client().get(address).status_code == 200
    assert not is_kept(address)


def test_whoever_switches_the_language_still_gets_the_cookie(renamed):
    client = Client()
    answer = client.get("/nl/ideas/", headers={"Referer": "http://testserver/fr/ideas/"})
    assert answer.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "nl"
    assert django_settings.LANGUAGE_COOKIE_NAME not in Client().get("/nl/ideas/").cookies


def test_nothing_is_kept_where_it_is_turned_off(settings, renamed):
    settings.PAGE_CACHE_SECONDS = 0
    assert titles(Client())


def test_a_kept_page_has_every_header_of_a_new_one(renamed):
    cache.clear()
    made, kept = Client().get(LIST), Client().get(LIST)
    assert made["X-Frame-Options"]
    assert "Cookie" in kept["Vary"]
    assert dict(kept.items()) == dict(made.items())


@pytest.mark.parametrize("address", [LIST, "/nl/ideas/"])
def test_what_is_hidden_is_gone_at_once(
    renamed, users, address, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        hide_idea(renamed, by=users["staff"], note="abuse")
    page = Client().get(address).content.decode()
    assert "Premier titre" not in page
    assert "Deuxième titre" not in page
    assert Client().get(renamed.get_absolute_url()).status_code == 404


def test_a_move_that_hides_nothing_keeps_the_pages(renamed, users):
    other = IdeaFactory(status="received")
    publish_idea(other, by=users["staff"])
    assert not titles(Client())


def test_after_an_erasure_no_page_made_before_is_served(
    renamed, django_capture_on_commit_callbacks
):
    submission = SubmissionFactory()
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(submission.contact)
    assert titles(Client())


def test_without_the_cache_every_page_is_made_anew(renamed, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    with pytest.raises(RedisError):
        cache.get("x")
    assert titles(Client())
    forget_pages()
