"""Stop process groups when their owner disappears, however it disappeared.

The owner keeps the write end of a pipe open and announces on it, one JSON object a line, which
process groups and temporary folders it made. At end of file, which the kernel also brings about
after ``kill -9``, this process stops what is still announced and ends. It is run as a plain
script with the standard library only, so that it is small and starts at once.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
import time

POLL_SECONDS = 0.05


def is_living(pid):
    """Return whether the process ``pid`` runs; a zombie, dead but not yet collected, does not."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return status_fields(file.read())[0] not in (b"Z", b"X")
    except OSError:
        return False


def status_fields(line):
    """Return the fields of /proc/PID/stat that follow the name, which may hold anything."""
    return line[line.rindex(b")") + 2 :].split()


def members(group):
    """Return the processes of ``group``, zombies included (Linux only)."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                if int(status_fields(file.read())[2]) == group:
                    found.append(int(name))
    return found


def is_group_running(group):
    """Return whether a process of ``group`` lives; a foreign group counts as not ours."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return sys.platform != "linux" or any(is_living(pid) for pid in members(group))


def signal_group(group, number):
    """Send signal ``number`` to every process of ``group``; a group that is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def ask_to_stop(group, number):
    """Send the polite signal to the leader of ``group``; without a leader, end the orphans."""
    try:
        os.kill(group, number)
    except (ProcessLookupError, PermissionError):
        signal_group(group, signal.SIGKILL)


def stop_groups(entries, reap=lambda: None):
    """Stop the groups of ``entries`` together: politely, then after ``grace`` seconds by SIGKILL.

    Each entry has ``group``, ``signal`` and ``grace``. ``reap`` is called while waiting: a parent
    collects its dead children there, which would otherwise look alive.
    """
    for entry in entries:
        ask_to_stop(entry["group"], entry["signal"])
    started = time.monotonic()
    left = list(entries)
    while left:
        reap()
        left = [entry for entry in left if is_group_running(entry["group"])]
        for entry in left:
            if time.monotonic() - started > entry["grace"]:
                signal_group(entry["group"], signal.SIGKILL)
        # Killed is as stopped as it gets, should the system still show it.
        if left and time.monotonic() - started > max(e["grace"] for e in left) + 2:
            return
        time.sleep(POLL_SECONDS)


def stop_in_stages(entries, reap=lambda: None):
    """Stop ``entries`` in ascending order of ``stage``: the users of a server before the server."""
    for stage in sorted({entry["stage"] for entry in entries}):
        stop_groups([entry for entry in entries if entry["stage"] == stage], reap)


def read_announcements(stream):
    """Read ``stream`` to its end; return the entries and the folders still announced then."""
    entries, folders = {}, []
    for line in stream:
        try:
            message = json.loads(line)
        except ValueError:  # the owner died while writing its last line
            break
        if "forget" in message:
            entries.pop(message["forget"], None)
        elif "folder" in message:
            folders.append(message["folder"])
        else:
            entries[message["group"]] = message
    return list(entries.values()), folders


def main():
    """Wait for the end of standard input, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    entries, folders = read_announcements(sys.stdin.buffer)
    stop_in_stages(entries)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
