"""The back office of sheets and juries."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from projects import selectors
from tests.factories.projects import (
    SheetFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.STAFF, Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR])
def test_back_office_lists_open_for_their_readers(client, published, users, role):
    client.force_login(users[role])
    for name in ("call", "projectsheet", "rubric", "criterion", "jurysession", "sheetoutcome"):
        assert client.get(reverse(f"admin:projects_{name}_changelist")).status_code == 200
    seen = client.get(reverse("admin:projects_ballot_changelist")).status_code
    assert seen == (200 if role in (Role.SECRETARY, Role.AUDITOR) else 403)


def test_a_frozen_sheet_and_fixed_rules_are_not_edited(client, jury, users):
    client.force_login(users["secretary"])
    for name, obj in (
        ("projectsheet", jury.sheets[0]),
        ("jurysession", jury.session),
        ("rubric", jury.session.rubric),
        ("criterion", jury.session.rubric.criteria.first()),
    ):
        address = reverse(f"admin:projects_{name}_change", args=[obj.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"title_fr": "autre"}).status_code == 403
    draft = SheetFactory()
    page = client.get(reverse("admin:projects_projectsheet_change", args=[draft.pk]))
    assert page.status_code == 200
    assert selectors.session_of(draft) is None
