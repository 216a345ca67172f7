"""Pages of long lists, at the same cost however long they are."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

#: Beyond so many rows a list is searched and filtered, or taken as a file, not paged through.
MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts up to `MOST_COUNTED` rows and offers no page beyond."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most `MOST_COUNTED`."""
        return capped_count(self.object_list)

    @property
    def is_capped(self) -> bool:
        """Tell whether there may be more rows than the pages show."""
        return self.count >= MOST_COUNTED


def capped_count(rows) -> int:
    """Return how many ``rows`` a queryset has, at most `MOST_COUNTED`: no more of them are read."""
    return rows.order_by()[:MOST_COUNTED].count()
