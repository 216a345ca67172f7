"""The few statements by which rows move between senders. Each is one round trip."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from .mailing import Claimed, Condition, Mailing
from .rows import CopyState

LEASE = "interval '2 minutes'"
#: In one round trip: acknowledge the ten before, and take the next ten that may be sent, marked as
#: being sent, unless somebody has stopped it meanwhile. Who is not to be written to any more is
#: left out, with the reason. Rows that another sender looks at are passed over. A range of one
#: and an order by it leave the planner the index of what waits, not the key of all copies ever.
TAKE = """
WITH taken AS (
  UPDATE {table} SET state = 3, handed_at = clock_timestamp(), smtp_code = 250,
    lease_owner = NULL, lease_until = NULL
  WHERE id = ANY(%(taken)s) AND lease_owner = %(owner)s AND state = 2
),
due AS (
  SELECT * FROM {table}
  WHERE {group} BETWEEN %(pk)s AND %(pk)s AND state = 0 AND id > %(after)s
    AND (next_try_at IS NULL OR next_try_at <= clock_timestamp()) AND ({open})
  ORDER BY {group}, id LIMIT %(many)s FOR UPDATE SKIP LOCKED
),
judged AS (
  SELECT copy.id, CASE
    WHEN copy.{person} IS NULL THEN 'removed'
    WHEN NOT ({wanted}) THEN 'unsubscribed'
    WHEN EXISTS (
      SELECT 1 FROM core_suppression AS stop WHERE stop.email_hmac = copy.email_hmac
      AND (stop.until IS NULL OR stop.until > clock_timestamp())
    ) THEN 'suppressed' ELSE '' END AS why
  FROM due AS copy
)
UPDATE {table} AS copy SET
  state = CASE WHEN judged.why = '' THEN 2 ELSE 7 END,
  reason = judged.why,
  lease_owner = CASE WHEN judged.why = '' THEN %(owner)s::uuid END,
  lease_until = CASE WHEN judged.why = '' THEN clock_timestamp() + {lease} END
FROM judged WHERE copy.id = judged.id
RETURNING copy.id, copy.email, copy.name, copy.language, copy.{person}, copy.attempts, judged.why
"""
DUE = """
SELECT count(*) FROM (
  SELECT 1 FROM {table} WHERE {group} = %(pk)s AND state = 0
  AND (next_try_at IS NULL OR next_try_at <= clock_timestamp()) LIMIT %(many)s
) AS due
"""
RELEASE = """
UPDATE {table} SET state = 0, lease_owner = NULL, lease_until = NULL
WHERE lease_owner = %(owner)s AND state = 2 AND id = ANY(%(pks)s)
"""
#: No attempt is counted and no answer of a mail server is overwritten: nothing was tried.
POSTPONE = """
UPDATE {table} AS copy SET state = 0, lease_owner = NULL, lease_until = NULL,
  next_try_at = clock_timestamp() + turn.wait * interval '1 second'
FROM unnest(%(pks)s::bigint[], %(waits)s::float8[]) AS turn(pk, wait)
WHERE copy.id = turn.pk AND copy.lease_owner = %(owner)s AND copy.state = 2
"""
SETTLE = """
UPDATE {table} SET state = %(state)s, smtp_code = %(code)s, smtp_text = %(words)s,
  attempts = attempts + %(tries)s,
  next_try_at = clock_timestamp() + %(wait)s * interval '1 second',
  lease_owner = NULL, lease_until = NULL
WHERE id = %(pk)s AND lease_owner = %(owner)s AND state = 2
"""


@dataclass(frozen=True)
class Taken:
    """A row that was taken up, and ``why`` it is left out ("" where it is to be sent)."""

    row: Claimed
    why: str


class Rows:
    """The rows of one mailing as the drain ``owner`` moves them."""

    def __init__(self, mailing: Mailing, owner: UUID):
        self.mailing, self.owner = mailing, owner

    def _sql(self, statement: str) -> str:
        mailing = self.mailing
        return statement.format(
            table=mailing.table,
            group=connection.ops.quote_name(mailing.group),
            person=connection.ops.quote_name(mailing.person),
            lease=LEASE,
            open=mailing.is_open.sql,
            wanted=mailing.is_wanted.sql,
        )

    def _run(self, statement: str, **values) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(statement), {"owner": self.owner, **values})
            return cursor.fetchall() if cursor.description else []

    def ask(self, condition: Condition) -> bool:
        """Return the truth of a condition that is about no single copy."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {condition.sql}", condition.params)
            return bool(cursor.fetchone()[0])

    def take(self, taken: list[int], many: int, *, after: int = 0) -> list[Taken]:
        """Acknowledge the rows ``taken``, and return up to ``many`` that wait, lowest first.

        Those whose ``why`` is "" are marked as being sent and are this drain's to send; the others
        were left out. Looks at keys above ``after`` only.
        """
        mailing = self.mailing
        values = {"taken": taken, "many": many, "after": after, "pk": mailing.pk}
        values |= {**mailing.is_open.params, **mailing.is_wanted.params}
        rows = self._run(TAKE, **values)
        return [Taken(Claimed(*row[:-1]), row[-1]) for row in sorted(rows)]

    def due(self, most: int) -> int:
        """Return how many rows could be taken up now, at most ``most``."""
        return self._run(DUE, pk=self.mailing.pk, many=most)[0][0]

    def acknowledge(self, taken: list[int]) -> None:
        """Write that the mail server took these rows; nothing else is taken up."""
        self.take(taken, 0)

    def release(self, pks: list[int]) -> None:
        """Give back what was marked as being sent and was not begun."""
        self._run(RELEASE, pks=pks)

    def postpone(self, waits: dict[int, float]) -> None:
        """Give back what was marked and not begun, each to wait so many seconds: {key: seconds}."""
        self._run(POSTPONE, pks=list(waits), waits=list(waits.values()))

    def settle(
        self, pk: int, state: CopyState, *, code=None, words="", tries: int = 1, wait: float = 0
    ) -> None:
        """Write how handing over ``pk`` ended; ``wait`` seconds before the next try."""
        told = {"code": code, "words": words.replace("\x00", "")[:500]}
        self._run(SETTLE, pk=pk, state=int(state), tries=tries, wait=wait, **told)
