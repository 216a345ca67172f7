"""A million figures through the import, as a share of the speed of a bare COPY of the same rows."""

import csv
import io
import os
import time

import pytest
from django.db import connection

from kpi.imports.services import approve_import, release_import, start_import, submit_import
from kpi.models import ImportRow, Indicator, Observation, Place, Summary
from kpi.tasks import check_import
from tests.bench.results import record
from tests.factories import kpi as make
from tests.factories.imports import HEADINGS

INDICATORS, PLACES, PERIODS = 1_000, 20, 50
#: Smaller for a look whether it works: KPI_IMPORT_INDICATORS=20.
INDICATORS = int(os.environ.get("KPI_IMPORT_INDICATORS", INDICATORS))
FAULTS = 500
LEAST = 0.10
#: Empty, and the same in all: columns, checks, indexes, references.
COPIED = ("indicator_id", "geo", "period", "position", "value", "flag", "disputed", "vintage")
FILLED = ("reason", "note", "not_proofread", "author_id", "released_at")
TWIN = """
CREATE TABLE twin (LIKE kpi_observation INCLUDING ALL);
CREATE SEQUENCE twin_id OWNED BY twin.id;
ALTER TABLE twin ALTER COLUMN id DROP IDENTITY IF EXISTS;
ALTER TABLE twin ALTER COLUMN id SET DEFAULT nextval('twin_id');
"""


def make_world() -> None:
    """Make the indicators and places of the file."""
    first = make.IndicatorFactory(code="bench-0000")
    make.place("BXL")
    names = {f"{field}_{lang}": "x" for field in ("name", "short_name") for lang in ("fr", "nl")}
    Place.objects.bulk_create(Place(code=f"P{n:02}", **names) for n in range(PLACES))
    fields = {each.attname for each in Indicator._meta.concrete_fields} - {"id", "code"}
    values = {name: getattr(first, name) for name in fields}
    Indicator.objects.bulk_create(
        Indicator(code=f"bench-{n:04}", **values) for n in range(1, INDICATORS)
    )


def lines():
    """Yield (indicator, place, period, value) of each figure."""
    periods = [f"{1975 + n // 2}-S{1 + n % 2}" for n in range(PERIODS)]
    for n in range(INDICATORS):
        for place in range(PLACES):
            for at, period in enumerate(periods):
                yield f"bench-{n:04}", f"P{place:02}", period, f"{n % 90 + at / 8}"


def file_of(bad: int = 0) -> bytes:
    """Return the file; ``bad`` of its rows, spread all over, hold a word instead of a number."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    every = INDICATORS * PLACES * PERIODS // bad if bad else 0
    for number, (code, place, period, value) in enumerate(lines()):
        is_bad = every and number % every == 0 and number // every < bad
        writer.writerow([code, place, period, "many" if is_bad else value, "", "", "", ""])
    return out.getvalue().encode()


def twin_of_observations(cursor) -> None:
    """Make a table as that of the figures: columns, checks, indexes, references, the trigger."""
    cursor.execute(TWIN)
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'kpi_observation'::regclass AND contype = 'f'"
    )
    for name, definition in cursor.fetchall():
        cursor.execute(f'ALTER TABLE twin ADD CONSTRAINT "twin_{name}" {definition}')
    cursor.execute(
        "SELECT replace(pg_get_triggerdef(oid), ' public.kpi_observation ', ' twin ')"
        " FROM pg_trigger WHERE tgrelid = 'kpi_observation'::regclass AND NOT tgisinternal"
    )
    for (definition,) in cursor.fetchall():
        cursor.execute(definition)


def copied(author) -> tuple[float, int]:
    """Return the seconds that a bare COPY of the same rows takes, and how many rows that are."""
    keys = dict(Indicator.objects.values_list("code", "pk"))
    out = io.StringIO()
    rest = ("scheduled", "", "{}", author.pk, "2026-01-01 00:00+00")
    csv.writer(out).writerows(
        [keys[code], place, period, 0, value, "", "f", 1, *rest]
        for code, place, period, value in lines()
    )
    out.seek(0)
    columns = ", ".join((*COPIED, *FILLED))
    with connection.cursor() as cursor:
        twin_of_observations(cursor)
        start = time.perf_counter()
        cursor.copy_expert(
            f"COPY twin ({columns}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (flag, note))", out
        )
        took, count = time.perf_counter() - start, cursor.rowcount
        cursor.execute("DROP TABLE twin CASCADE")
    return took, count


def imported(content, author, approver) -> dict[str, float]:
    """Return the seconds from the bytes of the file to the released figures, in two steps."""
    start = time.perf_counter()
    job = start_import(content, by=author, name="bench.csv")
    check_import(job.pk)
    job.refresh_from_db()
    assert job.status == "validated", list(job.faults.values()[:5])
    checked = time.perf_counter()
    submit_import(job, by=author)
    approve_import(job, by=approver)
    release_import(job)
    assert job.status == "released"
    return {"check_s": checked - start, "release_s": time.perf_counter() - checked}


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
def test_a_million_figures_come_in(make_user, monkeypatch):
    # The worker is not there: what it would do is called here, and timed.
    monkeypatch.setattr("kpi.imports.services._send", lambda task, pk: None)
    author, approver = make_user("staff"), make_user("secretary")
    make_world()
    bad = start_import(file_of(FAULTS), by=author)
    check_import(bad.pk)
    bad.refresh_from_db()
    assert (bad.status, bad.errors) == ("refused", FAULTS)
    assert bad.faults.count() == ImportRow.objects.count() == FAULTS
    assert not Observation.objects.exists()
    ImportRow.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL kpi_importrow")
    bare, count = copied(author)
    took = imported(file_of(), author, approver)
    assert Observation.objects.count() == count == INDICATORS * PLACES * PERIODS
    assert Summary.objects.count() == INDICATORS
    total = took["check_s"] + took["release_s"]
    figures = {"rows": count, "copy_s": bare, **took, "total_s": total, "share": bare / total}
    print(figures)
    if count == 1_000_000:
        record("kpi.import_vs_copy", figures)
    assert bare / total >= LEAST, figures
