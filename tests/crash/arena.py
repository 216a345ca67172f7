"""A campaign sent by real processes, which are killed while it goes on.

Broker (Valkey), two workers, two schedulers and the mail server are processes of their own, on the
database of the test; each kill is followed by a new start, as a supervisor would do it.
"""

import base64
import contextlib
import os
import random
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
import redis
from django.conf import settings

from campaigns import services
from campaigns.models import Campaign, Delivery
from core.posting.rows import OPEN_STATES, CopyState
from devtools import embedded
from devtools.checkout import ROOT, make_private_folder, temporary_root
from devtools.processes import Command, Guard, Supervised, end_of_log, stop_all
from devtools.pytest_services import with_database_name
from stakeholders.models import Contact, Subscription, SubscriptionState

BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
SINK = Path(__file__).with_name("sink.py")
CONNECTIONS = 2


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Arena:
    """The processes, their log of mails, and how to kill each."""

    def __init__(self, *, seconds_a_mail: float = 0.002, tick: float = 1.0):
        self.folder = Path(tempfile.mkdtemp(prefix="smartcity-crash-", dir=temporary_root()))
        self.folder.chmod(0o711)
        self.guard = Guard()
        self.guard.remove_at_end(self.folder)
        self.log, self.traps = self.folder / "mails", self.folder / "traps"
        self.log.touch()
        self.traps.mkdir()
        self.port, self.pace, self.tick = free_port(), seconds_a_mail, tick
        sockets = make_private_folder(self.folder / "s", os.getuid())
        self.places = embedded.Places(data=self.folder, logs=self.folder, sockets=sockets)
        self.broker = Supervised(embedded.valkey_command(self.places, durable=False), self.guard)
        self.sink = self._supervised("sink", str(SINK), *self._sink_arguments())
        worker = ("-m", "celery", "-A", "smartcity", "worker", "--concurrency", str(CONNECTIONS))
        quiet = ("--loglevel", "INFO", "--without-mingle", "--without-gossip")
        queues = ("--queues", "default,mail,mail_campaign")
        self.worker = self._supervised("worker", *worker, *quiet, *queues)
        self.beats = [
            self._supervised(
                f"beat{number}",
                *("-m", "celery", "-A", "smartcity", "beat", "--pidfile="),
                *("--schedule", str(self.folder / f"schedule{number}")),
            )
            for number in range(2)
        ]
        self.kills = 0
        #: Whatever went through the broker while somebody looked.
        self.overheard: list[str] = []
        self.listening = threading.Event()

    def _overhear(self) -> None:
        """Note each command of the broker, also after it was killed."""
        while self.listening.is_set():
            with contextlib.suppress(redis.RedisError, OSError):
                client = redis.Redis.from_url(self.places.redis_url)
                with client.monitor() as monitor:
                    for each in monitor.listen():
                        self.overheard.append(each["command"])
            time.sleep(0.05)

    def _sink_arguments(self) -> tuple[str, ...]:
        return str(self.port), str(self.log), str(self.traps), str(self.pace)

    def _supervised(self, name: str, *arguments: str) -> Supervised:
        database = settings.DATABASES["default"]["NAME"]
        environ = os.environ | {
            "DATABASE_URL": with_database_name(os.environ["DATABASE_URL"], database),
            "REDIS_URL": self.places.redis_url,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "smartcity.settings.test",
            "MAIL_JOURNAL_DIR": str(self.folder / "journal"),
            "CAMPAIGN_TICK_SECONDS": str(self.tick),
            "CAMPAIGN_CONNECTIONS": str(CONNECTIONS),
        }
        command = Command(
            name=name,
            arguments=(sys.executable, *arguments),
            cwd=ROOT,
            log=self.folder / f"{name}.log",
            environ=environ,
        )
        return Supervised(command, self.guard)

    @property
    def processes(self) -> list[Supervised]:
        """Return all of them, in the order in which they start."""
        return [self.broker, self.sink, self.worker, *self.beats]

    def start(self) -> None:
        """Start everything."""
        self.broker.start()
        embedded.wait_for(self.broker, lambda: embedded.accepts_valkey(self.places))
        self.listening.set()
        threading.Thread(target=self._overhear, daemon=True).start()
        for each in (self.sink, self.worker, *self.beats):
            each.start()

    def revive(self) -> None:
        """Start again what was killed, at once."""
        for each in self.processes:
            each.pause = 0.0
            each.revive()

    def stop(self) -> None:
        """Stop everything and remove the folder."""
        self.listening.clear()
        stop_all(self.processes)
        self.guard.close()

    def lines(self) -> list[tuple[str, str]]:
        """Return (address, Message-ID) of each mail that the server took."""
        return [tuple(line.split()) for line in self.log.read_text().splitlines()]

    def kill(self, what: str, chance: random.Random) -> None:
        """Kill something now, or let the mail server kill a sender at a point of the dialogue."""
        self.kills += 1
        if what in ("before", "after", "behind"):
            (self.traps / f"{len(self.lines()) + chance.randint(5, 30)}.{what}").touch()
            return
        if what == "child":
            victims = psutil.Process(self.worker.process.pid).children()
            if victims:
                os.kill(chance.choice(victims).pid, signal.SIGKILL)
            return
        process = {"worker": self.worker, "broker": self.broker, "sink": self.sink}[what]
        os.kill(process.process.pid, signal.SIGKILL)
        process.process.wait()

    def told(self) -> str:
        """Return the ends of the logs, for whoever has to find out what went wrong."""
        paths = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {path.name}\n{end_of_log(path)}" for path in paths)


