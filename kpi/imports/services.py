"""The verbs of imports: figures are sent by one person, checked, and released by another."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerDown

from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused, record_change

from .. import summaries
from ..models import ENDED, ImportFault, ImportJob, ImportRow, ImportStatus, Indicator, Release
from ..permissions import may_import, may_record
from . import diff, files
from .checks import MANY, validate
from .workflow import IMPORT

Status, Origin = ImportStatus, ImportJob.Origin
#: How long the rows of an import that came to nothing are kept, to be mended or looked at.
KEPT = timedelta(days=30)
#: Whatever the queue lost is taken up again after this.
LOST_AFTER = timedelta(minutes=2)
CHECK, RELEASE = "kpi.check_import", "kpi.release_import"


class FaultsFound(TransitionRefused):
    """A figure that cannot stand: ``faults`` says for each column what is wrong."""

    def __init__(self, faults: list[ImportFault]):
        from .messages import in_full

        super().__init__(" ".join(in_full(fault) for fault in faults))
        self.faults = faults


def start_import(
    content: bytes,
    *,
    by,
    name: str = "",
    origin: str = Origin.FILE,
    reason: str = "scheduled",
    note: dict | None = None,
    release_at=None,
    sources=(),
) -> ImportJob:
    """Take in a file of figures and check it: at once, or where it is long by the worker.

    ``note`` is {"fr", "nl", "en"} for the public. Nothing of it is a figure before somebody else
    approves. Raises `PermissionRefused`, or `files.Unreadable` where it is no table; then
    nothing is kept.
    """
    if not may_import(by):
        raise PermissionRefused(_("You may not do this."))
    sheet = files.read(content)
    with transaction.atomic():
        job = ImportJob.objects.create(
            origin=origin,
            author=by,
            file_name=name[-200:],
            file_sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            columns=sheet.columns,
            reason=reason,
            release_at=release_at,
            **{f"note_{code}": words for code, words in (note or {}).items()},
        )
        job.sources.set(sources)
        record_change(job, "create", "", job.status, by=by)
        _stage(job, sheet)
        if job.rows_count <= MANY:
            check_import(job)
        else:
            _wake(CHECK, job)
    return job


def _stage(job, sheet) -> None:
    with connection.cursor() as cursor:
        job.rows_count = diff.stage(cursor, job, sheet)
        if job.rows_count > MANY:
            cursor.execute("ANALYZE kpi_importrow")
    job.save(update_fields=["rows_count"])


def _wake(task: str, job) -> None:
    """Ask the worker, once all is committed; what the broker loses `take_up_lost` finds."""
    transaction.on_commit(lambda: _send(task, job.pk))


def _send(task: str, pk: int) -> None:
    try:
        current_app.send_task(task, args=[pk], retry=False)
    except (BrokerDown, OSError):
        return  # `take_up_lost` finds it


@transaction.atomic
def check_import(job: ImportJob) -> ImportJob:
    """Check the rows of an uploaded import: it is refused, or shows its preview.

    What a program or a hand has sent is submitted for approval by itself. Called again, it does
    nothing.
    """
    job = lock(job)
    if job.status != Status.UPLOADED:
        return job
    validate(job)
    if job.errors:
        return _refuse(job)
    IMPORT.run(job, "validate", by=SYSTEM)
    if job.origin != Origin.FILE and job.to_write:
        IMPORT.run(job, "submit", by=job.author)
    return job


def lock(job: ImportJob) -> ImportJob:
    """Return ``job`` itself, brought up to date and locked until the end of the transaction."""
    ImportJob.objects.select_for_update().get(pk=job.pk)
    job.refresh_from_db()
    return job


def _refuse(job) -> ImportJob:
    """Refuse for errors, keeping the rows that have some: they can be taken along and mended."""
    IMPORT.run(job, "refuse", by=SYSTEM)
    faulty = ImportFault.objects.filter(job=job, number__isnull=False).values("number")
    ImportRow.objects.filter(job=job).exclude(number__in=faulty).delete()
    return job


@IMPORT.verb("validate")
def validate_import(job, *, by, note=""):
    """Say that the rows were checked and have no errors."""
    return IMPORT.apply(job, "validate", by=by, note=note)


@IMPORT.verb("refuse")
def refuse_import(job, *, by, note=""):
    """Say that the rows have errors: nothing of them is written, not even the good ones."""
    return IMPORT.apply(job, "refuse", by=by, note=note)


@IMPORT.verb("submit")
def submit_import(job, *, by, note=""):
    """Put the preview before whoever approves."""
    return IMPORT.apply(job, "submit", by=by, note=note)


@IMPORT.verb("reconsider")
def reconsider_import(job, *, by, note=""):
    """Put it before whoever approves once more: what it would do is not what was approved."""
    return IMPORT.apply(job, "reconsider", by=by, note=note, approver=None)


@IMPORT.verb("reject")
def reject_import(job, *, by, note=""):
    """Refuse to release the figures, with the reason; their rows are deleted."""
    with transaction.atomic():
        change = IMPORT.apply(job, "reject", by=by, note=note)
        forget_rows(job)
    return change


@IMPORT.verb("withdraw")
def withdraw_import(job, *, by, note=""):
    """Take back what was sent before it is released; the rows are kept for a while."""
    return IMPORT.apply(job, "withdraw", by=by, note=note)


@IMPORT.verb("approve")
def approve_import(job, *, by, note=""):
    """Approve the preview: release it at once, or where it is long by the worker.

    All is checked again under lock. Where figures came meanwhile, or a rule now speaks against it,
    nothing is approved and `TransitionRefused` says so; the new preview is there to look at.
    """
    with transaction.atomic():
        lock(job)
        is_short = job.rows_count <= MANY
        allowed = any(step.name == "approve" for step in IMPORT.available(job, by))
        moved = allowed and is_short and _has_moved(job)
        if not moved:
            change = IMPORT.apply(job, "approve", by=by, note=note, approver=by)
            if is_short:
                IMPORT.run(job, "release", by=SYSTEM)
            else:
                _wake(RELEASE, job)
    if moved:
        raise TransitionRefused(_moved_sentence(job))
    return change


def _has_moved(job) -> bool:
    """Hold the indicators and check all again; tell whether the preview is not what it was."""
    with connection.cursor() as cursor:
        diff.hold_indicators(cursor, job)
    moved = validate(job)
    if job.errors:
        _refuse(job)
    return moved or bool(job.errors)


def _moved_sentence(job) -> str:
    if job.errors:
        return _("Something has changed meanwhile: the figures can no longer be taken as they are.")
    return _("Other figures came meanwhile. Look at the new preview, then approve again.")


@transaction.atomic
def release_import(job: ImportJob) -> ImportJob:
    """Release what was approved (worker); called again, or where it has moved on, it does nothing.

    Where the preview is no longer the one that was approved, the import waits for approval again.
    """
    lock(job)
    if job.status != Status.APPROVED:
        return job
    if not _has_moved(job):
        IMPORT.run(job, "release", by=SYSTEM)
    elif not job.errors:
        IMPORT.run(job, "reconsider", by=SYSTEM, note=_moved_sentence(job))
    return job


@IMPORT.verb("release")
def write_release(job, *, by, note=""):
    """Append the figures of an approved import as one release; its rows are deleted then.

    The indicators are held by `_has_moved`, in the same transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        release = make_release(job)
        diff.write(cursor, job, release)
        keys = diff.touched(cursor, job)
        change = IMPORT.apply(job, "release", by=by, note=note, release=release)
        forget_rows(job)
        transaction.on_commit(lambda: summaries.ensure(Indicator.objects.filter(pk__in=keys)))
    return change


