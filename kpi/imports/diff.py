"""Staged figures against what is on record: the preview, and the one statement that writes them.

On record is the greatest vintage of a key, also one whose release is planned: what is said once is
not said again.
"""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from ..models import ImportJob
from .files import COLUMNS, Sheet

STAGED = ("job_id", "number", *COLUMNS, "surplus")
TEXTS = ", ".join((*COLUMNS, "surplus"))
AT_ONCE = 5_000
#: The indicators that a job names. The codes are an array, which is made once: as a subquery the
#: planner may read a million staged rows for each indicator.
NAMED = """SELECT id FROM kpi_indicator
    WHERE code = ANY (ARRAY(SELECT DISTINCT indicator FROM kpi_importrow WHERE job_id = %(job)s))"""
ON_RECORD = f"""SELECT DISTINCT ON (indicator_id, geo, period, position) *
    FROM kpi_observation WHERE indicator_id IN ({NAMED})
    ORDER BY indicator_id, geo, period, position, vintage DESC"""
#: An empty note of the file says nothing against the one on record.
SAME = """o.value IS NOT DISTINCT FROM r.amount AND o.flag = r.letters
    AND o.disputed = r.disputed
    AND (r.note_fr = '' OR (r.note_fr, r.note_nl)
        = (coalesce(o.note_fr, ''), coalesce(o.note_nl, '')))"""
COMPARE = f"""UPDATE kpi_importrow u
SET target = n.target, vintage = n.vintage, old_value = n.old_value, old_flag = n.old_flag,
    verdict = n.verdict
FROM (SELECT r.id, i.id AS target, coalesce(o.vintage, 0) + 1 AS vintage, o.value AS old_value,
        coalesce(o.flag, '') AS old_flag,
        CASE WHEN o.id IS NULL THEN 'new' WHEN {SAME} THEN 'unchanged' ELSE 'changed' END AS verdict
    FROM kpi_importrow r JOIN kpi_indicator i ON i.code = r.indicator
    LEFT JOIN ({ON_RECORD}) o ON o.indicator_id = i.id AND o.geo = r.place
        AND o.period = r.moment AND o.position = r.position
    WHERE r.job_id = %(job)s) n
WHERE u.id = n.id AND (u.target, u.vintage, u.old_value, u.old_flag, u.verdict)
    IS DISTINCT FROM (n.target, n.vintage::smallint, n.old_value, n.old_flag, n.verdict)"""
MISSING = f"""SELECT count(*) FROM ({ON_RECORD}) o
WHERE EXISTS (SELECT FROM kpi_importrow p WHERE p.job_id = %(job)s
    AND p.target = o.indicator_id AND p.place = o.geo)
AND NOT EXISTS (SELECT FROM kpi_importrow p WHERE p.job_id = %(job)s
    AND p.target = o.indicator_id AND p.place = o.geo AND p.moment = o.period
    AND p.position = o.position)"""
#: The method that counts on the day of the release.
METHOD = """LEFT JOIN (SELECT DISTINCT ON (indicator_id) id, indicator_id FROM kpi_indicatorversion
    WHERE valid_from <= %(day)s ORDER BY indicator_id, number DESC) v
    ON v.indicator_id = r.target"""
WRITE = f"""INSERT INTO kpi_observation (indicator_id, geo, period, position, value, flag,
    disputed, vintage, reason, note, note_fr, note_nl, note_en, not_proofread, author_id,
    released_at, release_id, version_id)
SELECT r.target, r.place, r.moment, r.position, r.amount, r.letters, r.disputed, r.vintage,
    %(reason)s, r.note_fr, nullif(r.note_fr, ''), nullif(r.note_nl, ''), nullif(r.note_en, ''),
    '{{}}', %(author)s, %(released_at)s, %(release)s, v.id
FROM kpi_importrow r {METHOD}
WHERE r.job_id = %(job)s AND r.verdict IN ('new', 'changed')"""
SOURCES = """INSERT INTO kpi_observation_sources (observation_id, source_id)
SELECT o.id, s.source_id FROM kpi_importjob_sources s
JOIN kpi_observation o ON o.release_id = %(release)s WHERE s.importjob_id = %(job)s"""


class Stream:
    """Staged rows as what `COPY` reads: CSV, some thousand rows at a time."""

    def __init__(self, job: ImportJob, sheet: Sheet):
        self.rows: Iterator[list] = ([job.pk, *row] for row in sheet.staged())

    def read(self, _size: int = 0) -> bytes:
        """Return the next rows, b"" at the end."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows(islice(self.rows, AT_ONCE))
        return out.getvalue().encode()


def stage(cursor, job: ImportJob, sheet: Sheet) -> int:
    """Write the rows of ``sheet`` into the staging table; return how many there are."""
    # An empty cell is an empty text: without this COPY takes it for NULL.
    sql = (
        f"COPY kpi_importrow ({', '.join(STAGED)}) FROM STDIN"
        f" WITH (FORMAT csv, FORCE_NOT_NULL ({TEXTS}))"
    )
    cursor.copy_expert(sql, Stream(job, sheet))
    return cursor.rowcount


def compare(cursor, job: ImportJob) -> tuple[tuple[int, int, int], int]:
    """Write into each row what it is against the record; return (new, changed, unchanged), moved.

    ``moved`` is how many rows are not what they were when this was asked the last time.
    """
    cursor.execute(COMPARE, {"job": job.pk})
    moved = cursor.rowcount
    cursor.execute(
        "SELECT count(*) FILTER (WHERE verdict = 'new'), count(*) FILTER (WHERE verdict ="
        " 'changed'), count(*) FILTER (WHERE verdict = 'unchanged')"
        " FROM kpi_importrow WHERE job_id = %s",
        [job.pk],
    )
    return cursor.fetchone(), moved


def count_missing(cursor, job: ImportJob) -> int:
    """Return how many figures of the same indicators and territories the job does not name."""
    if job.origin == ImportJob.Origin.HAND:
        return 0
    cursor.execute(MISSING, {"job": job.pk})
    return cursor.fetchone()[0]


def hold_indicators(cursor, job: ImportJob) -> None:
    """Lock the indicators of ``job``, so that nobody else adds figures to them meanwhile."""
    cursor.execute(f"{NAMED} ORDER BY id FOR UPDATE", {"job": job.pk})


def touched(cursor, job: ImportJob) -> list[int]:
    """Return the keys of the indicators that get figures."""
    cursor.execute(
        "SELECT DISTINCT target FROM kpi_importrow"
        " WHERE job_id = %s AND verdict IN ('new', 'changed')",
        [job.pk],
    )
    return [key for (key,) in cursor.fetchall()]


def write(cursor, job: ImportJob, release) -> int:
    """Append the new and changed figures of ``job`` as rows of ``release``; return how many."""
    values = {
        "job": job.pk,
        "reason": job.reason,
        "author": job.author_id,
        "released_at": release.released_at,
        "release": release.pk,
        "day": release.released_at.date(),
    }
    cursor.execute(WRITE, values)
    written = cursor.rowcount
    cursor.execute(SOURCES, values)
    return written
