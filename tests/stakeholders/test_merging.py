"""Two records become one, with all that hangs on them, and two again within thirty days."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from stakeholders.models import (
    Affiliation,
    Contact,
    ContactMerge,
    Organisation,
    OrganisationMerge,
    Submission,
)
from stakeholders.services import merging
from stakeholders.services.relations import label, relations, rows_of
from tests.factories.attached import TO_CONTACT, TO_ORGANISATION, columns
from tests.factories.register import AffiliationFactory, AssessmentFactory, OrganisationNameFactory
from tests.factories.stakeholders import ContactFactory, OrganisationFactory, SubmissionFactory

MERGED_AT = datetime(2026, 9, 15, 12, tzinfo=UTC)
MERGES = {Organisation: merging.merge_organisations, Contact: merging.merge_contacts}
ATTACHED = {Organisation: TO_ORGANISATION, Contact: TO_CONTACT}
FACTORIES = {Organisation: OrganisationFactory, Contact: ContactFactory}
RECORDS = {OrganisationMerge, ContactMerge}


def everything() -> dict:
    """Return every row of every table, the records of merges left out."""
    models = [model for model in apps.get_models(include_auto_created=True) if model not in RECORDS]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list(*columns(model)))
        for model in models
        if model._meta.managed
    }


def counts(state) -> dict:
    """Return how many rows each table has."""
    return {name: len(rows) for name, rows in state.items()}


def pointing_at(row) -> dict:
    """Return {(model, field): keys of the rows that point at ``row``}."""
    return {
        tuple(label(key)): set(rows_of(key, row.pk).values_list("pk", flat=True))
        for key in relations(type(row))
    }


def merge(survivor, merged, staff, **values):
    """Merge with a reason."""
    run = MERGES[type(survivor)]
    return run(survivor, merged, by=staff, reason="Same body, typed twice.", **values)


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture(params=[Organisation, Contact], ids=["organisation", "contact"])
def pair(request, db):
    """Two rows, a row of every model on each of them."""
    model = request.param
    rows = [FACTORIES[model](), FACTORIES[model]()]
    for row in rows:
        for attach in ATTACHED[model].values():
            attach(row)
    return rows


@pytest.mark.parametrize("model", [Organisation, Contact])
def test_every_relation_has_a_maker(model):
    assert {tuple(label(key)) for key in relations(model)} == set(ATTACHED[model])


def test_a_merge_takes_everything_along(pair, staff):
    survivor, merged = pair
    before, ours, theirs = everything(), pointing_at(survivor), pointing_at(merged)
    assert all(theirs.values()), "a row of every model"
    record = merge(survivor, merged, staff)
    assert counts(everything()) == counts(before)
    kept = {(name, field, pk) for name, pk, field in record.kept}
    now, left = pointing_at(survivor), pointing_at(merged)
    for relation, pks in theirs.items():
        stays = {pk for pk in pks if (*relation, pk) in kept}
        extra = {merged.pk} if relation == (type(merged)._meta.label, "merged_into") else set()
        assert now[relation] == ours[relation] | (pks - stays) | extra, relation
        assert left[relation] == stays, relation


@pytest.mark.parametrize("days", [0, 30])
def test_undoing_restores_every_row_exactly(pair, staff, days):
    survivor, merged = pair
    with time_machine.travel(MERGED_AT, tick=False) as clock:
        before = everything()
        record = merge(survivor, merged, staff)
        assert everything() != before
        clock.shift(timedelta(days=days))
        assert merging.undo_merge(record, by=staff) == []
        assert everything() == before
    assert (record.undone_at, record.undone_by) == (MERGED_AT + timedelta(days=days), staff)


def test_after_thirty_one_days_it_is_refused_with_a_sentence(pair, staff):
    with time_machine.travel(MERGED_AT, tick=False) as clock:
        record = merge(*pair, staff)
        after = everything()
        clock.shift(timedelta(days=31))
        with pytest.raises(merging.MergeRefused, match="within thirty days"):
            merging.undo_merge(record, by=staff)
        assert everything() == after


@pytest.mark.django_db
def test_what_the_survivor_has_already_stays_and_is_named(staff):
    survivor, merged = ContactFactory(), ContactFactory()
    idea = SubmissionFactory(contact=survivor).idea
    twin = SubmissionFactory(contact=merged, idea=idea)
    main = AffiliationFactory(contact=survivor)
    other = AffiliationFactory(contact=merged)
    past = AffiliationFactory(contact=merged, ends_on=other.starts_on)
    record = merge(survivor, merged, staff)
    assert record.kept == [
        ["stakeholders.Affiliation", other.pk, "contact"],
        ["stakeholders.Submission", twin.pk, "contact"],
    ]
    assert set(Affiliation.objects.filter(contact=survivor)) == {main, past}
    assert Submission.objects.filter(idea=idea).count() == 2


@pytest.mark.django_db
def test_an_empty_field_is_filled_and_a_chosen_one_is_taken(staff):
    survivor = OrganisationFactory(website="", helix="public", short_name_fr="A", short_name_nl="B")
    merged = OrganisationFactory(
        website="https://example.org",
        helix="private",
        helix_secondary="public",
        legal_id="0316381138",
        short_name_fr="C",
        short_name_nl="D",
    )
    record = merge(survivor, merged, staff, choices=["helix"])
    survivor.refresh_from_db()
    assert (survivor.website, survivor.helix, survivor.legal_id, survivor.short_name_fr) == (
        "https://example.org",
        "private",
        "0316381138",
        "A",
    )
    assert survivor.helix_secondary == "public"
    assert set(record.changes["survivor"]) == {"website", "helix", "legal_id", "helix_secondary"}
    assert merging.undo_merge(record, by=staff) == []
    merged.refresh_from_db()
    assert (merged.legal_id, merged.merged_into) == ("0316381138", None)


@pytest.mark.django_db
def test_both_addresses_of_a_person_still_lead_to_the_survivor(staff, make_user):
    from stakeholders.services import contact_for

    user = make_user("juror")
    survivor = ContactFactory(email="old@example.org")
    merged = ContactFactory(email="new@example.org", user=user, do_not_contact=True)
    before = everything()["stakeholders.Contact"]
    record = merge(survivor, merged, staff, choices=["email"])
    survivor.refresh_from_db()
    assert (survivor.email, survivor.user, survivor.do_not_contact) == (
        "new@example.org",
        user,
        True,
    )
    assert contact_for("old@example.org", language="fr") == survivor
    assert contact_for("new@example.org", language="fr") == survivor
    merging.undo_merge(record, by=staff)
    assert everything()["stakeholders.Contact"] == before


@pytest.mark.django_db
def test_the_same_merge_twice_is_one(staff):
    survivor, merged = OrganisationFactory(), OrganisationFactory()
    first = merge(survivor, merged, staff)
    assert merge(survivor, merged, staff) == first
    with pytest.raises(merging.MergeRefused, match="merged into another record"):
        merge(merged, survivor, staff)
    with pytest.raises(merging.MergeRefused, match="two different"):
        merge(survivor, survivor, staff)


@pytest.mark.django_db
def test_only_staff_merge_and_with_a_reason(users):
    rows = OrganisationFactory(), OrganisationFactory()
    for role in ("auditor", "administrator", "nobody", "superuser"):
        with pytest.raises(merging.MergeRefused, match="may not"):
            merge(*rows, users[role])
    with pytest.raises(merging.MergeRefused, match="reason"):
        merging.merge_organisations(*rows, by=users["staff"], reason=" ")
    record = merge(*rows, users["staff"])
    with pytest.raises(merging.MergeRefused, match="may not"):
        merging.undo_merge(record, by=users["auditor"])


@pytest.mark.django_db
def test_what_has_moved_on_is_named_and_the_rest_restored(staff):
    survivor, merged = OrganisationFactory(website=""), OrganisationFactory(website="https://a.be")
    name = OrganisationNameFactory(organisation=merged)
    gone = OrganisationNameFactory(organisation=merged)
    score = AssessmentFactory(organisation=merged)
    record = merge(survivor, merged, staff)
    gone_no = gone.pk
    gone.delete()
    Organisation.objects.filter(pk=survivor.pk).update(website="https://b.be")
    assert merging.undo_merge(record, by=staff) == [f"former name no. {gone_no}", "website"]
    for row in (survivor, merged, name, score):
        row.refresh_from_db()
    assert (survivor.website, merged.website) == ("https://b.be", "https://a.be")
    assert (name.organisation, score.organisation) == (merged, merged)
    with pytest.raises(merging.MergeRefused, match="undone already"):
        merging.undo_merge(record, by=staff)


@pytest.mark.django_db
def test_a_chain_is_undone_from_its_end(staff):
    a, b, c = OrganisationFactory.create_batch(3)
    first = merge(b, a, staff)
    second = merge(c, b, staff)
    a.refresh_from_db()
    assert a.merged_into == c
    with pytest.raises(merging.MergeRefused, match="later merge first"):
        merging.undo_merge(first, by=staff)
    merging.undo_merge(second, by=staff)
    merging.undo_merge(first, by=staff)
    assert Organisation.objects.current().count() == 3


@pytest.mark.django_db
def test_an_undo_that_would_give_a_number_twice_is_refused(staff):
    survivor, merged = OrganisationFactory(), OrganisationFactory(legal_id="0316381138")
    record = merge(survivor, merged, staff)
    Organisation.objects.filter(pk=survivor.pk).update(legal_id="")
    OrganisationFactory(legal_id="0316381138")
    with pytest.raises(merging.MergeRefused, match="used by another record"):
        merging.undo_merge(record, by=staff)
    merged.refresh_from_db()
    assert merged.merged_into == survivor


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_of_the_same_pair_leave_one(make_user):
    staff = make_user("staff")
    rows = OrganisationFactory(), OrganisationFactory()
    barrier, outcomes = threading.Barrier(2), []

    def run(survivor, merged):
        barrier.wait()
        try:
            outcomes.append(merge(survivor, merged, staff).pk)
        except merging.MergeRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=order) for order in (rows, tuple(reversed(rows)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "refused" in outcomes
    assert OrganisationMerge.objects.count() == 1
    assert Organisation.objects.current().count() == 1


@pytest.mark.django_db
def test_the_old_page_and_the_old_names_lead_to_the_survivor(client, staff):
    survivor = OrganisationFactory(slug="paradigm", name_fr="Paradigm", name_nl="Paradigm (nl)")
    merged = OrganisationFactory(slug="cirb", name_fr="Centre d’informatique", name_nl="Centrum")
    OrganisationNameFactory(organisation=merged)
    merge(survivor, merged, staff)
    answer = client.get("/fr/stakeholders/cirb/")
    assert (answer.status_code, answer.url) == (301, "/fr/stakeholders/paradigm/")
    for query in ("centrum", "cibg", "paradigm"):
        assert list(Organisation.objects.public().search(query)) == [survivor], query
    Organisation.objects.filter(pk=survivor.pk).update(is_listed=False)
    assert client.get("/fr/stakeholders/cirb/").status_code == 404