def make_release(job) -> Release:
    """Make the release of ``job``: from now on, or from the moment that was planned."""
    now = timezone.now()
    return Release.objects.create(
        released_at=max(now, job.release_at or now),
        reason=job.reason,
        author=job.author,
        approver=job.approver,
        file_sha256=job.file_sha256,
        **{f"note_{code}": getattr(job, f"note_{code}") for code in ("fr", "nl", "en")},
    )


def forget_rows(job) -> None:
    """Delete the staged rows of ``job``: what was released stands among the figures."""
    ImportRow.objects.filter(job=job).delete()


def record_by_hand(
    indicator,
    *,
    by,
    period: str,
    value: Decimal | None,
    geo: str = "",
    position: int = 0,
    flag: str = "",
    note: dict | None = None,
    disputed: bool = False,
    reason: str = "scheduled",
    sources=(),
) -> ImportJob:
    """Take in one figure that somebody typed; it waits for the approval of a second person.

    Arguments as of `services.record_observation`. Raises `PermissionRefused`, or `FaultsFound`
    where it cannot stand; then nothing is kept.
    """
    if not may_record(by, indicator):
        raise PermissionRefused(_("You may not do this."))
    texts = {f"note_{code}": words or "" for code, words in (note or {}).items()}
    with transaction.atomic():
        job = ImportJob.objects.create(
            origin=Origin.HAND,
            author=by,
            columns=list(files.COLUMNS),
            rows_count=1,
            reason=reason,
        )
        job.sources.set(sources)
        record_change(job, "create", "", job.status, by=by)
        ImportRow.objects.create(
            job=job,
            number=1,
            indicator=indicator.code,
            geo=geo or indicator.geo_id,
            period=period,
            value="" if value is None else f"{value:f}",
            flag=flag,
            position=position,
            disputed=disputed,
            **texts,
        )
        check_import(job)
        _refuse_faulty(job)
    return job


def _refuse_faulty(job) -> None:
    if job.errors:
        raise FaultsFound(list(job.faults.filter(level="error")))
    if not job.to_write:
        raise TransitionRefused(_("This figure is on record already."))


def try_by_hand(indicator, **figure) -> None:
    """Raise what `record_by_hand` would raise, and keep nothing: a form asks before it saves."""
    with transaction.atomic():
        record_by_hand(indicator, **figure)
        transaction.set_rollback(True)


def take_up_lost() -> None:
    """Ask the worker again for what it should have done by now (beat)."""
    since = timezone.now() - LOST_AFTER
    waiting = ImportJob.objects.filter(uploaded_at__lt=since)
    for task, state in ((CHECK, Status.UPLOADED), (RELEASE, Status.APPROVED)):
        for pk in waiting.filter(status=state).values_list("pk", flat=True):
            _send(task, pk)


def purge_imports() -> int:
    """Delete the rows of imports that came to nothing a month ago; return how many rows."""
    old = ImportJob.objects.filter(status__in=ENDED, uploaded_at__lt=timezone.now() - KEPT)
    return ImportRow.objects.filter(job__in=old).delete()[0]
