"""The files of an idea: kept with it, scanned, released or refused, and gone when it goes."""

import hashlib
import uuid
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core import scanner
from core.permissions import SYSTEM
from core.uploads import TYPES, Prepared

from .. import mails
from ..attachment_workflow import ATTACHMENT
from ..edit_workflow import CORRECTABLE_STATES
from ..models import FILES_FOLDER, GONE_FILE, Idea, IdeaAttachment, IdeaStatus, ScanState

#: Files that one run of the clock asks the scanner about.
AT_ONCE = 50
SPARED = timedelta(days=1)


def attach_files(idea, files: list[Prepared], *, descriptions=(), rights_confirmed=False) -> None:
    """Keep ``files`` with a saved ``idea``; call it inside the transaction that saves the idea.

    The bytes are written once that transaction is committed. ``descriptions`` say what the
    pictures show, in their order.
    """
    words = iter(descriptions)
    for file in files:
        row = IdeaAttachment.objects.create(
            idea=idea,
            name=file.name,
            stored_name=f"{uuid.uuid4().hex}.{TYPES[file.kind][1]}",
            kind=file.kind,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            scan_state=ScanState.PENDING if scanner.is_configured() else ScanState.NOT_SCANNED,
            alt_text=next(words, "") if file.is_picture else "",
            rights_confirmed=file.is_picture and rights_confirmed,
        )
        _write_later(row.path, file.content)


def _write_later(path, content):
    # Robust: the idea is kept and thanked for even where the disk is full; the log says so.
    transaction.on_commit(lambda: default_storage.save(path, ContentFile(content)), robust=True)


def _delete_later(path):
    transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def remove_attachments(ideas) -> None:
    """Delete rows and files of ``ideas``; the files go once the transaction is committed."""
    rows = IdeaAttachment.objects.filter(idea__in=ideas)
    for row in rows:
        _delete_later(row.path)
    rows.delete()


def remove_files_of(person) -> None:
    """Delete names and files of the ideas that ``person`` sent; a merge made nobody a sender."""
    sent = Idea.objects.filter(submissions__contact=person, submissions__via=None)
    remove_attachments(sent.order_by().values("pk"))


@ATTACHMENT.verb("release")
def release_attachment(attachment, *, by, note=""):
    """Let a file that nobody scanned stand beside its idea."""
    return ATTACHMENT.apply(attachment, "release", by=by, note=note)


@ATTACHMENT.verb("refuse")
@transaction.atomic
def refuse_attachment(attachment, *, by, reason, note=""):
    """Delete a file; who sent it reads the reason in a mail and on the tracking page."""
    change = ATTACHMENT.apply(attachment, "refuse", by=by, note=note, refusal=reason)
    _delete_later(attachment.path)
    _tell_refused(attachment, change)
    return change


def _tell_refused(attachment, change):
    """Write once to whoever sent the idea, whether they want mails or not: their file is gone.

    A merge made nobody a sender. Nobody is told of an idea that was never confirmed: the address
    may be somebody else's.
    """
    idea = attachment.idea
    if idea.status == IdeaStatus.SUBMITTED:
        return
    senders = idea.submissions.filter(via=None).select_related("contact", "idea").order_by("pk")
    told = {"file": attachment, "can_correct": idea.status in CORRECTABLE_STATES}
    mails.tell_contributors(change, "idea_file_refused", senders, lambda submission: told)


@ATTACHMENT.verb("clear")
def clear_attachment(attachment, *, by, note=""):
    """Note that the scanner found nothing."""
    return ATTACHMENT.apply(attachment, "clear", by=by, note=note)


@ATTACHMENT.verb("infect")
@transaction.atomic
def infect_attachment(attachment, *, by, note=""):
    """Note that the scanner found something, and delete the file."""
    change = ATTACHMENT.apply(attachment, "infect", by=by, note=note)
    _delete_later(attachment.path)
    return change


@ATTACHMENT.verb("give_up")
def give_up_scanning(attachment, *, by, note=""):
    """Leave a file to the moderators: there is no scanner any more, or nothing to scan."""
    return ATTACHMENT.apply(attachment, "give_up", by=by, note=note)


def sweep_files() -> int:
    """Delete the files that no row names any more; return how many.

    A process that dies between a commit and what follows it leaves one. What was written within
    the last day is spared: its row may not be committed yet.
    """
    try:
        kept = default_storage.listdir(FILES_FOLDER)[1]
    except FileNotFoundError:
        return 0
    present = IdeaAttachment.objects.exclude(scan_state__in=GONE_FILE)
    lost = set(kept) - set(present.values_list("stored_name", flat=True))
    limit = timezone.now() - SPARED
    paths = [f"{FILES_FOLDER}/{name}" for name in sorted(lost)]
    old = [path for path in paths if default_storage.get_modified_time(path) < limit]
    for path in old:
        default_storage.delete(path)
    return len(old)


def scan_attachments() -> int:
    """Ask the scanner about the files that wait for it; return how many it has judged.

    Where it does not answer, they go on waiting. Unconfirmed ideas wait as well.
    """
    pending = IdeaAttachment.objects.filter(scan_state=ScanState.PENDING)
    rows = pending.exclude(idea__status=IdeaStatus.SUBMITTED).select_related("idea")
    judged = 0
    for row in rows.order_by("pk")[:AT_ONCE]:
        try:
            _judge(row)
        except scanner.Unreachable:
            break
        judged += 1
    return judged


def _judge(attachment):
    try:
        content = attachment.content() if scanner.is_configured() else None
    except FileNotFoundError:
        content = None
    if content is None:
        give_up_scanning(attachment, by=SYSTEM)
    elif scanner.is_clean(content):
        clear_attachment(attachment, by=SYSTEM)
    else:
        infect_attachment(attachment, by=SYSTEM)
