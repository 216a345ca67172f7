"""What strangers upload: told by its bytes, taken apart and put together anew, or refused.

`taken_in(name, content)` gives a `Prepared` that may be stored, or raises `Refused` with a sentence
that says how to mend it. The name that came with the file decides nothing.
"""

import io
import re
import unicodedata
import warnings
import zlib
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from . import typography

#: Kinds that are taken: their content type and the ending that a download gets.
TYPES = {
    "pdf": ("application/pdf", "pdf"),
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
}
LONGEST_NAME = 100
#: How a picture is written anew.
WRITTEN = {
    "jpeg": {"format": "JPEG", "quality": 88},
    "png": {"format": "PNG", "compress_level": 6},
    "webp": {"format": "WEBP", "quality": 88},
}
MODES = {"jpeg": ("RGB", "L"), "png": ("RGB", "RGBA", "L", "LA"), "webp": ("RGB", "RGBA")}

#: Names in a PDF of what acts by itself, carries other files, or cannot be looked into.
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt|SubmitForm|ImportData)"
    rb"(?![A-Za-z0-9])"
)
NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
#: How far before a stream its dictionary is looked for (bytes), and how much is unpacked in all.
DICTIONARY = 4096
MOST_UNPACKED = 20_000_000


class Refused(Exception):
    """A file that is not taken; `str()` is a sentence for the page."""


@dataclass(frozen=True)
class Prepared:
    """A file that may be stored: a harmless name, its kind (a key of `TYPES`), its bytes."""

    name: str
    kind: str
    content: bytes

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a picture."""
        return self.kind != "pdf"


class CappedUpload(FileUploadHandler):
    """First upload handler: lets no more of one file through than `UPLOAD_CAP_BYTES`.

    The rest is read and thrown away. What arrives is larger than any limit, so it is refused.
    """

    def new_file(self, *args, **kwargs):
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data, start):
        """Pass on what comes until the cap is passed."""
        passed = self.seen > settings.UPLOAD_CAP_BYTES
        self.seen += len(raw_data)
        return None if passed else raw_data

    def file_complete(self, file_size):
        """Leave the file to the handlers behind."""
        return


def size_words(size: int) -> str:
    """Return a number of bytes as people read it: "240 kB", "1.5 MB"."""
    if size < 1_000_000:
        return typography.number(max(1, size / 1000), unit=_("kB"))
    return typography.number(size / 1_000_000, 0 if size % 1_000_000 == 0 else 1, _("MB"))


def sniffed(content: bytes) -> str | None:
    """Return the kind of a file by its first bytes, None where it is none of ours."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    return None


def plain_name(name: str) -> str:
    """Return what a person called a file without folders, control and direction characters."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in base)
    return re.sub(r'[<>:"|?*\s]+', " ", kept).strip(" .")


def harmless_name(name: str, kind: str) -> str:
    """Return a name fit for a page, a header and any file system, with the ending of its kind."""
    plain, ending = plain_name(name), TYPES[kind][1]
    stem = (plain.rpartition(".")[0] or plain)[: LONGEST_NAME - len(ending) - 1]
    return f"{stem.strip(' .') or 'file'}.{ending}"


def taken_in(name: str, content: bytes) -> Prepared:
    """Return a file as it may be stored; raises `Refused`."""
    if not content:
        raise Refused(_("The file is empty. Choose another one."))
    if len(content) > settings.UPLOAD_MOST_BYTES:
        raise Refused(
            _("The file is larger than %(size)s. Make it smaller, or send a part of it.")
            % {"size": size_words(settings.UPLOAD_MOST_BYTES)}
        )
    kind = sniffed(content)
    if kind is None:
        raise Refused(
            _("Only PDF files and JPEG, PNG or WebP pictures are taken. Save it as a PDF.")
        )
    clean = content if kind == "pdf" else _rewritten(content, kind)
    if kind == "pdf":
        _refuse_active(content)
    return Prepared(harmless_name(name, kind), kind, clean)


def _refuse_active(content: bytes) -> None:
    """Refuse a PDF that acts, carries files or hides what it is: nobody could see what it does.

    A check of what PDF files commonly hold, no proof: each is served as a download all the same.
    """
    if not content.rstrip(b"\r\n\t \x00").endswith(b"%%EOF"):
        raise Refused(_("This PDF is damaged. Save it again as a PDF."))
    plain = NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    if ACTIVE.search(plain) or any(ACTIVE.search(part) for part in _packed_objects(content)):
        raise Refused(
            _(
                "This PDF is locked, or holds scripts, forms or other files. Print it to a new PDF "
                "and send that; send files inside it one by one."
            )
        )


def _packed_objects(content: bytes):
    """Yield the unpacked streams of objects of a PDF, in which names may hide."""
    unpacked = 0
    for found in STREAM.finditer(content):
        before = content[max(0, found.start() - DICTIONARY) : found.start()]
        before = before[before.rfind(b"endobj") + 1 :]
        if b"ObjStm" not in NAME_ESCAPE.sub(lambda each: bytes([int(each[1], 16)]), before):
            continue
        part = _inflated(content[found.end() :], MOST_UNPACKED - unpacked)
        unpacked += len(part)
        yield NAME_ESCAPE.sub(lambda each: bytes([int(each[1], 16)]), part)


def _inflated(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        part = unpacker.decompress(packed, max(1, most))
    except zlib.error as error:
        raise Refused(_("This PDF cannot be read. Print it to a new PDF and send that.")) from error
    if unpacker.unconsumed_tail:
        raise Refused(_("This PDF cannot be read. Print it to a new PDF and send that."))
    return part


def _rewritten(content: bytes, kind: str) -> bytes:
    """Return a picture written anew from its pixels: no place, no camera, nothing hidden behind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[WRITTEN[kind]["format"]]) as image:
                _refuse_large(*image.size)
                return _written(image, kind)
    except Refused:
        raise
    except Image.DecompressionBombWarning as error:
        raise Refused(_too_large()) from error
    except Exception as error:  # a decoder may fail in any way on bytes made to make it fail
        raise Refused(
            _("This picture cannot be read. Open it, save it again and send that.")
        ) from error


def _refuse_large(width: int, height: int) -> None:
    most_pixels, longest = settings.UPLOAD_MOST_PIXELS, settings.UPLOAD_LONGEST_SIDE_PX
    if width * height > most_pixels or max(width, height) > longest:
        raise Refused(_too_large())


def _too_large() -> str:
    return _(
        "The picture has too many pixels: at most %(megapixels)s million, and %(side)s on a side. "
        "Make it smaller."
    ) % {
        "megapixels": typography.number(settings.UPLOAD_MOST_PIXELS / 1_000_000),
        "side": typography.number(settings.UPLOAD_LONGEST_SIDE_PX),
    }


def _written(image, kind: str) -> bytes:
    """Return the pixels upright, at most `UPLOAD_KEPT_SIDE_PX` on a side, and nothing else."""
    side = settings.UPLOAD_KEPT_SIDE_PX
    image.draft(None, (side, side))
    if image.mode not in MODES[kind]:
        has_alpha = "A" in image.getbands() or "transparency" in image.info
        image = image.convert("RGBA" if has_alpha and kind != "jpeg" else "RGB")
    image.thumbnail((side, side))
    upright = ImageOps.exif_transpose(image)
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    written = io.BytesIO()
    bare.save(written, **WRITTEN[kind])
    return written.getvalue()
