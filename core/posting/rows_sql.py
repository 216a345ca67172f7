"""The few statements by which rows move between senders. Each is one round trip."""

from uuid import UUID

from django.db import connection

from .mailing import Claimed, Mailing
from .rows import CopyState

LEASE = "interval '2 minutes'"
CLAIM = """
UPDATE {table} SET state = 1, lease_owner = %s, lease_until = clock_timestamp() + {lease}
WHERE id IN (
  SELECT id FROM {table}
  WHERE {group} = %s AND state = 0 AND (next_try_at IS NULL OR next_try_at <= clock_timestamp())
  ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) AND state = 0
RETURNING id, email, name, language, {person}, attempts
"""
#: Acknowledge the ten before and mark the next ten, unless somebody has stopped it meanwhile.
MARK = """
WITH taken AS (
  UPDATE {table} SET state = 3, handed_at = clock_timestamp(), smtp_code = 250,
    lease_owner = NULL, lease_until = NULL
  WHERE id = ANY(%s) AND lease_owner = %s AND state = 2
)
UPDATE {table} AS copy SET state = 2, lease_until = clock_timestamp() + {lease}
WHERE copy.id = ANY(%s) AND copy.state = 1 AND copy.lease_owner = %s
  AND copy.lease_until > clock_timestamp() AND ({open}) AND ({wanted}) AND NOT EXISTS (
    SELECT 1 FROM core_suppression AS stop WHERE stop.email_hmac = copy.email_hmac
    AND (stop.until IS NULL OR stop.until > clock_timestamp())
  )
RETURNING copy.id
"""
#: Of what was not marked: what is no longer wanted says so; the rest goes back to the queue.
UNWANTED = """
UPDATE {table} AS copy SET state = 7, lease_owner = NULL, lease_until = NULL,
  reason = CASE
    WHEN copy.{person} IS NULL THEN 'removed'
    WHEN NOT ({wanted}) THEN 'unsubscribed' ELSE 'suppressed' END
WHERE copy.id = ANY(%s) AND copy.state = 1 AND copy.lease_owner = %s AND ({open})
  AND copy.lease_until > clock_timestamp()
"""
RELEASE = """
UPDATE {table} SET state = 0, lease_owner = NULL, lease_until = NULL
WHERE lease_owner = %s AND (state = 1 OR state = 2 AND id = ANY(%s))
"""
SETTLE = """
UPDATE {table} SET state = %s, smtp_code = %s, smtp_text = %s, attempts = attempts + %s,
  next_try_at = clock_timestamp() + %s * interval '1 second',
  lease_owner = NULL, lease_until = NULL
WHERE id = %s AND lease_owner = %s AND state = 2
"""


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

    def _run(self, statement: str, params: list) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(statement), params)
            return cursor.fetchall() if cursor.description else []

    def ask(self, statement: str, params: tuple) -> bool:
        """Return the truth of a statement that gives one."""
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return bool(cursor.fetchone()[0])

    def claim(self, many: int) -> list[Claimed]:
        """Take up to ``many`` rows that wait, the oldest first."""
        rows = self._run(CLAIM, [self.owner, self.mailing.pk, many])
        return [Claimed(*row) for row in sorted(rows)]

    def mark(self, taken: list[int], following: list[int]) -> set[int]:
        """Acknowledge ``taken`` and return those of ``following`` that may be handed over now."""
        is_open, is_wanted = self.mailing.is_open, self.mailing.is_wanted
        params = [taken, self.owner, following, self.owner, *is_open.params, *is_wanted.params]
        return {pk for (pk,) in self._run(MARK, params)}

    def leave_out(self, pks: list[int]) -> None:
        """Say of rows that were not marked why nothing is sent; a stopped mailing keeps them."""
        wanted, is_open = self.mailing.is_wanted.params, self.mailing.is_open.params
        self._run(UNWANTED, [*wanted, pks, self.owner, *is_open])

    def release(self, marked: list[int]) -> None:
        """Give back what was taken, and what was ``marked`` as being sent, without being begun."""
        self._run(RELEASE, [self.owner, marked])

    def settle(
        self, pk: int, state: CopyState, *, code=None, words="", tries: int = 1, wait: float = 0
    ) -> None:
        """Write how handing over ``pk`` ended; ``wait`` seconds before the next try."""
        words = words.replace("\x00", "")[:500]
        self._run(SETTLE, [int(state), code, words, tries, wait, pk, self.owner])
