"""The register's screens in the back office: affiliations, duplicates, merge, import, retention."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from stakeholders import duplicates
from stakeholders.models import (
    Affiliation,
    Contact,
    ContactMerge,
    DistinctOrganisations,
    Organisation,
    OrganisationMerge,
    RegisterImport,
)
from stakeholders.services import change_job, close_affiliation, mark_distinct, merge_organisations
from stakeholders.services.affiliations import AffiliationRefused
from stakeholders.services.verdicts import VerdictRefused
from tests.factories.register import AffiliationFactory, OrganisationNameFactory
from tests.factories.stakeholders import ContactFactory, MunicipalityFactory, OrganisationFactory

LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)


def at(name, *args, model="organisation"):
    """Return the address of a screen of the register."""
    return reverse(f"admin:stakeholders_{model}_{name}", args=args)


@pytest.fixture
def staff(users):
    return users["staff"]


@pytest.fixture
def office(login, staff):
    return login(staff)


@pytest.fixture
def alike(db):
    """Two organisations of one name."""
    names = {"name_fr": "Coopérative du Canal", "helix": "private"}
    return [OrganisationFactory(**names, website="https://a.be"), OrganisationFactory(**names)]


# --- where an organisation stands, who works where --------------------------------------------


def test_an_organisation_moves_through_its_states(office):
    row, after = OrganisationFactory(), OrganisationFactory(slug="after")
    person = AffiliationFactory(organisation=row)
    office.post(at("transition", row.pk, "rest"), {})
    row.refresh_from_db()
    assert row.status == "dormant"
    refused = office.post(
        at("transition", row.pk, "close"), {"ended_on": "2026-01-31", "successor": "no such"}
    )
    assert "successor" in refused.context["form"].errors
    office.post(at("transition", row.pk, "close"), {"ended_on": "2026-01-31", "successor": "after"})
    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.status, row.ended_on, row.successor) == ("closed", date(2026, 1, 31), after)
    assert person.ends_on == date(2026, 1, 31)
    office.post(at("transition", row.pk, "reopen"), {"note": "a mistake"})
    row.refresh_from_db()
    assert (row.status, row.ended_on, row.successor) == ("active", None, None)


@pytest.mark.parametrize("role", ["auditor", "secretary", "administrator", "translator"])
def test_nobody_but_staff_moves_an_organisation(users, login, role):
    row = OrganisationFactory()
    assert login(users[role]).post(at("transition", row.pk, "rest"), {}).status_code == 403


def test_the_enterprise_number_is_asked_first_and_checked(office):
    page = office.get(at("add"))
    assert next(iter(page.context["adminform"].form.fields)) == "legal_id"
    answer = office.post(at("add"), {"legal_id": "0316.381.139"})
    assert "last two digits" in answer.context["adminform"].form.errors["legal_id"][0]


def test_a_job_change_closes_one_affiliation_and_opens_another(office, staff):
    old = AffiliationFactory(starts_on=date(2020, 1, 1))
    house = OrganisationFactory(slug="house")
    address = at("job", old.contact.pk, model="contact")
    data = {"organisation": "house", "role": "head", "starts_on": "2026-03-01", "is_main": "on"}
    assert office.post(address, data).status_code == 302
    old.refresh_from_db()
    assert (old.ends_on, old.role) == (date(2026, 2, 28), "director")
    new = Affiliation.objects.get(organisation=house)
    assert (new.role, new.is_main, new.ends_on) == ("head", True, None)
    early = office.post(address, {**data, "starts_on": "2026-03-01"})
    assert "began on 2026-03-01" in str(early.context["form"].errors)
    assert office.post(at("close", old.contact.pk, new.pk, model="contact"), {
        "ends_on": "2026-05-01"
    }).status_code == 302  # fmt: skip
    with pytest.raises(AffiliationRefused):
        close_affiliation(new, by=staff, ends_on=date(2026, 6, 1))
    new.refresh_from_db()
    assert new.ends_on == date(2026, 5, 1)


def test_the_past_cannot_be_edited_in_the_form_of_a_person(office):
    past = AffiliationFactory(ends_on=date(2021, 1, 1))
    page = office.get(at("change", past.contact.pk, model="contact"))
    (formset,) = page.context["inline_admin_formsets"]
    assert not formset.has_change_permission
    assert not formset.has_add_permission
    assert past.organisation.name_fr in page.content.decode()


@pytest.mark.django_db
def test_only_staff_change_affiliations(users):
    row = AffiliationFactory()
    for role in ("auditor", "administrator", "nobody"):
        with pytest.raises(AffiliationRefused):
            change_job(row.contact, row.organisation, by=users[role], starts_on=date(2026, 1, 1))


def test_people_are_not_shown_to_roles_that_may_not_know_them(users, login):
    row = AffiliationFactory(contact__name="Canary Jones")
    address = at("change", row.organisation.pk)
    assert "Canary Jones" in login(users["auditor"]).get(address).content.decode()
    for role in ("secretary", "translator"):
        assert "Canary Jones" not in login(users[role]).get(address).content.decode()


# --- duplicates ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_pairs_of_organisations_by_name_old_name_and_website():
    a = OrganisationFactory(name_fr="Fédération des Écoles ASBL", name_nl="Scholenbond")
    b = OrganisationFactory(name_fr="Federation des ecoles", name_nl="Bond A")
    c = OrganisationFactory(name_fr="Autre", name_nl="Ander", website="http://www.house.be/x")
    d = OrganisationFactory(name_fr="Divers", name_nl="Divers (nl)", website="https://house.be")
    e = OrganisationFactory(name_fr="Maison neuve", name_nl="Nieuw huis")
    OrganisationNameFactory(organisation=e, name_fr="Scholenbond", name_nl="Scholenbond")
    OrganisationFactory(name_fr="École communale 7", name_nl="School zeven")
    OrganisationFactory(name_fr="École communale 8", name_nl="School acht")
    OrganisationFactory(name_fr="Federation des ecoles", name_nl="Weg", merged_into=b)
    found = {(p.first, p.second): p.reasons for p in duplicates.find_organisations()}
    assert found == {
        (a.pk, b.pk): ("name",),
        (a.pk, e.pk): ("name",),
        (c.pk, d.pk): ("website",),
    }


@pytest.mark.django_db
def test_pairs_of_people_by_colleague_and_by_address():
    house = OrganisationFactory()
    a, b = ContactFactory(name="Zoé Martin"), ContactFactory(name="Martin Zoe")
    for person in (a, b):
        AffiliationFactory(contact=person, organisation=house)
    c, d = ContactFactory(email="an.peeters@gmail.com"), ContactFactory(email="anpeeters@gmal.com")
    e, f = ContactFactory(email="jansens@x.be"), ContactFactory(email="janssens@x.be")
    ContactFactory(name="Zoé Martin")
    found = {(p.first, p.second): p.reasons for p in duplicates.find_contacts()}
    assert found == {
        (a.pk, b.pk): ("colleague",),
        (c.pk, d.pk): ("address",),
        (e.pk, f.pk): ("address",),
    }


def test_a_pair_found_to_be_two_is_never_proposed_again(office, staff, alike):
    first, second = alike
    page = office.get("/admin/")
    assert "Coopérative du Canal · Coopérative du Canal" in page.content.decode()
    office.post(at("compare", first.pk, second.pk), {"distinct": "1"})
    assert duplicates.refresh(Organisation)
    assert duplicates.proposals(Organisation) == []
    third = OrganisationFactory()
    merge_organisations(third, second, by=staff, reason="typed twice")
    duplicates.refresh(Organisation)
    assert duplicates.proposals(Organisation) == [], "the survivor inherits the decision"
    (pair,) = DistinctOrganisations.objects.all()
    office.post(at("reset", pair.pk))
    assert not DistinctOrganisations.objects.exists()
    with pytest.raises(VerdictRefused):
        mark_distinct(first, first, by=staff)


def test_two_records_are_compared_merged_and_separated_again(office, alike):
    first, second = alike
    Organisation.objects.filter(pk=second.pk).update(website="https://b.be", level="local")
    address = at("compare", first.pk, second.pk)
    page = office.get(address)
    assert page.context["form"].open_fields() == ["name", "website"]
    missing = office.post(address, {"survivor": "first", "merge": "1"})
    assert "reason" in missing.context["form"].errors
    data = {"survivor": "first", "reason": "same", "take_website": "second", "merge": "1"}
    assert office.post(address, data).url == at("change", first.pk)
    first.refresh_from_db()
    assert (first.website, first.level) == ("https://b.be", "local")
    assert office.get(at("change", second.pk)).url == at("change", first.pk)
    assert str(second.pk) not in [
        str(r.pk) for r in office.get(at("changelist")).context["cl"].result_list
    ]
    record = OrganisationMerge.objects.get()
    assert at("undo", record.pk) in office.get(at("duplicates")).content.decode()
    office.post(at("undo", record.pk))
    first.refresh_from_db()
    assert first.website == "https://a.be"
    assert Organisation.objects.current().count() == 2


def test_two_people_are_merged_on_screen(office):
    first, second = ContactFactory(), ContactFactory()
    data = {"survivor": "second", "reason": "same", "take_email": "second", "take_name": "first"}
    office.post(at("compare", first.pk, second.pk, model="contact"), {**data, "merge": "1"})
    name = first.name
    second.refresh_from_db()
    assert second.name == name
    assert ContactMerge.objects.get().survivor == second


def test_the_action_leads_to_the_comparison_of_two(office, alike):
    data = {"action": "compare_two", "_selected_action": [row.pk for row in alike]}
    assert office.post(at("changelist"), data).url == at("compare", *[row.pk for row in alike])
    few = office.post(at("changelist"), {**data, "_selected_action": [alike[0].pk]}, follow=True)
    assert "Tick two records" in few.content.decode()


# --- import and retention --------------------------------------------------------------------


def upload(office, text, name="r.csv"):
    """Send a file; return the response."""
    return office.post(at("import"), {"file": SimpleUploadedFile(name, text.encode())})


def test_a_file_is_looked_at_then_imported(office):
    OrganisationFactory(name_fr="Coopérative du Canal")
    body = "name_fr;name_nl;helix;contact_email;contact_language\nUn;Een;public;an@x.be;nl\n"
    body += "Deux;;press;;\nCooperative du Canals;Samen;private;;\n"
    answer = upload(office, body)
    batch = RegisterImport.objects.get()
    page = office.get(answer.url)
    words = page.content.decode()
    assert "nothing is written yet" in words
    assert "Unknown group" in words
    assert Organisation.objects.count() == 1
    failed = office.get(at("import_failed", batch.pk, "csv"))
    assert failed.content.decode().count("\n") == 2
    done = office.post(answer.url, {"also": ["4"]}, follow=True)
    assert "2 new, 0 changed" in done.content.decode()
    assert Organisation.objects.filter(name_nl="Samen").exists()
    assert Contact.objects.get(email="an@x.be").affiliations.exists()


def test_an_unreadable_file_is_told_in_the_form(office):
    page = upload(office, "a;b\n1;2")
    assert "No column is recognised" in page.content.decode()
    assert office.post(at("import"), {}).context["form"].errors
    for kind in ("csv", "xlsx"):
        assert office.get(at("import_template", kind)).status_code == 200
    assert office.get(at("import_template", "pdf")).status_code == 404


def test_retention_is_listed_then_run(office):
    due, kept = ContactFactory(created_at=LONG_AGO), ContactFactory(created_at=LONG_AGO)
    page = office.get(at("retention", model="contact")).content.decode()
    assert due.name in page
    AffiliationFactory(contact=kept)
    answer = office.post(
        at("retention", model="contact"), {"listed": [due.pk, kept.pk]}, follow=True
    )
    words = answer.content.decode()
    assert "1 person was erased" in words
    assert "1 person is kept" in words
    assert list(Contact.objects.exclude(erased_at=None)) == [due]


def test_one_person_is_erased_after_a_question(office):
    person = ContactFactory()
    address = at("erase", person.pk, model="contact")
    assert "cannot be brought back" in office.get(address).content.decode()
    assert Contact.objects.filter(erased_at=None).count() == 1
    office.post(address)
    person.refresh_from_db()
    assert person.erased_at
    assert office.get(at("change", person.pk, model="contact")).status_code == 200
    assert office.get(address).status_code == 404


# --- who gets in -----------------------------------------------------------------------------

SCREENS = [
    ("organisation", "duplicates"),
    ("organisation", "import"),
    ("contact", "duplicates"),
    ("contact", "retention"),
]


@pytest.mark.parametrize(("model", "name"), SCREENS)
@pytest.mark.parametrize(
    ("role", "reads", "acts"),
    [
        ("staff", 200, True),
        ("auditor", 200, False),
        ("administrator", 200, False),
        ("secretary", 403, False),
        ("translator", 403, False),
    ],
)
def test_the_screens_are_for_those_who_know_people(users, login, model, name, role, reads, acts):
    page = login(users[role]).get(at(name, model=model))
    assert page.status_code == reads
    if reads == 200:
        assert page.context["may_change"] is acts


@pytest.mark.parametrize("role", ["auditor", "administrator", "secretary", "translator"])
def test_only_staff_decide(users, login, alike, role):
    client = login(users[role])
    first, second = alike
    person = ContactFactory()
    posts = [
        (at("compare", first.pk, second.pk), {"distinct": "1"}),
        (at("import"), {"file": SimpleUploadedFile("r.csv", b"name_fr\nA")}),
        (at("erase", person.pk, model="contact"), {}),
        (at("job", person.pk, model="contact"), {}),
    ]
    assert [client.post(*each).status_code for each in posts] == [403] * len(posts)
    assert not DistinctOrganisations.objects.exists()
    assert not RegisterImport.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_of_duplicates_asks_as_often_for_one_pair_as_for_three(
    office, django_assert_max_num_queries, count
):
    for n in range(count):
        OrganisationFactory.create_batch(2, name_fr=f"Même nom {n}{n}")
    duplicates.refresh(Organisation)
    with django_assert_max_num_queries(16):
        assert len(office.get(at("duplicates")).context["pairs"]) == count


def test_a_dry_run_speaks_in_words(office):
    place = MunicipalityFactory(name_fr="Ixelles", name_nl="Elsene")
    body = "name_fr;name_nl;helix;municipality\nUn;Een;private;Ixelles\nDeux;Twee;press;\n"
    page = office.get(upload(office, body).url)
    ((row,), (fault,)) = page.context["new"], page.context["faults"]
    values = [str(value) for _label, value in row["values"]]
    assert {"private partner", str(place)} <= set(values)
    assert "private partner, academia, civil society" in str(fault["message"])
    done = office.post(page.wsgi_request.path, follow=True).content.decode()
    assert f'<a href="{at("changelist")}">To the register</a>' in done


def test_the_unicode_text_of_a_spreadsheet_program_is_read(office):
    text = "name_fr\tname_nl\thelix\nÉté\tZomer\tprivate\n"
    for encoding in ("utf-16", "utf-8", "cp1252"):
        file = SimpleUploadedFile("r.txt", text.encode(encoding))
        page = office.get(office.post(at("import"), {"file": file}).url)
        assert [row["name"] for row in page.context["new"]] == ["Été"], encoding


@pytest.mark.parametrize(("language", "words"), [("fr", "annulée"), ("nl", "ongedaan gemaakt")])
def test_a_merge_that_was_undone_says_so(office, alike, staff, language, words):
    record = merge_organisations(*alike, by=staff, reason="same")
    office.post(at("undo", record.pk))
    office.cookies["language"] = language
    page = office.get(at("duplicates")).content.decode()
    assert f"&nbsp;{words}</span>" in page
    assert at("undo", record.pk) not in page
