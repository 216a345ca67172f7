"""The commands that fill a portal: seed and demonstration logins."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import OFFICE_ROLES, Role
from portal.management.commands.demo_logins import PASSWORD
from portal.management.commands.seed import ORDER
from stakeholders.models import Contact

pytestmark = pytest.mark.django_db


def run(name, *args):
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def counts():
    return {
        model._meta.label: model._base_manager.count()
        for label in ORDER
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def test_seed_twice_changes_nothing():
    first = run("seed")
    before = counts()
    second = run("seed")
    assert counts() == before
    assert [line.split()[0] for line in first.splitlines()] == list(ORDER)
    assert all(line.endswith(" 0 new") for line in second.splitlines())


def test_facts_only_leaves_no_demonstration():
    run("seed", "--facts-only")
    for label in ORDER:
        for model in apps.get_app_config(label).get_models():
            if "is_demo" in {field.name for field in model._meta.fields}:
                assert not model._base_manager.filter(is_demo=True).exists(), model


def test_logins_are_refused_where_they_are_not_allowed(settings):
    settings.DEMO_LOGINS = False
    with pytest.raises(CommandError):
        run("demo_logins")
    assert not User.objects.exists()


def test_one_login_for_each_role(settings):
    settings.DEMO_LOGINS = True
    printed = run("demo_logins")
    assert User.objects.count() == len(Role)
    for role in Role:
        user = User.objects.get(email=f"{role.value}@example.org")
        assert user.check_password(PASSWORD)
        assert user.roles == {role.value}
        assert user.is_demo
        assert user.is_staff is (role in OFFICE_ROLES)
        assert user.email in printed
    assert len(PASSWORD) >= 12


def test_logins_twice_changes_nothing(settings):
    settings.DEMO_LOGINS = True
    assert run("demo_logins") == run("demo_logins")
    assert User.objects.count() == len(Role)


def test_login_is_tied_to_the_contact_of_its_address(settings):
    settings.DEMO_LOGINS = True
    contact = Contact.objects.create(name="Juror", email="juror@example.org", language="nl")
    run("demo_logins")
    contact.refresh_from_db()
    assert contact.user.email == "juror@example.org"
    run("demo_logins")


def test_real_user_with_such_an_address_is_not_taken_over(settings, make_user):
    settings.DEMO_LOGINS = True
    make_user("staff", email="staff@example.org")
    with pytest.raises(CommandError):
        run("demo_logins")
