"""Work queues of the back office: what waits, since when, for whom.

Each app registers its queues in `<app>/panels.py`:

    slots.register("office.queues", ideas_to_moderate)   # (user) → Queue or None
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: words and link, since when (None: no matter), until when, for whom."""

    text: str
    url: str
    since: datetime | None
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
