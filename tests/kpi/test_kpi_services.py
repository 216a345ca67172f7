"""Figures are appended, indicators move by their table, and the database refuses nonsense."""

import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.models import StatusChange
from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused
from kpi.imports.services import record_by_hand
from kpi.models import Indicator, IndicatorStatus, Observation
from kpi.services import record_observation
from kpi.workflow import INDICATOR
from tests.factories import kpi as make

ROLES_OFFICE = {"staff", "secretary"}
#: Who may do what from which state; the owner and the submitter are tested apart.
MATRIX = {
    ("draft", "submit"): ROLES_OFFICE,
    ("in_review", "approve"): ROLES_OFFICE,
    ("in_review", "send_back"): ROLES_OFFICE,
    ("approved", "publish"): ROLES_OFFICE,
    ("published", "suspend"): ROLES_OFFICE,
    ("published", "retire"): ROLES_OFFICE,
    ("suspended", "resume"): ROLES_OFFICE,
    ("suspended", "retire"): ROLES_OFFICE,
}


@pytest.mark.django_db
@pytest.mark.parametrize("state", IndicatorStatus.values)
def test_role_state_action_matrix(users, state):
    indicator = make.IndicatorFactory(status=state)
    for name, user in users.items():
        allowed = {step.name for step in INDICATOR.available(indicator, user)}
        wanted = {
            action for (source, action), who in MATRIX.items() if source == state and name in who
        }
        assert allowed == wanted, name


@pytest.mark.django_db
@pytest.mark.parametrize("action", sorted(INDICATOR.table))
def test_what_no_button_offers_the_server_refuses(users, action):
    for state in IndicatorStatus.values:
        for name in ("staff", "auditor", "nobody", "superuser"):
            if name in MATRIX.get((state, action), ()):
                continue
            indicator = make.IndicatorFactory(status=state)
            with pytest.raises(TransitionRefused):
                INDICATOR.run(indicator, action, by=users[name], note="because")
            indicator.refresh_from_db()
            assert indicator.status == state


@pytest.mark.django_db
def test_every_transition_has_a_verb():
    assert INDICATOR.verbs.keys() == INDICATOR.table.keys()


@pytest.mark.django_db
def test_whoever_submitted_does_not_approve(make_user):
    editor, colleague = make_user("staff"), make_user("staff")
    indicator = make.IndicatorFactory(status="draft")
    INDICATOR.run(indicator, "submit", by=editor)
    with pytest.raises(PermissionRefused):
        INDICATOR.run(indicator, "approve", by=editor)
    INDICATOR.run(indicator, "approve", by=colleague)
    INDICATOR.run(indicator, "publish", by=editor)
    changes = StatusChange.objects.filter(object_id=indicator.pk).order_by("at")
    assert [change.transition for change in changes] == ["submit", "approve", "publish"]


@pytest.mark.django_db
def test_the_owner_submits_and_never_approves(make_user):
    owner = make_user("owner", "staff")
    indicator = make.IndicatorFactory(status="draft", owner=owner)
    INDICATOR.run(indicator, "submit", by=owner)
    names = {step.name for step in INDICATOR.available(indicator, owner)}
    assert names == {"send_back"}


