"""Pictures of our own: made small enough to travel inside every mail."""

import hashlib
import io

from django.utils.translation import gettext as _
from PIL import Image

from core.uploads import Refused, sniffed, taken_in

from ..models import PICTURE_MOST_BYTES, PICTURE_WIDTH, Picture

#: Qualities that are tried one after another until a picture is small enough.
QUALITIES = (82, 70, 58, 46)


def take_in_picture(picture: Picture, upload) -> None:
    """Give the unsaved ``picture`` the bytes of ``upload`` (a file with a name), made small.

    Raises `core.uploads.Refused` with a sentence for the field.
    """
    content = upload.read()
    if content and sniffed(content) in (None, "pdf"):
        raise Refused(_("This is no picture. Choose a JPEG, PNG or WebP file."))
    prepared = taken_in(upload.name, content)
    kind, content, size = small_enough(prepared.content)
    digest = hashlib.sha256(content).hexdigest()
    same = Picture.objects.filter(sha256=digest).exclude(pk=picture.pk).first()
    if same is not None:
        raise Refused(_("This picture is here already: “%(name)s”.") % {"name": same.name})
    picture.kind, picture.content, picture.sha256 = kind, content, digest
    picture.width, picture.height = size


def small_enough(content: bytes) -> tuple[str, bytes, tuple[int, int]]:
    """Return (kind, bytes, (width, height)) of a picture as it goes into a mail.

    At most `PICTURE_WIDTH` wide (twice what is shown, for sharp screens) and `PICTURE_MOST_BYTES`
    long. What is transparent stays so where it fits as PNG. Raises `core.uploads.Refused`.
    """
    with Image.open(io.BytesIO(content)) as image:
        image.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH * 2))
        for kind, made in _tries(image):
            if len(made) <= PICTURE_MOST_BYTES:
                return kind, made, image.size
    raise Refused(
        _("This picture stays too large for a mail. Choose one with fewer details, or cut it.")
    )


def _tries(image):
    """Yield (kind, bytes), the best first."""
    if image.mode in ("RGBA", "LA", "P", "L") or image.format == "PNG":
        yield "png", _written(image, "PNG", optimize=True)
    flat = Image.new("RGB", image.size, "white")
    with image.convert("RGBA") as layers:
        flat.paste(layers, mask=layers.getchannel("A"))
    for quality in QUALITIES:
        yield "jpeg", _written(flat, "JPEG", quality=quality, optimize=True)


def _written(image, kind, **options) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()
