"""One portal per state folder: a file lock that its guard shares until all has stopped."""

import fcntl
import json
import os
import time
from pathlib import Path

import psutil

from devtools.checkout import Refused

WAIT_FOR_GUARD = 30.0


def is_alive(pid: int) -> bool:
    """Return whether process ``pid`` runs; one that is dead but not yet collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def try_lock(descriptor: int) -> bool:
    """Return whether the lock could be taken at once."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holder(path: Path) -> dict:
    """Return what the holder of the lock wrote down: its ``pid`` and ``url``."""
    try:
        return json.loads(path.read_text())
    except ValueError:
        return {"pid": 0, "url": "an unknown address"}


def take_lock(path: Path, url: str, *, patience: float = WAIT_FOR_GUARD) -> int:
    """Lock ``path`` and return the descriptor that holds the lock.

    A living holder refuses the start. Where only its guard is left, which is busy stopping the
    rest, wait for it up to ``patience`` seconds.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + patience
    while not try_lock(descriptor):
        found = holder(path)
        if is_alive(found["pid"]) or time.monotonic() > deadline:
            os.close(descriptor)
            raise Refused(
                f"The portal of this checkout is already running at {found['url']} "
                f"(process {found['pid']}); stop that one first."
            )
        time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)
    return descriptor
