"""Every refusal is one clear sentence, and a refused start changes nothing."""

import os
import socket

import pytest

from devtools import bootstrap, launcher, lock
from devtools.checkout import Refused, make_state_folder
from devtools.fingerprint import Fingerprint
from devtools.launcher import Address


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_in_use_is_refused_with_a_way_out(taken_port):
    with pytest.raises(Refused) as refused:
        launcher.refuse_taken_port(Address("127.0.0.1", taken_port))
    assert str(refused.value) == (
        f"Port {taken_port} of 127.0.0.1 is in use by another program; "
        "choose another, for instance: make run PORT=8001"
    )


def test_the_start_with_a_port_in_use_ends_with_one_sentence(state, taken_port, monkeypatch, capfd):
    monkeypatch.setenv("PORT", str(taken_port))
    monkeypatch.delenv("HOST", raising=False)
    assert launcher.main("run") == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert not (state / "pg").exists()


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(text, monkeypatch):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Refused, match=f"PORT={text} is not a port number"):
        launcher.wanted_address()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("portal.local", "http://portal.local:8000"),
    ],
)
def test_the_printed_address_can_be_opened_on_this_machine(host, url):
    assert Address(host, 8000).url == url


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ((3, 11, 0), None),
        ((3, 14, 1), None),
        (
            (3, 9, 18),
            "Python 3.11 or newer is needed and this is Python 3.9; "
            "name a newer one, for instance: make run PYTHON=python3.11",
        ),
    ],
)
def test_an_old_python_is_refused(version, sentence):
    assert bootstrap.version_refusal(version) == sentence


LOCK_HOLDER = """
import pathlib, sys
from devtools import lock
held = lock.take_lock(pathlib.Path(sys.argv[1]), "http://127.0.0.1:8000")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_start_is_refused_until_the_first_has_ended(start_python, tmp_path):
    path = tmp_path / "lock"
    first = start_python(LOCK_HOLDER, path)
    assert first.stdout.readline() == "held\n"
    with pytest.raises(Refused) as refused:
        lock.take_lock(path, "http://127.0.0.1:8001")
    assert str(refused.value) == (
        "The portal of this checkout is already running at http://127.0.0.1:8000 "
        f"(process {first.pid}); stop that one first."
    )
    first.kill()
    first.wait()
    os.close(lock.take_lock(path, "http://127.0.0.1:8001"))


def test_reset_is_refused_while_the_portal_runs(start_python, state, capfd):
    make_state_folder()
    first = start_python(LOCK_HOLDER, state / "lock")
    assert first.stdout.readline() == "held\n"
    assert launcher.main("reset") == 1
    assert "is already running" in capfd.readouterr().err
    assert state.exists()


def test_reset_removes_the_state_and_then_has_nothing_to_do(state, capfd):
    make_state_folder()
    (state / "lock").touch()
    assert launcher.main("reset") == 0
    assert not state.exists()
    assert launcher.main("reset") == 0
    assert "Nothing to reset" in capfd.readouterr().out


def test_reset_keeps_a_folder_that_no_portal_made(state, capfd):
    state.mkdir(parents=True)
    (state / "letter.txt").touch()
    assert launcher.main("reset") == 0
    assert (state / "letter.txt").exists()


def test_a_step_is_due_again_when_a_file_changes_or_its_mark_is_missing(tmp_path):
    (tmp_path / "a.po").write_text("one")
    step = Fingerprint(tmp_path / "marks" / "messages", tmp_path, ("*.po",))
    assert not step.is_current()
    step.write()
    assert step.is_current()
    (tmp_path / "b.po").write_text("two")
    assert not step.is_current()
