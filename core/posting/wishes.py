"""Wishes that somebody sends by mail: the address that is written to says what, and proves it.

`address_for("unsub", "12-3")` is an address of the mailbox to which mails come back; a mail to it
is such a wish, whoever sends it and whatever stands in it. Nothing is ever answered.
"""

import hmac
import re
from collections.abc import Callable
from email.message import Message as Mail
from functools import cache

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "core.posting.wishes"
SIGNS = 16
#: RFC 5321: so much may stand before the @.
LONGEST_LOCAL_PART = 64
#: "+unsub.12-3.0123456789abcdef@": small letters only, because servers may change the case.
WISH = re.compile(rf"\+([a-z]+)\.(\d+(?:-\d+)*)\.([0-9a-f]{{{SIGNS}}})(?=@)")
#: Where the address that was written to stands; a text that quotes one is no wish.
WRITTEN_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")

_HANDLERS: dict[str, Callable[[str], None]] = {}


def register(name: str, handler: Callable[[str], None]) -> None:
    """Have ``handler`` called with the words of every wish ``name``; it may come twice."""
    _HANDLERS[name] = handler


def address_for(name: str, words: str) -> str:
    """Return the address by which somebody wishes ``name`` for ``words`` (numbers and hyphens).

    "" where mails come back to no mailbox of ours, or where the address would be too long.
    """
    if not settings.MAIL_BOUNCE_ADDRESS:
        return ""
    local, _at, host = settings.MAIL_BOUNCE_ADDRESS.partition("@")
    signed = f"{local}+{name}.{words}.{signature(name, words, settings.SECRET_KEY)}"
    return f"{signed}@{host}" if len(signed) <= LONGEST_LOCAL_PART else ""


def signature(name: str, words: str, secret: str) -> str:
    """Return the signs by which an address proves that it was made here."""
    made = _signer(secret).copy()
    made.update(f"{name}:{words}".encode())
    return made.hexdigest()[:SIGNS]


@cache
def _signer(secret: str) -> hmac.HMAC:
    """Return the keyed hash of nothing yet: every mail of a campaign has such an address."""
    return salted_hmac(SALT, "", secret=secret, algorithm="sha256")


def wish_in(mail: Mail) -> tuple[str, str] | None:
    """Return (name, words) of the wish that ``mail`` is, None where it is none or not signed."""
    told = (value for name in WRITTEN_TO for value in mail.get_all(name, ()))
    for name, words, signed in WISH.findall("\n".join(map(str, told)).lower()):
        if name in _HANDLERS and _is_signed(name, words, signed):
            return name, words
    return None


def _is_signed(name: str, words: str, signed: str) -> bool:
    """Accept older keys too: an address that was sent once is good for ever."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(signed, signature(name, words, key)) for key in keys)


def grant(wish: tuple[str, str]) -> None:
    """Do what is wished."""
    name, words = wish
    _HANDLERS[name](words)
