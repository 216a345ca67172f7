"""Sealed ballots: encryption until the opening, and a fingerprint that shows any later change.

Simple mode: one key per session, derived from the secret of the installation. The operator of the
server could therefore read a ballot; the page of each session says so. Nobody else can, and nobody,
the operator included, can change a sealed ballot unseen: the juror holds fingerprint and nonce.
"""

import base64
import hashlib
import json
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: Payloads are padded to whole blocks, so that their length does not tell how much was written.
BLOCK = 8192


class Unreadable(Exception):
    """The payload was not sealed with a key of this installation, or it was changed."""


def canonical(value) -> bytes:
    """Return ``value`` as the one JSON text that is hashed: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def fingerprint(value) -> str:
    """Return the SHA-256 of the canonical form of ``value``."""
    return hashlib.sha256(canonical(value)).hexdigest()


def new_nonce() -> str:
    """Return 32 random bytes as hexadecimal text; the juror gets them with the receipt."""
    return secrets.token_hex(32)


def commitment(ballot: dict, nonce: str) -> str:
    """Return SHA-256(canonical ballot ‖ nonce), the fingerprint told when a ballot is sealed."""
    return hashlib.sha256(canonical(ballot) + bytes.fromhex(nonce)).hexdigest()


def encrypt(session, content: dict) -> bytes:
    """Return ``content`` padded and encrypted for ``session``."""
    text = canonical(content)
    padded = text.ljust(-(-len(text) // BLOCK) * BLOCK)
    return _box(session).encrypt(padded)


def decrypt(session, payload) -> dict:
    """Return what `encrypt` was given; raises `Unreadable` for anything else."""
    try:
        return json.loads(_box(session).decrypt(bytes(payload)))
    except InvalidToken as error:
        raise Unreadable from error


def _box(session) -> MultiFernet:
    """Return the box of a session; older secrets of the installation still open it."""
    secrets_known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret, session)) for secret in secrets_known])


def _key(secret: str, session) -> bytes:
    derivation = HKDF(
        algorithm=hashes.SHA256(),
        length=32,
        salt=None,
        info=f"projects.jury-session:{session.pk}".encode(),
    )
    return base64.urlsafe_b64encode(derivation.derive(secret.encode()))
