"""What may go wrong between two people, two workers and a database; and what any file may hold."""

import csv
import io
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.permissions import SYSTEM
from core.workflow import TransitionRefused
from kpi import tasks
from kpi.imports import services as import_services
from kpi.imports.checks import RULES, validate
from kpi.imports.files import Unreadable, read
from kpi.imports.messages import SENTENCES, in_both, sentence
from kpi.imports.services import approve_import, start_import, submit_import
from kpi.imports.workflow import IMPORT
from kpi.models import ImportFault, ImportJob, ImportRow, ImportStatus, Observation, Release
from kpi.periods import Period
from kpi.services import record_observation
from tests.factories import kpi as make
from tests.factories.imports import HEADINGS, csv_of, line, on_record, sent, told, waiting

#: Who may do what from which state, of those who did not send the figures themselves.
OFFICE = {"staff", "secretary"}
MATRIX = {("in_review", "approve"): OFFICE, ("in_review", "reject"): OFFICE}


@pytest.fixture
def fibre(db):
    return make.IndicatorFactory(code="fibre")


@pytest.mark.django_db
@pytest.mark.parametrize("state", ImportStatus.values)
def test_role_state_action_matrix(users, make_user, state):
    author = make_user("staff")
    job = ImportJob(author=author, status=state)
    for name, user in users.items():
        allowed = {step.name for step in IMPORT.available(job, user)}
        wanted = {action for (source, action), who in MATRIX.items() if source == state}
        assert allowed == (wanted if name in OFFICE else set()), name
    own = {step.name for step in IMPORT.available(job, author)}
    assert not own & {"approve", "reject"}
    assert IMPORT.verbs.keys() == IMPORT.table.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["validate", "refuse", "release", "reconsider"])
def test_what_the_portal_does_nobody_does(users, staff, fibre, action):
    job = waiting(line(fibre), by=staff)
    for user in users.values():
        with pytest.raises(TransitionRefused):
            IMPORT.run(job, action, by=user)
    assert not Observation.objects.exists()


@pytest.mark.django_db
def test_a_long_import_is_checked_and_released_once(staff, colleague, fibre, monkeypatch):
    monkeypatch.setattr("kpi.imports.services.MANY", 1)
    job = sent(line(fibre, "2020"), line(fibre, "2021"), by=staff)
    for _twice in range(2):
        tasks.check_import(job.pk)
    job.refresh_from_db()
    submit_import(job, by=staff)
    approve_import(job, by=colleague)
    assert (job.status, Observation.objects.count()) == ("approved", 0)
    for _twice in range(2):
        tasks.release_import(job.pk)
    job.refresh_from_db()
    assert (job.status, job.approver) == ("released", colleague)
    assert on_record() == [("2020", 10, 1), ("2021", 10, 1)]
    assert Release.objects.count() == 1


@pytest.mark.django_db
def test_a_long_import_waits_again_where_figures_came_meanwhile(
    staff, colleague, fibre, monkeypatch
):
    monkeypatch.setattr("kpi.imports.services.MANY", 1)
    job = sent(line(fibre, "2020"), line(fibre, "2021"), by=staff)
    tasks.check_import(job.pk)
    job.refresh_from_db()
    submit_import(job, by=staff)
    approve_import(job, by=colleague)
    make.series(fibre, {"2020": 1})
    tasks.release_import(job.pk)
    job.refresh_from_db()
    assert (job.status, job.approver, job.new, job.changed) == ("in_review", None, 1, 1)
    assert on_record() == [("2020", 1, 1)]


