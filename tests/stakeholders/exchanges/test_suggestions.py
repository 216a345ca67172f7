"""What the fields of the fast entry suggest while one types."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stakeholders.suggestions import suggested_people
from tests.factories.register import AffiliationFactory, OrganisationNameFactory
from tests.factories.stakeholders import ContactFactory
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db
PEOPLE = address("exchange-people")
LINE = re.compile(r'data-value="([^"]*)">([^<]*)')


def ask(client, who, url=PEOPLE, **more):
    """Return [(value, text)] of what is suggested for ``who``."""
    page = client.post(url, {"who": who, "happened_at": "2026-03-02T11:00", **more})
    assert page.status_code == 200
    return [(unescape(value), text.strip()) for value, text in LINE.findall(page.content.decode())]


def names(client, who, **more):
    return [text for _value, text in ask(client, who, **more)]


@pytest.fixture
def team(canal):
    """Zoé works at the organisation, Anna did until last year, Zacharie is elsewhere."""
    zoe = AffiliationFactory(organisation=canal, contact__name="Zoé Dupont").contact
    AffiliationFactory(organisation=canal, contact__name="Anna Nova", ends_on=date(2025, 12, 31))
    AffiliationFactory(contact__name="Zacharie Édimo")
    return zoe


def test_organisations_in_the_language_of_the_page_and_by_old_names(login, staff, canal):
    OrganisationNameFactory(organisation=canal, name_fr="Ancien", name_nl="Oud")
    client = login(staff)
    for language, name in (("fr", "Atelier du Canal"), ("nl", "Kanaalatelier")):
        url = address("exchange-organisations", language=language)
        for words in ("canal", "oud"):
            assert name in client.post(url, {"organisation": words}).content.decode()
    assert b"option" not in client.post(url, {"organisation": ""}).content


def test_those_of_the_organisation_come_first(login, staff, canal, team):
    client = login(staff)
    here = {"organisation": "Atelier du Canal"}
    assert names(client, "z", **here) == ["Zoé Dupont"]
    assert names(client, "", **here) == ["Zoé Dupont"]
    assert names(client, "z") == []
    ContactFactory(name="Aziz Zone")
    assert names(client, "zo", **here) == ["Zoé Dupont", "Aziz Zone"]
    assert names(client, "anna", **here) == ["Anna Nova"]
    assert names(client, "") == []


def test_accents_second_names_and_addresses(login, staff, team):
    client = login(staff)
    team.email = "zoe.d@example.org"
    team.save()
    for words in ("ZOE", "dupont", "Zoé du", "zoe.d@"):
        assert names(client, words) == ["Zoé Dupont"], words
    assert names(client, "edi") == ["Zacharie Édimo"]
    assert names(client, "upont") == names(client, "(.*)") == names(client, "zz") == []


def test_who_is_named_already_is_kept_and_not_offered_again(login, staff, canal, team):
    AffiliationFactory(organisation=canal, contact__name="Ann Peeters")
    client = login(staff)
    here = {"organisation": str(canal.pk), "chosen": str(canal.pk)}
    ((value, _text),) = ask(client, " zoe dupont ,  a", **here)
    assert value == "zoe dupont, Ann Peeters, "
    assert names(client, "zoe dupont,", **here) == ["Ann Peeters"]


def test_what_is_chosen_means_one_person(login, staff, canal, team):
    other = ContactFactory(name="Zoe Dupont", email="other@example.org")
    ContactFactory(name="Zoé, comtesse", email="comma@example.org")
    ContactFactory(name="Zoé Dupont", email="")
    values = {value for value, _text in ask(login(staff), "zoé")}
    assert values == {f"{team.email}, ", f"{other.email}, ", "comma@example.org, "}


def test_erased_and_merged_people_are_nobody(login, staff, team):
    ContactFactory(name="Zoé Merged", merged_into=team)
    ContactFactory(name="", email="", erased_at=timezone.now())
    assert names(login(staff), "zo") == ["Zoé Dupont"]


@pytest.mark.parametrize("moment", ["", "soon", "2026-13-45T10:00"])
def test_without_a_day_it_is_today(login, staff, canal, team, moment):
    asked = {"organisation": "Atelier du Canal", "happened_at": moment}
    assert names(login(staff), "", **asked) == ["Zoé Dupont"]


@pytest.mark.parametrize("chosen", ["9" * 30, "x", "0"])
def test_a_wrong_choice_is_no_organisation(login, staff, team, chosen):
    assert names(login(staff), "", chosen=chosen) == []


def test_only_who_logs_is_answered_and_an_address_asks_nothing(login, users, client, team):
    for name in ("exchange-people", "exchange-organisations"):
        url = address(name)
        assert client.post(url, {"who": "zoe"}).status_code == 302
        assert not LINE.findall(login(users["staff"]).get(url, {"who": "zoe"}).content.decode())
        for role, user in users.items():
            answer = login(user).post(url, {"who": "zoe"})
            assert answer.status_code == (200 if role == "staff" else 403), role
            assert (b"Dupont" in answer.content) == (role == "staff" and "people" in name)
        client.logout()


def test_nobody_is_suggested_to_who_may_not_know_people(users, team):
    day = timezone.localdate()
    for role, user in users.items():
        knows = role in {"staff", "auditor", "administrator"}
        assert bool(suggested_people("zo", user, day=day)) == knows, role


def test_as_many_queries_for_three_as_for_one(login, staff, canal):
    client, counts = login(staff), []
    for number in (1, 2):
        for _each in range(number):
            AffiliationFactory(organisation=canal, contact__name=f"Zoé {number}{_each}")
            AffiliationFactory(contact__name=f"Zoé x{number}{_each}")
        ask(client, "zo", organisation="Atelier du Canal")
        with CaptureQueriesContext(connection) as queries:
            found = ask(client, "zo", organisation="Atelier du Canal")
        counts.append((len(found), len(queries)))
    (few, first), (many, second) = counts
    assert (few, many) == (2, 6)
    assert first == second <= 10
