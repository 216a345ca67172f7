"""How many mails a minute: a bucket of tokens in the database, shared by all senders."""

from django.db import connection

SECONDS = 60
#: The bucket never holds more than this share of what a minute allows.
SHARE = 6
LARGEST = 100
TAKE = """
WITH now AS (SELECT clock_timestamp() AS at)
UPDATE core_senderbudget SET
  tokens = LEAST(%(capacity)s, tokens + EXTRACT(EPOCH FROM now.at - refilled_at) * %(refill)s)
           - %(wanted)s,
  refilled_at = now.at
FROM now
WHERE sender = %(sender)s AND %(wanted)s <=
  LEAST(%(capacity)s, tokens + EXTRACT(EPOCH FROM now.at - refilled_at) * %(refill)s)
RETURNING tokens
"""
#: As many as there are, up to what is wanted. The row is locked first, so that two senders see its
#: tokens one after the other; a clock that was read before the wait counts no time as negative.
TAKE_SOME = """
WITH bucket AS (
  SELECT clock_timestamp() AS at, tokens, refilled_at FROM core_senderbudget
  WHERE sender = %(sender)s FOR UPDATE
),
found AS (
  SELECT at, GREATEST(0, LEAST(%(capacity)s,
    tokens + EXTRACT(EPOCH FROM at - refilled_at) * %(refill)s)) AS tokens
  FROM bucket
),
granted AS (SELECT at, tokens, LEAST(%(wanted)s, floor(tokens))::int AS many FROM found)
UPDATE core_senderbudget AS kept SET
  tokens = granted.tokens - granted.many, refilled_at = granted.at
FROM granted WHERE kept.sender = %(sender)s
RETURNING granted.many
"""
MAKE = """
INSERT INTO core_senderbudget (sender, tokens, refilled_at) VALUES (%s, 0, clock_timestamp())
ON CONFLICT (sender) DO NOTHING
"""


def capacity(per_minute: int) -> int:
    """Return how many may go at once: with the refill of a minute never more than allowed."""
    return max(1, min(per_minute // SHARE, LARGEST))


def refill(per_minute: int) -> float:
    """Return the tokens that come in a second: (R − b) / 60, so that no minute sees more than R.

    One mail a minute has a bucket of one, which is refilled in a minute.
    """
    return max(per_minute - capacity(per_minute), 1) / SECONDS


def take(sender: str, wanted: int, per_minute: int) -> bool:
    """Take ``wanted`` tokens (at most `capacity`) of ``sender``; return whether they were there."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, _values(sender, wanted, per_minute))
        return cursor.fetchone() is not None


def take_some(sender: str, wanted: int, per_minute: int) -> int:
    """Take up to ``wanted`` tokens of ``sender``, whose bucket there is; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SOME, _values(sender, wanted, per_minute))
        return cursor.fetchone()[0]


def _values(sender: str, wanted: int, per_minute: int) -> dict:
    return {
        "sender": sender,
        "wanted": wanted,
        "capacity": capacity(per_minute),
        "refill": refill(per_minute),
    }


def open_budget(sender: str) -> None:
    """Make the bucket of ``sender``, empty, where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE, [sender])
