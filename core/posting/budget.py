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
    values = {
        "sender": sender,
        "wanted": wanted,
        "capacity": capacity(per_minute),
        "refill": refill(per_minute),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return cursor.fetchone() is not None


def open_budget(sender: str) -> None:
    """Make the bucket of ``sender``, empty, where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE, [sender])
