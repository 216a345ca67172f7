"""Where each role lands after login."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import OFFICE_ROLES, Role
from portal.desk import START, TASKS
from portal.translation_queues import texts_in_one_language, texts_to_proofread
from tests.factories.projects import SheetFactory

pytestmark = pytest.mark.django_db


def test_every_role_has_a_task():
    assert set(TASKS) == set(Role)


@pytest.mark.parametrize("role", sorted(OFFICE_ROLES - set(START)))
def test_office_roles_go_to_the_back_office(login, make_user, role):
    answer = login(make_user(role)).get(reverse("portal:desk"))
    assert answer["Location"] == reverse("admin:index")


@pytest.mark.parametrize("role", sorted(START))
def test_who_has_one_list_starts_there(login, make_user, role):
    answer = login(make_user(role)).get(reverse("portal:desk"))
    assert answer["Location"] == reverse(START[role])
    assert login(make_user(role)).get(answer["Location"]).status_code == 200


def test_an_auditor_who_also_works_for_the_office_starts_in_the_back_office(login, make_user):
    answer = login(make_user("auditor", "staff")).get(reverse("portal:desk"))
    assert answer["Location"] == reverse("admin:index")


def test_the_desk_says_what_waits_since_when_and_for_whom(login, make_user):
    lead = make_user("lead")
    sheet = SheetFactory(status="draft", lead=lead)
    SheetFactory(status="draft")
    answer = login(lead).get(reverse("portal:desk"))
    (queue,) = answer.context["queues"]
    assert answer.context["waiting"] == 1
    assert [row.url for row in queue.rows] == [sheet.get_absolute_url()]
    page = answer.content.decode()
    assert sheet.get_absolute_url() in page
    assert "you" in page
    assert login(lead).get(sheet.get_absolute_url()).status_code == 200


def test_the_desk_asks_the_database_as_often_for_many_rows(login, make_user):
    lead = make_user("lead")
    client = login(lead)
    client.get(reverse("portal:desk"))
    counts = []
    for more in (1, 2):
        SheetFactory.create_batch(more, status="draft", lead=lead)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("portal:desk"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_translator_finds_what_lacks_a_language(login, make_user):
    translator = make_user("translator")
    SheetFactory(status="draft", problem_nl="")
    SheetFactory(not_proofread=["nl"])
    admin = login(translator)
    queues = admin.get(reverse("admin:index")).context["queues"]
    assert [queue.total for queue in queues] == [1, 1]
    for queue in queues:
        page = admin.get(queue.rows[0].url)
        assert page.context["cl"].result_count == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TRANSLATOR}))
def test_only_translators_have_a_queue_of_texts(make_user, role):
    assert texts_in_one_language(make_user(role)) is None
    assert texts_to_proofread(make_user(role)) is None


@pytest.mark.parametrize("roles", [["chair"], ["government"], ["board", "juror"], ["owner"]])
def test_others_choose(login, make_user, roles):
    answer = login(make_user(*roles)).get(reverse("portal:desk"))
    assert len(answer.context["tasks"]) == len(roles)
    for task in answer.context["tasks"]:
        assert task.links


def test_without_a_role_the_page_says_so(login, make_user):
    page = login(make_user()).get(reverse("portal:desk")).content.decode()
    assert reverse("portal:contact") in page


def test_desk_asks_for_a_login(client):
    answer = client.get(reverse("portal:desk"))
    assert answer["Location"].startswith(reverse("account_login"))
