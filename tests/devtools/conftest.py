import contextlib
import os
import subprocess
import sys

import pytest

from devtools import guard
from devtools.checkout import ROOT


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A state folder of its own, below a path that trips careless shell code."""
    folder = tmp_path / 'd\'état "à part" $HOME' / "var"
    monkeypatch.setenv("STATE_DIR", str(folder))
    return folder


@pytest.fixture
def start_python():
    """Start Python code of the project in a process that is ended with the test."""
    with contextlib.ExitStack() as stack:

        def start(code, *arguments, **environ):
            process = subprocess.Popen(
                [sys.executable, "-c", code, *map(str, arguments)],
                cwd=ROOT,
                env=os.environ | environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            stack.callback(process.communicate)
            stack.callback(guard.signal_group, process.pid, 9)
            return process

        yield start
