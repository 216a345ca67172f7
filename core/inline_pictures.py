"""Pictures that travel inside a mail, so that whoever opens it calls nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.mime.image import MIMEImage

from django.core.mail import EmailMultiAlternatives


@dataclass(frozen=True)
class InlinePicture:
    """A picture that the HTML names as `cid:<content_id>`; ``mime`` is "image/jpeg" or the like."""

    content_id: str
    mime: str
    content: bytes


def put_inside(mail: EmailMultiAlternatives, pictures: Iterable[InlinePicture]) -> None:
    """Let ``pictures`` go along with ``mail`` as parts of its HTML (RFC 2387)."""
    for picture in pictures:
        mail.mixed_subtype = "related"
        part = MIMEImage(picture.content, picture.mime.partition("/")[2])
        part.add_header("Content-ID", f"<{picture.content_id}>")
        part.add_header("Content-Disposition", "inline")
        mail.attach(part)
