"""Who knocks at the doors, and what they read there: with the internal rows and without them."""

import io
import itertools
import logging
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from accounts.roles import Role
from core.models import Message
from tests.factories.canaries import HIDDEN_NAME, plant, send_mails, told_in
from tests.factories.world import make_world
from tests.stakeholders.canaries.arguments import arguments, office_arguments
from tests.stakeholders.canaries.doors import LIST, OFFICE, Door, doors

#: The twin of every denial; the other two roles that may know people read what it reads.
ALLOWED = "staff"
KNOWERS = ("staff", "auditor", "administrator")
ANYBODY = "anonymous"
DENIED = [ANYBODY, *(role for role in Role.values if role not in KNOWERS), "partner", "superuser"]
VISITORS = [ALLOWED, *DENIED]
FRONT_DOOR = Door(OFFICE, "/admin/")
#: Pages that make a new secret each time.
ALWAYS_NEW = ("/accounts/2fa/totp/activate/",)
#: What differs from one answer to the next although nothing was told.
PASSING = re.compile(
    r'name="(?:csrfmiddlewaretoken|stamp|key)" value="[^"]*"'
    r'|id="id_key"[^>]*|value="[^"]*" name="stamp"|nonce="[^"]*"|id="counted">.*?</span>'
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+\d:]*|\d\d:\d\d:\d\d|\d+:\d\d [ap]\.m\."
)
MAIN = re.compile(r"<main.*</main>", re.DOTALL)


class Visitor(Client):
    """A client that keeps no templates and contexts: a tenth of the time."""

    def request(self, **request):
        """Return the plain response."""
        return self.handler(self._base_environ(**request))


@dataclass(frozen=True)
class Answer:
    """What somebody read behind a door."""

    status: int
    text: str

    @cached_property
    def told(self) -> frozenset:
        """The internal fields that can be read in it."""
        return told_in(self.text)

    @cached_property
    def main(self) -> str:
        """The page without the frame that greets whoever is logged in."""
        found = MAIN.search(self.text)
        return found.group() if found else self.text

    @cached_property
    def names_the_hidden(self) -> bool:
        """Tell whether it names an organisation that is not listed."""
        return HIDDEN_NAME in self.text


@dataclass(frozen=True)
class Visits:
    """All answers: {visitor: {door: answer}}, with the internal rows and without them."""

    full: dict[str, dict[Door, Answer]]
    bare: dict[str, dict[Door, Answer]]
    mails: list[Message]
    #: {route: [arguments]} of the pages, and of the screens of the back office.
    known: dict[str, list[tuple]]
    screens: dict[str, list[tuple]]

    def leaks(self, visitor: str, kind: str) -> dict[str, list]:
        """Return {path: internal fields} that ``visitor`` read behind doors of this kind."""
        answers = self.full[visitor].items()
        told = {door.path: sorted(each.told) for door, each in answers if door.kind == kind}
        return {path: fields for path, fields in told.items() if fields}

    def tells(self, visitor: str, kind: str) -> list[str]:
        """Return the doors of this kind that answer differently once internal rows exist."""
        again = self.bare[visitor].items()
        differing = [door for door, answer in again if self.full[visitor][door] != answer]
        return [door.path for door in differing if door.kind == kind]


def go_round(visitors=VISITORS, keep=lambda door: True) -> Visits:
    """Open the doors with internal rows planted, and again with them rolled back."""
    with silence(), transaction.atomic():
        world = make_world(_maker("actor{}@brus.be"))
        clients = _clients(world, visitors)
        before_planting = transaction.savepoint()
        planted = plant(world)
        send_mails(world, planted)
        known, screens = arguments(world, planted), office_arguments(world, planted)
        every = [door for door in doors(known, screens) if keep(door)]
        full = {name: _ask_all(clients[name], _of(name, every)) for name in clients}
        mails = list(Message.objects.all())
        transaction.savepoint_rollback(before_planting)
        again = _once_more(full)
        bare = {name: _ask_all(clients[name], again[name]) for name in again}
        transaction.set_rollback(True)
    return Visits(full, bare, mails, known, screens)


def _of(name, every) -> list[Door]:
    """Return the doors of one visitor: the public opens all, the others share what is far off.

    The twin opens what leads to the register: that is where there is something to read.
    """
    if name == ANYBODY:
        return every
    if name == ALLOWED:
        return [door for door in every if door.turn[0] == 1]
    number = VISITORS.index(name)
    return [door for door in every if number % door.turn[0] == door.turn[1]]


def _once_more(full) -> dict[str, list[Door]]:
    """Return the doors that the denied open again; the same words are asked for once.

    Most visitors read behind most doors what the one before read, word for word.
    """
    asked, found = set(), {name: [] for name in full if name != ALLOWED}
    for name, doors_again in found.items():
        for door, answer in full[name].items():
            words = (door, answer.status, answer.main)
            if words not in asked and not door.path.endswith(ALWAYS_NEW):
                doors_again.append(door)
            asked.add(words)
    return found


def _may_knock(door, answers) -> bool:
    """Tell whether to try: of the back office, a list that is shut is asked nothing."""
    if not (door.is_office and door.is_question):
        return True
    before = (FRONT_DOOR, Door(LIST, door.list_path))
    return all(answers[each].status == 200 for each in before if each in answers)


@contextmanager
def silence():
    """Keep the refusals that are asked for out of the log."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _maker(address):
    numbers = itertools.count(1)

    def make(*roles, **fields):
        return User.objects.create_user(address.format(next(numbers)), roles=roles, **fields)

    return make


def _clients(world, visitors) -> dict[str, Visitor]:
    make = _maker("visitor{}@brus.be")
    makers = {
        "partner": lambda: world.partner,
        "superuser": lambda: make(is_superuser=True, is_staff=True),
    }
    found = {name: Visitor() for name in visitors}
    for name, client in found.items():
        if name != ANYBODY:
            client.force_login(makers[name]() if name in makers else make(name))
    return found


def _ask_all(client, every) -> dict[Door, Answer]:
    cache.clear()
    answers = {}
    for door in every:
        if _may_knock(door, answers):
            answers[door] = _ask(client, door)
    return answers


def _ask(client, door) -> Answer:
    """Open ``door`` and return what can be read there, unpacked; leave nothing behind."""
    point = transaction.savepoint()
    client.cookies.pop("messages", None)
    response = client.get(door.path)
    body = b"".join(response) if response.streaming else response.content
    transaction.savepoint_rollback(point)
    # Else the next door opens inside this one: a write then takes a lock for each of thousands.
    transaction.savepoint_commit(point)
    heads = [response.headers.get(name, "") for name in ("Location", "Content-Disposition")]
    return Answer(response.status_code, PASSING.sub("", "\n".join((*heads, readable(body)))))


def readable(body: bytes) -> str:
    """Return the words of a page, a workbook or a PDF."""
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
            )
    return body.decode("utf-8", "replace")
