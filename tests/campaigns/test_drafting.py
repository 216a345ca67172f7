"""Events of the portal make drafts: each once, of what anybody may see, and nothing is sent."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from campaigns import services
from campaigns.models import (
    Campaign,
    Occasion,
    OccasionCode,
    OccasionEvent,
    Outcome,
)
from campaigns.occasions import KINDS
from campaigns.selectors import drafts_to_look_at
from core.models import StatusChange
from core.workflow import PermissionRefused, TransitionRefused, record_change
from governance.models import Decision
from kpi.models import Indicator
from roadmap.models import Initiative, RoadmapVersion
from stakeholders.models import Watch
from tests.factories.campaigns import (
    CampaignFactory,
    CampaignTopicFactory,
    SubscriberFactory,
    switched_on,
)
from tests.factories.kpi import FrameworkFactory, IndicatorFactory, place
from tests.factories.projects import CallFactory
from tests.factories.rows import editions, initiatives
from tests.factories.workshops import WorkshopFactory
from workshops import services as workshops
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
SOON = timedelta(days=30)


def begin():
    """Let the look-out begin: what happened before is no news."""
    assert services.draft_from_events() == []


def coming_workshop(**fields):
    begins = timezone.now() + SOON
    return WorkshopFactory(starts_at=begins, ends_at=begins + timedelta(hours=3), **fields)


def published(**fields) -> Indicator:
    """Return an indicator that was published a moment ago."""
    indicator = IndicatorFactory(**fields)
    record_change(indicator, "publish", "approved", "published", by=None)
    return indicator


def test_every_kind_has_its_code_and_the_other_way_round():
    assert set(KINDS) == set(OccasionCode.values)


def test_the_first_run_notes_where_it_stands_and_makes_nothing_of_the_past():
    switched_on("indicator")
    switched_on("call-opens")
    published()
    today = timezone.localdate()
    CallFactory(opens_on=today, closes_on=today + SOON)
    begin()
    assert services.draft_from_events() == []
    assert not Campaign.objects.exists()
    assert [each.outcome for each in OccasionEvent.objects.all()] == [Outcome.BEFORE]


def test_an_open_registration_makes_one_invitation_however_often_one_looks(users):
    occasion = switched_on("workshop-opens")
    workshop = coming_workshop()
    begin()
    workshops.open_registration(workshop, by=users["staff"])
    (draft,) = services.draft_from_events()
    assert services.draft_from_events() == []
    assert (draft.status, draft.topic, draft.layout) == ("draft", occasion.topic, "invitation")
    assert draft.created_by is None
    (block,) = draft.blocks.all()
    assert (block.kind, block.begins_at) == ("event", workshop.starts_at)
    for code in ("fr", "nl"):
        words = getattr(block, f"words_{code}")
        assert f"/{code}/workshops/{workshop.pk}/" in words
        assert getattr(workshop, f"venue_{code}") in words
        assert getattr(workshop, f"title_{code}") in getattr(draft, f"subject_{code}")
        assert str(workshop.starts_at.year) in getattr(draft, f"preheader_{code}")
    assert not draft.subject_en, "the workshop has no English"
    assert not block.words_en
    (event,) = draft.events.all()
    assert (event.subject, event.outcome) == (workshop, Outcome.DRAFTED)


def test_a_draft_can_be_submitted_as_it_stands_and_is_never_sent_by_itself(users, server):
    occasion = switched_on("workshop-opens")
    SubscriberFactory(topic=occasion.topic)
    workshop = coming_workshop(
        title_en="Sharing *the* street", summary_en="1. How\n- we share", venue_en="Senne room"
    )
    begin()
    workshops.open_registration(workshop, by=users["staff"])
    (draft,) = services.draft_from_events()
    assert draft.subject_en
    services.tick()
    draft.refresh_from_db()
    assert draft.status == "draft"
    with pytest.raises(TransitionRefused):
        services.start_campaign(draft, by=users["staff"])
    services.submit_campaign(draft, by=users["staff"])
    with pytest.raises(PermissionRefused):
        services.approve_campaign(draft, by=users["staff"])
    services.approve_campaign(draft, by=users["secretary"])
    html = "".join(
        block.html
        for section in services.trial_context(draft, "en")["sections"]
        for block in section.blocks
    )
    assert f"/en/workshops/{workshop.pk}/" in html
    assert "Register for this workshop" in html
    assert services.skeleton_of(draft, "en")


def test_whoever_submits_any_campaign_does_not_approve_it(users):
    campaign = CampaignFactory()
    SubscriberFactory(topic=campaign.topic)
    services.submit_campaign(campaign, by=users["staff"])
    assert list(campaign.editors.all()) == [users["staff"]]
    with pytest.raises(PermissionRefused):
        services.approve_campaign(campaign, by=users["staff"])


def test_indicators_of_a_day_go_into_one_draft_until_somebody_touches_it(users):
    switched_on("indicator")
    begin()
    first, second = published(), published()
    (draft,) = services.draft_from_events()
    assert draft.blocks.count() == 2
    third = published()
    assert services.draft_from_events() == [draft]
    headings = [block.heading_nl for block in draft.blocks.all()]
    assert headings == [first.name_nl, second.name_nl, third.name_nl]
    draft.refresh_from_db()
    assert "3" in draft.subject_fr
    services.submit_campaign(draft, by=users["staff"])
    published()
    (other,) = services.draft_from_events()
    assert other != draft
    assert other.slug == f"{draft.slug}-2"


def test_of_many_indicators_a_draft_tells_eight_and_where_the_others_are():
    switched_on("indicator")
    begin()
    for _each in range(11):
        published()
    (draft,) = services.draft_from_events()
    assert draft.blocks.count() == 8
    assert "/fr/kpi/" in draft.body_fr
    assert draft.events.count() == 11


def test_invented_rows_make_drafts_of_their_own_that_say_so():
    switched_on("indicator")
    begin()
    published()
    published(is_demo=True)
    assert sorted(each.is_demo for each in services.draft_from_events()) == [False, True]


@pytest.mark.parametrize("status", ["draft", "suspended"])
def test_what_not_everybody_may_see_makes_no_draft_not_even_later(status):
    switched_on("indicator")
    begin()
    indicator = published(status=status)
    assert services.draft_from_events() == []
    Indicator.objects.filter(pk=indicator.pk).update(status="published")
    assert services.draft_from_events() == []
    assert [each.outcome for each in OccasionEvent.objects.all()] == [Outcome.HIDDEN]


def test_what_is_switched_off_makes_no_draft_not_even_later(users):
    begin()
    published()
    assert services.draft_from_events() == []
    occasion = Occasion.objects.get(code="indicator")
    services.switch_occasion(
        occasion, by=users["staff"], topic=CampaignTopicFactory(), is_active=True
    )
    assert services.draft_from_events() == []
    assert [each.outcome for each in OccasionEvent.objects.all()] == [Outcome.OFF]
    published()
    assert len(services.draft_from_events()) == 1


def test_a_switch_is_written_down_and_needs_a_topic(users):
    begin()
    occasion = Occasion.objects.get(code="indicator")
    with pytest.raises(TransitionRefused):
        services.switch_occasion(occasion, by=users["staff"], topic=None, is_active=True)
    with pytest.raises(PermissionRefused):
        services.switch_occasion(occasion, by=users["auditor"], topic=None, is_active=False)
    topic = CampaignTopicFactory()
    services.switch_occasion(occasion, by=users["staff"], topic=topic, is_active=True)
    services.switch_occasion(occasion, by=users["staff"], topic=topic, is_active=True)
    moves = StatusChange.objects.filter(object_id=occasion.pk, transition="switch_on")
    assert moves.count() == 1


def test_a_topic_is_proposed_where_there_is_one():
    topic = CampaignTopicFactory(slug="measured-results")
    begin()
    assert Occasion.objects.get(code="indicator").topic == topic
    assert not Occasion.objects.filter(is_active=True).exists()


def test_a_deleted_or_cancelled_draft_is_not_made_again(users):
    switched_on("indicator")
    begin()
    published()
    (draft,) = services.draft_from_events()
    services.cancel_campaign(draft, by=users["staff"], note="No.")
    assert services.draft_from_events() == []
    draft.delete()
    assert services.draft_from_events() == []
    (event,) = OccasionEvent.objects.all()
    assert (event.campaign, event.outcome) == (None, Outcome.DRAFTED)


def test_a_call_is_told_when_it_opens_and_before_it_closes():
    switched_on("call-opens")
    switched_on("call-closes")
    begin()
    today = timezone.localdate()
    CallFactory(opens_on=today + timedelta(days=1), closes_on=today + SOON)
    CallFactory(opens_on=today - SOON, closes_on=today + SOON)
    opened = CallFactory(opens_on=today, closes_on=today + SOON, envelope=250000)
    closing = CallFactory(opens_on=today - SOON, closes_on=today + timedelta(days=9))
    drafts = services.draft_from_events()
    assert sorted(each.events.get().subject.pk for each in drafts) == [opened.pk, closing.pk]
    first = next(each for each in drafts if each.events.get().subject == opened)
    assert f"/nl/projects/?call={opened.slug}" in first.body_nl
    assert "250" in first.body_fr
    assert services.draft_from_events() == []


def test_what_enters_the_roadmap_and_what_is_decided_is_news():
    for code in ("initiative", "decision", "edition"):
        switched_on(code)
    begin()
    initiatives(1)
    editions(1)
    initiative, decision = Initiative.objects.first(), Decision.objects.first()
    record_change(initiative, "enter_ongoing", "candidate", initiative.status, by=None)
    record_change(decision, "adopt", "proposed", "adopted", by=None)
    today = timezone.localdate()
    edition = RoadmapVersion.objects.create(
        number=9,
        title_fr="Hiver",
        title_nl="Winter",
        introduction_fr="Ce qui vient.",
        introduction_nl="Wat komt.",
        adopted_by=decision,
        published_on=today,
        sha256="0" * 64,
    )
    drafts = {each.events.first().occasion.code: each for each in services.draft_from_events()}
    assert set(drafts) == {"initiative", "decision", "edition"}
    for code in ("fr", "nl"):
        told = {name: written_in(draft, code) for name, draft in drafts.items()}
        for name, row in (("initiative", initiative), ("decision", decision), ("edition", edition)):
            assert getattr(row, f"title_{code}") in told[name]
            with translation.override(code):
                assert f"{settings.SITE_URL}{row.get_absolute_url()})" in told[name]


def written_in(draft, code) -> str:
    """Return all words of a draft in one language."""
    blocks = [getattr(each, f"words_{code}") for each in draft.blocks.all()]
    heads = [getattr(draft, f"{name}_{code}") for name in ("subject", "preheader", "body")]
    return "\n".join([*heads, *blocks])


def test_an_announced_workshop_whose_registration_opened_makes_the_invitation_only(users):
    switched_on("workshop-announced")
    switched_on("workshop-opens")
    begin()
    workshop = coming_workshop(status=Workshop.Status.DRAFT)
    workshops.publish_workshop(workshop, by=users["staff"])
    workshops.open_registration(workshop, by=users["staff"])
    (draft,) = services.draft_from_events()
    assert draft.events.get().occasion.code == "workshop-opens"


def test_a_draft_is_waited_for_until_somebody_has_it(users):
    switched_on("indicator")
    begin()
    published()
    (draft,) = services.draft_from_events()
    assert list(drafts_to_look_at()) == [draft]
    services.edit_campaign(draft, by=users["staff"], subject_fr="Mesuré")
    assert list(drafts_to_look_at()) == []


def test_a_crash_in_between_leaves_nothing_and_is_made_up_for(monkeypatch):
    switched_on("indicator")
    begin()
    published()
    position = Watch.objects.get(name="occasions").position

    def crash(*_args):
        raise RuntimeError("killed")

    monkeypatch.setattr("campaigns.services.drafting._set_blocks", crash)
    with pytest.raises(RuntimeError, match="killed"), transaction.atomic():
        services.draft_from_events()
    assert not Campaign.objects.exists()
    assert not OccasionEvent.objects.exists()
    assert Watch.objects.get(name="occasions").position == position
    monkeypatch.undo()
    assert len(services.draft_from_events()) == 1


def test_words_of_a_row_are_no_markup():
    switched_on("indicator")
    begin()
    published(headline_fr="[x](https://evil.example) *{value}* <b>", name_fr="A" * 200)
    (draft,) = services.draft_from_events()
    mail = services.trial_context(draft, "fr")["sections"][0]
    html = "".join(block.html for block in mail.blocks)
    assert 'href="https://evil.example"' not in html
    assert "<em>" not in html
    assert len(draft.blocks.get().heading_fr) <= 120


def test_the_database_refuses_nonsense():
    occasion = switched_on("indicator")
    call = CallFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Occasion.objects.create(code="rain")
    with pytest.raises(IntegrityError), transaction.atomic():
        Occasion.objects.create(code="edition", is_active=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        OccasionEvent.objects.create(occasion=occasion, outcome=Outcome.OFF)
    with pytest.raises(IntegrityError), transaction.atomic():
        OccasionEvent.objects.create(occasion=occasion, call=call, outcome="lost")
    OccasionEvent.objects.create(occasion=occasion, call=call, outcome=Outcome.OFF)
    with pytest.raises(IntegrityError), transaction.atomic():
        OccasionEvent.objects.create(occasion=occasion, call=call, outcome=Outcome.OFF)


def test_a_run_takes_as_many_queries_for_three_rows_as_for_one():
    """Of what makes no draft: the switch is off, as it is for most moves most of the time."""
    begin()
    numbers = []
    for count in (1, 3):
        for _each in range(count):
            record_change(IndicatorFactory(), "publish", "approved", "published", by=None)
        with CaptureQueriesContext(connection) as queries:
            services.draft_from_events()
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_draft():
    switched_on("indicator")
    begin()
    published()
    found, errors = [], []
    barrier = threading.Barrier(2)

    def work():
        try:
            barrier.wait(10)
            found.extend(services.draft_from_events())
        except Exception as error:  # told below, by the thread that asks
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert len(found) == 1
    assert Campaign.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("alone_on_the_server")
def test_a_move_that_is_committed_late_is_not_missed():
    switched_on("indicator")
    FrameworkFactory(), place("BXL")  # of both: neither waits for the other to make it
    begin()
    written, may_commit = threading.Event(), threading.Event()

    def late():
        try:
            with transaction.atomic():
                published()
                written.set()
                may_commit.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert written.wait(30)
    published()  # a later key, and committed earlier
    (draft,) = services.draft_from_events()
    assert draft.blocks.count() == 1
    may_commit.set()
    thread.join(30)
    (draft,) = services.draft_from_events()
    assert draft.blocks.count() == 2
    position = Watch.objects.get(name="occasions").position
    assert services.draft_from_events() == []
    assert Watch.objects.get(name="occasions").position >= position
