"""The address to which a copy comes back: it names the copy and proves it (VERP)."""

import hmac
import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from .mailing import own_address

SALT = "core.posting.envelopes"
#: "campaign-12.345.0a1b2c3d": mailing, row, signature.
TRACE = re.compile(r"([a-z]+-\d+)\.(\d+)\.([0-9a-f]{8})(?=@)")


@dataclass(frozen=True)
class Trace:
    """Which copy a mail is about; only a signed one is believed."""

    mailing: str
    copy: int


def signature(key: str, pk: int) -> str:
    """Return the eight signs by which a bounce proves that it is about this copy."""
    made = _signer(settings.SECRET_KEY).copy()
    made.update(f"{key}:{pk}".encode())
    return made.hexdigest()[:8]


@cache
def _signer(secret: str) -> hmac.HMAC:
    """Return the keyed hash of nothing yet: copied for each row, because deriving its key costs."""
    return salted_hmac(SALT, "", secret=secret, algorithm="sha256")


def message_id(key: str, pk: int) -> str:
    """Return the Message-ID of a copy: always the same, so that an answer finds its row."""
    return f"<{key}.{pk}.{signature(key, pk)}@{_host(settings.SITE_URL)}>"


@cache
def _host(address: str) -> str:
    return urlsplit(address).hostname


def envelope(key: str, pk: int) -> str:
    """Return the sender of the envelope: the bounce address with the trace, where there is one."""
    if not settings.MAIL_BOUNCE_ADDRESS:
        return own_address(settings.DEFAULT_FROM_EMAIL)
    local, _at, host = settings.MAIL_BOUNCE_ADDRESS.partition("@")
    return f"{local}+{key}.{pk}.{signature(key, pk)}@{host}"


def trace_in(words: str) -> Trace | None:
    """Return the first trace in ``words`` whose signature is ours."""
    for key, pk, signed in TRACE.findall(words):
        if constant_time_compare(signed, signature(key, int(pk))):
            return Trace(key, int(pk))
    return None