@pytest.mark.django_db
def test_a_release_that_breaks_off_leaves_nothing(staff, colleague, fibre, monkeypatch):
    job = waiting(line(fibre), by=staff)
    with monkeypatch.context() as patch:
        patch.setattr("kpi.imports.services.forget_rows", lambda job: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            approve_import(job, by=colleague)
    job.refresh_from_db()
    assert (job.status, Observation.objects.count(), Release.objects.count()) == ("in_review", 0, 0)
    approve_import(job, by=colleague)
    assert Observation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_release_once(staff, colleague, make_user, fibre):
    job = waiting(*(line(fibre, str(year)) for year in range(1990, 2020)), by=staff)
    refused = []

    def approve(user):
        try:
            approve_import(ImportJob.objects.get(pk=job.pk), by=user)
        except TransitionRefused as refusal:
            refused.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=approve, args=(u,)) for u in (colleague, make_user("staff"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert (Observation.objects.count(), Release.objects.count()) == (30, 1)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_figure_at_once_are_two_vintages(staff, colleague, fibre):
    jobs = [waiting(line(fibre, value=value), by=staff) for value in ("1", "2")]
    refused = []

    def approve(job):
        try:
            approve_import(job, by=colleague)
        except TransitionRefused as refusal:
            refused.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=approve, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # the second one has to look at its new preview
    assert len(refused) == 1
    assert [row[2] for row in on_record()] == [1]


@pytest.mark.django_db
def test_what_the_queue_lost_is_asked_again(staff, fibre, monkeypatch):
    asked = []
    monkeypatch.setattr("kpi.imports.services._send", lambda task, pk: asked.append((task, pk)))
    monkeypatch.setattr("kpi.imports.services.MANY", 0)
    job = sent(line(fibre), by=staff)
    tasks.take_up_imports()
    assert asked == []
    long_ago = timezone.now() - timedelta(minutes=5)
    ImportJob.objects.update(uploaded_at=long_ago)
    tasks.take_up_imports()
    assert asked == [("kpi.check_import", job.pk)]


@pytest.mark.django_db
def test_rows_of_what_came_to_nothing_are_deleted_after_a_month(staff, fibre):
    bad, good = sent(line(fibre, "x"), by=staff), waiting(line(fibre), by=staff)
    tasks.purge_imports()
    assert ImportRow.objects.count() == 2
    ImportJob.objects.update(uploaded_at=timezone.now() - timedelta(days=31))
    tasks.purge_imports()
    assert (bad.rows.count(), good.rows.count()) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        {"status": "lost"},
        {"origin": "x"},
        {"reason": "x"},
        {"status": "released"},
        {"status": "approved"},
        {"note_fr": "seul"},
    ],
)
def test_the_database_refuses_a_bad_import(staff, bad):
    with pytest.raises(IntegrityError):
        ImportJob.objects.create(author=staff, **bad)


@pytest.mark.django_db
def test_the_database_knows_that_four_eyes_have_to_look(staff, fibre):
    job = waiting(line(fibre), by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportJob.objects.filter(pk=job.pk).update(approver=staff)
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.create(author=staff, approver=staff)


@pytest.mark.django_db
def test_the_outlier_does_not_look_at_forecasts_gaps_and_other_places(staff, fibre):
    make.series(fibre, {"2018": 10, "2019": 12, "2020": 13, "2021": 15})
    make.ObservationFactory(indicator=fibre, period="2022", value=900, flag="f")
    make.ObservationFactory(indicator=fibre, period="2023", value=None, flag="m")
    record_observation(fibre, by=SYSTEM, period="2021", value=Decimal(14))
    make.place("BE")
    rows = [line(fibre, "2024", "19"), line(fibre, "2024", "500", geo="BE")]
    assert told(sent(*rows, by=staff)) == set()
    job = sent(line(fibre, "2024", "24.5"), line(fibre, "2024-S1", "14"), by=staff)
    assert [fault.near for fault in job.faults.all()] == ["14"]


def test_every_fault_has_its_sentence_in_both_languages():
    codes = {rule.code for rule in RULES} | set(SENTENCES)
    for code in codes:
        near = {"column": "geo", "outlier": "1.5"}.get(code, "x")
        fault = ImportFault(code=code, near=near, value="y")
        told_in = in_both(sentence, fault)
        assert all(told_in.values())


# --- any file ------------------------------------------------------------------------------------

CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
VALUES = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.sampled_from(
        ("", "1,5", "1.5", "9" * 14, "9" * 15, "-" + "9" * 14, "0." + "1" * 12, "0." + "1" * 13)
    ),
    CELL,
)
ROWS = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(("fibre", "fibres", "")) | CELL,
        "geo": st.sampled_from(("BXL", "bxl", "BE", "")) | CELL,
        "period": st.sampled_from(("2020", "2021-s1", "2022-Q4", "2023-12", "2999", "0000"))
        | st.from_regex(r"\A[12]\d{3}-?[SQ0-9]{0,2}\Z")
        | CELL,
        "value": VALUES,
        "flag": st.sampled_from(("", "", "m", "bp", "f")) | CELL,
        "note_fr": st.sampled_from(("", "", "arrondi")),
        "note_nl": st.sampled_from(("", "", "afgerond")),
        "unit": st.sampled_from(("", "", "percent", "count")),
    }
)
ANY = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

