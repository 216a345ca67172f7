"""Who is erased, when, and what is left of them: nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import documents, tokens
from core.models import DocumentVersion, Message, StatusChange, Token
from core.workflow import record_change
from stakeholders.models import (
    Commitment,
    ConsentEvent,
    Contact,
    Idea,
    Interaction,
    Participation,
    Subscription,
    SubscriptionState,
)
from stakeholders.services import (
    address_hmac,
    importing,
    issue_tracking,
    merging,
    request_subscription,
    retention,
    send_links,
)
from stakeholders.services.erasing import ErasureRefused, erase_contact
from stakeholders.services.relations import unprotected
from tests.factories.attached import TO_CONTACT
from tests.factories.campaigns import SubscriberFactory
from tests.factories.governance import MandateFactory
from tests.factories.register import (
    AffiliationFactory,
    BilateralFactory,
    CommitmentFactory,
    InteractionFactory,
    ParticipationFactory,
)
from tests.factories.stakeholders import (
    ContactFactory,
    IdeaFactory,
    OrganisationFactory,
    SubmissionFactory,
    TopicFactory,
)

ADDRESS = "zoe.martin+idea@example.org"
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)


def ago(**span):
    """Return the moment this long ago."""
    return timezone.now() - relativedelta(**span)


def tables_with(text: str) -> list[str]:
    """Return "table.column" of every text-like column of the database that holds ``text``."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN"
            " ('text', 'character varying', 'character', 'jsonb', 'json', 'ARRAY', 'bytea')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{text}%"]
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def old_contact(**values):
    """Make somebody who has been known for very long."""
    return ContactFactory(created_at=LONG_AGO, **values)


@pytest.fixture
def staff(make_user):
    return make_user("staff")


def leave_traces(person, staff):
    """Make the address appear wherever the portal or somebody can have put it."""
    for attach in TO_CONTACT.values():
        attach(person)
    topic = TopicFactory(slug="erased")
    request_subscription(email=person.email, topics=[topic], language="fr", wording_version="1")
    send_links(person.email, language="fr")
    issue_tracking(person.submissions.first())
    exchange = InteractionFactory(summary=f"Écrire à {ADDRESS.upper()}, vite.")
    record_change(exchange, "note", "", "x", by=staff, note=f"See {ADDRESS}.")
    IdeaFactory(body=f"Contactez-moi: {ADDRESS}")
    other = ContactFactory(email="zoe@example.org")
    merging.merge_contacts(person, other, by=staff, reason=f"{ADDRESS} too", choices=["email"])
    name = "name_fr;name_nl;helix;contact_email;contact_language"
    content = f"{name}\nA;B;public;{ADDRESS};fr".encode()
    importing.start_import("r.csv", content, by=staff)


def test_an_erased_person_leaves_no_trace_of_the_address(staff, login):
    person = ContactFactory(email=ADDRESS, name="Zoé Martin", phone="+32 2 000 00 00")
    neighbour = ContactFactory(email=f"x{ADDRESS}")
    leave_traces(person, staff)
    where = tables_with(ADDRESS)
    for table in ("core_message.recipient", "core_statuschange.note", "stakeholders_idea.body"):
        assert table in where
    mandates, ideas = person.mandates.count(), Idea.objects.count()
    counted = Interaction.objects.count(), Participation.objects.count(), Commitment.objects.count()
    erase_contact(person, by=staff)
    assert tables_with(f"x{ADDRESS}") == ["stakeholders_contact.email"], "the neighbour stays"
    neighbour.delete()
    assert tables_with(ADDRESS) == []
    assert tables_with("zoe@example.org") == [], "nor of the record merged into theirs"
    assert tables_with("Zoé Martin") == []
    assert person.mandates.count() == mandates
    assert Idea.objects.count() == ideas
    assert counted == (
        Interaction.objects.count(),
        Participation.objects.count(),
        Commitment.objects.count(),
    )
    assert not Participation.objects.filter(contact=person).exists()
    assert not Token.objects.exists()
    assert not Message.objects.filter(status=Message.Status.QUEUED).exists()
    assert "Écrire à […], vite." in Interaction.objects.values_list("summary", flat=True)
    assert StatusChange.objects.filter(note="See […].").exists()
    assert ConsentEvent.objects.filter(
        event="erased", address_hmac=address_hmac("zoe@example.org")
    ).exists()


