"""Child processes in sessions of their own, announced to a guard that outlives their owner."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from devtools import guard as guard_script

LONGEST_LOG = 5_000_000
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0

USERS, SERVERS = 0, 1  # the stages of a stop: who uses the servers goes first


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to run and how to end it: ``stop_signal`` first, SIGKILL after ``grace`` seconds."""

    name: str
    arguments: tuple[str, ...]
    cwd: Path
    log: Path
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0
    stage: int = USERS


class Guard:
    """The owner's end of the pipe to devtools/guard.py.

    ``lock`` is a locked file descriptor that the guard shares, so that the lock outlives the
    owner until everything has stopped. ``record`` is a file in which the running groups are
    written down for a next start, in case that the guard was killed as well.
    """

    def __init__(self, *, lock: int | None = None, record: Path | None = None) -> None:
        self.entries: dict[int, dict] = {}
        self.folders: list[str] = []
        self.lock = lock
        self.record = record
        self.process = self._spawn()

    def _spawn(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-E", "-s", str(Path(guard_script.__file__))],
            bufsize=0,  # an unsent line of a broken pipe must not come back when it is closed
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=() if self.lock is None else (self.lock,),
        )

    def watch(self, command: Command, group: int) -> None:
        """Have ``group`` stopped when this owner disappears."""
        entry = {
            "group": group,
            "signal": int(command.stop_signal),
            "grace": command.grace,
            "stage": command.stage,
        }
        self.entries[group] = entry | {"started": birth(group)}
        self._tell(self.entries[group])

    def forget(self, group: int) -> None:
        """Take back ``watch``: the group has stopped."""
        self.entries.pop(group, None)
        self._tell({"forget": group})

    def remove_at_end(self, folder: Path) -> None:
        """Have the temporary ``folder`` removed at the end, also after a normal one."""
        self.folders.append(str(folder))
        self._tell({"folder": str(folder)})

    def revive(self) -> None:
        """Start a guard that was killed again, with all that it has to know."""
        if self.process.poll() is None:
            return
        self.process.stdin.close()
        self.process = self._spawn()
        for message in [*self.entries.values(), *({"folder": name} for name in self.folders)]:
            self._tell(message)

    def close(self) -> None:
        """End the guard, which stops what is still watched and removes the temporary folders."""
        self.process.stdin.close()
        self.process.wait()

    def _tell(self, message: dict) -> None:
        with contextlib.suppress(BrokenPipeError):  # a killed guard is started again by revive()
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
        if self.record:
            temporary = self.record.with_suffix(".new")
            temporary.write_text(json.dumps(list(self.entries.values())))
            temporary.replace(self.record)


def birth(pid: int) -> float | None:
    """Return when process ``pid`` started, or None where it does not run."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None


def is_leftover(entry: dict) -> bool:
    """Return whether a recorded group still runs and its number is not that of a newcomer."""
    if not guard_script.is_group_running(entry["group"]):
        return False
    now = birth(entry["group"])
    return now is None or entry["started"] is None or abs(now - entry["started"]) < 1


def stop_leftovers(record: Path) -> int:
    """Stop the groups that an earlier start wrote down in ``record``; return how many ran."""
    try:
        entries = json.loads(record.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    left = [entry for entry in entries if is_leftover(entry)]
    guard_script.stop_in_stages(left)
    record.unlink()
    return len(left)


def open_log(path: Path):
    """Open ``path`` to append to it; a log that grew long is first put aside as ``.1``."""
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def end_of_log(path: Path, lines: int = 20) -> str:
    """Return the last lines of the log ``path``."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


class Supervised:
    """One command that is kept running: a dead one starts again, ever later if it dies at once."""

    def __init__(self, command: Command, guard: Guard) -> None:
        self.command = command
        self.guard = guard
        self.process: subprocess.Popen | None = None
        self.pause = 0.0
        self.started_at = 0.0

    def start(self) -> None:
        """Start the command in a session of its own."""
        with open_log(self.command.log) as log:
            self.process = subprocess.Popen(
                self.command.arguments,
                cwd=self.command.cwd,
                env=dict(self.command.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started_at = time.monotonic()
        self.guard.watch(self.command, self.process.pid)

    def is_running(self) -> bool:
        """Return whether the process lives; a dead one is collected."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> bool:
        """Start a dead process again once its pause is over; return whether it was started."""
        if self.is_running():
            return False
        age = time.monotonic() - self.started_at
        if age < self.pause:
            return False
        # Workers of a web server outlive their killed parent and would keep its port.
        guard_script.signal_group(self.process.pid, signal.SIGKILL)
        self.guard.forget(self.process.pid)
        self.pause = 1.0 if age > STEADY_AFTER else min(LONGEST_PAUSE, max(1.0, self.pause * 2))
        self.start()
        return True


def stop_all(running: Iterable[Supervised]) -> None:
    """Stop all of ``running`` in stages and take them off their guard's list."""
    started = [one for one in running if one.process is not None]
    entries = [one.guard.entries[one.process.pid] for one in started]
    guard_script.stop_in_stages(entries, lambda: [one.process.poll() for one in started])
    for one in started:
        one.guard.forget(one.process.pid)
        one.process.poll()
