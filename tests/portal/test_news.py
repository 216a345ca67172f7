"""News: states, parity, who may do what."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from core.workflow import PermissionRefused, TransitionRefused
from portal.models import NewsItem
from portal.workflow import NEWS
from tests.factories.portal import NewsItemFactory

pytestmark = pytest.mark.django_db

MAY = {"staff", "secretary"}
MOVES = {"draft": {"publish"}, "published": {"archive"}, "archived": {"restore"}}


def news_item(status="draft", **fields):
    published_on = None if status == "draft" else timezone.localdate()
    return NewsItemFactory(status=status, published_on=published_on, **fields)


@pytest.mark.parametrize("status", MOVES)
def test_matrix_of_roles_states_and_moves(users, status):
    item = news_item(status)
    for role, user in users.items():
        available = {step.name for step in NEWS.available(item, user)}
        assert available == (MOVES[status] if role in MAY else set()), role


@pytest.mark.parametrize("role", ["auditor", "administrator", "juror", "superuser", "nobody"])
def test_others_are_refused(users, role):
    item = news_item()
    with pytest.raises(PermissionRefused):
        NEWS.run(item, "publish", by=users[role])


def test_publishing_dates_the_item(make_user):
    item = news_item()
    NEWS.run(item, "publish", by=make_user("staff"))
    assert (item.status, item.published_on) == ("published", timezone.localdate())


def test_restoring_keeps_the_first_date(make_user):
    item = news_item("archived")
    NewsItem.objects.filter(pk=item.pk).update(published_on="2025-01-02")
    NEWS.run(item, "restore", by=make_user("staff"))
    assert f"{item.published_on}" == "2025-01-02"


@pytest.mark.parametrize("field", ["title_nl", "body_fr"])
def test_one_language_is_not_published(make_user, field):
    item = news_item(**{field: " "})
    with pytest.raises(TransitionRefused):
        NEWS.run(item, "publish", by=make_user("staff"))
    item.refresh_from_db()
    assert item.status == "draft"


@pytest.mark.parametrize(
    "bad",
    [
        {"status": "published"},
        {"status": "unknown"},
        {"slug": "campaigns"},
        {"slug": "segments"},
        {"status": "archived", "published_on": "2026-01-01", "body_nl": ""},
    ],
)
def test_database_refuses_nonsense(bad):
    item = news_item()
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsItem.objects.filter(pk=item.pk).update(**bad)


def test_only_published_news_is_listed(client):
    shown = news_item("published")
    news_item("draft")
    news_item("archived")
    rows = client.get(reverse("portal:news")).context["page_obj"].object_list
    assert list(rows) == [shown]


def test_archived_item_keeps_its_page_and_says_so(client):
    item = news_item("archived")
    with translation.override("en"):
        page = client.get(item.get_absolute_url())
    assert page.status_code == 200
    assert "This news item is archived." in page.content.decode()


def test_draft_is_not_found_for_the_public(client, login, make_user):
    url = news_item().get_absolute_url()
    assert client.get(url).status_code == 404
    assert login(make_user("staff")).get(url).status_code == 200


@pytest.mark.parametrize(("language", "word"), [("fr", "Nouvelle"), ("nl", "Nieuwtje")])
def test_page_in_both_languages(client, language, word):
    item = news_item("published")
    with translation.override(language):
        page = client.get(item.get_absolute_url()).content.decode()
    assert word in page


def test_published_by_the_button_of_the_back_office(login, make_user):
    item = news_item()
    url = reverse("admin:portal_newsitem_transition", args=[item.pk, "publish"])
    login(make_user("staff")).post(url, {"note": ""})
    item.refresh_from_db()
    assert item.status == "published"


@pytest.mark.parametrize("role", ["auditor", "juror", "nobody"])
def test_button_is_refused_over_http(login, make_user, role):
    item = news_item()
    url = reverse("admin:portal_newsitem_transition", args=[item.pk, "publish"])
    roles = [] if role == "nobody" else [role]
    answer = login(make_user(*roles)).post(url, {"note": ""})
    item.refresh_from_db()
    assert answer.status_code in (302, 403)
    assert item.status == "draft"
