"""Work queues of the back office: what waits, since when, for whom.

Each app registers its queues in `<app>/panels.py`:

    slots.register("office.queues", ideas_to_moderate)   # (user) → Queue or None
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from . import slots


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: words and link, since when (where known), until when, for whom."""

    text: str
    url: str
    since: datetime | None = None
    due: datetime | None = None
    whom: str = ""

    @property
    def is_overdue(self) -> bool:
        """Tell whether the due time has passed."""
        return self.due is not None and self.due < timezone.now()


@dataclass(frozen=True)
class Queue:
    """A heading of the landing page: the first rows (at most ten), how many in all, the list."""

    title: str
    volet: int
    rows: list[Waiting] = field(default_factory=list)
    total: int = 0
    url: str = ""


def queues_of(user) -> list[Queue]:
    """Return the queues in which something waits for ``user``, by work package."""
    found = [queue for queue in slots.collect("office.queues", user) if queue.rows]
    return sorted((_addressed(queue, user) for queue in found), key=lambda queue: queue.volet)


def _addressed(queue, user) -> Queue:
    """Say "you" to ``user`` instead of their own name."""
    rows = [replace(row, whom=_("you")) if row.whom == str(user) else row for row in queue.rows]
    return replace(queue, rows=rows)


def end_of(day) -> datetime:
    """Return the last moment of ``day`` in Brussels: what is due on a day may come until then."""
    return timezone.make_aware(datetime.combine(day, time.max))
