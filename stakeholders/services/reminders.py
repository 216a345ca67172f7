"""What waits, told to each of the staff once a day; nobody is written to for nothing."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from core import mail

from .. import waiting
from ..models import Assignment
from ..selectors import colleagues


def tell_staff() -> int:
    """Queue the mail of today for each of the staff for whom something waits; return how many.

    Run again on the same day, it writes to nobody twice.
    """
    return sum(_tell(colleague) for colleague in colleagues())


def _tell(colleague) -> bool:
    """Write to one colleague in their language, unless their queue is empty."""
    language = colleague.language or settings.LANGUAGE_CODE
    with translation.override(language):
        kinds = waiting.kinds_of(colleague)
        found = waiting.counts_of(kinds, colleague)
    counts = [(kind.title, count) for kind, count in found if count]
    mine = Assignment.objects.visible_to(colleague).in_work().filter(evaluator=colleague)
    if not counts:
        return False
    today = timezone.localdate()
    mail.enqueue(
        key=f"staff-queue:{today}:{colleague.pk}",
        template="staff_queue",
        to=colleague.email,
        language=language,
        context={
            "counts": counts,
            "total": sum(count for _title, count in counts),
            "mine": mine.count(),
            "late": mine.filter(due_on__lt=today).count(),
            "link": settings.SITE_URL + reverse("admin:stakeholders_idea_queue"),
        },
    )
    return True
