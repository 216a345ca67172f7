"""Nothing internal leaves the register: roles × doors, each denial with its allowed twin.

Every door is opened with the internal rows, and again without them. Whoever may not know people
finds no canary, and gets the same answer both times, so that no number, order, filter or status
tells that there is something.
"""

import pytest

from stakeholders.admin.register import OrganisationAdmin
from stakeholders.views import organisations
from tests.e2e.routes import routes
from tests.factories.canaries import SCORE, marks, told_in
from tests.stakeholders.canaries.doors import (
    API,
    KINDS,
    LIST,
    OFFICE,
    Door,
    has_address,
    screen_names,
)
from tests.stakeholders.canaries.visits import ALLOWED, ANYBODY, DENIED, go_round

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("canaries")]

#: What nobody reads on any page: kept for proof, or for undoing a merge.
ON_NO_PAGE = frozenset(
    {
        # What an explanation replaced, kept for the undo of the merge.
        ("stakeholders.IdeaMerge", "was_explained"),
        ("core.DocumentVersion", "note"),
        *((f"stakeholders.{kind}Merge", "changes") for kind in ("Contact", "Organisation")),
        *((f"stakeholders.{kind}Merge", "kept") for kind in ("Contact", "Organisation")),
        *((f"stakeholders.{kind}Merge", "moves") for kind in ("Contact", "Organisation")),
        ("stakeholders.IdeaKey", "key"),
        ("stakeholders.IdeaStep", "kind"),
        ("stakeholders.RegisterImport", "result"),
        ("stakeholders.Submission", "consent_version"),
        ("stakeholders.SubscriptionRequest", "wording_version"),
        ("stakeholders.Watch", "name"),
    }
)
MEETING = "stakeholders.BilateralMeeting"
TOLD_TO_GUESTS = {(MEETING, "agenda"), (MEETING, "place")}
OWN_NAME = ("stakeholders.Contact", "name")


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """What everybody reads behind every door: asked once, looked at by every test."""
    with django_db_blocker.unblock():
        return go_round()


# --- roles × doors -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", DENIED)
def test_a_denied_role_reads_nothing_internal(visits, role, kind):
    assert visits.leaks(role, kind) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", DENIED)
def test_a_denied_role_cannot_tell_that_there_is_something(visits, role, kind):
    """Same status, same rows, same order, same numbers, whether internal rows exist or not."""
    assert visits.tells(role, kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_allowed_twin_reads_it_through_the_same_kind_of_door(visits, kind):
    assert visits.leaks(ALLOWED, kind)


@pytest.mark.parametrize("field", sorted(marks().values()), ids=".".join)
def test_the_allowed_twin_reads_every_field_that_has_a_page(visits, field):
    read = {told for answer in visits.full[ALLOWED].values() for told in answer.told}
    assert (field in read) is (field not in ON_NO_PAGE)


def test_no_door_breaks(visits):
    answers = [(name, *pair) for name, opened in visits.full.items() for pair in opened.items()]
    assert [(name, door.path) for name, door, answer in answers if answer.status >= 500] == []


def test_the_score_is_in_the_file_of_the_allowed_role_only(visits):
    door = Door(API, "/fr/register/grid/?format=json")
    assert f'"influence": {SCORE}' in visits.full[ALLOWED][door].text
    assert {visits.full[role][door].status for role in DENIED} == {302, 403}


@pytest.mark.parametrize("role", [ANYBODY, "partner", "juror", "facilitator"])
def test_an_organisation_that_is_not_listed_has_no_name(visits, role):
    """Its name is for those who read the register in the back office."""
    assert [door.path for door, each in visits.full[role].items() if each.names_the_hidden] == []
    assert any(each.names_the_hidden for each in visits.full["secretary"].values())


# --- every route and every screen is a door ------------------------------------------------------


def test_a_route_without_a_declared_argument_is_missed(visits):
    assert [route.name for route in routes() if not has_address(route, visits.known)] == []
    assert len([route for route in routes() if not has_address(route, {})]) == len(visits.known)


def test_a_screen_of_the_back_office_without_a_declared_argument_is_missed(visits):
    assert screen_names() == set(visits.screens)


# --- mails ---------------------------------------------------------------------------------------


def words_of(mail) -> str:
    return f"{mail.subject} {mail.text} {mail.html} {mail.calendar}"


def test_a_guest_is_told_the_agenda_and_the_place_and_nothing_else(visits):
    """The twin: the same mails do carry what they are for."""
    told = {field for mail in visits.mails for field in told_in(words_of(mail))}
    assert told == TOLD_TO_GUESTS | {OWN_NAME}


def test_a_mail_names_no_other_guest(visits):
    recipients = {mail.recipient for mail in visits.mails}
    assert len(recipients) == 2
    for mail in visits.mails:
        assert OWN_NAME not in told_in(words_of(mail)) or "kanarie" in mail.recipient
        assert not [each for each in recipients - {mail.recipient} if each in words_of(mail)]


# --- the matrix can fail -------------------------------------------------------------------------


def test_a_leak_into_the_back_office_is_found(monkeypatch):
    monkeypatch.setattr(OrganisationAdmin, "shows_notes", lambda self, request: True)
    found = go_round(["secretary"], lambda door: "/stakeholders/organisation/" in door.path)
    assert ("core.StatusChange", "note") in {
        field for fields in found.leaks("secretary", OFFICE).values() for field in fields
    }


def test_an_order_by_score_is_found(monkeypatch):
    paged, by_score = organisations.page_of, ("-assessments__influence", "pk")
    monkeypatch.setattr(
        organisations, "page_of", lambda request, rows: paged(request, rows.order_by(*by_score))
    )
    address = "/fr/stakeholders/"
    found = go_round([ANYBODY], lambda door: door.path == address)
    assert [each.status for each in found.full[ANYBODY].values()] == [200]
    assert found.leaks(ANYBODY, LIST) == {}
    assert found.tells(ANYBODY, LIST) == [address]
