"""Files as they come with a form: good ones, and those that are made to do harm."""

import hashlib
import io
import struct
import zlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stakeholders.models import IdeaAttachment

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
EXE = b"MZ\x90\x00" + bytes(200)
OFFICE = b"PK\x03\x04" + bytes(200)
GPS_TAG, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def picture(size=(40, 20), kind="JPEG", *, gps=False, orientation=None, colour="red") -> bytes:
    """Return a picture, with the traces of a camera where they are asked for."""
    image = Image.new("RGB", size, colour)
    exif = Image.Exif()
    if gps:
        exif[MAKER] = "Kanarie camera"
        exif.get_ifd(GPS_TAG)[2] = (50.0, 51.0, 0.0)
    if orientation:
        exif[ORIENTATION] = orientation
    written = io.BytesIO()
    image.save(written, kind, exif=exif)
    return written.getvalue()


def claimed_png(width, height) -> bytes:
    """Return a small PNG that claims to be ``width`` by ``height``."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!L", len(body)) + name + body + struct.pack("!L", zlib.crc32(name + body))
        for name, body in (
            (b"IHDR", struct.pack("!2L5B", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(2000))),
            (b"IEND", b""),
        )
    )


def pdf_with(words: bytes) -> bytes:
    """Return a PDF with ``words`` in its catalogue."""
    return PDF.replace(b"/Type/Catalog", b"/Type/Catalog" + words)


def pdf_packed(words: bytes) -> bytes:
    """Return a PDF that hides ``words`` in a compressed stream of objects."""
    packed = zlib.compress(b"1 0 <<" + words + b">>")
    stream = b"5 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n%s\nendstream endobj\n" % packed
    return PDF.replace(b"trailer", stream + b"trailer")


def chosen(name="plan.pdf", content=PDF) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def attachment_of(idea, **values) -> IdeaAttachment:
    """Store a file beside an idea; it is released unless ``values`` say otherwise."""
    content = values.pop("content", PDF)
    number = IdeaAttachment.objects.count()
    defaults = {
        "name": f"plan {number}.pdf",
        "stored_name": f"{number:032x}.pdf",
        "kind": "pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "scan_state": "released",
    }
    row = IdeaAttachment.objects.create(idea=idea, **{**defaults, **values})
    default_storage.delete(row.path)
    default_storage.save(row.path, ContentFile(content))
    return row
