"""Pages of long lists, at the same cost however long they are."""

import hashlib
import uuid
from contextlib import suppress

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import F, Max
from django.utils.functional import cached_property
from redis.exceptions import RedisError

#: Beyond so many rows a list is searched and filtered, or taken as a file, not paged through.
MOST_COUNTED = 10_000
#: A search gives so many of its answers: who gets more words asks for more.
MOST_KEPT = 2_000
#: Among so many of the latest rows they are looked for first.
LOOKED_AT = 2 * MOST_KEPT
#: Seconds for which the answer of a search is kept.
KEPT = 60


#: Names the pages that may be served; another name makes those before it unknown.
SINCE = "pages:since"


def pages_since() -> str:
    """Return what the names of kept public pages begin with; raises `RedisError`."""
    return cache.get(SINCE, "")


def forget_pages() -> None:
    """Serve no public page any more that was made before now; without the cache there is none."""
    with suppress(RedisError):
        cache.set(SINCE, uuid.uuid4().hex, None)


class CappedPaginator(Paginator):
    """Counts up to `MOST_COUNTED` rows, or `MOST_KEPT` keys, and offers no page beyond."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, as far as they are counted."""
        return capped_count(self.object_list)

    @property
    def is_capped(self) -> bool:
        """Tell whether there may be more rows than the pages show."""
        return self.count >= (MOST_KEPT if isinstance(self.object_list, list) else MOST_COUNTED)


def capped_count(rows) -> int:
    """Return how many rows a queryset or list has, at most `MOST_COUNTED`: no more are read."""
    if isinstance(rows, list):
        return len(rows)
    return rows.order_by()[:MOST_COUNTED].count()


def kept_keys(keys, *, newest: str = "") -> list[int]:
    """Return the first `MOST_KEPT` of ``keys``, a queryset of primary keys, in its order.

    They are kept for whoever asks the same within a minute, or pages on, until anything moves from
    one state to another. Rows are still loaded, and refused, each time: what is hidden is gone.
    ``newest`` is the column of which the latest come first, where the rows are in such an order.
    """
    from .models import StatusChange

    moved = StatusChange.objects.aggregate(newest=Max("pk"))["newest"]
    asked = repr((keys.query.sql_with_params(), moved))
    name = f"pages:{hashlib.sha256(asked.encode()).hexdigest()}"
    return cache.get_or_set(name, lambda: _first_keys(keys, newest), KEPT)


def _first_keys(keys, newest: str) -> list[int]:
    """Return the first keys; of a word that everybody writes by looking at the latest rows only."""
    if newest:
        latest = keys.model._base_manager.order_by(F(newest).desc(nulls_last=True), "-pk")
        since = latest.values_list(newest, flat=True)[LOOKED_AT : LOOKED_AT + 1].first()
        found = list(keys.filter(**{f"{newest}__gte": since})[:MOST_KEPT]) if since else []
        if len(found) == MOST_KEPT:
            return found
    return list(keys[:MOST_KEPT])