#: A busy machine is slow; that says nothing about what is read.
PATIENT = settings(suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.django_db
@ANY
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_dry_run_and_real_run_find_the_same(rows, staff, colleague, fibre):
    """Case 6."""
    make.place("BE")
    with transaction.atomic():
        content = csv_of(*rows)
        job = start_import(content, by=staff)
        dry = told(job)
        again = start_import(content, by=staff)
        assert told(again) == dry
        if job.errors:
            assert job.status == "refused"
            # what is left of a refused file is refused for the same reasons, unless rows that
            # explain them (the first of two, the first decimal sign) are gone
            left = {fault for fault in dry if fault[2] not in {"duplicate", "mixed", "no_rows"}}
            validate(job)
            assert left <= told(job)
        elif job.to_write:
            submit_import(job, by=staff)
            approve_import(job, by=colleague)
            assert told(job) == dry
            assert Observation.objects.filter(release=job.release).count() == job.new
            for row in Observation.objects.all():
                assert Period.parse(row.period)
        transaction.set_rollback(True)


@PATIENT
@given(
    cells=st.lists(st.lists(CELL, min_size=8, max_size=8), max_size=5),
    separator=st.sampled_from((";", ",", "\t")),
    end=st.sampled_from(("\n", "\r\n")),
    bom=st.booleans(),
)
def test_what_was_written_is_read(cells, separator, end, bom):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        [HEADINGS, *cells]
    )
    sheet = read((("\ufeff" if bom else "") + out.getvalue()).encode())
    rows = [row[1:-1] for row in sheet.staged()]
    wanted = [[cell.strip() for cell in each] for each in cells]
    plain = [each for each in wanted if any(each)]
    assert len(rows) == len(plain)
    for row, each in zip(rows, plain, strict=True):
        for name, cell, was in zip(HEADINGS, row, each, strict=True):
            assert cell == was or name == "value" or was.startswith("'"), (cell, was)


@PATIENT
@given(content=st.binary(max_size=300))
def test_no_bytes_break_the_reader(content):
    code = "no_rows"
    try:
        list(read(content).staged())
    except Unreadable as refused:
        code = refused.code
    assert code in SENTENCES


@pytest.mark.django_db
@settings(ANY, max_examples=25)
@given(text=st.lists(CELL, min_size=8, max_size=8))
def test_no_text_breaks_the_checks(text, staff, fibre):
    with transaction.atomic():
        start_import(csv_of(dict(zip(HEADINGS, text, strict=True)), line(fibre)), by=staff)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_workbook_with_its_own_numbers_and_dates(staff, fibre):
    book = Workbook()
    sheet = book.active
    sheet.append(["Indicateur", "Territoire", "Période", "Valeur", "Marque statistique"])
    sheet["F1"], sheet["G1"] = "Note (FR)", "Note (NL)"
    sheet.append(["fibre", "BXL", 2024, 0.1 + 0.2])
    sheet.append(["fibre", "BXL", timezone.datetime(2024, 5, 1), 12])
    sheet.append([None] * 5)
    sheet.append(["fibre", "BXL", 2023.0, 1234567.5])
    out = io.BytesIO()
    book.save(out)
    job = start_import(out.getvalue(), by=staff)
    assert told(job) == set()
    rows = list(job.rows.order_by("number").values_list("number", "period", "value"))
    assert rows == [(2, "2024", "0.3"), (3, "2024-05", "12"), (5, "2023", "1234567.5")]


@pytest.mark.django_db
def test_by_hand_nothing_is_kept_of_what_cannot_stand(staff, fibre):
    figure = {"period": "hier", "value": Decimal(1), "flag": "z"}
    with pytest.raises(import_services.FaultsFound) as found:
        import_services.record_by_hand(fibre, by=staff, **figure)
    assert {fault.column for fault in found.value.faults} == {"period", "flag"}
    assert not ImportJob.objects.exists()
    import_services.try_by_hand(fibre, by=staff, period="2024", value=Decimal("1E+2"))
    assert not ImportJob.objects.exists()
    job = import_services.record_by_hand(fibre, by=staff, period="2024", value=Decimal("1E+2"))
    assert job.rows.get().amount == 100
