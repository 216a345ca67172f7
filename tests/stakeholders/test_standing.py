"""Where organisations stand now: kept by the database whatever is written, and what pages show."""

import threading
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stakeholders import frames, radar
from stakeholders.models import (
    Organisation,
    StakeholderAssessment,
    Standing,
)
from stakeholders.services import merging
from tests.factories.programme import ThemeFactory
from tests.factories.register import AssessmentFactory, InteractionFactory, ParticipationFactory
from tests.factories.stakeholders import OrganisationFactory
from tests.factories.standing_writes import WRITES, Writer

MIGRATION = import_module("stakeholders.migrations.0009_standing")
#: After everything that the writes date in the future.
LATER = datetime(2050, 1, 1, tzinfo=UTC)


def stored() -> dict:
    """Return {organisation: the rest of its row}."""
    names = [field.attname for field in Standing._meta.concrete_fields]
    return {key: tuple(rest) for key, *rest in Standing.objects.values_list(*names)}


def computed() -> dict:
    """Return what has to be stored, from the definitions of the frames and of the radar."""
    rows = Organisation.objects.annotate(organisation=F("pk"))
    rows = rows.annotate(heard_at=radar.heard_at(LATER)).order_by("pk")
    every = StakeholderAssessment.objects.latest_on(LATER.date())
    newest = {each.organisation_id: each for each in every}
    return {row.pk: expected(row, newest.get(row.pk)) for row in rows}


def expected(organisation, newest) -> tuple:
    """Return the row of one organisation without its key."""
    scores = (None,) * 5
    if newest:
        gap = frames.engagement_gap(newest)
        scores = (newest.pk, newest.assessed_on, newest.influence, newest.interest, gap)
    state = (organisation.merged_into_id is not None, organisation.status == "active")
    return (*scores, organisation.heard_at, organisation.slug, organisation.helix, *state)


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def written(staff):
    """Write at random, the same at each run, and nothing that is dated in the future."""

    def write(chance, steps):
        writer = Writer(chance, staff)
        writer.moment = lambda: timezone.now() - timedelta(days=chance.choice((60, 89, 91, 300)))
        for step in steps:
            getattr(writer, step)()
        with pgtrigger.ignore("stakeholders.StakeholderAssessment:append_only"):
            late = StakeholderAssessment.objects.filter(assessed_on__gt=timezone.localdate())
            late.update(assessed_on=date(2026, 2, 1))

    return write


sequences = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CHANCE = st.randoms(use_true_random=False)


@pytest.mark.slow
@pytest.mark.django_db
@sequences
@given(steps=st.lists(st.sampled_from(WRITES), min_size=4, max_size=30), chance=CHANCE)
def test_it_is_right_after_every_write(staff, steps, chance):
    with transaction.atomic():
        writer = Writer(chance, staff)
        for step in ("assess", "talk", "meet", *steps):
            getattr(writer, step)()
            assert stored() == computed(), step
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
@sequences
@given(steps=st.lists(st.sampled_from(WRITES), max_size=10), chance=CHANCE)
def test_the_pages_of_today_show_what_is_computed_for_a_past_day(staff, written, steps, chance):
    with transaction.atomic():
        written(chance, ["assess"] * 12 + ["talk"] * 3 + ["meet"] + steps)
        theme, today = ThemeFactory(), timezone.localdate()
        for each in Organisation.objects.order_by("pk")[::2]:
            each.themes.add(theme)
        for narrowed in ({}, {"helix": "public"}, {"theme": theme}):
            view = frames.View(staff, today, **narrowed)
            assert view.is_newest
            for order in (frames.BY_POWER, frames.BY_GAP):
                rows = frames.ordered(view, order)
                assert list(frames.keys_of(view, order)) == [each.pk for each in rows]
            assert frames.spread(view) == frames.past_spread(view)
        silence = radar.Silence(staff, influence=3)
        assert silence.is_newest
        assert list(radar.silent_keys(silence)) == [each.pk for each in radar.silent(silence)]
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_nobody_writes_it():
    row = AssessmentFactory().organisation
    writes = (
        lambda: Standing.objects.update(influence=1),
        lambda: Standing.objects.all().delete(),
        lambda: Standing(organisation=row, slug="x", is_merged=False, is_active=True).save(),
    )
    before = stored()
    for write in writes:
        with pytest.raises(DatabaseError, match="never written"), transaction.atomic():
            write()
    assert stored() == before == computed()


