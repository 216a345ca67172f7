"""The pages of the register before anything is in it: they say what to do next."""

import pytest
from django.urls import reverse

from tests.factories.register import AssessmentFactory
from tests.factories.stakeholders import OrganisationFactory
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db
REGISTER = "/admin/stakeholders/organisation/"


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("register-grid", REGISTER),
        ("register-matrix", REGISTER),
        ("political-round", "/admin/programme/portfolio/"),
        ("meeting-new", f"{REGISTER}add/"),
        ("exchange-new", f"{REGISTER}add/"),
        ("organisation-list", f"{REGISTER}import/"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_an_empty_page_leads_on(login, users, name, way, language):
    page = login(users["staff"]).get(address(name, language=language)).content.decode()
    assert f'href="{way}"' in page
    assert "data-chart" not in page


@pytest.mark.parametrize("name", ["register-grid", "register-matrix"])
def test_a_day_before_the_first_assessment_says_so(login, users, name):
    AssessmentFactory(organisation=OrganisationFactory())
    page = login(users["staff"]).get(address(name, language="en"), {"on": "2010-01-15"})
    assert "On that day no organisation of this choice had been assessed." in page.content.decode()
    assert "data-chart" not in page.content.decode()


def test_the_public_is_not_asked_to_fill_the_register(client):
    page = client.get(address("organisation-list")).content.decode()
    assert REGISTER not in page


def test_a_page_that_was_not_sent_tells_no_fault(login, users):
    page = login(users["staff"]).get(reverse("admin:stakeholders_organisation_import"))
    assert not page.context["form"].is_bound
    assert "errornote" not in page.content.decode()


@pytest.mark.parametrize("name", ["register-grid", "register-silence"])
def test_what_is_wrong_is_told_once(login, users, name):
    page = login(users["staff"]).get(address(name), {"on": "yesterday"}).content.decode()
    assert page.count("data-error-summary") == 1


def test_the_usual_radar_is_no_choice(login, users):
    client = login(users["staff"])
    assert "data-active" not in client.get(address("register-silence")).content.decode()
    chosen = client.get(address("register-silence"), {"days": "30"}).content.decode()
    assert "data-active" in chosen
