"""Where this checkout lives and keeps its state, and the one exception that ends a start."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# A Unix socket's path may have about 100 bytes (108 on Linux, 104 on macOS), the file's included.
LONGEST_TEMPORARY_FOLDER = 50


class Refused(Exception):
    """A start or a stop that cannot go on; the message is one sentence for the person."""


def state_folder() -> Path:
    """Return the folder of everything that a running portal keeps: STATE_DIR, or var/."""
    return Path(os.environ.get("STATE_DIR") or ROOT / "var").absolute()


def make_state_folder() -> Path:
    """Create the state folder where it is missing and return it; refuse one of somebody else."""
    state = state_folder()
    try:
        for folder in (state, state / "logs", state / "run", state / "mail"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"The folder {state} cannot be used: {error.strerror}.") from error
    if not os.access(state / "run", os.W_OK):
        raise Refused(
            f"The folder {state} belongs to another user; "
            "start as that user, or set STATE_DIR to a folder of your own."
        )
    return state


def temporary_root() -> Path:
    """Return the system's temporary folder, or /tmp where that one is too long for a socket."""
    folder = tempfile.gettempdir()
    return Path(folder if len(os.fsencode(folder)) <= LONGEST_TEMPORARY_FOLDER else "/tmp")


def socket_folder(state: Path) -> Path:
    """Return the short private folder for the sockets of the servers that belong to ``state``."""
    mark = hashlib.sha256(os.fsencode(state)).hexdigest()[:10]
    return temporary_root() / f"smartcity-{os.getuid()}-{mark}"


def make_private_folder(folder: Path, owner: int) -> Path:
    """Create ``folder`` with mode 0700 for the uid ``owner``; refuse one planted by another."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), owner}:
        raise Refused(f"{folder} belongs to another user; remove it and start again.")
    folder.chmod(0o700)
    if os.getuid() == 0:
        os.chown(folder, owner, -1)
    return folder
