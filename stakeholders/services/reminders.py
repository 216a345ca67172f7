"""What waits, told to each of the staff once a day; nobody is written to for nothing."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core import mail

from .. import waiting
from ..models import Assignment
from ..selectors import colleagues


def tell_staff() -> int:
    """Queue the mail of today for each of the staff for whom something waits; return how many.

    Run again on the same day, it writes to nobody twice.
    """
    return sum(_tell(colleague) for colleague in readers())


def readers():
    """Return the staff to be written to: an account of the demonstration belongs to nobody.

    Where its logins are open, the mails are caught and shown.
    """
    staff = colleagues()
    return staff if settings.DEMO_LOGINS else staff.filter(is_demo=False)


def _tell(colleague) -> bool:
    """Write to one colleague in their language, unless their queue is empty.

    Whoever has chosen none gets French and Dutch: the Office has two languages, and none for both.
    """
    found = waiting.counts_of(waiting.kinds_of(colleague), colleague)
    counts = {kind.code: count for kind, count in found if count}
    if not counts:
        return False
    mine = Assignment.objects.visible_to(colleague).in_work().filter(evaluator=colleague)
    today = timezone.localdate()
    numbers = {
        "total": sum(counts.values()),
        "mine": mine.count(),
        "late": mine.filter(due_on__lt=today).count(),
        "link": settings.SITE_URL + reverse("admin:stakeholders_idea_queue"),
    }
    mail.enqueue(
        key=f"staff-queue:{today}:{colleague.pk}",
        template="staff_queue",
        to=colleague.email,
        language=colleague.language or mail.BOTH,
        context=lambda: {**numbers, "counts": _named(counts, colleague)},
    )
    return True


def _named(counts: dict[str, int], colleague) -> list[tuple[str, int]]:
    """Return (title, count) of each kind that waits, in the language that is active."""
    titles = {kind.code: kind.title for kind in waiting.kinds_of(colleague)}
    return [(titles[code], count) for code, count in counts.items()]
