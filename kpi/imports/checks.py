"""The one validator of figures that come in: rules over the staged rows of a job, set by set.

`validate` is called when figures were sent (the dry run) and again when they are released: the
same rows, the same rules. Each rule is one statement, whatever the number of rows.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from rapidfuzz import process

from ..models import ImportFault, ImportJob, Indicator, IndicatorStatus, Place
from ..periods import PERIOD_PATTERN
from ..permissions import may_record
from .diff import compare, count_missing
from .files import REQUIRED

#: From so many rows on the planner has to be told of them.
MANY = 5_000
#: For so many different unknown words the nearest known one is looked for.
MOST_GUESSES = 200
LIKE_ENOUGH = 60
SOME_NUMBER = r"^[+-]?[0-9]+([.,][0-9]+)?$"
#: The month in which a period begins, as text; no cast, for the database may ask it of any text.
BEGINS = """left(r.moment, 4) || '-' || CASE right(r.moment, 2)
    WHEN 'S1' THEN '01' WHEN 'S2' THEN '07' WHEN 'Q1' THEN '01' WHEN 'Q2' THEN '04'
    WHEN 'Q3' THEN '07' WHEN 'Q4' THEN '10'
    ELSE CASE length(r.moment) WHEN 4 THEN '01' ELSE right(r.moment, 2) END END"""
IS_PERIOD = "r.moment ~ %(period)s AND r.moment NOT LIKE '0000%%'"
#: The sign with which the first number of the file that has one is written.
FIRST_SIGN = """(SELECT substring(f.value from '[.,]') FROM kpi_importrow f
    WHERE f.job_id = %(job)s AND f.amount IS NOT NULL AND f.value ~ '[.,]'
    ORDER BY f.number LIMIT 1)"""


@dataclass(frozen=True)
class Rule:
    """A fault: where in a row it is told and, in SQL over the row ``r``, when it is there."""

    code: str
    column: str
    where: str
    near: str = "''"
    source: str = ""
    level: str = "error"
    #: Columns without which the rule says nothing.
    needs: tuple[str, ...] = ()


def _empty(column: str) -> Rule:
    return Rule("empty", column, f"r.{column} = ''", needs=(column,))


RULES = (
    Rule("surplus", "", "r.surplus <> ''"),
    _empty("indicator"),
    _empty("geo"),
    _empty("period"),
    Rule("period", "period", f"r.moment <> '' AND NOT ({IS_PERIOD})"),
    Rule(
        "future",
        "period",
        f"left(r.moment, 4) >= left(%(month)s, 4) AND {IS_PERIOD} AND r.letters !~ 'f'"
        f' AND ({BEGINS}) COLLATE "C" > %(month)s',
    ),
    Rule("flag", "flag", "r.letters !~ '^[bdefimnpu]{0,4}$'"),
    Rule(
        "mixed",
        "value",
        "r.amount IS NOT NULL AND r.value ~ '[.,]' AND substring(r.value from '[.,]') <> s.sign",
        near="s.sign",
        source=f"CROSS JOIN {FIRST_SIGN} AS s(sign)",
    ),
    Rule(
        "mixed",
        "value",
        "r.amount IS NULL AND r.value ~ '^[+-]?[0-9]+([.,][0-9]+)+$' AND r.value ~ ','"
        " AND r.value ~ '[.]'",
        near=f"coalesce({FIRST_SIGN}, ',')",
    ),
    Rule("range", "value", "r.amount IS NULL AND r.value ~ %(number)s"),
    Rule(
        "number",
        "value",
        "r.amount IS NULL AND r.value <> '' AND r.value !~ %(number)s AND NOT"
        " (r.value ~ '^[+-]?[0-9]+([.,][0-9]+)+$' AND r.value ~ ',' AND r.value ~ '[.]')",
    ),
    Rule("no_value", "value", "r.value = '' AND r.flag = ''", needs=("value", "flag")),
    Rule("note", "note_fr", "r.note_fr = '' AND r.note_nl <> ''", needs=("note_fr", "note_nl")),
    Rule("note", "note_nl", "r.note_nl = '' AND r.note_fr <> ''", needs=("note_fr", "note_nl")),
    Rule(
        "unit",
        "unit",
        "r.unit <> '' AND lower(r.unit) <> lower(i.unit_code)",
        near="i.unit_code",
        source="JOIN kpi_indicator i ON i.code = r.indicator",
    ),
    Rule(
        "duplicate",
        "period",
        "r.number <> d.first",
        near="d.first::text",
        source="""JOIN (SELECT indicator, place, moment, position, min(number) AS first
            FROM kpi_importrow WHERE job_id = %(job)s
            AND indicator <> '' AND place <> '' AND moment <> ''
            GROUP BY indicator, place, moment, position HAVING count(*) > 1) d
            USING (indicator, place, moment, position)""",
    ),
)
INSERT = """INSERT INTO kpi_importfault (job_id, number, "column", code, value, near, level)
SELECT r.job_id, r.number, %(column)s, %(code)s, {cell}, {near}, %(level)s
FROM kpi_importrow r {source} WHERE r.job_id = %(job)s AND {where}"""
#: Of each row with something new: the figure before it, and how much the series usually moves.
OUTLIERS = """
WITH series AS (SELECT DISTINCT target, place FROM kpi_importrow
    WHERE job_id = %(job)s AND verdict IN ('new', 'changed') AND amount IS NOT NULL),
