"""A project lead writes the own sheet, until it is sent."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.factories.projects import SheetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(users):
    return SheetFactory(status="draft", lead=users["lead"], problem_nl="")


def address(sheet):
    return reverse("projects:sheet-edit", args=[sheet.reference])


def typed(response, **changes):
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def test_a_lead_writes_the_own_sheet(login, users, sheet):
    client = login(users["lead"])
    assert address(sheet) in client.get(sheet.get_absolute_url()).content.decode()
    page = client.get(address(sheet))
    answer = client.post(address(sheet), typed(page, problem_nl="Er zijn er geen."))
    assert answer.url == sheet.get_absolute_url()
    sheet.refresh_from_db()
    assert (sheet.problem_nl, sheet.status) == ("Er zijn er geen.", "draft")


def test_without_any_title_nothing_is_saved(login, users, sheet):
    client = login(users["lead"])
    sent = typed(client.get(address(sheet)), title_fr="", title_nl=" ", problem_nl="Neen")
    assert "title_fr" in client.post(address(sheet), sent).context["form"].errors
    sheet.refresh_from_db()
    assert sheet.problem_nl == ""


def test_a_change_by_somebody_else_is_told_and_nothing_lost(login, users, sheet):
    client = login(users["lead"])
    sent = typed(client.get(address(sheet)), problem_nl="Van de projectleider")
    sheet.summary_fr = "Corrigé par l’Office"
    sheet.save(update_fields=["summary_fr"])
    answer = client.post(address(sheet), sent)
    assert answer.context["form"].non_field_errors()
    assert "Van de projectleider" in answer.content.decode()
    sheet.refresh_from_db()
    assert (sheet.problem_nl, sheet.summary_fr) == ("", "Corrigé par l’Office")
    assert client.post(address(sheet), typed(answer)).status_code == 302


@pytest.mark.parametrize("status", ["submitted", "eligible"])
def test_what_was_sent_is_no_longer_written_here(login, users, sheet, status):
    client = login(users["lead"])
    sent = typed(client.get(address(sheet)), problem_nl="Te laat")
    type(sheet).objects.filter(pk=sheet.pk).update(status=status)
    assert client.post(address(sheet), sent).context["form"].non_field_errors()
    sheet.refresh_from_db()
    assert sheet.problem_nl == ""
    assert address(sheet) not in client.get(sheet.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.LEAD, Role.STAFF, Role.SECRETARY}))
def test_a_sheet_of_others_is_invisible_or_forbidden(login, users, sheet, role):
    sees = role in {Role.AUDITOR, Role.ADMINISTRATOR}
    answer = login(users[role]).get(address(sheet))
    assert answer.status_code == (403 if sees else 404)


def test_another_lead_does_not_see_it(login, make_user, sheet):
    assert login(make_user("lead")).get(address(sheet)).status_code == 404
