"""The real portal under load: its processes, the clients, and what each was promised."""

import http.client
import random
import re
import threading
import time
from functools import partial
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HOST = "127.0.0.1"
#: A request that takes longer is given up: nothing was acknowledged.
PATIENCE = 60
FORM = "application/x-www-form-urlencoded"
FIELD = re.compile(r"<input\b[^>]*>")


class Answer:
    """What came back: status, page, and where to go next."""

    def __init__(self, response):
        self.status = response.status
        self.page = response.read().decode("utf-8", "replace")
        self.location = response.headers.get("Location", "")

    def hidden(self, name: str) -> str:
        """Return the value of the hidden field ``name``, "" where there is none."""
        for field in FIELD.findall(self.page):
            if f'name="{name}"' in field:
                value = re.search(r'value="([^"]*)"', field)
                return value[1] if value else ""
        return ""


class Client:
    """A browser without scripts, at an address of its own on this machine."""

    def __init__(self, port: int, address: str = HOST):
        self.port, self.address, self.cookies = port, address, {}

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._send("GET", path, None)

    def post(self, path: str, data: dict) -> Answer:
        """Send a form, with the token of this browser."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self._send("POST", path, urlencode({**token, **data}))

    def _send(self, method, path, body):
        line = http.client.HTTPConnection(
            HOST, self.port, timeout=PATIENCE, source_address=(self.address, 0)
        )
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = FORM
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            for each in response.headers.get_all("Set-Cookie") or ():
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(each).items()}
            return Answer(response)
        finally:
            line.close()


class Pace:
    """Gives turns at a rate for some seconds, to however many ask."""

    def __init__(self, rate: float, seconds: float):
        self.rate, self.turns = rate, int(rate * seconds)
        self.lock, self.given, self.began = threading.Lock(), 0, time.monotonic()

    def turn(self) -> int | None:
        """Return the number of the next turn when its time has come, None after the last."""
        with self.lock:
            if self.given >= self.turns:
                return None
            number, self.given = self.given, self.given + 1
        time.sleep(max(0.0, self.began + number / self.rate - time.monotonic()))
        return number


class Log:
    """What the clients saw: how each request ended, how long it took, and what was promised."""

    def __init__(self):
        self.lock = threading.Lock()
        self.statuses, self.times, self.failures = {}, {}, []
        self.tried, self.promised = {}, {}
        self.seconds = 0.0

    def took(self, kind: str, seconds: float, status: int) -> None:
        """Note one request."""
        with self.lock:
            self.times.setdefault(kind, []).append(seconds)
            key = f"{kind} {status}"
            self.statuses[key] = self.statuses.get(key, 0) + 1

    def failed(self, kind: str, error: Exception) -> None:
        """Note a request that had no answer."""
        with self.lock:
            self.failures.append(f"{kind}: {type(error).__name__} {error}")

    def attempt(self, kind: str, what: str) -> None:
        """Note what is about to be written."""
        with self.lock:
            self.tried.setdefault(kind, set()).add(what)

    def promise(self, kind: str, what: str) -> None:
        """Note what the portal has acknowledged."""
        with self.lock:
            self.promised.setdefault(kind, set()).add(what)


def timed(log: Log, kind: str, ask):
    """Return the answer of ``ask()``, noted under ``kind``."""
    began = time.monotonic()
    answer = ask()
    log.took(kind, time.monotonic() - began, answer.status)
    return answer


def own_address(number: int) -> str:
    """Return a loopback address for visitor ``number``: none shares one with another."""
    return f"127.{1 + number // 60_000}.{number // 250 % 240}.{1 + number % 250}"


def read(log: Log, pace: Pace, port: int, addresses: list[str]) -> None:
    """Read public pages in turn, as somebody who only looks."""
    chance, client = random.Random(threading.get_ident()), Client(port)
    while pace.turn() is not None:
        _guarded(
            log, "read", lambda: timed(log, "read", lambda: client.get(chance.choice(addresses)))
        )


def submit(log: Log, pace: Pace, port: int, theme: str, fastest: float) -> None:
    """Send ideas, each from somebody else, after having read the form for a moment."""
    while (number := pace.turn()) is not None:
        _guarded(log, "submit", partial(_submit, log, port, theme, number, fastest))


def _submit(log, port, theme, number, fastest):
    client = Client(port, own_address(number))
    form = timed(log, "form", lambda: client.get("/fr/ideas/new/"))
    time.sleep(fastest)
    title = f"Charge {number:05}"
    data = {
        "title": title,
        "body": "Un banc à chaque deuxième arrêt, pour souffler en chemin.",
        "theme": theme,
        "language": "fr",
        "submitter_type": "person",
        "display": "anonymous",
        "email": f"load{number}@example.org",
        "notify": "on",
        "consent": "on",
        "stamp": form.hidden("stamp"),
    }
    log.attempt("idea", title)
    answer = timed(log, "submit", lambda: client.post("/fr/ideas/new/", data))
    if answer.status == 302 and answer.location.endswith("/ideas/sent/"):
        log.promise("idea", title)


def signed_in(port: int, email: str, password: str) -> Client:
    """Return a client that has logged in."""
    client = Client(port)
    client.get("/fr/accounts/login/")
    answer = client.post("/fr/accounts/login/", {"login": email, "password": password})
    assert answer.status == 302, answer.status
    return client


def work(log: Log, pace: Pace, port: int, theme: str, client: Client) -> None:
    """Do what the staff does: enter an idea from paper, then publish it."""
    waiting = []
    while (number := pace.turn()) is not None:
        if waiting:
            _guarded(log, "staff", partial(_publish, log, client, waiting.pop()))
        else:
            _guarded(log, "staff", partial(_register, log, client, theme, number, waiting))


def _register(log, client, theme, number, waiting):
    title = f"Papier {number:05}"
    data = {
        "title": title,
        "body": "Un banc à chaque deuxième arrêt, pour souffler en chemin.",
        "language": "nl",
        "theme": theme,
        "submitter_type": "person",
        "display": "anonymous",
        "channel": "paper",
        "name": f"Papier {number}",
        "consent": "on",
    }
    log.attempt("paper", title)
    answer = timed(log, "staff", lambda: client.post("/admin/stakeholders/idea/add/", data))
    if answer.status == 302:
        log.promise("paper", title)
        waiting.append(title)


def _publish(log, client, title):
    found = client.get("/admin/stakeholders/idea/?" + urlencode({"q": title})).page
    key = re.search(r"/admin/stakeholders/idea/(\d+)/change/", found)[1]
    address = f"/admin/stakeholders/idea/{key}/do/publish/"
    form = client.get(address)
    log.attempt("publish", title)
    data = {"note": "", "seen": form.hidden("seen")}
    answer = timed(log, "staff", lambda: client.post(address, data))
    if answer.status == 302:
        log.promise("publish", title)


def _guarded(log, kind, act):
    try:
        act()
    except Exception as error:  # whatever breaks is told in the report, and the others go on
        log.failed(kind, error)


def run_together(jobs) -> float:
    """Run ``jobs`` ([(how many, function, arguments)]) at once; return how long all took (s)."""
    began = time.monotonic()
    threads = [
        threading.Thread(target=function, args=arguments)
        for many, function, arguments in jobs
        for _each in range(many)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began
