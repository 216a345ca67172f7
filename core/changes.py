"""Which rows were written since one looked the last time, by the transaction that wrote them.

A cursor over keys or times misses what was given its key earlier and is committed later, and every
row that is changed afterwards. PostgreSQL keeps with each row the number of the transaction that
wrote it, and knows the oldest one that still runs; together they miss nothing:

    mark = changes.mark()                    # before looking
    changes.since(rows, mark_of_last_time)   # what was written since, and maybe a little more

Whoever asks must not mind seeing a row twice. No index knows it: ask tables that are small, or rows
that an index has narrowed down.
"""

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

#: PostgreSQL keeps 32 bits of the number with a row; they tell apart what is no older than this.
REACH = 2**31
#: The oldest transaction that still runs, anywhere on the server.
OLDEST = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def mark() -> int:
    """Return the mark of now: what is not visible yet, or is written later, comes after it."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        return cursor.fetchone()[0]


def reaches(last: int, now: int) -> bool:
    """Tell whether `since` can answer for the mark ``last``, where ``now`` is the mark of now.

    It cannot for one of another server (a restored copy counts from the beginning) or one of two
    thousand million transactions ago: then everything has to be looked at.
    """
    return 0 <= now - last < REACH


def since(rows, last: int):
    """Return those of the query set ``rows`` that were written after the mark ``last``."""
    table = connection.ops.quote_name(rows.model._meta.db_table)
    written = RawSQL(
        f"age({table}.xmin) <= age(%s::text::xid)", [last % 2**32], output_field=BooleanField()
    )
    return rows.filter(written)
