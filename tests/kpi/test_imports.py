"""Figures that come in as files: one validator, one report, one release; the acceptance cases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.models import StatusChange
from core.workflow import TransitionRefused
from kpi.imports.checks import validate
from kpi.imports.files import Unreadable
from kpi.imports.services import approve_import, start_import, submit_import, withdraw_import
from kpi.imports.workflow import IMPORT
from kpi.models import ImportJob, ImportRow, ImportStatus, Observation, Release, Summary
from kpi.selectors import current
from kpi.summaries import ensure
from tests.factories import kpi as make
from tests.factories.imports import csv_of, line, on_record, sent, told, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools(db):
    return make.IndicatorFactory(code="schools-on-fibre")


def test_eight_faults_in_one_report_and_nothing_written(staff, schools):
    """Case 3."""
    next_year = str(timezone.localdate().year + 1)
    rows = (
        line(schools, "2010"),
        line(schools, "2011", geo="BXXL"),
        line(schools, "2012", "many"),
        line(schools, "2013", "1"),
        line(schools, "2013", "2"),
        line(schools, "", "3"),
        line(schools, "2014", "4", unit="count"),
        line(schools, next_year, "5"),
        line(schools, "2015", "6", flag="x"),
    )
    headings = ("indicator", "geo", "period", "value", "flag", "note_fr", "unit")
    job = start_import(csv_of(*rows, headings=headings), by=staff, name="eight.csv")
    assert told(job) == {
        (None, "note_nl", "column", ""),
        (3, "geo", "geo", "BXXL"),
        (4, "value", "number", "many"),
        (6, "period", "duplicate", "2013"),
        (7, "period", "empty", ""),
        (8, "unit", "unit", "count"),
        (9, "period", "future", next_year),
        (10, "flag", "flag", "x"),
    }
    assert job.faults.get(code="geo").near == "BXL"
    assert (job.status, job.errors) == ("refused", 8)
    assert not Observation.objects.exists()


def test_the_same_file_twice_brings_nothing_new(staff, colleague, schools):
    """Case 4."""
    rows = [line(schools, str(year), str(year / 10)) for year in range(2015, 2024)]
    approve_import(waiting(*rows, by=staff), by=colleague)
    again = sent(*rows, by=staff)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 9)
    with pytest.raises(TransitionRefused, match="on record"):
        submit_import(again, by=staff)
    assert Observation.objects.count() == 9


def test_a_corrected_value_is_the_next_vintage(staff, colleague, schools):
    """Case 5, but for the page."""
    rows = [line(schools, "2020", "1.5"), line(schools, "2021", "2.5")]
    approve_import(waiting(*rows, by=staff), by=colleague)
    rows[1] = line(schools, "2021", "2.75")
    job = waiting(*rows, by=staff, reason="correction", note={"fr": "Erreur", "nl": "Fout"})
    assert (job.new, job.changed, job.unchanged, job.missing) == (0, 1, 1, 0)
    row = job.rows.get(verdict="changed")
    assert (row.number, row.old_value, row.amount, row.vintage) == (3, 2.5, 2.75, 2)
    approve_import(job, by=colleague)
    assert on_record() == [("2020", 1.5, 1), ("2021", 2.5, 1), ("2021", 2.75, 2)]
    release = job.release
    assert (release.author, release.approver, release.reason) == (staff, colleague, "correction")
    assert release.note_nl == "Fout"
    assert release.observations.count() == 1
    assert not ImportRow.objects.exists()
    moves = StatusChange.objects.filter(object_id=job.pk, content_type__model="importjob")
    assert [each.transition for each in moves.order_by("pk")] == [
        *("create", "validate", "submit", "approve", "release")
    ]


def test_what_the_file_does_not_name_is_counted_and_stays(staff, schools):
    make.series(schools, {"2019": 1, "2020": 2})
    make.ObservationFactory(indicator=schools, geo="BE")
    job = sent(line(schools, "2020", "2"), line(schools, "2021", "3"), by=staff)
    assert (job.new, job.unchanged, job.missing) == (1, 1, 1)


@pytest.mark.parametrize(
    "content",
    [
        csv_of(separator=";", bom=True) + b"fibre;BXL;2024;12,5;;;;\r\n;;;;;;;\r\n \r\n\r\n",
        csv_of(separator=";", end="\n") + b"fibre;bxl;2024;12.5;;;;\n",
        csv_of() + b'fibre,BXL,2024,"12,5",,,,',
        csv_of(separator="\t") + b"fibre\tBXL\t2024\t12,50\t\t\t\t",
        "Année,Indicateur,Territoire,Période,Valeur,Drapeau,Note (français),Nota (nl)\n"
        "x,fibre,BXL,2024,12.5,,,".encode(),
        b"indicator;gebied;periode;waarde;vlag;note_fr;note_nl\nfibre;BXL;2024;12,5",
        csv_of().decode().encode("utf-16") + "fibre,BXL,2024,12.5,,,,".encode("utf-16-le"),
    ],
)
def test_the_ways_in_which_spreadsheets_write(staff, content):
    """Case 7."""
    make.IndicatorFactory(code="fibre")
    content = content.replace("Note (français)".encode(), b"Note (fr)")
    job = start_import(content, by=staff)
    assert told(job) == set()
    assert (job.status, job.new) == ("validated", 1)
    assert ImportRow.objects.get().amount == Decimal("12.5")


def test_mixed_decimal_signs_are_refused_with_their_lines(staff, schools):
    """Case 7, the part that is refused."""
    rows = [line(schools, str(2000 + n), value) for n, value in enumerate(("1", "1,5", "2.5"))]
    job = sent(*rows, line(schools, "2010", "1.234,5"), by=staff)
    assert told(job) == {(4, "value", "mixed", "2.5"), (5, "value", "mixed", "1.234,5")}
    assert job.faults.first().near == ","


def test_an_empty_value_needs_a_flag(staff, colleague, schools):
    """Case 8, but for the page."""
    assert told(sent(line(schools, value=""), by=staff)) == {(2, "value", "no_value", "")}
    approve_import(waiting(line(schools, value="", flag="M"), by=staff), by=colleague)
    assert Observation.objects.get().flag == "m"


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"indicator": "schools-on-fiber"}, ("indicator", "indicator", "schools-on-fiber")),
        ({"indicator": ""}, ("indicator", "empty", "")),
        ({"geo": ""}, ("geo", "empty", "")),
        ({"period": "2024-13"}, ("period", "period", "2024-13")),
        ({"period": "0000"}, ("period", "period", "0000")),
        ({"period": "hier"}, ("period", "period", "hier")),
        ({"value": "1 000"}, ("value", "number", "1 000")),
        ({"value": "1e5"}, ("value", "number", "1e5")),
        ({"value": "9" * 15}, ("value", "range", "9" * 15)),
        ({"value": "0." + "1" * 13}, ("value", "range", "0." + "1" * 13)),
        ({"flag": "bdefi"}, ("flag", "flag", "bdefi")),
        ({"note_fr": "seul"}, ("note_nl", "note", "")),
        ({"note_nl": "alleen"}, ("note_fr", "note", "")),
    ],
)
def test_each_fault_names_line_column_and_value(staff, schools, cells, fault):
    job = sent(line(schools) | cells, by=staff)
    assert told(job) == {(2, *fault)}
    assert job.status == "refused"


@pytest.mark.parametrize("value", ["9" * 14, "-" + "9" * 14, "0." + "1" * 12, "007", "+3.5000"])
def test_what_the_column_can_hold_is_taken_exactly(staff, colleague, schools, value):
    approve_import(waiting(line(schools, value=value), by=staff), by=colleague)
    assert Observation.objects.get().value == Decimal(value)


def test_nearest_names_are_proposed(staff, schools):
    job = sent(line(schools, geo="BXLL") | {"indicator": "school-on-fibre"}, by=staff)
    assert job.faults.get(code="geo").near == "BXL"
    assert job.faults.get(code="indicator").near == "schools-on-fibre"


def test_what_the_author_may_not_record(make_user):
    owner = make_user("owner")
    own = make.IndicatorFactory(owner=owner, status="draft")
    other, secret = make.IndicatorFactory(), make.IndicatorFactory(status="draft")
    retired = make.IndicatorFactory(owner=owner, status="retired")
    job = sent(*(line(each) for each in (own, other, secret, retired)), by=owner)
    assert told(job) == {
        (3, "indicator", "forbidden", other.code),
        (4, "indicator", "indicator", secret.code),
        (5, "indicator", "retired", retired.code),
    }


def test_a_forecast_may_lie_ahead(staff, schools):
    assert sent(line(schools, "3000-Q4", flag="f"), by=staff).status == "validated"


def test_a_cell_too_many_is_told(staff, schools):
    content = csv_of() + f"{schools.code},BXL,2024,12,5,,,,\n".encode()
    # the comma of the number moved all cells by one
    assert (2, "flag", "flag", "5") in told(start_import(content, by=staff))
    content = csv_of(separator=";") + f"{schools.code};BXL;2024;12;;;;;5\n".encode()
    assert told(start_import(content, by=staff)) == {(2, "", "surplus", "5")}


def test_a_jump_out_of_the_series_is_a_warning(staff, colleague, schools):
    make.series(schools, {"2018": 10, "2019": 12, "2020": 13, "2021": 15})
    job = waiting(line(schools, "2022", "150"), line(schools, "2023", "16"), by=staff)
    assert told(job) == {(2, "value", "outlier", "150")}
    assert (job.warnings, job.faults.get().near) == (1, "15")
    approve_import(job, by=colleague)
    assert job.status == "released"
    few = make.IndicatorFactory()
    make.series(few, {"2019": 10, "2020": 12, "2021": 13})
    assert told(sent(line(few, "2022", "150"), by=staff)) == set()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n;;;\r\n", "empty_file"),
        (b"%PDF-1.7 ...", "file_type"),
        (b"PK\x03\x04 no workbook", "file_type"),
        (b"a\0b", "file_type"),
        ("indicator;période;valeur\ncafé".encode("latin-1"), "encoding"),
        (b"one;two\n1;2", "no_heading"),
        (b"period;value;valeur\n1;2;3", "column_twice"),
    ],
)
def test_what_is_no_table_of_figures(staff, content, code):
    with pytest.raises(Unreadable) as refused:
        start_import(content, by=staff)
    assert refused.value.code == code
    assert not ImportJob.objects.exists()


def test_headings_without_rows(staff):
    assert told(start_import(csv_of(), by=staff)) == {(None, "", "no_rows", "")}


def test_figures_that_came_meanwhile_are_shown_before_anything_is_approved(
    staff, colleague, schools
):
    job = waiting(line(schools, value="5"), by=staff)
    make.series(schools, {"2024": 4})
    with pytest.raises(TransitionRefused, match="meanwhile"):
        approve_import(job, by=colleague)
    job.refresh_from_db()
    assert (job.status, job.new, job.changed) == ("in_review", 0, 1)
    assert job.approver is None
    approve_import(job, by=colleague)
    assert on_record() == [("2024", 4, 1), ("2024", 5, 2)]


def test_a_rule_that_speaks_against_it_meanwhile_refuses_it(staff, colleague, schools):
    job = waiting(line(schools, value="5"), by=staff)
    type(schools).objects.filter(pk=schools.pk).update(status="retired")
    with pytest.raises(TransitionRefused, match="no longer"):
        approve_import(job, by=colleague)
    job.refresh_from_db()
    assert job.status == "refused"
    assert told(job) == {(2, "indicator", "retired", schools.code)}
    assert not Observation.objects.exists()


def test_nobody_approves_own_figures(staff, schools):
    """Case 14, the verb; page, interface and back office are in test_import_pages.py."""
    job = waiting(line(schools), by=staff)
    assert {step.name for step in IMPORT.available(job, staff)} == {"withdraw"}
    with pytest.raises(TransitionRefused):
        approve_import(job, by=staff)
    assert not Release.objects.exists()


def test_a_planned_release_is_not_known_before(staff, colleague, schools):
    later = timezone.now() + timedelta(days=2)
    job = waiting(line(schools, value="7"), by=staff, release_at=later)
    approve_import(job, by=colleague)
    assert not current().exists()
    assert current(later.date() + timedelta(days=1)).get().value == 7
    again = sent(line(schools, value="7"), by=staff)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_the_method_of_the_day_and_the_summary(
    staff, colleague, schools, django_capture_on_commit_callbacks
):
    schools.versions.create(method_fr="a", method_nl="b", valid_from="2020-01-01")
    ensure(type(schools).objects.all())
    with django_capture_on_commit_callbacks(execute=True):
        approve_import(waiting(line(schools, value="7"), by=staff), by=colleague)
    assert Observation.objects.get().version == schools.versions.get()
    assert Summary.objects.get().value == 7


def test_a_withdrawn_import_keeps_its_rows_and_moves_no_more(staff, colleague, schools):
    job = waiting(line(schools), by=staff)
    withdraw_import(job, by=staff)
    with pytest.raises(TransitionRefused):
        approve_import(job, by=colleague)
    assert job.rows.count() == 1


def test_checking_again_finds_the_same(staff, schools):
    job = sent(line(schools, "2024", "x"), line(schools, "2024"), by=staff)
    before = told(job)
    assert not validate(job)
    assert told(job) == before
    assert job.status == ImportStatus.REFUSED
