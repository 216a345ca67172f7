"""Whatever happens to the owner, no process and no temporary folder is left."""

import json
import signal
import sys
import time

import pytest

from devtools import guard
from devtools.checkout import ROOT
from devtools.processes import Command, Guard, Supervised, stop_all, stop_leftovers

# A leader that ignores TERM and has a child of its own, as web servers and workers do.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("ready", flush=True)
time.sleep(60)
"""
OWNER = f"""
import pathlib, sys, time
from devtools.processes import Command, Guard, Supervised
folder = pathlib.Path(sys.argv[1])
guard = Guard(record=folder / "groups.json")
guard.remove_at_end(folder / "temporary")
command = Command(name="stubborn", arguments=(sys.executable, "-c", {STUBBORN!r}),
                  cwd=folder, log=folder / "log", grace=0.3)
child = Supervised(command, guard)
child.start()
while "ready" not in (folder / "log").read_text():
    time.sleep(0.02)
print(child.process.pid, guard.process.pid, flush=True)
time.sleep(60)
"""


def wait_until(condition, *, within=10):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def owner(start_python, tmp_path):
    (tmp_path / "temporary").mkdir()
    process = start_python(OWNER, tmp_path)
    process.child, process.guard = map(int, process.stdout.readline().split())
    yield process
    guard.signal_group(process.child, signal.SIGKILL)


def test_a_killed_owner_leaves_no_process_and_no_temporary_folder(owner, tmp_path):
    assert guard.is_group_running(owner.child)
    owner.kill()
    wait_until(lambda: not guard.is_group_running(owner.child))
    wait_until(lambda: not guard.is_living(owner.guard))
    assert not (tmp_path / "temporary").exists()


def test_a_next_start_stops_what_a_killed_guard_could_not(owner, tmp_path):
    guard.signal_group(owner.guard, signal.SIGKILL)
    owner.kill()
    assert guard.is_group_running(owner.child)
    assert stop_leftovers(tmp_path / "groups.json") == 1
    assert not guard.is_group_running(owner.child)
    assert stop_leftovers(tmp_path / "groups.json") == 0


def test_a_number_that_belongs_to_a_newcomer_is_left_alone(owner, tmp_path):
    record = tmp_path / "groups.json"
    entries = json.loads(record.read_text())
    record.write_text(json.dumps([entry | {"started": 1.0} for entry in entries]))
    assert stop_leftovers(record) == 0
    assert guard.is_group_running(owner.child)


@pytest.fixture
def sleeper(tmp_path):
    own_guard = Guard()
    command = Command(
        name="sleeper",
        arguments=(sys.executable, "-c", "import time; time.sleep(60)"),
        cwd=ROOT,
        log=tmp_path / "log",
    )
    supervised = Supervised(command, own_guard)
    supervised.start()
    yield supervised
    stop_all([supervised])
    own_guard.close()


def test_a_dead_process_is_started_again_and_later_the_next_time(sleeper):
    first = sleeper.process.pid
    assert not sleeper.revive()
    sleeper.process.kill()
    sleeper.process.wait()
    assert sleeper.revive()
    assert sleeper.process.pid != first
    sleeper.process.kill()
    sleeper.process.wait()
    assert not sleeper.revive(), "it died at once, so there is a pause"


def test_a_killed_guard_is_started_again_with_what_it_has_to_know(sleeper):
    killed = sleeper.guard.process
    killed.kill()
    killed.wait()
    sleeper.guard.revive()
    assert sleeper.guard.process.pid != killed.pid
    sleeper.guard.close()
    assert not guard.is_group_running(sleeper.process.pid)
    sleeper.guard.revive()


def test_stopping_takes_the_users_before_the_servers():
    stopped = []
    entries = [{"group": 2, "stage": 1}, {"group": 1, "stage": 0}, {"group": 3, "stage": 0}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            guard, "stop_groups", lambda some, reap: stopped.append([e["group"] for e in some])
        )
        guard.stop_in_stages(entries)
    assert stopped == [[1, 3], [2]]
