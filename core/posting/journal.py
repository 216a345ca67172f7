"""The local journal of a drain: what it began to hand over, and how that ended.

A line is written with one system call, so that the death of the process loses none; the death of
the machine changes its boot id, after which the journal proves nothing any more. The drain holds
a lock on its journal while it lives: the system gives it back whatever kills the process.
"""

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

KEPT_SECONDS = 7 * 86400
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
#: How handing over ended: taken, certainly not taken, or not known.
TAKEN, NOT_TAKEN, IN_DOUBT = "S", "R", "U"


def folder() -> Path:
    """Return the folder of the journals of this machine, which is made where it is missing."""
    path = Path(settings.MAIL_JOURNAL_DIR)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def boot_id() -> str:
    """Return what changes with every start of this machine."""
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else "unknown"


def machine() -> str:
    """Return the name of this folder of journals: who has another one cannot read these."""
    path = folder() / "machine"
    if not path.exists():
        draft = path.with_name(f"machine.{uuid.uuid4().hex}")
        draft.write_text(uuid.uuid4().hex)
        with suppress(FileExistsError):  # the first of several wins
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


class Journal:
    """The journal of one drain, open for writing and locked; close it when all is acknowledged."""

    def __init__(self, owner: uuid.UUID):
        self.path = folder() / f"{owner}.log"
        self.file = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY, 0o600)
        fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(self.file, f"boot {boot_id()}\n".encode())

    def begun(self, pk: int) -> None:
        """Note that copy ``pk`` is about to be handed over."""
        os.write(self.file, b"B %d\n" % pk)

    def ended(self, pk: int, how: str = TAKEN) -> None:
        """Note how handing over copy ``pk`` ended."""
        os.write(self.file, f"{how} {pk}\n".encode())

    def close(self, *, settled: bool) -> None:
        """Give the lock back; where all its rows are ``settled``, nobody will ask again."""
        if settled:
            self.path.unlink(missing_ok=True)
        os.close(self.file)


@dataclass
class Told:
    """What a journal tells: the copies whose handing over began, and how it ended."""

    proves: bool
    begun: set[int] = field(default_factory=set)
    ended: dict[int, str] = field(default_factory=dict)

    def of(self, pk: int) -> str:
        """Return "queued", "sent" or "uncertain": what became of copy ``pk``."""
        if not self.proves:
            return "uncertain"
        if pk not in self.begun:
            return "queued"
        return {TAKEN: "sent", NOT_TAKEN: "queued"}.get(self.ended.get(pk, ""), "uncertain")


def told_by(owner: uuid.UUID) -> Told:
    """Return what the journal of ``owner`` tells; without a journal, nothing is certain."""
    try:
        lines = (folder() / f"{owner}.log").read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return Told(proves=False)
    if not lines or lines[0] != f"boot {boot_id()}\n":
        return Told(proves=False)
    told = Told(proves=True)
    for line in lines[1:]:
        if not line.endswith("\n"):  # begun to be written: what it announces was not begun
            continue
        how, pk = line.split()
        if how == "B":
            told.begun.add(int(pk))
            told.ended.pop(int(pk), None)
        else:
            told.ended[int(pk)] = how
    return told


@contextmanager
def if_dead(owner: uuid.UUID) -> Iterator[bool]:
    """Yield whether the drain ``owner`` of this machine has ended; it cannot begin meanwhile."""
    try:
        file = os.open(folder() / f"{owner}.log", os.O_RDONLY)
    except FileNotFoundError:
        yield True
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(file)


def sweep(known: set[uuid.UUID]) -> int:
    """Remove journals older than seven days of which no row is left; return how many."""
    removed = 0
    for path in folder().glob("*.log"):
        is_old = time.time() - path.stat().st_mtime > KEPT_SECONDS
        if is_old and uuid.UUID(path.stem) not in known:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
