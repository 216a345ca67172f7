"""Settle what a dead drain left: from its journal where there is one, as uncertain where not."""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from ..models import MailSender
from . import journal
from .rows import CopyState, MailCopy

#: A drain of another machine that was not heard of for so long is dead, and its journal with it.
OTHER_MACHINE_SILENT = timedelta(hours=1)
LOCK = 74_123_001
BECOMES = {"queued": CopyState.QUEUED, "sent": CopyState.SENT, "uncertain": CopyState.UNCERTAIN}


def reap(model: type[MailCopy]) -> dict[str, int]:
    """Settle the rows of ``model`` that dead drains hold; return {"queued", "sent", "uncertain"}.

    Whether a drain of this machine is dead is told by the lock on its journal. Two reapers at once
    do no harm: the second finds the lock of the database taken and does nothing.
    """
    found = dict.fromkeys(BECOMES, 0)
    with transaction.atomic():
        if not _alone():
            return found
        held = model.objects.filter(state=CopyState.SENDING)
        for owner in set(held.values_list("lease_owner", flat=True)):
            for name, number in _settle_owner(model, owner).items():
                found[name] += number
    journal.sweep(set(MailSender.objects.values_list("owner", flat=True)))
    return found


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def _settle_owner(model, owner: UUID) -> dict[str, int]:
    sender = MailSender.objects.filter(owner=owner).first()
    if sender is not None and sender.machine != journal.machine():
        is_silent = timezone.now() - sender.heard_at > OTHER_MACHINE_SILENT
        return _settle(model, owner, journal.Told(proves=False)) if is_silent else {}
    with journal.if_dead(owner) as is_dead:
        if not is_dead:
            return {}
        return _settle(model, owner, journal.told_by(owner))


def _settle(model, owner, told: journal.Told) -> dict[str, int]:
    rows = model.objects.filter(lease_owner=owner)
    free = {"lease_owner": None, "lease_until": None}
    count = dict.fromkeys(BECOMES, 0)
    by_outcome: dict[str, list[int]] = {}
    for pk in rows.filter(state=CopyState.SENDING).values_list("pk", flat=True):
        by_outcome.setdefault(told.of(pk), []).append(pk)
    for name, pks in by_outcome.items():
        handed = {"handed_at": timezone.now()} if name == "sent" else {}
        count[name] += model.objects.filter(pk__in=pks).update(
            state=BECOMES[name], **free, **handed
        )
    MailSender.objects.filter(owner=owner).delete()
    return count
