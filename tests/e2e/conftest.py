"""A whole portal, started as `make run` starts it, for the tests that look at it from outside."""

import email
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from email.policy import default as default_policy
from pathlib import Path

import pytest

from devtools import embedded
from devtools.checkout import ROOT, socket_folder

STARTS_WITHIN = 180.0
STOPS_WITHIN = 60.0
LINK = re.compile(r"https?://[^\s<>\"]+")


class RunningPortal:
    """Address, caught mails and demo logins of a portal that runs in another process."""

    def __init__(self, url: str, state: Path, process: subprocess.Popen):
        self.url, self.state, self.process = url, state, process

    def mails(self):
        """Return the caught mails, oldest first."""
        files = sorted((self.state / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        return [
            email.message_from_bytes(each.read_bytes(), policy=default_policy) for each in files
        ]

    def mail_to(self, address: str, *, seen: int = 0, within: float = 45.0):
        """Return the mail number ``seen`` + 1 to ``address``, which the real worker sends."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = [mail for mail in self.mails() if address in str(mail["To"])]
            if len(found) > seen:
                return found[seen]
            time.sleep(0.2)
        raise AssertionError(f"no mail {seen + 1} to {address} within {within} seconds")

    def link_in(self, mail) -> str:
        """Return the first link of this portal in the text part of ``mail``."""
        text = mail.get_body(("plain",)).get_content()
        return next(link for link in LINK.findall(text) if link.startswith(self.url))

    def manage(self, *arguments: str) -> str:
        """Run a management command on the database of the portal and return what it printed."""
        places = embedded.Places(
            data=self.state, logs=self.state / "logs", sockets=socket_folder(self.state)
        )
        environ = os.environ | {
            "DATABASE_URL": places.database_url,
            "REDIS_URL": places.redis_url,
            "STATE_DIR": str(self.state),
            "DJANGO_SETTINGS_MODULE": "smartcity.settings.dev",
        }
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_announced(portal: RunningPortal, log: Path) -> None:
    """Wait until the launcher says where the portal is: only then are there logins, too."""
    deadline = time.monotonic() + STARTS_WITHIN
    while f"{portal.url}/\n" not in log.read_text():
        if portal.process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the portal did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.3)


@pytest.fixture(scope="session")
def portal():
    """The seeded portal with web, worker, scheduler and SMTP sink, in a state folder of its own."""
    state = Path(tempfile.mkdtemp(prefix="smartcity-e2e-"))
    state.chmod(0o711)
    port, log = free_port(), state / "launcher.log"
    environ = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    environ |= {"PORT": str(port), "HOST": "127.0.0.1", "STATE_DIR": str(state)}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    # The walks look at once, as strangers, at what they have changed; the bench of load does not.
    environ.setdefault("PAGE_CACHE_SECONDS", "0")
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "devtools.launcher", "run"],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = RunningPortal(f"http://127.0.0.1:{port}", state, process)
    try:
        wait_until_announced(running, log)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOPS_WITHIN)
