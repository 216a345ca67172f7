"""`/healthz` tells whether database and broker answer, and recovers without a restart."""

import contextlib
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from core import views
from devtools import embedded
from devtools.checkout import ROOT, make_private_folder, temporary_root
from devtools.processes import Command, Guard, Supervised, stop_all
from tests.e2e.conftest import free_port


@pytest.mark.django_db
def test_everything_answers(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["database", "broker"])
def test_what_is_down_is_named(client, monkeypatch, name):
    monkeypatch.setitem(views.CHECKS, name, lambda: False)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "down", "down": [name]})


class SmallPortal:
    """Web process, PostgreSQL and Valkey of their own, each to be stopped and started again."""

    def __init__(self, folder):
        self.guard = Guard()
        self.guard.remove_at_end(folder)
        folder.chmod(0o711)  # PostgreSQL under root is another user's process
        owner = embedded.server_account(folder / "pg")[0]
        sockets = make_private_folder(folder / "s", owner)
        self.places = embedded.Places(data=folder, logs=folder, sockets=sockets)
        self.url = f"http://127.0.0.1:{free_port()}"
        self.servers = {
            "database": Supervised(
                embedded.postgres_command(self.places, durable=False), self.guard
            ),
            "broker": Supervised(embedded.valkey_command(self.places, durable=False), self.guard),
        }
        self.web = Supervised(self.web_command(folder), self.guard)

    def web_command(self, folder):
        """Return how to run one web process on these servers."""
        port = self.url.rpartition(":")[2]
        environ = os.environ | {
            "DATABASE_URL": self.places.database_url,
            "REDIS_URL": self.places.redis_url,
            "DJANGO_SETTINGS_MODULE": "smartcity.settings.test",
        }
        arguments = (sys.executable, "-m", "granian", "--interface", "wsgi", "--port", port)
        return Command(
            name="web",
            arguments=(*arguments, "smartcity.wsgi:application"),
            cwd=ROOT,
            log=folder / "web.log",
            environ=environ,
        )

    def start(self, name):
        """Start server ``name`` and wait until it accepts connections."""
        accepts = {"database": embedded.accepts_postgres, "broker": embedded.accepts_valkey}[name]
        self.servers[name].start()
        embedded.wait_for(self.servers[name], lambda: accepts(self.places))

    def health(self) -> int:
        """Return the status of `/healthz`, 0 while nobody listens."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def becomes(self, status, within=30.0) -> bool:
        """Tell whether the health gets to be ``status`` in time."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self.health() == status:
                return True
            time.sleep(0.1)
        return False

    def close(self):
        """Stop everything."""
        stop_all([self.web, *self.servers.values()])
        self.guard.close()


@pytest.fixture
def small_portal():
    folder = Path(tempfile.mkdtemp(prefix="smartcity-health-", dir=temporary_root()))
    made = SmallPortal(folder)
    with contextlib.closing(made):
        for name in made.servers:
            made.start(name)
        embedded.create_database(made.places)
        made.web.start()
        yield made


@pytest.mark.slow
def test_health_follows_the_servers_without_a_restart(small_portal):
    assert small_portal.becomes(200)
    for name, server in small_portal.servers.items():
        stop_all([server])
        assert small_portal.becomes(503), f"{name} is down and nobody says so"
        small_portal.start(name)
        assert small_portal.becomes(200), f"{name} is back and nobody sees it"
