"""PDF by Typst: tagged for screen readers (PDF/UA-1), in the language of its text.

A template is `core/typst/<name>.typ`. Data reach it as JSON, never as source, so whatever somebody
wrote stays words. The same data give the same bytes.
"""

import json
import unicodedata
from functools import lru_cache

import typst
from django.conf import settings
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from . import typography
from .markdown import body_tree
from .models import DocumentVersion

TEMPLATES = settings.BASE_DIR / "core" / "typst"
FONTS = settings.BASE_DIR / "static" / "vendor"
STANDARDS = ["ua-1"]
#: Stands for a character that no font of ours can draw (an emoji): PDF/UA forbids to hide it.
UNKNOWN = "\u25a1"
#: Every font of ours has these: they need no trial.
KNOWN_UP_TO = 0x17F


def render(template: str, data: dict, language: str) -> bytes:
    """Return the PDF of ``template`` with ``data`` (what JSON can hold) in ``language``.

    Raises `typst.TypstError` where the template and the data do not fit.
    """
    with translation.override(language):
        data = {**data, "page_label": _("Page %(number)s of %(total)s")}
    words = json.dumps(_mapped(data, _no_controls), ensure_ascii=False, default=str)
    try:
        return _compile(template, words, language)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compile(template, _drawable(words), language)


def document(version: DocumentVersion, *, kicker: str = "", is_demo: bool = False) -> bytes:
    """Return one version of a document as PDF; ``kicker`` says above the title what it is."""
    language = version.document.language
    with translation.override(language):
        data = document_data(version, kicker=str(kicker), is_demo=is_demo)
    return render("document", data, language)


def file_name(version: DocumentVersion) -> str:
    """Return the name under which one version of a document is saved."""
    return f"{slugify(version.document.title) or 'document'}-v{version.number}.pdf"


def document_data(version: DocumentVersion, *, kicker: str, is_demo: bool) -> dict:
    """Return what `document.typ` lays out, its words in the language that is active."""
    text = version.document
    title = text.title.strip() or str(text._meta.verbose_name)
    number = _("Version %(number)s") % {"number": version.number}
    signed = text.signed_at and f"{text.signed_by}, {typography.day(text.signed_at)}"
    erased = version.redacted_at and _("personal data erased on %(day)s") % {
        "day": typography.day(version.redacted_at)
    }
    meta = [number, typography.day(version.at), str(text.get_status_display()), signed, erased]
    return {
        "title": title,
        "author": settings.SITE["name"],
        "kicker": kicker,
        "running": title,
        "meta": [words for words in meta if words],
        "demo": _("Demonstration: this content is fictitious.") if is_demo else "",
        "body": body_tree(version.body),
    }


def _compile(template: str, words: str, language: str) -> bytes:
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": words, "language": language},
        pdf_standards=STANDARDS,
        format="pdf",
    )


def _no_controls(text: str) -> str:
    """Return ``text`` without the characters that steer a terminal and draw nothing."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def _mapped(value, change):
    """Return a tree of lists and dictionaries with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {key: _mapped(each, change) for key, each in value.items()}
    return value


def _drawable(words: str) -> str:
    """Return ``words`` with a box for each character that cannot be drawn."""
    return "".join(c if ord(c) <= KNOWN_UP_TO or can_draw(c) else UNKNOWN for c in words)


@lru_cache(maxsize=10_000)
def can_draw(character: str) -> bool:
    """Tell whether the fonts have ``character``: Typst is asked, for it alone knows."""
    try:
        _compile("character", json.dumps(character), "en")
    except typst.TypstError:
        return False
    return True
