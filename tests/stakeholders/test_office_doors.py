"""The back office tells nothing of people and notes to the roles that may not know them."""

from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from core.workflow import record_change
from stakeholders.models import Organisation
from tests.factories.attached import delivery_to
from tests.factories.governance import MandateFactory
from tests.factories.register import AssessmentFactory
from tests.factories.stakeholders import ContactFactory, OrganisationFactory, TopicFactory

pytestmark = pytest.mark.django_db
ORGANISATIONS = "admin:stakeholders_organisation_changelist"


def read(client, name, *args, query="") -> str:
    """Return the page ``name`` of the back office."""
    return client.get(reverse(name, args=args) + query).content.decode()


@pytest.mark.parametrize("lookup", ["assessments__isnull=1", "bilaterals=1", "commitments=1"])
@pytest.mark.parametrize("role", ["secretary", "translator", "staff"])
def test_a_list_cannot_be_asked_what_hangs_at_its_rows(users, login, role, lookup):
    AssessmentFactory()
    assert login(users[role]).get(f"{reverse(ORGANISATIONS)}?{lookup}").status_code == 400


@pytest.mark.parametrize(
    ("role", "status"), [("secretary", 400), ("translator", 400), ("staff", 200)]
)
def test_the_review_of_retention_is_for_those_who_know_people(users, login, role, status):
    row = OrganisationFactory(retention_review_on=date(2044, 4, 4))
    client = login(users[role])
    answer = client.get(f"{reverse(ORGANISATIONS)}?retention_review_on__isnull=0")
    assert answer.status_code == status
    page = read(client, "admin:stakeholders_organisation_change", row.pk)
    assert ("2044" in page) is (role == "staff")


@pytest.mark.parametrize("role", ["secretary", "translator", "staff"])
def test_the_notes_about_an_organisation_are_for_those_who_know_people(users, login, role):
    row = OrganisationFactory()
    record_change(row, "rest", "active", "dormant", by=users["staff"], note="Canary note")
    page = read(login(users[role]), "admin:stakeholders_organisation_change", row.pk)
    assert ("Canary note" in page) is (role == "staff")


@pytest.mark.parametrize("role", ["secretary", "translator", "staff"])
def test_a_mandate_names_its_person_to_those_who_know_people(users, login, role):
    row = MandateFactory()
    client, knows = login(users[role]), role == "staff"
    listed = read(client, "admin:governance_mandate_changelist")
    assert ("Jeanne Secret" in listed) is knows
    found = read(client, "admin:governance_mandate_changelist", query="?q=Secret")
    assert (f"/mandate/{row.pk}/change/" in found) is knows
    page = read(client, "admin:governance_mandate_change", row.pk)
    assert ("Jeanne Secret" in page) is knows


@pytest.mark.parametrize(
    ("role", "status"),
    [("secretary", 403), ("translator", 403), ("staff", 200), ("auditor", 200)],
)
def test_who_got_a_campaign_is_for_those_who_know_people(users, login, role, status):
    delivery_to(ContactFactory(name="Canary Jones"))
    answer = login(users[role]).get(reverse("admin:campaigns_delivery_changelist"))
    assert answer.status_code == status
    assert ("Canary Jones" in answer.content.decode()) is (status == 200)


@pytest.mark.parametrize(("role", "status"), [("facilitator", 404), ("secretary", 302)])
def test_the_way_to_a_page_does_not_tell_which_rows_exist(users, login, role, status):
    row = OrganisationFactory(is_listed=False, slug="hidden-one")
    kind = ContentType.objects.get_for_model(Organisation).pk
    answer = login(users[role]).get(reverse("admin:view_on_site", args=[kind, row.pk]))
    assert answer.status_code == status


@pytest.mark.parametrize("role", ["facilitator", "secretary", "translator"])
def test_a_history_does_not_tell_which_people_exist(users, login, role):
    client = login(users[role])
    keys = (ContactFactory().pk, 999)
    addresses = [reverse("admin:stakeholders_contact_history", args=[key]) for key in keys]
    assert [client.get(each).status_code for each in addresses] == [403, 403]


@pytest.mark.parametrize("role", ["secretary", "translator", "staff"])
def test_the_fingerprint_of_a_row_is_of_what_its_form_shows(users, login, role):
    row = OrganisationFactory(retention_review_on=date(2044, 4, 4))
    page = read(login(users[role]), "admin:stakeholders_organisation_change", row.pk)
    state = page.partition('name="_row_state"')[2].partition(">")[0]
    assert "name_fr" in state
    assert ("retention_review_on" in state) is (role == "staff")


def test_a_translator_opens_a_row_whose_address_is_proposed_to_editors(users, login):
    page = read(login(users["translator"]), "admin:stakeholders_topic_change", TopicFactory().pk)
    assert 'name="purpose_nl"' in page
