"""Reports of ideas: taken once from each person, settled by the staff."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import PermissionRefused, TransitionRefused

from ..models import Idea, IdeaReport
from ..permissions import moderates
from ..reporters import hash_of_address
from ..workflow import IDEA

#: A settled report keeps its words and the hash of who made it for so long.
KEPT_FOR = timedelta(days=365)


def report_idea(
    idea, *, reason: str, details: str, locale: str, device: str, reporter: str = ""
) -> bool:
    """Note a report; return False where this person has reported the idea before.

    ``device`` and ``reporter`` are the hashes of `reporters`; either of them reports an idea once.
    Several people at one device count as one: nobody can tell them from one person who types
    several addresses.
    """
    known = Q(device_hash=device)
    known |= Q(reporter_hash=reporter) if reporter else Q()
    before = IdeaReport.objects.filter(known, idea=idea)
    if before.exists():
        return False
    try:
        with transaction.atomic():
            IdeaReport.objects.create(
                idea=idea,
                reason=reason,
                details=details,
                locale=locale,
                device_hash=device,
                reporter_hash=reporter,
            )
    except IntegrityError:  # the same person at this very moment, by a double click
        if not before.exists():
            raise
        return False
    return True


@transaction.atomic
def settle_reports(idea, *, by, how: str, note: str, seen: int) -> int:
    """Settle the open reports of ``idea``: hide it, or leave it; return how many there were.

    ``seen`` is the newest report that was read: what came meanwhile waits on where the idea
    stays. Nobody settles what they reported themselves, nor an idea of their own.
    """
    locked = Idea._base_manager.select_for_update().get(pk=idea.pk)
    reports = IdeaReport.objects.filter(idea=locked).open()
    _refuse_own(by, locked, reports)
    if not reports.exists():
        raise TransitionRefused(_("Nothing waits any more: somebody has settled these reports."))
    if not note.strip():
        raise TransitionRefused(_("Give the reason."))
    if how == IdeaReport.How.HIDDEN:
        count = reports.count()
        IDEA.run(idea, "hide", by=by, note=note)  # settles them as well
        return count
    return close_reports(reports.filter(pk__lte=seen), by=by, how=IdeaReport.How.LEFT, note=note)


def _refuse_own(by, idea, reports):
    if not moderates(by, idea):
        raise PermissionRefused(_("You may not do this."))
    if reports.filter(reporter_hash=hash_of_address(by.email)).exists():
        raise TransitionRefused(_("You reported this idea yourself. A colleague decides on it."))


def close_reports(reports, *, by, how: str, note: str) -> int:
    """Write into open ``reports`` how they were settled; return how many."""
    return reports.order_by().update(
        settled_by=by, settled_at=timezone.now(), how=how, settle_note=note
    )


def forget_reporter(email: str) -> None:
    """Empty what an erased person wrote in reports, and by what they were known there."""
    _forget(IdeaReport.objects.filter(reporter_hash=hash_of_address(email)))


def forget_old_reporters() -> int:
    """Empty the words and the reporters of reports that were settled a year ago."""
    old = IdeaReport.objects.filter(settled_at__lt=timezone.now() - KEPT_FOR)
    return _forget(old.exclude(reporter_hash="", device_hash="", details=""))


def forget_devices() -> int:
    """Empty the hash of the device in reports that are older than a session lives."""
    limit = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return IdeaReport.objects.filter(at__lt=limit).exclude(device_hash="").update(device_hash="")


def _forget(reports) -> int:
    return reports.update(reporter_hash="", device_hash="", details="")
