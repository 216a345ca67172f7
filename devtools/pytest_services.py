"""pytest plugin: the suite on real servers, a real SMTP sink, a real worker and a real browser.

The first process starts PostgreSQL and Valkey before Django's settings load; the processes of
pytest-xdist inherit their addresses and take a Valkey database each. A guard stops the servers
also when the run is killed.
"""

import contextlib
import email
import os
import shutil
import sys
import tempfile
import time
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path

import pytest

from devtools import embedded
from devtools.checkout import ROOT, Refused, make_private_folder, temporary_root
from devtools.mailsink import LOOPBACK, MailSink, content_with_recipients
from devtools.processes import Command, Guard, Supervised, end_of_log, stop_all

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER_OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
HOW_TO_GET_A_BROWSER = (
    "no Chromium found: install one (on Debian: apt-get install chromium) "
    "or name one in the variable CHROMIUM"
)
WORKER_READY_WITHIN = 60.0
#: The browser contexts that a test has opened, oldest first.
CONTEXTS = pytest.StashKey[list]()


class TestServers:
    """The embedded servers of one run, in a temporary folder; what the environment names wins."""

    __test__ = False

    def __init__(self) -> None:
        self.guard = Guard()
        self.running: list[Supervised] = []

    def start(self) -> None:
        """Start what DATABASE_URL and REDIS_URL do not name, and set both."""
        folder = Path(tempfile.mkdtemp(prefix="smartcity-test-", dir=temporary_root()))
        self.guard.remove_at_end(folder)
        # PostgreSQL under root is another user's process and has to reach its own folder.
        folder.chmod(0o711)
        owner = embedded.server_account(folder / "pg")[0]
        sockets = make_private_folder(folder / "s", owner)
        places = embedded.Places(data=folder, logs=folder, sockets=sockets)
        if not os.environ.get("REDIS_URL"):
            self._start(embedded.valkey_command, places, embedded.accepts_valkey)
            os.environ["REDIS_URL"] = places.redis_url
        if not os.environ.get("DATABASE_URL"):
            self._start(embedded.postgres_command, places, embedded.accepts_postgres)
            os.environ["DATABASE_URL"] = places.database_url

    def _start(self, make_command, places, accepts) -> None:
        server = Supervised(make_command(places, durable=False), self.guard)
        server.start()
        self.running.append(server)
        embedded.wait_for(server, lambda: accepts(places))

    def stop(self) -> None:
        """Stop the servers and remove their folder."""
        stop_all(self.running)
        self.guard.close()


def take_own_valkey_database(worker: str) -> None:
    """Point REDIS_URL to the database of the xdist process ``worker`` ("gw0", "gw1" …)."""
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("=")[0] + f"={number}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Start the servers: a wrapper, so that it runs before pytest-django loads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        servers = TestServers()
        early_config.add_cleanup(servers.stop)
        try:
            servers.start()
        except Refused as refusal:
            raise pytest.UsageError(str(refusal)) from refusal
    elif "unix://" in os.environ["REDIS_URL"]:
        take_own_valkey_database(worker)
    return (yield)


class CaughtMail:
    """What the SMTP sink has received; each message has its recipients in X-Envelope-To."""

    def __init__(self) -> None:
        self._contents: list[bytes] = []
        self._sink = MailSink(
            lambda envelope: self._contents.append(content_with_recipients(envelope))
        )
        self.host, self.port = LOOPBACK, self._sink.port

    def messages(self) -> list[EmailMessage]:
        """Return the messages so far, the oldest first."""
        contents = list(self._contents)
        return [email.message_from_bytes(content, policy=default_policy) for content in contents]

    def wait_for(self, count: int = 1, *, within: float = 15.0) -> list[EmailMessage]:
        """Return the messages once there are ``count``; fail when they do not come in time."""
        deadline = time.monotonic() + within
        while len(self._contents) < count:
            if time.monotonic() > deadline:
                pytest.fail(f"{len(self._contents)} of {count} mails came within {within} seconds")
            time.sleep(0.05)
        return self.messages()

    def clear(self) -> None:
        """Forget the messages so far."""
        self._contents.clear()

    def close(self) -> None:
        """Stop the sink."""
        self._sink.close()


