"""Ask ClamAV (`clamd`) about bytes, where `CLAMD_SOCKET` says where it listens."""

import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024
#: Seconds without a sign of life after which the scanner counts as unreachable.
PATIENCE = 30


class Unreachable(Exception):
    """The scanner does not answer, or not with a verdict; ask again later."""


def is_configured() -> bool:
    """Tell whether this installation has a scanner."""
    return bool(settings.CLAMD_SOCKET)


def is_clean(content: bytes) -> bool:
    """Tell whether the scanner finds nothing in ``content``; raises `Unreachable`."""
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                line.sendall(struct.pack("!L", len(part)) + part)
            line.sendall(struct.pack("!L", 0))
            verdict = line.makefile("rb").read(4096).rstrip(b"\0\n")
    except OSError as error:
        raise Unreachable(str(error)) from error
    if verdict.endswith(b"FOUND"):
        return False
    if verdict.endswith(b": OK"):
        return True
    raise Unreachable(verdict.decode(errors="replace"))


def _connected() -> socket.socket:
    where = urlsplit(settings.CLAMD_SOCKET)
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname, where.port or 3310), PATIENCE)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(PATIENCE)
    try:
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line
