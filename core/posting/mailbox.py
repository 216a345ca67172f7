"""Fetch what came back from its mailbox, by IMAP or POP3: stored and committed, then deleted."""

import imaplib
import poplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings

from . import bounces

#: How many mails one run takes; the next one goes on.
AT_ONCE = 200
TIMEOUT = 30


def fetch(address: str | None = None) -> int:
    """Read the mailbox ``address`` (settings.MAIL_BOUNCE_MAILBOX); return how many mails it held.

    ``address`` is imap://, imaps://, pop3:// or pop3s:// USER:PASSWORD@HOST[:PORT][/FOLDER]. A mail
    that was stored and not deleted, because we died in between, is stored once all the same.
    """
    place = urlsplit(address or settings.MAIL_BOUNCE_MAILBOX)
    if not place.hostname:
        return 0
    with OPENERS[place.scheme.removesuffix("s")](place) as box:
        count = 0
        for number, content in box.mails():
            bounces.read(bounces.keep(content))
            box.delete(number)
            count += 1
    return count


def _names(place) -> tuple[str, str]:
    return unquote(place.username or ""), unquote(place.password or "")


class ImapBox:
    """A folder of an IMAP server."""

    def __init__(self, line):
        self.line = line

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """Yield (number, content) of each mail."""
        _answer, (numbers,) = self.line.search(None, "ALL")
        for number in numbers.split()[:AT_ONCE]:
            _answer, parts = self.line.fetch(number.decode(), "(RFC822)")
            yield number.decode(), parts[0][1]

    def delete(self, number: str) -> None:
        """Mark a mail as deleted; the folder is emptied of them at the end."""
        self.line.store(number, "+FLAGS", r"(\Deleted)")


class PopBox:
    """The mailbox of a POP3 server."""

    def __init__(self, line):
        self.line = line

    def mails(self) -> Iterator[tuple[int, bytes]]:
        """Yield (number, content) of each mail."""
        count, _size = self.line.stat()
        for number in range(1, min(count, AT_ONCE) + 1):
            _answer, lines, _octets = self.line.retr(number)
            yield number, b"\r\n".join(lines)

    def delete(self, number: int) -> None:
        """Have a mail deleted when the line is closed."""
        self.line.dele(number)


@contextmanager
def _imap(place) -> Iterator[ImapBox]:
    if place.scheme == "imaps":
        context = ssl.create_default_context()
        line = imaplib.IMAP4_SSL(
            place.hostname, place.port or 993, ssl_context=context, timeout=TIMEOUT
        )
    else:
        line = imaplib.IMAP4(place.hostname, place.port or 143, timeout=TIMEOUT)
    try:
        line.login(*_names(place))
        line.select(unquote(place.path.strip("/")) or "INBOX")
        yield ImapBox(line)
    finally:
        if line.state == "SELECTED":
            line.expunge()
            line.close()
        line.logout()


@contextmanager
def _pop(place) -> Iterator[PopBox]:
    if place.scheme == "pop3s":
        context = ssl.create_default_context()
        line = poplib.POP3_SSL(place.hostname, place.port or 995, context=context, timeout=TIMEOUT)
    else:
        line = poplib.POP3(place.hostname, place.port or 110, timeout=TIMEOUT)
    try:
        user, password = _names(place)
        line.user(user)
        line.pass_(password)
        yield PopBox(line)
    finally:
        line.quit()


OPENERS = {"imap": _imap, "pop3": _pop}
