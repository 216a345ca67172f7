"""Files of figures and imports of them."""

import csv
import io

from kpi.imports.services import start_import, submit_import
from kpi.models import ImportJob, Observation

HEADINGS = ("indicator", "geo", "period", "value", "flag", "note_fr", "note_nl", "unit")


def line(indicator, period="2024", value="10", geo="BXL", **cells) -> dict:
    """Return a row of a file."""
    return {"indicator": indicator.code, "geo": geo, "period": period, "value": value} | cells


def csv_of(*lines: dict, headings=HEADINGS, separator=",", end="\r\n", bom=False) -> bytes:
    """Return a file with these rows."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(headings)
    writer.writerows([each.get(name, "") for name in headings] for each in lines)
    return (("\ufeff" if bom else "") + out.getvalue()).encode()


def sent(*lines: dict, by, **options) -> ImportJob:
    """Upload these rows and return the job as it was checked."""
    return start_import(csv_of(*lines), by=by, name="figures.csv", **options)


def waiting(*lines: dict, by, **options) -> ImportJob:
    """Upload these rows and submit them for approval."""
    job = sent(*lines, by=by, **options)
    submit_import(job, by=by)
    return job


def told(job) -> set[tuple]:
    """Return what the report of a job says: (line, column, code, what stands there)."""
    return set(job.faults.values_list("number", "column", "code", "value"))


def on_record(**filters) -> list[tuple]:
    """Return (period, value, vintage) of the figures on record, in this order."""
    rows = Observation.objects.filter(**filters).order_by("period", "vintage")
    return list(rows.values_list("period", "value", "vintage"))