known AS (SELECT DISTINCT ON (o.indicator_id, o.geo, o.period) o.indicator_id AS target,
        o.geo AS place, o.period AS moment, o.value, o.flag
    FROM kpi_observation o JOIN series s ON s.target = o.indicator_id AND s.place = o.geo
    WHERE o.position = 0
    ORDER BY o.indicator_id, o.geo, o.period, o.vintage DESC),
points AS (SELECT target, place, {known_at} AS at, value FROM known
    WHERE value IS NOT NULL AND flag !~ 'f'),
moves AS (SELECT *, abs(value - lag(value) OVER (PARTITION BY target, place ORDER BY at)) AS move
    FROM points),
usual AS (SELECT target, place, percentile_cont(0.5) WITHIN GROUP (ORDER BY move) AS move
    FROM moves GROUP BY target, place HAVING count(*) >= 4),
line AS (SELECT target, place, at, value, NULL::int AS number, NULL::numeric AS amount FROM points
    UNION ALL
    SELECT r.target, r.place, {row_at}, NULL, r.number, r.amount
    FROM kpi_importrow r JOIN usual USING (target, place)
    WHERE r.job_id = %(job)s AND r.verdict IN ('new', 'changed') AND r.amount IS NOT NULL),
grouped AS (SELECT *, count(value) OVER (PARTITION BY target, place ORDER BY at, number NULLS LAST)
    AS before FROM line),
placed AS (SELECT target, place, number, amount, first_value(value) OVER
    (PARTITION BY target, place, before ORDER BY at, number NULLS FIRST) AS last FROM grouped)
INSERT INTO kpi_importfault (job_id, number, "column", code, value, near, level)
SELECT r.job_id, r.number, 'value', 'outlier', r.value, trim_scale(p.last)::text, 'warning'
FROM placed p JOIN usual u USING (target, place)
JOIN kpi_importrow r ON r.job_id = %(job)s AND r.number = p.number
WHERE p.number IS NOT NULL AND p.last IS NOT NULL AND u.move > 0
AND abs(p.amount - p.last) > 5 * u.move
"""
MONTHS_OF = """(left({0}, 4)::int * 12 + CASE
    WHEN {0} LIKE '%%S_' THEN right({0}, 1)::int * 6
    WHEN {0} LIKE '%%Q_' THEN right({0}, 1)::int * 3
    WHEN length({0}) = 4 THEN 12 ELSE right({0}, 2)::int END)"""


def validate(job: ImportJob) -> bool:
    """Check every row of ``job`` anew and write down faults, preview and counts.

    Returns whether the preview or the faults differ from what was written down before. Nothing but
    the job, its rows and its faults is written. The verdict on the job is left to the caller:
    ``job.errors`` says how many faults keep it out.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if job.rows_count > MANY:
            cursor.execute("SET LOCAL work_mem = '256MB'")
        before = _fingerprint(cursor, job)
        ImportFault.objects.filter(job=job).delete()
        _check_columns(job)
        for rule in RULES:
            if set(rule.needs) <= set(job.columns):
                _apply(cursor, job, rule)
        _check_indicators(cursor, job)
        _check_places(cursor, job)
        moved = _preview(cursor, job)
        _count_faults(job)
        job.save(update_fields=["new", "changed", "unchanged", "missing", "errors", "warnings"])
        return bool(moved) or before != _fingerprint(cursor, job)


def _fingerprint(cursor, job) -> tuple:
    """Return what tells two sets of faults apart."""
    cursor.execute(
        "SELECT count(*), sum(hashtextextended(concat_ws('|', number, \"column\", code, value,"
        " near), 0)::numeric) FROM kpi_importfault WHERE job_id = %s",
        [job.pk],
    )
    return cursor.fetchone()


