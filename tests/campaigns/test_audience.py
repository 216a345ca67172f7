"""Whom a campaign is for, and an approval that is bound to it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import audience, panels, selectors, services
from campaigns.audience import audience_hash, differs
from campaigns.models import Campaign, Segment
from campaigns.workflow import CAMPAIGN
from core.concurrency import row_state
from core.models import StatusChange
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders.models import Contact, Subscription
from tests.campaigns.conftest import readers, send_everything
from tests.campaigns.test_services import run_together
from tests.factories.campaigns import (
    CampaignFactory,
    CampaignTopicFactory,
    SegmentFactory,
    SubscriberFactory,
    rule_of,
)

pytestmark = pytest.mark.django_db
NOBODY = rule_of("received_within", "within", 1)
EVERYBODY = rule_of("received_within", "within", 1, negated=True)


@pytest.fixture
def author(make_user):
    return make_user("staff")


@pytest.fixture
def reviewer(make_user):
    return make_user("secretary")


@pytest.fixture
def draft(author, server):
    return CampaignFactory(created_by=author)


@pytest.fixture
def approve(author, reviewer):
    def do(campaign):
        services.submit_campaign(campaign, by=author)
        services.approve_campaign(campaign, by=reviewer)
        return campaign

    return do


def people(campaign) -> list[str]:
    return sorted(each["email"] for each in selectors.audience(campaign))


def edited(segment, by, rule, agreed=True):
    texts = {name: getattr(segment, name) for name in ("name_fr", "name_nl")}
    state = row_state(Segment.objects.get(pk=segment.pk))
    return services.edit_segment(segment, by=by, row_state=state, rule=rule, agreed=agreed, **texts)


# --- who is in it --------------------------------------------------------------------------------


def test_one_person_in_two_segments_in_another_case_gets_one_message(
    draft, author, approve, server
):
    """Acceptance case 1: `A@x` and `a@x`."""
    first = SubscriberFactory(topic=draft.topic, email="A@Example.org", language="fr")
    second = SubscriberFactory(topic=draft.topic, email="other@example.org", language="nl")
    Contact.objects.filter(pk=second.contact_id).update(email=" a@example.org")
    for code in ("fr", "nl"):
        draft.segments.add(SegmentFactory(rule=rule_of("language", "is", code)))
    draft.segments.add(SegmentFactory(rule=EVERYBODY))
    approve(draft)
    services.start_campaign(draft, by=author)
    send_everything(draft)
    assert len(server.received) == 1
    assert draft.deliveries.get().contact_id == first.contact_id
    assert draft.exclusions.get().reason == "same_address"
    assert (draft.approved_count, draft.candidates, draft.prepared) == (2, 2, 1)


def test_a_segment_narrows_and_never_widens(draft):
    SubscriberFactory(topic=draft.topic, email="fr@example.org", language="fr")
    SubscriberFactory(topic=draft.topic, email="nl@example.org", language="nl")
    SubscriberFactory(email="elsewhere@example.org")
    Contact.objects.create(email="never@example.org", language="fr")
    SubscriberFactory(topic=draft.topic, email="left@example.org", status="unsubscribed")
    assert people(draft) == ["fr@example.org", "nl@example.org"]
    draft.segments.add(SegmentFactory(rule=EVERYBODY))
    assert people(draft) == ["fr@example.org", "nl@example.org"]
    draft.excluded_segments.add(french := SegmentFactory(rule=rule_of("language", "is", "fr")))
    assert people(draft) == ["nl@example.org"]
    draft.segments.set([french])
    assert people(draft) == []
    draft.segments.clear()
    draft.excluded_segments.add(SegmentFactory(rule=rule_of("language", "is", "nl")))
    assert people(draft) == []


def test_the_audience_joins_no_row_twice_and_is_one_statement(draft):
    for number in range(3):
        person = SubscriberFactory(topic=draft.topic, email=f"r{number}@example.org")
        for _other in range(3):
            SubscriberFactory(contact=person.contact)
    draft.segments.add(SegmentFactory(rule=rule_of("language", "is", "fr", "nl")), SegmentFactory())
    assert len(people(draft)) == 3
    sql, _params = selectors.audience(draft).query.sql_with_params()
    assert sql.count("JOIN") == 1, "the contact, for address and name"


def test_a_broken_segment_is_said_and_nothing_is_sent(draft, approve):
    readers(draft, 1)
    draft.segments.add(segment := SegmentFactory())
    broken = rule_of("language", "is", "xx")
    Segment.objects.filter(pk=segment.pk).update(rule=broken)
    with pytest.raises(TransitionRefused) as refusal:
        approve(draft)
    assert "Row 1" in str(refusal.value)
    assert selectors.considered(draft) is None


@pytest.mark.parametrize("number", [1, 3])
def test_the_audience_asks_as_often_for_one_as_for_three(draft, number):
    readers(draft, number)
    draft.segments.add(*(SegmentFactory() for _each in range(number)))
    with CaptureQueriesContext(connection) as queries:
        assert len(people(draft)) == number
    assert len(queries) == 3


# --- an approval is of an audience ---------------------------------------------------------------


def test_what_is_approved_is_text_audience_and_number(draft, approve):
    readers(draft, 2)
    draft.segments.add(SegmentFactory())
    approve(draft)
    assert draft.approved_audience_hash == audience_hash(draft)
    assert draft.approved_count == 2


def test_an_audience_of_nobody_is_not_approved(draft, author, reviewer):
    services.submit_campaign(draft, by=author)
    with pytest.raises(TransitionRefused):
        services.approve_campaign(draft, by=reviewer)
    readers(draft, 1)
    draft.segments.add(SegmentFactory(rule=NOBODY))
    with pytest.raises(TransitionRefused) as refusal:
        services.approve_campaign(draft, by=reviewer)
    assert "segments" in str(refusal.value)


@pytest.mark.parametrize(
    "bad",
    [
        {"approved_count": 0},
        {"approved_count": None},
        {"approved_audience_hash": ""},
        {"status": "held", "approved_count": None, "approved_audience_hash": ""},
    ],
)
def test_the_database_refuses_half_an_approval(draft, approve, bad):
    readers(draft, 1)
    approve(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=draft.pk).update(**bad)


@pytest.mark.parametrize("name", ["segments", "excluded_segments"])
def test_choosing_other_segments_voids_the_approval(draft, author, approve, name):
    readers(draft, 1)
    approve(draft)
    segment = SegmentFactory(rule=EVERYBODY)
    services.edit_campaign(draft, by=author, **{name: [segment]})
    assert (draft.status, draft.approved_count, draft.approved_audience_hash) == ("draft", None, "")
    assert list(getattr(draft, name).all()) == [segment]


def test_another_topic_voids_the_approval(draft, author, approve):
    readers(draft, 1)
    approve(draft)
    services.edit_campaign(draft, by=author, topic=CampaignTopicFactory())
    assert (draft.status, draft.approved_by) == ("draft", None)


def test_a_segment_is_not_asked_for_and_left_out(draft, author):
    segment = SegmentFactory()
    with pytest.raises(TransitionRefused) as refusal:
        services.edit_campaign(draft, by=author, segments=[segment], excluded_segments=[segment])
    assert str(segment) in str(refusal.value)
    assert not draft.segments.exists()


@pytest.mark.parametrize(
    "behind",
    [
        lambda campaign: campaign.segments.add(SegmentFactory()),
        lambda campaign: campaign.excluded_segments.add(SegmentFactory(rule=NOBODY)),
        lambda campaign: Segment.objects.update(rule=EVERYBODY),
    ],
)
def test_an_audience_changed_behind_the_services_is_not_sent_to(draft, author, approve, behind):
    readers(draft, 1)
    draft.segments.add(SegmentFactory())
    approve(draft)
    behind(draft)
    with pytest.raises(TransitionRefused) as refusal:
        services.start_campaign(draft, by=author)
    assert str(refusal.value) == "The audience is not the one that was approved."


def test_what_was_approved_before_segments_goes_to_all_and_to_no_segment(author, reviewer, server):
    old = CampaignFactory(approved=True, created_by=author, approved_by=reviewer)
    readers(old, 1)
    old.segments.add(segment := SegmentFactory())
    with pytest.raises(TransitionRefused):
        services.start_campaign(old, by=author)
    old.segments.remove(segment)
    services.start_campaign(old, by=author)
    readers_later = SubscriberFactory.create_batch(5, topic=old.topic)
    services.begin_campaign(old)
    assert (old.status, old.prepared) == ("sending", 1 + len(readers_later))


# --- a segment is changed ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["segments", "excluded_segments"])
@pytest.mark.parametrize("status", ["in_review", "approved", "scheduled", "missed", "held"])
def test_a_changed_rule_takes_its_campaigns_back_to_draft(draft, author, approve, name, status):
    readers(draft, 1)
    rule = EVERYBODY if name == "segments" else NOBODY
    getattr(draft, name).add(segment := SegmentFactory(rule=rule))
    approve(draft)
    Campaign.objects.update(status=status, send_at=timezone.now())
    bystander = CampaignFactory()
    with pytest.raises(services.ApprovalsEnd):
        edited(segment, author, rule_of("language", "is", "nl"), agreed=False)
    assert Segment.objects.get().rule == rule
    assert edited(segment, author, rule_of("language", "is", "nl")) == [draft]
    draft.refresh_from_db()
    assert (draft.status, draft.approved_by, draft.approved_count) == ("draft", None, None)
    assert str(segment) in StatusChange.objects.filter(object_id=draft.pk).latest("pk").note
    assert not bystander.editors.exists()


def test_whoever_changed_the_rule_does_not_approve_what_uses_it(draft, author, reviewer):
    readers(draft, 1)
    draft.segments.add(segment := SegmentFactory())
    edited(segment, reviewer, EVERYBODY)
    services.submit_campaign(draft, by=author)
    with pytest.raises(PermissionRefused):
        services.approve_campaign(draft, by=reviewer)


def test_a_new_name_ends_no_approval(draft, author, approve):
    readers(draft, 1)
    draft.segments.add(segment := SegmentFactory())
    approve(draft)
    state = row_state(Segment.objects.get())
    services.edit_segment(segment, by=author, row_state=state, rule=segment.rule, name_fr="Autre")
    draft.refresh_from_db()
    assert (draft.status, segment.name_fr) == ("approved", "Autre")


def test_a_campaign_that_is_being_sent_or_was_sent_is_left_alone(draft, author, approve):
    readers(draft, 1)
    draft.segments.add(segment := SegmentFactory())
    approve(draft)
    Campaign.objects.update(status="finished")
    before = draft.editors.count()
    assert edited(segment, author, EVERYBODY, agreed=False) == []
    draft.refresh_from_db()
    assert (draft.status, draft.editors.count()) == ("finished", before)


def test_used_segments_are_archived_and_unused_ones_deleted(draft, author):
    draft.segments.add(used := SegmentFactory())
    with pytest.raises(TransitionRefused):
        services.delete_segment(used, by=author)
    services.archive_segment(used, by=author)
    assert list(Segment.objects.on_offer()) == []
    with pytest.raises(TransitionRefused):
        edited(used, author, EVERYBODY)
    twin = SegmentFactory(name_fr=used.name_fr, name_nl="Iets anders")
    with pytest.raises(TransitionRefused):
        services.restore_segment(used, by=author)
    services.delete_segment(twin, by=author)
    services.restore_segment(used, by=author)
    assert list(Segment.objects.all()) == list(Segment.objects.on_offer()) == [used]


@pytest.mark.parametrize("role", ["juror", "board", "auditor", "administrator", "translator"])
def test_other_roles_change_no_segment(make_user, role):
    person, segment = make_user(role), SegmentFactory()
    for verb in (services.archive_segment, services.restore_segment, services.delete_segment):
        with pytest.raises(PermissionRefused):
            verb(segment, by=person)
    with pytest.raises(PermissionRefused):
        edited(segment, person, EVERYBODY)
    with pytest.raises(PermissionRefused):
        services.create_segment(SegmentFactory.build(), by=person)


# --- five per cent -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approved", "now", "waits"),
    [
        *((1000, 951, False), (1000, 950, False), (1000, 949, True)),
        *((1000, 1049, False), (1000, 1050, False), (1000, 1051, True)),
        *((10_000, 9_510, False), (10_000, 9_490, True)),
        *((1, 1, False), (1, 2, True), (1, 0, True), (None, 5, False)),
    ],
)
def test_five_per_cent_up_or_down(approved, now, waits):
    assert differs(approved, now) is waits


def started(campaign, author, change):
    services.start_campaign(campaign, by=author)
    everybody = campaign.topic.subscriptions.filter(status="active").order_by("pk")
    if change > 0:
        SubscriberFactory.create_batch(change, topic=campaign.topic)
    gone = everybody.values_list("pk", flat=True)[: max(0, -change)]
    Subscription.objects.filter(pk__in=list(gone)).update(status="unsubscribed")


@pytest.mark.parametrize(
    ("change", "status"),
    [(0, "sending"), (1, "sending"), (-1, "sending"), (2, "held"), (-2, "held")],
)
def test_a_changed_number_waits_for_a_person(draft, author, approve, change, status):
    readers(draft, 20)
    started(approve(draft), author, change)
    services.begin_campaign(draft)
    assert draft.status == status
    assert draft.deliveries.exists() is (status == "sending")


@pytest.fixture
def held(draft, author, approve):
    """Approved for 20, 22 when its list was to be frozen."""
    readers(draft, 20)
    started(approve(draft), author, 2)
    services.drain(draft.pk)
    draft.refresh_from_db()
    assert draft.status == "held"
    return draft


def test_a_held_campaign_sends_nothing_whatever_is_called(held, server):
    assert services.drain(held.pk) is None
    services.tick()
    assert not held.deliveries.exists()
    assert server.received == []
    assert StatusChange.objects.filter(object_id=held.pk).latest("pk").note == "20 → 22"


def test_somebody_who_wrote_none_of_it_confirms_the_new_number(held, author, reviewer, server):
    with pytest.raises(PermissionRefused):
        services.confirm_audience(held, by=author, seen=22)
    with pytest.raises(TransitionRefused):
        services.confirm_audience(held, by=reviewer, seen=22, agreed=False)
    services.confirm_audience(held, by=reviewer, seen=22)
    assert (held.status, held.approved_count) == ("freezing", 22)
    send_everything(held)
    assert held.status == "finished"
    assert len(server.received) == 22


def test_a_confirmation_of_an_old_number_is_held_again(held, reviewer):
    SubscriberFactory.create_batch(3, topic=held.topic)
    services.confirm_audience(held, by=reviewer, seen=22)
    services.begin_campaign(held)
    assert held.status == "held"
    assert not held.deliveries.exists()


def test_a_lost_wake_up_after_the_confirmation_is_repaired(held, reviewer, server):
    services.confirm_audience(held, by=reviewer, seen=22)  # its transaction never wakes anybody
    assert not held.deliveries.exists()
    send_everything(held)
    assert len(server.received) == 22


def test_a_held_campaign_goes_back_to_draft_or_ends(held, author):
    services.reopen_campaign(held, by=author)
    assert (held.status, held.approved_count, held.started_at) == ("draft", None, None)
    services.cancel_campaign(held, by=author, note="Too late.")
    assert held.status == "cancelled"


def test_an_edit_takes_a_held_campaign_back(held, author):
    services.edit_campaign(held, by=author, subject_fr="Autre")
    assert held.status == "draft"


def test_nobody_left_cannot_be_confirmed(held, reviewer):
    Subscription.objects.update(status="unsubscribed")
    with pytest.raises(TransitionRefused):
        services.confirm_audience(held, by=reviewer, seen=1)
    assert Campaign.objects.get().status == "held"


def test_a_rule_changed_while_the_list_is_being_frozen_is_held(draft, author, reviewer, approve):
    readers(draft, 2)
    draft.segments.add(segment := SegmentFactory(rule=EVERYBODY))
    services.start_campaign(approve(draft), by=author)
    assert edited(segment, author, rule_of("language", "is", "fr"), agreed=False) == []
    services.begin_campaign(draft)
    assert draft.status == "held"
    with pytest.raises(TransitionRefused):
        services.confirm_audience(draft, by=reviewer, seen=2)
    services.reopen_campaign(draft, by=author)


def test_a_rule_broken_while_the_list_is_being_frozen_is_held(draft, author, approve):
    readers(draft, 2)
    draft.segments.add(segment := SegmentFactory(rule=EVERYBODY))
    services.start_campaign(approve(draft), by=author)
    Segment.objects.filter(pk=segment.pk).update(rule=rule_of("language", "is", "xx"))
    services.drain(draft.pk)
    draft.refresh_from_db()
    assert draft.status == "held"


def test_the_queue_shows_it_to_whoever_may_decide(held, author, reviewer):
    assert list(selectors.to_approve(reviewer)) == [held]
    assert list(selectors.to_approve(author)) == []
    (line,) = panels.campaigns_to_approve(reviewer).rows
    assert str(held) in line.text
    assert line.since == StatusChange.objects.filter(target="held").get().at
    names = {each.name for each in CAMPAIGN.available(held, reviewer)}
    assert names == {"confirm_audience", "reopen", "cancel"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_hold_it_once_and_send_once_after(author, reviewer, server):
    campaign = CampaignFactory(created_by=author)
    readers(campaign, 20)
    services.submit_campaign(campaign, by=author)
    services.approve_campaign(campaign, by=reviewer)
    services.start_campaign(campaign, by=author)
    SubscriberFactory.create_batch(5, topic=campaign.topic)
    assert run_together(2, lambda: services.drain(campaign.pk)) == ["done", "done"]
    campaign.refresh_from_db()
    moves = StatusChange.objects.filter(object_id=campaign.pk, transition="hold")
    assert (campaign.status, moves.count(), campaign.deliveries.count()) == ("held", 1, 0)
    answers = run_together(
        2,
        lambda: services.confirm_audience(
            Campaign.objects.get(pk=campaign.pk), by=reviewer, seen=25
        ),
    )
    assert sorted(answers) == ["TransitionRefused", "done"]
    run_together(2, lambda: services.drain(campaign.pk))
    assert len(server.received) == len({each["to"] for each in server.received}) == 25


def test_the_hash_is_of_the_rules_and_not_of_the_people(draft):
    draft.segments.add(one := SegmentFactory(), two := SegmentFactory(rule=EVERYBODY))
    before = audience_hash(draft)
    readers(draft, 3)
    assert audience_hash(draft) == before
    draft.segments.set([two, one])
    assert audience_hash(draft) == before
    draft.segments.set([one])
    draft.excluded_segments.set([two])
    assert audience_hash(draft) != before


def test_reach_counts_people_once_and_by_language():
    person = SubscriberFactory(email="a@example.org", language="fr")
    SubscriberFactory(contact=person.contact)
    SubscriberFactory(email="b@example.org", language="nl")
    Contact.objects.create(email="c@example.org", language="fr")
    reach = audience.reach_of(EVERYBODY, names=True)
    assert (reach.total, reach.languages) == (2, {"fr": 1, "nl": 1, "en": 0})
    assert [each.email for each in reach.sample] == ["a@example.org", "b@example.org"]
    assert audience.reach_of(EVERYBODY, names=False).sample == []