def make_subscribers(topic, number: int, name: str = "crowd") -> None:
    """Give a topic ``number`` confirmed subscribers in three languages, called ``name`` 0, 1 …"""
    languages = ("fr", "nl", "en")
    people = Contact.objects.bulk_create(
        Contact(email=f"{name}{each}@example.org", language=languages[each % 3])
        for each in range(number)
    )
    now = {"status": SubscriptionState.ACTIVE, "confirmed_at": people[0].created_at}
    Subscription.objects.bulk_create(
        Subscription(contact=each, topic=topic, language=each.language, **now) for each in people
    )


def wait_for(condition, arena: Arena, *, within: float, what: str) -> None:
    """Wait until ``condition()``, reviving what died; fail with the logs."""
    deadline = time.monotonic() + within
    while not condition():
        arena.revive()
        assert time.monotonic() < deadline, f"{what}\n{arena.told()}"
        time.sleep(0.1)


def send_under_fire(arena: Arena, campaign: Campaign, *, by, kills: list[str], seed: int) -> None:
    """Start ``campaign`` and kill one thing after another until all of ``kills`` are done."""
    chance = random.Random(seed)
    services.start_campaign(campaign, by=by)
    services.wake(campaign.pk)
    for what in kills:
        seen = len(arena.lines()) + chance.randint(10, 60)
        wait_for(
            lambda seen=seen: len(arena.lines()) >= seen or is_through(campaign),
            arena,
            within=90,
            what=f"no mails before the kill of {what}",
        )
        arena.kill(what, chance)
        if what in ("before", "after", "behind"):
            wait_for(
                lambda: not any(arena.traps.iterdir()) or is_through(campaign),
                arena,
                within=90,
                what=f"the trap {what} was not sprung",
            )
    wait_for(lambda: is_finished(campaign), arena, within=180, what="it does not finish")


def is_through(campaign) -> bool:
    """Tell whether nothing of the list is left to be sent."""
    frozen = Campaign.objects.get(pk=campaign.pk).prepared
    return bool(frozen) and not campaign.deliveries.filter(state__in=OPEN_STATES).exists()


def is_finished(campaign) -> bool:
    """Tell whether the campaign is closed."""
    return Campaign.objects.get(pk=campaign.pk).status == Campaign.Status.FINISHED


def figures(arena: Arena, campaign: Campaign) -> dict[str, int]:
    """Return {"prepared", "sent", "uncertain", "failed", "duplicates", "lost", "unlogged"}.

    Lost is who is said to have got it and did not; unlogged is what arrived and no row knows.
    """
    copies = Counter(address for address, _key in arena.lines())
    rows = dict(campaign.deliveries.values_list("email", "state"))
    sent = {address for address, state in rows.items() if state == CopyState.SENT}
    unsure = {address for address, state in rows.items() if state == CopyState.UNCERTAIN}
    return {
        "prepared": Campaign.objects.get(pk=campaign.pk).prepared,
        "sent": len(sent),
        "uncertain": len(unsure),
        "uncertain_arrived": len(unsure & copies.keys()),
        "failed": sum(state == CopyState.FAILED for state in rows.values()),
        "lines": sum(copies.values()),
        "duplicates": sum(number - 1 for number in copies.values()),
        "lost": len(sent - copies.keys()),
        "unlogged": len(copies.keys() - sent - unsure),
    }


def check(arena: Arena, campaign: Campaign) -> dict[str, int]:
    """Assert all promises of a campaign that was sent under fire; return its figures."""
    found = figures(arena, campaign)
    assert found["duplicates"] == found["lost"] == found["unlogged"] == 0, found
    assert found["sent"] + found["uncertain"] + found["failed"] == found["prepared"], found
    assert found["sent"] == found["lines"] - found["uncertain_arrived"], found
    assert found["uncertain"] <= arena.kills * CONNECTIONS, found
    assert not Delivery.objects.filter(campaign=campaign, state__in=OPEN_STATES).exists()
    assert any("campaigns.drain" in each or "body" in each for each in arena.overheard)
    assert not [each for each in arena.overheard if personal(each)]
    return found


def personal(command: str) -> bool:
    """Tell whether a command of the broker names an addressee, also in its encoded body."""
    found = [command, *(_decoded(each) for each in BASE64.findall(command))]
    return any("crowd" in each for each in found)


def _decoded(words: str) -> str:
    try:
        return base64.b64decode(words + "=" * (-len(words) % 4)).decode("utf-8", "replace")
    except ValueError:
        return ""