@pytest.mark.django_db
def test_a_version_says_when_an_address_was_erased_from_it(staff):
    body = f"Agreed with {ADDRESS}."
    document = documents.begin_document(title="Minutes", language="fr", by=staff, body=body)
    documents.save_version(document, "Agreed.", by=staff)
    forged = documents.save_version(document, f"See {ADDRESS}.", by=staff)
    with unprotected(DocumentVersion):
        DocumentVersion.objects.filter(pk=forged.pk).update(body=f"Never see {ADDRESS}.")
    written = documents.fingerprint(body)
    erase_contact(ContactFactory(email=ADDRESS), by=staff)
    held, spared, forged = document.versions.order_by("number")
    assert (held.body, held.sha256) == ("Agreed with […].", written)
    assert held.redacted_sha256 == documents.fingerprint("Agreed with […].")
    assert held.redacted_at
    assert documents.is_intact(held)
    assert (spared.redacted_at, spared.redacted_sha256) == (None, "")
    assert documents.is_intact(spared)
    assert ADDRESS not in forged.body
    assert forged.redacted_at is None
    assert not documents.is_intact(forged), "an erasure does not hide that words were forged"


@pytest.mark.django_db
def test_the_database_wants_a_whole_redaction(staff):
    document = documents.begin_document(title="Minutes", language="fr", by=staff, body="Agreed.")
    version = documents.current_version(document)
    version.redacted_at = timezone.now()
    refused = pytest.raises(IntegrityError, match="redaction_whole")
    with unprotected(DocumentVersion), refused, transaction.atomic():
        version.save()


@pytest.mark.django_db
def test_erasing_twice_is_erasing_once(staff):
    person = ContactFactory()
    erase_contact(person, by=staff)
    first = person.erased_at
    erase_contact(person, by=staff)
    assert person.erased_at == first
    assert str(person) == "author removed"


@pytest.mark.django_db
def test_whoever_has_an_account_closes_it_first(staff):
    for person in (ContactFactory(user=staff), ContactFactory(email=staff.email)):
        with pytest.raises(ErasureRefused):
            erase_contact(person, by=staff)
        person.refresh_from_db()
        assert person.email


@pytest.mark.django_db
def test_an_erased_person_is_not_brought_back_by_undoing_a_merge(staff):
    person, other = ContactFactory(), ContactFactory()
    record = merging.merge_contacts(person, other, by=staff, reason="same")
    erase_contact(person, by=staff)
    with pytest.raises(merging.MergeRefused, match="erased"):
        merging.undo_merge(record, by=staff)
    assert not Contact.objects.exclude(erased_at=None).exclude(email="").exists()


def subscription(person, **values):
    """Make a subscription of ``person``."""
    return SubscriberFactory(contact=person, **values)


#: (class, what keeps, what does not any more): the same tie, younger and older than its limit.
TIES = {
    "subscription": (
        lambda who: subscription(who),
        lambda who: subscription(
            who, status=SubscriptionState.UNSUBSCRIBED, ended_at=ago(months=1, days=1)
        ),
    ),
    "request": (
        lambda who: who.subscription_requests.create(language="fr", wording_version="1"),
        lambda who: who.subscription_requests.create(
            language="fr", wording_version="1", asked_at=ago(months=1, days=1)
        ),
    ),
    "contribution": (
        lambda who: SubmissionFactory(contact=who, created_at=ago(months=24) + timedelta(days=1)),
        lambda who: SubmissionFactory(contact=who, created_at=ago(months=24, days=1)),
    ),
    "affiliation": (
        lambda who: AffiliationFactory(contact=who),
        lambda who: AffiliationFactory(contact=who, ends_on=ago(months=12, days=1).date()),
    ),
    "exchange": (
        lambda who: took_part(who, ago(months=36) + timedelta(days=1)),
        lambda who: took_part(who, ago(months=36, days=1)),
    ),
    "meeting": (
        lambda who: met(who, ago(months=36) + timedelta(days=1)),
        lambda who: met(who, ago(months=36, days=1)),
    ),
    "commitment": (
        lambda who: CommitmentFactory(contact=who, due_on=date(2016, 1, 1)),
        lambda who: CommitmentFactory(
            contact=who,
            status="dropped",
            closed_on=ago(months=24, days=1).date(),
        ),
    ),
}


