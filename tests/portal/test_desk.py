"""Where each role lands after login."""

import pytest
from django.urls import reverse

from accounts.roles import OFFICE_ROLES, Role
from portal.desk import TASKS

pytestmark = pytest.mark.django_db


def test_every_role_has_a_task():
    assert set(TASKS) == set(Role)


@pytest.mark.parametrize("role", sorted(OFFICE_ROLES))
def test_office_roles_go_to_the_back_office(login, make_user, role):
    answer = login(make_user(role)).get(reverse("portal:desk"))
    assert answer["Location"] == reverse("admin:index")


def test_juror_goes_to_the_ballots(login, make_user):
    answer = login(make_user("juror")).get(reverse("portal:desk"))
    assert answer["Location"] == reverse("projects:ballot-list")


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
