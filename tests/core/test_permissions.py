"""Default closed: the list of what anybody may open, and the matrix role × state × action."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command

from accounts.roles import Role
from core.management.commands.permission_matrix import Somebody, matrix
from core.permissions import SYSTEM, anyone, has_role, is_staff, is_system, reads_everything
from core.workflow import REGISTRY
from tests.e2e.routes import routes


def test_a_role_is_held_or_not():
    assert is_staff(Somebody("staff"))
    assert not is_staff(Somebody("juror"))
    assert not is_staff(None)
    assert not is_staff(SYSTEM)
    assert has_role(Role.CHAIR, Role.SECRETARY)(Somebody("secretary"))
    assert anyone(None)
    assert is_system(SYSTEM)
    assert not is_system(Somebody("staff"))
    assert reads_everything(Somebody("auditor"))


@pytest.mark.django_db
def test_an_inactive_user_holds_no_role(make_user):
    user = make_user("staff", is_active=False)
    assert not is_staff(user)


@pytest.mark.django_db
def test_the_groups_are_the_roles(capsys):
    Group.objects.create(name="stranger")
    call_command("sync_roles")
    call_command("sync_roles")
    assert set(Group.objects.values_list("name", flat=True)) == {*Role.values, "stranger"}
    assert "stranger" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_matrix_of_roles_states_and_actions_is_the_published_one():
    """Changed on purpose? `manage.py permission_matrix --write`, and read the difference."""
    published = (settings.BASE_DIR / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert published == matrix()


@pytest.mark.parametrize("label", sorted(REGISTRY))
def test_the_administrator_and_a_bare_superuser_decide_nothing(label):
    bare = Somebody(None)
    bare.is_superuser = True
    flow = REGISTRY[label]
    from django.apps import apps

    obj = apps.get_model(label)()
    for step in flow.table.values():
        assert not step.permission(Somebody(Role.ADMINISTRATOR), obj), step.name
        assert not step.permission(bare, obj), step.name


def test_what_anybody_may_open_is_exactly_this_list():
    public = {route.name for route in routes() if route.is_public}
    assert public == set((settings.BASE_DIR / "docs" / "public-urls.txt").read_text().split())


@pytest.mark.django_db
def test_everything_else_asks_to_log_in(client):
    from django.urls import reverse

    closed = [route for route in routes() if not route.is_public and not route.needs_arguments]
    assert closed
    for route in closed:
        response = client.get(reverse(route.name))
        assert response.status_code in {302, 403, 405}, route.name
        if response.status_code == 302:
            assert "login" in response.url, route.name
