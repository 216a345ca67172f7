"""The bytes of a mail, built once for each language; what differs between addressees is merged in.

A template writes a field as `@@name@@`. Where it stands decides how a value goes in: escaped in
HTML, as it is in plain text and in addresses, encoded (RFC 2047) in the subject.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.header import Header
from email.policy import SMTP
from email.utils import formatdate
from functools import lru_cache
from html import escape

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

from ..inline_pictures import InlinePicture, put_inside

FIELD = re.compile(r"@@([a-z_]+)@@")
PLACE = re.compile(rb"@@(html|text|header)=([a-z_]+)@@")
BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
#: A line that is longer is broken at a blank, so that no value makes it too long (RFC 5322: 998).
LONGEST_LINE = 600
#: What every copy has of its own in its headers.
OWN_HEADERS = ("To", "Date", "Message-ID")


class BadSkeleton(Exception):
    """A mail that cannot be merged; `str()` says why."""


@dataclass(frozen=True)
class Skeleton:
    """The parts of a mail in one language: bytes, and (kind, field) between them."""

    parts: tuple[bytes | tuple[str, str], ...]
    subject: str

    def merge(self, values: Mapping[str, str], own: Mapping[str, str]) -> bytes:
        """Return the mail with ``values`` {field: words}, and ``own`` {header: value} on top.

        Lines end in CRLF. A value is one line: breaks become blanks, so none makes a header.
        """
        words = {name: BREAKS.sub(" ", value).strip() for name, value in values.items()}
        head = "".join(f"{name}: {BREAKS.sub(' ', value)}\r\n" for name, value in own.items())
        body = b"".join(
            part if isinstance(part, bytes) else _filled(*part, words, self.subject)
            for part in self.parts
        )
        return head.encode() + body


def _filled(kind: str, name: str, words: Mapping[str, str], subject: str) -> bytes:
    if kind == "html":
        return escape(words[name]).encode()
    if kind == "text":
        return words[name].encode()
    if name == "subject":
        filled = FIELD.sub(lambda found: words[found[1]], subject)
        return header_words(filled).encode()
    return words[name].encode("ascii")


def header_words(words: str) -> str:
    """Return a header's value, encoded and folded where it is not short ASCII (RFC 2047)."""
    return Header(
        words, "utf-8" if not words.isascii() else "us-ascii", header_name="Subject"
    ).encode(linesep="\r\n")


def build(
    rendered: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    language: str,
    pictures: Iterable[InlinePicture] = (),
) -> Skeleton:
    """Return the skeleton of what `core.mail.render` gave; raise `BadSkeleton` where it cannot be.

    ``rendered`` is {"subject", "text", "html"}; fields may stand in ``headers`` too. ``pictures``
    are those that the HTML names.
    """
    subject = rendered["subject"]
    if BREAKS.search(subject):
        raise BadSkeleton("The subject has a line break.")
    mail = EmailMultiAlternatives(
        "",
        _short_lines(_placed(rendered["text"], "text")),
        settings.DEFAULT_FROM_EMAIL,
        headers={
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
            # Of every copy's own; Django would make them up otherwise.
            **dict.fromkeys(OWN_HEADERS, ""),
        },
    )
    if rendered["html"]:
        mail.attach_alternative(_short_lines(_placed(rendered["html"], "html")), "text/html")
    put_inside(mail, pictures)
    message = mail.message()
    _check_parts(message)
    for name in (*OWN_HEADERS, "Subject"):
        del message[name]
    lines = message.as_bytes(linesep="\r\n").splitlines(keepends=True)
    _check_lines(lines)
    extra = {"Subject": "@@header=subject@@" if FIELD.search(subject) else header_words(subject)}
    extra |= {name: _placed(value, "header") for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in extra.items()).encode("ascii")
    return Skeleton(_parts(head + b"".join(lines)), subject)


def _placed(words: str, kind: str) -> str:
    """Mark of which kind the fields in ``words`` are."""
    return FIELD.sub(rf"@@{kind}=\1@@", words)


def _parts(content: bytes) -> tuple:
    """Split ``content`` at its fields; two neighbours never stay apart without need."""
    pieces = PLACE.split(content)
    parts: list = [pieces[0]]
    for kind, name, rest in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        parts += [(kind.decode(), name.decode()), rest]
    if any(b"@@" in part for part in parts if isinstance(part, bytes)):
        raise BadSkeleton("The text holds “@@”, which marks what is filled in.")
    return tuple(part for part in parts if part)


def _short_lines(words: str) -> str:
    """Break lines that are too long at blanks, which neither HTML nor a reader minds."""
    return "\n".join(piece for line in words.split("\n") for piece in _pieces(line))


def _pieces(line: str):
    while len(line.encode()) > LONGEST_LINE:
        cut = line.rfind(" ", 0, LONGEST_LINE // 2)
        if cut <= 0:
            break
        yield line[:cut]
        line = line[cut + 1 :]
    yield line


def _check_parts(message) -> None:
    """Refuse a text that Django would encode because a line is long: its fields would break."""
    encoded = {
        part["Content-Transfer-Encoding"]
        for part in message.walk()
        if part.get_content_maintype() == "text"
    }
    if encoded & {"quoted-printable", "base64"}:
        raise BadSkeleton("A line of the text is too long: break it with blanks.")


def _check_lines(lines) -> None:
    """Refuse a line that a mail server may cut."""
    if any(len(line) > 998 for line in lines):
        raise BadSkeleton("A line of the text is too long: break it with blanks.")


def own_headers(*, to: str, message_id: str, at: float) -> dict[str, str]:
    """Return the headers that every copy has of its own; ``at`` is a time in seconds."""
    return {"To": to, "Date": _date(int(at)), "Message-ID": message_id}


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return formatdate(second)


def address_of(email: str) -> str:
    """Return an address as it goes over the line; raise ValueError where none can."""
    return email if email.isascii() else sanitize_address(email, "utf-8")


def seven_bits(content: bytes) -> bytes:
    """Return the same mail for a server that takes ASCII only (no 8BITMIME): parts encoded."""
    return message_from_bytes(content).as_bytes(policy=SMTP.clone(cte_type="7bit"))
