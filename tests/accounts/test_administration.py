"""The administrator invites, gives roles and closes accounts; each change is told."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.urls import reverse

from accounts import services
from accounts.models import User
from core import mail
from core.models import Message, StatusChange
from core.workflow import PermissionRefused, TransitionRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(users):
    return users["administrator"]


def history(user):
    rows = StatusChange.objects.filter(content_type__model="user", object_id=user.pk)
    return [(row.transition, row.source, row.target) for row in rows.order_by("pk")]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Votre accès"), ("nl", "Uw toegang"), ("en", "Your access")]
)
def test_an_invitation_is_in_the_language_of_the_person(administrator, language, words):
    user = services.invite_user(
        "Zoe@Example.org", by=administrator, name="Zoé", language=language, roles=["juror", "lead"]
    )
    assert user.email == "zoe@example.org"
    assert not user.has_usable_password()
    assert user.roles == {"juror", "lead"}
    assert history(user) == [
        ("invite", "", "active"),
        ("give_role", "", "juror"),
        ("give_role", "", "lead"),
    ]
    mail.send(Message.objects.get().pk)
    (message,) = outbox.outbox
    assert message.subject.startswith(words)
    assert f"/{language}/accounts/login/code/" in message.body


@pytest.mark.parametrize("role", ["staff", "secretary", "auditor", "superuser", "nobody"])
def test_only_the_administrator_changes_accounts(users, role):
    person, by = users["lead"], users[role]
    with pytest.raises(PermissionRefused):
        services.invite_user("x@example.org", by=by, language="fr")
    with pytest.raises(PermissionRefused):
        services.change_roles(person, ["chair"], by=by, reason="wish")
    with pytest.raises(PermissionRefused):
        services.set_access(person, is_active=False, by=by, reason="wish")


def test_roles_change_with_a_reason_and_a_row_for_each(users, administrator):
    person = users["juror"]
    services.change_roles(person, ["chair", "staff"], by=administrator, reason="elected")
    assert person.roles == {"chair", "staff"}
    assert person.is_staff
    assert sorted(history(person)) == [
        ("give_role", "", "chair"),
        ("give_role", "", "staff"),
        ("take_role", "juror", ""),
    ]
    services.change_roles(person, ["chair"], by=administrator, reason="left the team")
    assert not person.is_staff
    with pytest.raises(TransitionRefused):
        services.change_roles(person, [], by=administrator, reason=" ")


def test_nobody_changes_the_own_account(administrator):
    with pytest.raises(TransitionRefused):
        services.change_roles(administrator, ["chair"], by=administrator, reason="why not")
    with pytest.raises(TransitionRefused):
        services.set_access(administrator, is_active=False, by=administrator, reason="tired")


def test_a_closed_account_is_out_with_its_next_request(client, users, administrator):
    person = users["staff"]
    client.force_login(person)
    assert client.get("/admin/").status_code == 200
    services.set_access(person, is_active=False, by=administrator, reason="left")
    services.set_access(person, is_active=False, by=administrator, reason="left")
    assert client.get("/admin/").status_code == 302
    services.set_access(person, is_active=True, by=administrator, reason="came back")
    assert history(person) == [("close", "active", "inactive"), ("open", "inactive", "active")]


def change(person):
    return reverse("admin:accounts_user_change", args=[person.pk])


def test_the_back_office_invites(client, administrator):
    client.force_login(administrator)
    fields = {"email": "New@example.org", "name": "Zoé", "language": "nl", "roles": ["board"]}
    address = reverse("admin:accounts_user_add")
    assert client.get(address).status_code == 200
    response = client.post(address, fields)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert User.objects.get(email="new@example.org").roles == {"board"}
    assert Message.objects.count() == 1
    assert client.post(address, fields).status_code == 200
    assert Message.objects.count() == 1


def test_the_back_office_changes_roles_with_a_reason_only(client, users, administrator):
    person = users["juror"]
    client.force_login(administrator)
    page = client.get(change(person))
    hidden = {
        name: page.context["adminform"].form[name].value()
        for name, field in page.context["adminform"].form.fields.items()
        if field.widget.is_hidden
    }
    fields = hidden | {"name": "Zoé", "language": "nl", "is_active": "on", "roles": ["chair"]}
    assert client.post(change(person), fields).status_code == 200
    assert client.post(change(person), fields | {"reason": "elected"}).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.name, person.language, person.roles) == ("Zoé", "nl", {"chair"})
    assert ("give_role", "", "chair") in history(person)
    assert "elected" in client.get(change(person)).content.decode()


def test_others_read_and_nobody_edits_the_own_one(client, users, administrator):
    client.force_login(users["staff"])
    assert client.get(change(users["juror"])).status_code == 200
    assert client.post(change(users["juror"]), {"name": "x"}).status_code == 403
    client.force_login(administrator)
    assert client.post(change(administrator), {"name": "x"}).status_code == 403
    client.force_login(users["facilitator"])
    assert client.get(change(users["juror"])).status_code == 403


def test_the_list_asks_the_same_number_of_queries(client, administrator, make_user, count_queries):
    client.force_login(administrator)
    address = reverse("admin:accounts_user_changelist")
    before = count_queries(client, address)
    for _ in range(10):
        make_user("lead", "owner")
    assert count_queries(client, address) == before
    assert client.get(address, {"role": "lead"}).status_code == 200


@pytest.fixture
def count_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(client, address):
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    return count


def test_groups_and_second_factors_have_no_page():
    from allauth.mfa.models import Authenticator

    assert not admin.site.is_registered(Group)
    assert not admin.site.is_registered(Authenticator)


def test_the_history_of_accounts_reads_in_words(client, users):
    services.change_roles(
        users["nobody"], ["juror"], by=users["administrator"], reason="Nouvelle membre"
    )
    client.force_login(users["auditor"])
    client.cookies["language"] = "fr"
    page = client.get(reverse("admin:core_statuschange_changelist")).content.decode()
    assert "rôle donné" in page
    assert "Membre du jury" in page
    assert "Nouvelle membre" in page
    assert "give_role" not in page
