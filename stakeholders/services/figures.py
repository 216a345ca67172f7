"""Counting how the Office answers, so that no visitor waits for it."""

from django.utils import timezone

from .. import punctuality
from ..models import AnsweringFigure


def keep_figures(now=None) -> int:
    """Count the figures about all ideas and keep them as those of today; return how many.

    Counted again on the same day, they take the place of the ones before.
    """
    now = now or timezone.now()
    day = timezone.localdate(now)
    rows = [
        AnsweringFigure(day=day, code=each.code, value=each.value, base=each.base, counted_at=now)
        for each in punctuality.figures(now)
    ]
    AnsweringFigure.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day", "code"],
        update_fields=["value", "base", "counted_at"],
    )
    return len(rows)