def took_part(who, at):
    """Make an exchange with ``who`` at a moment."""
    return ParticipationFactory(interaction=InteractionFactory(happened_at=at), contact=who)


def met(who, at):
    """Invite ``who`` to a meeting at a moment."""
    BilateralFactory(starts_at=at - timedelta(hours=1), ends_at=at).contacts.add(who)


def test_every_class_is_tried():
    assert set(TIES) == {each.code for each in retention.CLASSES}


@pytest.mark.django_db
@pytest.mark.parametrize("code", TIES)
def test_a_tie_keeps_a_person_up_to_its_limit_and_not_longer(code):
    younger, older = TIES[code]
    kept, due = old_contact(), old_contact()
    younger(kept)
    older(due)
    assert list(retention.due_contacts()) == [due]
    merged = old_contact(merged_into=due)
    younger(merged)
    assert list(retention.due_contacts()) == [], "a record merged into theirs keeps them too"


@pytest.mark.django_db
def test_who_stays_without_a_tie(staff):
    old_contact(user=staff)
    old_contact(retention_review_on=timezone.localdate() + timedelta(days=1))
    ContactFactory(created_at=ago(months=12) + timedelta(days=1))
    MandateFactory(contact=old_contact())
    survivor, merged = old_contact(), old_contact()
    merging.merge_contacts(survivor, merged, by=staff, reason="same")
    assert list(retention.due_contacts()) == []
    reviewed = old_contact(retention_review_on=timezone.localdate())
    newcomer = ContactFactory(created_at=ago(months=12, days=1))
    assert list(retention.due_contacts()) == [reviewed, newcomer]


@pytest.mark.django_db
def test_the_run_erases_what_was_listed_and_is_still_due(staff, users):
    gone, back, unlisted = old_contact(), old_contact(), old_contact()
    young = ContactFactory()
    idea = SubmissionFactory(contact=gone, created_at=LONG_AGO).idea
    AffiliationFactory(contact=back)
    with pytest.raises(retention.RetentionRefused):
        retention.run_retention([gone.pk], by=users["auditor"])
    assert retention.run_retention([gone.pk, back.pk, young.pk], by=staff) == (
        1,
        [back.pk, young.pk],
    )
    assert list(Contact.objects.exclude(erased_at=None)) == [gone]
    assert list(retention.due_contacts()) == [unlisted]
    assert Idea.objects.filter(pk=idea.pk).exists()


@pytest.mark.django_db
def test_the_command_lists_first_and_erases_on_demand(capsys):
    due = old_contact()
    ContactFactory()
    call_command("retention")
    assert capsys.readouterr().out == f"{due.pk}\t2015-01-01\n1 due; nothing erased (dry run)\n"
    assert Contact.objects.filter(erased_at=None).count() == 2
    call_command("retention", run=True)
    assert "1 erased, 0 kept" in capsys.readouterr().out
    assert list(Contact.objects.exclude(erased_at=None)) == [due]


@pytest.mark.django_db
def test_a_link_of_an_erased_contribution_is_dead(staff):
    submission = SubmissionFactory()
    raw = issue_tracking(submission)
    erase_contact(submission.contact, by=staff)
    assert tokens.find("idea-tracking", raw) is None
    assert Subscription.objects.count() == 0
    assert OrganisationFactory._meta.model.objects.count() == 0
