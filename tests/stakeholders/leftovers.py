"""Looks for a person wherever the portal can keep something: tables, sessions, Redis, files."""

import base64
import html
import io
import json
import re
import zlib
from binascii import Error as NotBase64
from urllib.parse import unquote, unquote_plus

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection
from pypdf import PdfReader

KINDS = (
    *("text", "character varying", "character", "json", "jsonb", "xml"),
    *("ARRAY", "bytea", "tsvector", "USER-DEFINED"),
)
SIGNS = re.compile(r"[\s./()-]+")
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
LONG_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


def readings(text: str) -> list[str]:
    """Return a text as it stands and as it reads once it is decoded, in small letters."""
    low = re.sub(r"\r?\n[ \t]", "", text).lower()
    plain = ESCAPE.sub(lambda found: chr(int(found[1], 16)), low)
    found = [text.lower(), low, plain, html.unescape(plain), unquote(low), unquote_plus(plain)]
    spaced = [re.sub(r"(?:\s|\\[nrt])+", " ", each) for each in found]
    return list(dict.fromkeys([*found, *spaced]))


def names_in(text: str, people) -> set[str]:
    """Return "NAME: WHAT" for each of ``people`` of whom something stands in ``text``."""
    texts = readings(text)
    closed_up = SIGNS.sub("", texts[0])
    return {
        f"{person.name}: {word}"
        for person in people
        for word in person.words
        if (word in closed_up if word.isdigit() else any(word in each for each in texts))
    }


def _told(place: str, text: str, people) -> list[str]:
    return [f"{place} · {each}" for each in sorted(names_in(text, people))]


def in_tables(people) -> list[str]:
    """Return what stands in any column of any table of the database."""
    found = []
    for table, columns in _columns().items():
        for column, text in _cells(table, columns):
            found += _told(f"{table}.{column}", text, people)
    return found


def _columns() -> dict:
    """Return {table: [(column, kind)]} of all that may hold words, as the database knows it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = ANY(%s)",
            [list(KINDS)],
        )
        rows = cursor.fetchall()
    found: dict = {}
    for table, column, kind in rows:
        found.setdefault(table, []).append((column, kind))
    return found


def _cells(table, columns):
    """Yield (column, all its texts) of a table."""
    with connection.cursor() as cursor:
        quoted = [_as_text(*column) for column in columns]
        cursor.execute(f'SELECT {", ".join(quoted)} FROM "{table}"')
        rows = cursor.fetchall()
    for place, (column, _kind) in enumerate(columns):
        yield column, "\n\n".join(row[place] for row in rows if row[place])


def _as_text(column, kind) -> str:
    return f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'


def in_sessions(people) -> list[str]:
    """Return what stands in the sessions, which are kept encoded."""
    found = []
    for session in Session.objects.all():
        found += _told("session", json.dumps(session.get_decoded(), default=str), people)
    return found


def in_redis(people) -> list[str]:
    """Return what stands in any key or value of the database of this process: cache and broker.

    The other databases of the server belong to tests that run beside this one.
    """
    found = []
    server = redis.Redis.from_url(settings.REDIS_URL)
    for key in server.scan_iter():
        found += _told(f"redis {key!r}", _decoded(key), people)
        for value in _values(server, key):
            found += _told(f"redis {key!r}", _decoded(value), people)
    server.close()
    return found


def _values(server, key) -> list[bytes]:
    """Return all the values below a key, of whatever type."""
    read = {
        b"string": lambda: [server.get(key)],
        b"list": lambda: server.lrange(key, 0, -1),
        b"set": lambda: list(server.smembers(key)),
        b"zset": lambda: server.zrange(key, 0, -1),
        b"hash": lambda: [part for pair in server.hgetall(key).items() for part in pair],
        b"stream": lambda: [repr(server.xrange(key)).encode()],
        b"none": list,
    }
    return [value for value in read[server.type(key)]() if value is not None]


def _decoded(value: bytes) -> str:
    """Return a value as text, followed by what is packed inside it: base64, zlib."""
    text = value.decode(errors="replace")
    parts = [text, *(_unpacked(each) for each in LONG_BASE64.findall(text))]
    for prefix in (value, value[1:]):
        try:
            parts.append(zlib.decompress(prefix).decode(errors="replace"))
        except zlib.error:
            continue
    return "\n\n".join(parts)


def _unpacked(packed: str) -> str:
    try:
        return base64.b64decode(packed, altchars=b"-_" if set(packed) & set("-_") else None).decode(
            errors="replace"
        )
    except (NotBase64, ValueError):
        return ""


def in_files(people) -> list[str]:
    """Return what stands in the names and the contents of the files that are kept."""
    found = []
    for path in _paths(""):
        with default_storage.open(path) as file:
            content = file.read()
        found += _told(f"file {path}", f"{path}\n\n{words_in_file(content)}", people)
    return found


def _paths(folder):
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _paths(f"{folder}/{name}".lstrip("/"))


def words_in_file(content: bytes) -> str:
    """Return the words of a file: its bytes, and of a PDF its pages, data and unpacked streams."""
    parts = [content.decode(errors="replace")]
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        parts += [page.extract_text() for page in reader.pages]
        parts.append(repr(dict(reader.metadata or {})))
        parts += [_inflated(each) for each in STREAM.findall(content)]
    return "\n\n".join(parts)


def _inflated(stream: bytes) -> str:
    try:
        return zlib.decompress(stream).decode(errors="replace")
    except zlib.error:
        return ""


def everywhere(people) -> list[str]:
    """Return all that is kept of ``people``: "PLACE · NAME: WHAT"."""
    return [
        *in_tables(people),
        *in_sessions(people),
        *in_redis(people),
        *in_files(people),
    ]
