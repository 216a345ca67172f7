"""``make run``: start the whole portal on this machine, keep it running, stop it cleanly.

The servers (embedded unless DATABASE_URL and REDIS_URL name others), the preparation of the
database, the web processes, the worker, the scheduler and an SMTP server that catches every mail.
"""

import dataclasses
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from devtools import embedded, lock
from devtools.checkout import (
    ROOT,
    Refused,
    make_private_folder,
    make_state_folder,
    socket_folder,
    state_folder,
)
from devtools.fingerprint import Fingerprint
from devtools.mailsink import LOOPBACK, MailFolder, MailSink
from devtools.processes import Command, Guard, Supervised, end_of_log, stop_all, stop_leftovers

DEFAULT_PORT = 8000
WEB_WORKERS = 2
HEALTHY_WITHIN = 90.0
SUPERVISE_EVERY = 0.5
PREPARATION = ("migrate", "sync_roles", "seed")
PREPARED_FROM = ("*.py", "*.json", "*.csv")
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}


@dataclasses.dataclass(frozen=True)
class Address:
    """Where the portal listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to type into a browser on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{ANY_ADDRESS.get(self.host, host)}:{self.port}"


def say(sentence: str) -> None:
    """Print one sentence of progress at once."""
    print(sentence, flush=True)


def wanted_address() -> Address:
    """Return the address that HOST and PORT ask for."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"PORT={text} is not a port number; choose one from 1024 to 65535.")
    return Address(os.environ.get("HOST") or LOOPBACK, int(text))


def refuse_taken_port(address: Address) -> None:
    """Refuse an address on which this process cannot listen."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise Refused(port_refusal(address, error)) from error


def port_refusal(address: Address, error: OSError) -> str:
    """Return the sentence that says why ``address`` cannot be used, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} of {address.host} is in use by another program; "
            "choose another, for instance: make run PORT=8001"
        )
    return f"The portal cannot listen on {address.host}, port {address.port}: {error.strerror}."


class Interrupted(Exception):
    """The person asked to stop before the start was complete."""


