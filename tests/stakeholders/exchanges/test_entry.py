"""The fast entry: what is typed on a phone, and what is asked again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from stakeholders.models import (
    BilateralMeeting,
    Contact,
    Interaction,
    Participation,
)
from tests.factories.register import (
    AffiliationFactory,
    OrganisationNameFactory,
)
from tests.factories.stakeholders import (
    ContactFactory,
    OrganisationFactory,
)
from tests.stakeholders.conftest import address
from tests.stakeholders.exchanges.conftest import THEN

pytestmark = pytest.mark.django_db


ENTRY = address("exchange-new")


@pytest.fixture
def typed():
    return {
        "key": "a" * 32,
        "organisation": "Atelier du Canal",
        "happened_at": "2026-03-02T11:00",
        "kind": "bilateral",
        "who": "",
        "subject": "A pilot at two stops",
        "outcomes": ["pilot"],
    }


def test_a_bilateral_is_logged_as_held_in_one_go(login, staff, typed, canal):
    answer = login(staff).post(ENTRY, typed)
    meeting = BilateralMeeting.objects.get()
    assert answer.url == meeting.get_absolute_url().replace("/en/", "/fr/")
    assert (meeting.status, meeting.organisation, meeting.owner) == ("held", canal, staff)
    assert (meeting.outcomes, meeting.series_no) == (["pilot"], 1)
    assert meeting.interaction.subject == "A pilot at two stops"
    assert meeting.starts_at == THEN
    assert meeting.interaction.participations.get(side="theirs").organisation == canal


@pytest.mark.parametrize("kind", ["call", "mail", "event", "workshop", "visit"])
def test_another_exchange_is_no_meeting(login, staff, typed, canal, kind):
    login(staff).post(ENTRY, {**typed, "kind": kind})
    exchange = Interaction.objects.get()
    assert (exchange.kind, exchange.subject, exchange.summary) == (kind, typed["subject"], "pilote")
    assert not BilateralMeeting.objects.exists()


def test_sent_twice_it_is_logged_once(login, staff, typed, canal):
    client = login(staff)
    first, second = client.post(ENTRY, typed), client.post(ENTRY, typed)
    assert first.url == second.url
    assert Interaction.objects.count() == BilateralMeeting.objects.count() == 1
    client.post(ENTRY, {**typed, "key": "b" * 32})
    assert Interaction.objects.count() == 2


def test_the_key_of_one_user_is_not_that_of_another(login, make_user, staff, typed, canal):
    login(staff).post(ENTRY, typed)
    login(make_user("staff")).post(ENTRY, typed)
    assert Interaction.objects.count() == 2


def test_where_the_name_means_several_it_is_asked_which(login, staff, typed, canal):
    other = OrganisationFactory(name_fr="Atelier du Midi", name_nl="Zuidatelier")
    client = login(staff)
    answer = client.post(ENTRY, {**typed, "organisation": "atelier"})
    form = answer.context["form"]
    assert "chosen" in form.errors
    assert typed["subject"] in answer.content.decode()
    assert {key for key, _name in form.fields["chosen"].choices} == {canal.pk, other.pk}
    client.post(ENTRY, {**typed, "organisation": "atelier", "chosen": str(other.pk)})
    assert BilateralMeeting.objects.get().organisation == other


@pytest.mark.parametrize("words", ["Kanaalatelier", "kanaalatelier ", "ATELIER DU CANAL", "Oud"])
def test_a_name_in_either_language_or_of_the_past_is_enough(login, staff, typed, canal, words):
    OrganisationNameFactory(organisation=canal, name_fr="Ancien", name_nl="Oud")
    OrganisationFactory(name_fr="Atelier du Canal Nord", name_nl="Kanaalatelier Noord")
    login(staff).post(ENTRY, {**typed, "organisation": words})
    assert BilateralMeeting.objects.get().organisation == canal


def test_people_are_found_by_name_or_address(login, staff, typed, canal):
    known = AffiliationFactory(organisation=canal, contact__name="Zoé Dupont").contact
    ContactFactory(name="Zoé Dupont")
    other = ContactFactory(email="sam@example.org")
    login(staff).post(ENTRY, {**typed, "who": "zoe dupont, Sam@example.org"})
    met = Participation.objects.exclude(contact=None).values_list("contact", flat=True)
    assert set(met) == {known.pk, other.pk}


def test_of_people_of_one_name_it_is_asked_which(login, staff, typed, canal):
    first, second = (ContactFactory(name="Zoé Dupont") for _each in range(2))
    client = login(staff)
    answer = client.post(ENTRY, {**typed, "who": "zoe dupont", "add_people": "on"})
    (words,) = answer.context["form"].errors["who"]
    assert first.email in words
    assert second.email in words
    assert not Interaction.objects.exists()
    Contact.objects.update(email="")
    answer = client.post(ENTRY, {**typed, "who": "zoe dupont"})
    assert "@" not in str(answer.context["form"].errors["who"])
    assert Contact.objects.filter(name="Zoé Dupont").count() == 2, "nobody is added twice"


def test_a_stranger_is_added_only_when_asked(login, staff, typed, canal):
    AffiliationFactory(organisation=canal, contact__name="Zoé Dupont")
    client = login(staff)
    answer = client.post(ENTRY, {**typed, "who": "Anna Nova"})
    assert "Zoé Dupont" in str(answer.context["form"].errors["who"])
    assert not Contact.objects.filter(name="Anna Nova").exists()
    client.post(ENTRY, {**typed, "who": "Anna Nova", "add_people": "on"})
    person = Contact.objects.get(name="Anna Nova")
    assert (person.legal_basis, person.language) == ("public_task", "fr")
    affiliation = person.affiliations.get()
    assert (affiliation.organisation, affiliation.starts_on) == (canal, date(2026, 3, 2))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organisation": ""}, "organisation"),
        ({"organisation": "nobody"}, "organisation"),
        ({"happened_at": "2199-01-01T10:00"}, "happened_at"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"happened_at": "2026-03-29T02:30"}, "happened_at"),
        ({"kind": "seance"}, "kind"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"outcomes": ["fame"]}, "outcomes"),
        ({"who": "x" * 301}, "who"),
    ],
)
def test_what_cannot_be_logged_is_told_and_kept(login, staff, typed, canal, changes, field):
    answer = login(staff).post(ENTRY, {**typed, **changes})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    kept = answer.context["form"]["key"].value()
    assert kept == typed["key"]
    assert not Interaction.objects.exists()


def test_the_empty_form_says_now_and_has_six_fields(login, staff):
    form = login(staff).get(ENTRY).context["form"]
    assert [field.name for field in form.visible_fields()] == [
        *("organisation", "happened_at", "kind", "who", "subject", "outcomes"),
    ]
    assert abs(timezone.now() - form["happened_at"].initial) < timedelta(minutes=2)


def test_who_may_not_log_is_refused(login, users):
    for role in ("auditor", "administrator"):
        assert login(users[role]).get(ENTRY).status_code == 403, role
        assert login(users[role]).get(address("exchange-log")).status_code == 200, role
    for role in ("secretary", "juror", "nobody", "translator"):
        for name in ("exchange-log", "exchange-new", "exchange-organisations"):
            assert login(users[role]).get(address(name)).status_code == 403, role