@pytest.mark.django_db
def test_it_is_for_those_who_may_know_people(users):
    AssessmentFactory()
    for role, user in users.items():
        seen = Standing.objects.visible_to(user).exists()
        assert seen == (role in {"staff", "auditor", "administrator"}), role


@pytest.mark.django_db
def test_the_migration_fills_it_for_what_is_there():
    ParticipationFactory(
        organisation=AssessmentFactory().organisation,
        interaction=InteractionFactory(direction="in"),
    )
    before = stored()
    with pgtrigger.ignore("stakeholders.Standing:written_by_triggers"):
        Standing.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(MIGRATION.FILL)
    assert stored() == before == computed()


@pytest.mark.django_db
def test_what_is_dated_in_the_future_is_not_known_today(staff):
    tomorrow, today = timezone.localdate() + timedelta(days=1), timezone.localdate()
    now = AssessmentFactory(influence=4)
    AssessmentFactory(organisation=now.organisation, influence=1, assessed_on=tomorrow)
    view = frames.View(staff, today)
    assert not view.is_newest
    assert list(frames.keys_of(view, frames.BY_POWER)) == [now.pk]
    assert frames.grid(view).fields == {(4, 2): 1}
    assert list(radar.silent_keys(radar.Silence(staff))) == [now.pk]


@pytest.mark.django_db
def test_an_exchange_of_tomorrow_ends_no_silence(staff):
    silent = AssessmentFactory(influence=4)
    exchange = InteractionFactory(direction="in", happened_at=timezone.now() + timedelta(days=1))
    ParticipationFactory(organisation=silent.organisation, interaction=exchange)
    silence = radar.Silence(staff)
    assert not silence.is_newest
    assert list(radar.silent_keys(silence)) == [silent.pk]


@pytest.mark.django_db
def test_a_day_after_which_nothing_came_is_read_like_today(staff):
    AssessmentFactory(assessed_on=date(2026, 3, 1))
    known = {day: frames.View(staff, date(2026, 3, day)).is_newest for day in (1, 2)}
    assert known == {1: True, 2: True}
    assert not frames.View(staff, date(2026, 2, 28)).is_newest


@pytest.mark.django_db
def test_each_page_is_read_from_an_index_in_its_order(staff):
    silence, view = radar.Silence(staff), frames.View(staff, timezone.localdate())
    few = view.standings().filter(influence=4, interest=4).order_by("organisation_id")
    later = view.standings().filter(assessed_on__gt=view.day).order_by("assessed_on")
    pages = {
        "standing_by_power": frames.keys_of(view, frames.BY_POWER),
        "standing_by_gap": frames.keys_of(view, frames.BY_GAP),
        "standing_by_silence": radar.silent_keys(silence),
        "standing_in_field": few,
        "standing_assessed": later,
    }
    with connection.cursor() as cursor:
        for each in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{each} = off")
    for index, rows in pages.items():
        plan = rows[:10].explain()
        assert f" using {index} " in plan, plan
        assert "Sort" not in plan, plan


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_both_count(make_user):
    """The second waits for the first and then sees what it wrote."""
    organisation = OrganisationFactory()
    exchange, wrote = InteractionFactory(direction="in"), threading.Event()

    def talk():
        wrote.wait()
        try:
            ParticipationFactory(organisation=organisation, interaction=exchange)
        finally:
            connection.close()

    other = threading.Thread(target=talk)
    other.start()
    with transaction.atomic():
        AssessmentFactory(organisation=organisation)
        wrote.set()
        other.join(timeout=1)
        assert other.is_alive(), "it waits"
    other.join()
    assert stored() == computed()
    assert Standing.objects.exclude(assessment=None).exclude(heard_at=None).count() == 1


@pytest.mark.django_db
def test_a_merge_and_its_undoing_move_where_they_stand(staff):
    survivor, merged = (AssessmentFactory(influence=score).organisation for score in (2, 5))
    before = stored()
    record = merging.merge_organisations(survivor, merged, by=staff, reason="Twice.")
    assert Standing.objects.framed().get().organisation == survivor
    assert stored() == computed() != before
    merging.undo_merge(record, by=staff)
    assert stored() == before