@pytest.mark.django_db
def test_french_and_dutch_before_approval(users):
    indicator = make.IndicatorFactory(status="in_review", definition_nl="")
    with pytest.raises(TransitionRefused, match="Dutch"):
        INDICATOR.run(indicator, "approve", by=users["staff"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(pk=indicator.pk).update(status="published")


@pytest.mark.django_db
def test_a_retired_indicator_stays_public_and_names_its_successor(users):
    indicator, successor = make.IndicatorFactory(), make.IndicatorFactory()
    with pytest.raises(TransitionRefused, match="reason"):
        INDICATOR.run(indicator, "retire", by=users["staff"])
    INDICATOR.run(indicator, "retire", by=users["staff"], note="method", replaced_by=successor)
    assert indicator in Indicator.objects.visible_to(users["nobody"])
    assert (indicator.replaced_by, indicator.is_frozen) == (successor, True)


@pytest.mark.django_db
def test_a_correction_is_the_next_vintage_and_the_old_value_stays():
    indicator = make.IndicatorFactory()
    for value in ("53.7", "46.7098"):
        row = record_observation(
            indicator, by=SYSTEM, period="2021", value=Decimal(value), note=None
        )
    assert (row.vintage, row.author, row.geo_id) == (2, None, "BXL")
    values = indicator.observations.order_by("vintage").values_list("value", flat=True)
    assert list(values) == [Decimal("53.7"), Decimal("46.7098")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"period": "2024-13"}, "2025-S1"),
        ({"period": "3000"}, "not begun"),
        ({"value": None}, "flag"),
        ({"geo": "XX"}, "territory"),
        ({"note": {"fr": "arrondi", "nl": ""}}, "Dutch"),
        ({"period": "2020"}, "already"),
    ],
)
def test_a_figure_that_cannot_stand_is_refused(change, words):
    indicator = make.IndicatorFactory()
    make.series(indicator, {"2020": Decimal(10)})
    figure = {"period": "2024", "value": Decimal(10)} | change
    with pytest.raises(TransitionRefused, match=words):
        record_observation(indicator, by=SYSTEM, **figure)
    assert indicator.observations.count() == 1


@pytest.mark.django_db
def test_missing_is_recorded_with_its_flag_and_a_forecast_may_lie_ahead():
    indicator = make.IndicatorFactory()
    assert record_observation(indicator, by=SYSTEM, period="2024", value=None, flag="m").pk
    assert record_observation(indicator, by=SYSTEM, period="3000", value=Decimal(1), flag="f").pk


@pytest.mark.django_db
def test_only_the_portal_itself_releases_at_once(users, make_user):
    owner = make_user("owner")
    indicator = make.IndicatorFactory(owner=owner)
    for person in (owner, *users.values()):
        with pytest.raises(PermissionRefused):
            record_observation(indicator, by=person, period="2023", value=Decimal(1))
    assert not indicator.observations.exists()


@pytest.mark.django_db
def test_who_may_record(users, make_user):
    owner = make_user("owner")
    indicator = make.IndicatorFactory(owner=owner)
    job = record_by_hand(indicator, by=owner, period="2024", value=Decimal(1))
    assert (job.status, job.rows.get().place) == ("in_review", "BXL")
    for name in ("owner", "auditor", "translator", "administrator", "superuser", "nobody"):
        with pytest.raises(PermissionRefused):
            record_by_hand(indicator, by=users[name], period="2023", value=Decimal(1))
    assert not indicator.observations.exists()


@pytest.mark.django_db(transaction=True)
def test_simultaneous_corrections_get_vintages_of_their_own():
    indicator = make.IndicatorFactory()

    def correct(value):
        record_observation(indicator, by=SYSTEM, period="2024", value=Decimal(value))
        connection.close()

    threads = [threading.Thread(target=correct, args=(value,)) for value in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    vintages = indicator.observations.order_by("vintage").values_list("vintage", flat=True)
    assert list(vintages) == [1, 2, 3, 4]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        {"value": None, "flag": ""},
        {"period": "24"},
        {"geo_id": "XX"},
        {"flag": "zz"},
        {"note_fr": "seul", "note_nl": ""},
    ],
)
def test_the_database_refuses_a_bad_figure(bad):
    indicator = make.IndicatorFactory()
    at_once()
    good = {"indicator": indicator, "geo_id": "BXL", "period": "2024", "value": 10}
    with pytest.raises(IntegrityError):
        Observation.objects.create(**good | bad)


def at_once():
    """Have the database check references with each statement, not at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_never_lets_a_figure_be_changed(deed):
    row = make.ObservationFactory()
    rows = Observation.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(value=1) if deed == "update" else rows.delete()
    assert rows.get().value == 10


@pytest.mark.django_db
def test_the_database_refuses_a_bad_target_baseline_or_state():
    indicator = make.IndicatorFactory()
    at_once()
    for bad in (
        lambda: make.TargetFactory(indicator=indicator, period="soon"),
        lambda: indicator.targets.create(geo_id="XX", period="2030", value=1),
        lambda: make.TargetFactory(indicator=indicator, basis_fr="seul"),
        lambda: make.BaselineFactory(indicator=indicator, period="x"),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(status="lost"),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(replaced_by=indicator),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(name_fr=" "),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            bad()
