"""Each field of the register is public, of the office or internal, because somebody decided so."""

import pytest

from stakeholders.models import KNOW_PEOPLE
from tests.factories.internal import INTERNAL, OFFICE, PUBLIC, fields_of, internal_fields
from tests.factories.internal import watched_models as models


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_field_was_decided(model):
    """A new field is internal until somebody writes down what it is."""
    tables = (PUBLIC, OFFICE, INTERNAL)
    decided = [name for table in tables for name in table.get(model._meta.label, "").split()]
    assert sorted(decided) == sorted(fields_of(model))


def test_what_nobody_opened_is_internal():
    found = {f"{model._meta.label} {field.name}" for model, field in internal_fields()}
    decided = {f"{label} {name}" for label, names in INTERNAL.items() for name in names.split()}
    assert found == decided


@pytest.mark.django_db
def test_those_who_know_people_are_three_roles(users):
    knowing = {name for name, user in users.items() if KNOW_PEOPLE(user)}
    assert knowing == {"staff", "auditor", "administrator"}