def _apply(cursor, job, rule: Rule) -> None:
    cell = f"r.{rule.column}" if rule.column else "r.surplus"
    sql = INSERT.format(cell=cell, near=rule.near, source=rule.source, where=rule.where)
    values = {
        "job": job.pk,
        "column": rule.column,
        "code": rule.code,
        "level": rule.level,
        "period": PERIOD_PATTERN,
        "number": SOME_NUMBER,
        "month": f"{timezone.localdate():%Y-%m}",
    }
    cursor.execute(sql, values)


def _check_columns(job) -> None:
    faults = [
        ImportFault(job=job, column=name, code="column", near=name)
        for name in REQUIRED
        if name not in job.columns
    ]
    if not job.rows_count:
        faults.append(ImportFault(job=job, code="no_rows"))
    ImportFault.objects.bulk_create(faults)


def _distinct(cursor, job, column: str) -> list[str]:
    cursor.execute(
        f"SELECT DISTINCT {column} FROM kpi_importrow WHERE job_id = %s AND {column} <> ''",
        [job.pk],
    )
    return [text for (text,) in cursor.fetchall()]


def _check_indicators(cursor, job) -> None:
    """Tell what is unknown, retired, or not for the author of the job to record.

    What the author may not see is unknown.
    """
    words = _distinct(cursor, job, "indicator")
    known = {each.code: each for each in Indicator.objects.filter(code__in=words)}
    seen = set(Indicator.objects.visible_to(job.author).values_list("code", flat=True))
    codes = {"indicator": [], "forbidden": [], "retired": []}
    for word in words:
        row = known.get(word)
        may = row is not None and may_record(job.author, row)
        if not may:
            codes["forbidden" if row and word in seen else "indicator"].append(word)
        elif row.status == IndicatorStatus.RETIRED:
            codes["retired"].append(word)
    own = Indicator.objects.filter(owner=job.author).values_list("code", flat=True)
    choices = {code: code for code in seen.union(own)} if codes["indicator"] else {}
    guesses = nearest(codes.pop("indicator"), choices)
    _tell(cursor, job, "indicator", "indicator", guesses)
    for code, found in codes.items():
        _tell(cursor, job, "indicator", code, dict.fromkeys(found, ""))


def _check_places(cursor, job) -> None:
    words = _distinct(cursor, job, "place")
    known = set(Place.objects.filter(code__in=words).values_list("code", flat=True))
    unknown = [word for word in words if word not in known]
    if not unknown:
        return
    choices = {}
    for place in Place.objects.all():
        for text in (place.code, place.name_fr, place.name_nl, place.name_en):
            choices[(text or place.code).upper()] = place.code
    _tell(cursor, job, "geo", "geo", nearest(unknown, choices), cell="place")


def nearest(words: list[str], choices: dict[str, str]) -> dict[str, str]:
    """Return {word: the code of what it resembles most}, "" where nothing does."""
    found = dict.fromkeys(words, "")
    for word in words[:MOST_GUESSES]:
        guess = process.extractOne(word, choices.keys(), score_cutoff=LIKE_ENOUGH)
        found[word] = choices[guess[0]] if guess else ""
    return found


def _tell(cursor, job, column: str, code: str, found: dict[str, str], cell: str = "") -> None:
    """Write a fault for each row whose ``cell`` is one of ``found``, {text: near}."""
    if not found:
        return
    source = (
        "JOIN unnest(%(texts)s::text[], %(nears)s::text[]) AS u(text, near)"
        f" ON u.text = r.{cell or column}"
    )
    sql = INSERT.format(cell=f"r.{column}", near="u.near", source=source, where="TRUE")
    values = {"job": job.pk, "column": column, "code": code, "level": "error"}
    cursor.execute(sql, values | {"texts": list(found), "nears": list(found.values())})


def _preview(cursor, job) -> int:
    """Compare with what is on record, unless errors keep it all out; return how many rows moved."""
    job.new = job.changed = job.unchanged = job.missing = 0
    if ImportFault.objects.filter(job=job, level="error").exists():
        return 0
    counts, moved = compare(cursor, job)
    job.new, job.changed, job.unchanged = counts
    job.missing = count_missing(cursor, job)
    if job.new or job.changed:
        times = {"known_at": MONTHS_OF.format("moment"), "row_at": MONTHS_OF.format("r.moment")}
        cursor.execute(OUTLIERS.format(**times), {"job": job.pk})
    return moved


def _count_faults(job) -> None:
    faults = ImportFault.objects.filter(job=job)
    job.errors = faults.filter(level="error").count()
    job.warnings = faults.filter(level="warning").count()