@pytest.fixture(scope="session")
def mail_server():
    """The SMTP sink of the session; tests take ``smtp_sink``, which starts empty."""
    caught = CaughtMail()
    yield caught
    caught.close()


@pytest.fixture
def smtp_sink(mail_server, settings):
    """A real SMTP server, empty at first, to which this test's process sends its mail."""
    mail_server.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server.host, mail_server.port
    return mail_server


def worker_environ(mail: CaughtMail, site_url: str) -> dict[str, str]:
    """Return the environment of a process that shares this process's database, broker and mail."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    return os.environ | {
        "DATABASE_URL": with_database_name(os.environ["DATABASE_URL"], database["NAME"]),
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_HOST": mail.host,
        "EMAIL_PORT": str(mail.port),
        "SITE_URL": site_url,
        "DJANGO_SETTINGS_MODULE": "smartcity.settings.test",
    }


def with_database_name(url: str, name: str) -> str:
    """Return the database address ``url`` with its database replaced by ``name``."""
    address, mark, options = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{options}"


def wait_for_worker(worker: Supervised) -> None:
    """Wait until the Celery ``worker`` answers a ping."""
    from smartcity.celery import app

    deadline = time.monotonic() + WORKER_READY_WITHIN
    while not app.control.ping(timeout=0.3):
        if not worker.is_running() or time.monotonic() > deadline:
            pytest.fail(f"the worker did not start:\n{end_of_log(worker.command.log)}")


@pytest.fixture(scope="module")
def celery_worker_process(django_db_setup, mail_server, live_server, tmp_path_factory):
    """A real Celery worker on this process's test database; it sees committed rows only.

    So a test that uses it needs ``transactional_db``. It ends with the tests of its module: it
    would send the mails of later tests as well, before they can.
    """
    guard = Guard()
    arguments = (
        *(sys.executable, "-m", "celery", "-A", "smartcity", "worker", "--concurrency", "1"),
        *(
            "--queues",
            "default,mail,mail_campaign",
            "--loglevel",
            "INFO",
            "--without-mingle",
            "--purge",
        ),
    )
    command = Command(
        name="worker",
        arguments=arguments,
        cwd=ROOT,
        log=tmp_path_factory.mktemp("worker") / "worker.log",
        environ=worker_environ(mail_server, live_server.url),
    )
    worker = Supervised(command, guard)
    worker.start()
    try:
        wait_for_worker(worker)
        yield worker
    finally:
        stop_all([worker])
        guard.close()


@pytest.fixture
def live_portal(live_server, smtp_sink, settings):
    """The portal on a real port, whose mails arrive in ``smtp_sink``; ``.url`` is its address."""
    settings.SITE_URL = live_server.url
    return live_server


def browser_path() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSER_NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session; without one the test is skipped, or fails where required."""
    path = browser_path()
    if path is None:
        refuse = pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip
        refuse(HOW_TO_GET_A_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, allow_orm_beside_playwright():
        chromium = playwright.chromium.launch(executable_path=path, args=list(BROWSER_OPTIONS))
        yield chromium
        chromium.close()


@contextlib.contextmanager
def allow_orm_beside_playwright():
    """Playwright leaves an event loop in the main thread, in which Django refuses queries."""
    name = "DJANGO_ALLOW_ASYNC_UNSAFE"
    before = os.environ.get(name)
    os.environ[name] = "true"
    yield
    os.environ.pop(name) if before is None else os.environ.update({name: before})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Show beside a failed browser test what each of its pages showed."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [
            (f"page {page.url}", page.locator("body").inner_text(timeout=2000)[:3000])
            for context in item.stash.get(CONTEXTS, ())
            for page in context.pages
        ]
    return report


@pytest.fixture
def open_page(browser, request):
    """A function that opens a page in a context of its own: ``open_page(locale="nl-BE")``.

    Where the test fails, its report shows the address and the text of each open page.
    """
    contexts = request.node.stash[CONTEXTS] = []

    def open_page(**options):
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-BE"} | options
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(open_page):
    """One page of 1280 by 900 pixels, with nothing of an earlier test in it."""
    return open_page()
