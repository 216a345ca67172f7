"""Addresses as they are compared, and the keyed hash that stands for one that is forgotten."""

import hashlib

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "core.posting"
BLOCK = 64


def normal(email: str) -> str:
    """Return ``email`` as it is compared: without blanks around it, in small letters."""
    return email.strip().lower()


def keyed_hash(email: str) -> str:
    """Return the keyed hash of an address, 64 hexadecimal digits; the case makes no difference."""
    return salted_hmac(SALT, normal(email), algorithm="sha256").hexdigest()


def hash_pads() -> tuple[bytes, bytes]:
    """Return the inner and the outer pad of `keyed_hash`, for the same hash in SQL (RFC 2104).

    The key is the one that `django.utils.crypto.salted_hmac` derives.
    """
    key = hashlib.sha256((SALT + settings.SECRET_KEY).encode()).digest().ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


#: SQL of `keyed_hash` for a normal address; its parameters are the outer and the inner pad.
HASH_SQL = "encode(sha256(%s::bytea || sha256(%s::bytea || convert_to({email}, 'UTF8'))), 'hex')"