class Portal:
    """All processes of one running portal, from start to stop."""

    def __init__(self, address: Address, state: Path, held: int) -> None:
        self.address = address
        self.state = state
        self.environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "smartcity.settings.dev",
            "SITE_URL": address.url,
            "STATE_DIR": str(state),
        }
        self.guard = Guard(lock=held, record=state / "run" / "groups.json")
        self.mail = MailSink(MailFolder(state / "mail"))
        self.environ |= {"EMAIL_HOST": LOOPBACK, "EMAIL_PORT": str(self.mail.port)}
        self.running: list[Supervised] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        """Start everything, say where it is, and keep it running until ``stopping`` is set."""
        self.start_servers()
        self.prepare_database()
        for command in (self.web(), self.worker(), self.beat()):
            self.start(command)
        logins = self.manage("demo_logins")
        self.wait_until_healthy()
        if not self.stopping.is_set():
            self.welcome(logins)
        while not self.stopping.wait(SUPERVISE_EVERY):
            self.supervise()

    def start(self, command: Command) -> Supervised:
        """Start ``command`` and keep it running from now on."""
        supervised = Supervised(command, self.guard)
        supervised.start()
        self.running.append(supervised)
        return supervised

    def start_servers(self) -> None:
        """Start the embedded servers that the environment does not replace."""
        data = self.state / "pg"
        sockets = make_private_folder(socket_folder(self.state), embedded.server_account(data)[0])
        self.guard.remove_at_end(sockets)
        places = embedded.Places(data=self.state, logs=self.state / "logs", sockets=sockets)
        if not os.environ.get("REDIS_URL"):
            say("Starting Valkey …")
            valkey = self.start(embedded.valkey_command(places, durable=True))
            embedded.wait_for(valkey, lambda: embedded.accepts_valkey(places))
            self.environ["REDIS_URL"] = places.redis_url
        if not os.environ.get("DATABASE_URL"):
            say("Starting PostgreSQL …")
            postgres = self.start(embedded.postgres_command(places, durable=True))
            embedded.wait_for(postgres, lambda: embedded.accepts_postgres(places))
            embedded.create_database(places)
            self.environ["DATABASE_URL"] = places.database_url

    def prepare_database(self) -> None:
        """Bring tables, roles and seed data up to date, unless nothing has changed since."""
        done = Fingerprint(self.state / "run" / "prepared", ROOT, PREPARED_FROM)
        if done.is_current() and not os.environ.get("DATABASE_URL"):
            return
        say("Preparing the database: tables, roles, published facts and demo content …")
        for command in PREPARATION:
            self.manage(command)
        done.write()

    def manage(self, command: str) -> str:
        """Run one management command and return what it printed."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", command],
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        output = self.wait_or_stop(process)
        if process.returncode != 0:
            raise Refused(f"manage.py {command} failed:\n{output}")
        return output

    def wait_or_stop(self, process: subprocess.Popen) -> str:
        """Wait for ``process`` and return its output; end it when the portal has to stop."""
        while True:
            try:
                return process.communicate(timeout=SUPERVISE_EVERY)[0]
            except subprocess.TimeoutExpired:
                if self.stopping.is_set():
                    process.kill()
                    process.communicate()
                    raise Interrupted from None

    def command(self, name: str, *arguments: str, grace: float = 10.0) -> Command:
        """Return the command that runs a Python module as the process ``name`` of the portal."""
        return Command(
            name=name,
            arguments=(sys.executable, "-m", *arguments),
            cwd=ROOT,
            log=self.state / "logs" / f"{name}.log",
            environ=self.environ,
            grace=grace,
        )

    def web(self) -> Command:
        """Return how to run the web processes."""
        return self.command(
            *("web", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", self.address.host, "--port", str(self.address.port)),
            *("--workers", str(WEB_WORKERS), "--blocking-threads", "4"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
            "smartcity.wsgi:application",
        )

    def worker(self) -> Command:
        """Return how to run the Celery worker, which may finish its task before it ends."""
        return self.command(
            *("worker", "celery", "-A", "smartcity", "worker", "--concurrency", "2"),
            *("--queues", "default,mail,mail_campaign", "--loglevel", "INFO", "--without-mingle"),
            grace=15.0,
        )

    def beat(self) -> Command:
        """Return how to run the Celery scheduler."""
        schedule = str(self.state / "run" / "beat-schedule")
        return self.command(
            *("beat", "celery", "-A", "smartcity", "beat", "--loglevel", "INFO"),
            *("--schedule", schedule, "--pidfile="),
        )

    def wait_until_healthy(self) -> None:
        """Wait until the portal reports itself healthy; refuse where it never does."""
        deadline = time.monotonic() + HEALTHY_WITHIN
        while not self.stopping.is_set() and not is_healthy(self.address.url):
            self.supervise()
            if time.monotonic() > deadline:
                log = self.state / "logs" / "web.log"
                raise Refused(f"The portal did not get healthy ({log}):\n{end_of_log(log)}")
            time.sleep(0.1)

    def supervise(self) -> None:
        """Start again what died."""
        self.guard.revive()
        for supervised in self.running:
            if not self.stopping.is_set() and supervised.revive():
                say(f"The process “{supervised.command.name}” died and was started again.")

    def welcome(self, logins: str) -> None:
        """Say where the portal is and how to get in."""
        say(f"\n{logins.rstrip()}\n")
        say(f"The portal:       {self.address.url}/")
        say(f"Caught mails:     {self.address.url}/dev/mail/")
        say(f"Logs and data:    {self.state}")
        say("Ctrl-C stops everything; the data stays for the next start.")

    def stop(self) -> None:
        """Stop everything, in stages; nothing is left when this returns."""
        self.stopping.set()
        if self.running:
            say("Stopping …")
        stop_all(self.running)
        self.mail.close()
        self.guard.close()


def is_healthy(url: str) -> bool:
    """Return whether the portal at ``url`` says that it, its database and its broker work."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def run() -> None:
    """Run the portal until a signal asks to stop."""
    address = wanted_address()
    state = make_state_folder()
    held = lock.take_lock(state / "lock", address.url)
    if stop_leftovers(state / "run" / "groups.json"):
        say("Stopped what an earlier start had left behind.")
    refuse_taken_port(address)
    portal = Portal(address, state, held)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: portal.stopping.set())
    try:
        portal.run()
    except Interrupted:
        pass
    finally:
        portal.stop()


def reset() -> None:
    """Remove the state folder, and with it all data; refuse while the portal runs."""
    state = state_folder()
    if not (state / "lock").exists():
        say("Nothing to reset: no portal has run here.")
        return
    if state in {ROOT, Path.home(), *ROOT.parents}:
        raise Refused(f"{state} holds more than the portal's data and is not removed.")
    os.close(lock.take_lock(state / "lock", "another address"))
    stop_leftovers(state / "run" / "groups.json")
    shutil.rmtree(state)
    shutil.rmtree(socket_folder(state), ignore_errors=True)
    say(f"Removed {state}; the next make run starts afresh.")


def main(action: str) -> int:
    """Run or reset; return the exit code. A refusal is its sentence and 1."""
    try:
        {"run": run, "reset": reset}[action]()
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
