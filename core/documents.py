"""The life of a text that several have to agree on: versions, circulation, approval, signature.

draft → circulated (until a day) → in correction → circulated …; circulated → approved → signed.
What is circulated changes only after it was taken back for correction, so that what is approved is
what everybody read. Approved text never changes: a corrigendum is a document of its own. The app
that needs a text links to `core.Document` and says who may read it.
"""

import hashlib

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import FIXED_DOCUMENT, Document, DocumentVersion
from .models import DocumentStatus as Status
from .permissions import is_office
from .workflow import PermissionRefused, Transition, TransitionRefused, Workflow, record_change

#: States in which the office may save other words.
WRITABLE = frozenset({Status.DRAFT, Status.IN_CORRECTION})
TITLE_LENGTH = Document._meta.get_field("title").max_length


def can_circulate(document) -> None:
    """Refuse to circulate an empty text, or until a day that is over."""
    has_text(document)
    if document.circulated_until is None or document.circulated_until < timezone.localdate():
        raise TransitionRefused(_("Say until which day corrections are welcome: today or later."))


def has_text(document) -> None:
    """Refuse a document without a word."""
    if not document.versions.exists():
        raise TransitionRefused(_("There is no text yet."))


DOCUMENT = Workflow(
    "core.Document",
    Status,
    [
        Transition(
            "circulate",
            (Status.DRAFT, Status.IN_CORRECTION),
            Status.CIRCULATED,
            is_office,
            gettext_lazy("Circulate"),
            guard=can_circulate,
            form="core.forms.CirculateForm",
            style="primary",
        ),
        Transition(
            "correct",
            (Status.CIRCULATED,),
            Status.IN_CORRECTION,
            is_office,
            gettext_lazy("Take back for correction"),
        ),
        Transition(
            "approve",
            (Status.CIRCULATED,),
            Status.APPROVED,
            is_office,
            gettext_lazy("Approve the text"),
            guard=has_text,
            confirm=gettext_lazy(
                "An approved text never changes again; mistakes are put right by a corrigendum."
            ),
            style="primary",
        ),
        Transition(
            "sign",
            (Status.APPROVED,),
            Status.SIGNED,
            is_office,
            gettext_lazy("Record the signature"),
            form="core.forms.SignForm",
            style="primary",
        ),
    ],
)


@transaction.atomic
def begin_document(*, title: str, language: str, by, body: str = "", corrects=None) -> Document:
    """Begin a document in ``language``; ``body`` (Markdown) becomes its version 1."""
    _check_writer(by)
    document = Document.objects.create(title=title, language=language, corrects=corrects)
    record_change(document, "begin", "", document.status, by=by)
    if body.strip():
        save_version(document, body, by=by)
    return document


def begin_corrigendum(document: Document, *, body: str, by, title: str = "") -> Document:
    """Begin the document that puts right what is wrong in an approved or signed one."""
    if document.status not in FIXED_DOCUMENT:
        raise TransitionRefused(_("This text is not approved yet: correct the text itself."))
    with translation.override(document.language):
        words = title or _("Corrigendum: %(title)s") % {"title": document.title}
    return begin_document(
        title=words[:TITLE_LENGTH],
        language=document.language,
        by=by,
        body=body,
        corrects=document,
    )


@transaction.atomic
def save_version(document: Document, body: str, *, by, note: str = "", after: int | None = None):
    """Save ``body`` as the next version and return it; the same words again make no new one.

    ``after`` is the number of the version that the writer had before them: another one that was
    saved meanwhile is told, not overwritten.
    """
    _check_writer(by)
    words = normal(body)
    locked = Document.objects.select_for_update().get(pk=document.pk)
    _check_writable(locked, words)
    current = current_version(locked)
    number = current.number if current else 0
    if current and current.body == words:
        return current
    if after is not None and after != number:
        raise TransitionRefused(_("Somebody else saved version %(number)s.") % {"number": number})
    return DocumentVersion.objects.create(
        document=locked,
        number=number + 1,
        body=words,
        sha256=fingerprint(words),
        author=by,
        note=note,
    )


@DOCUMENT.verb("circulate")
def circulate(document, *, until, by, note=""):
    """Give the text to those concerned, who may ask for corrections ``until`` that day."""
    return DOCUMENT.apply(document, "circulate", by=by, note=note, circulated_until=until)


@DOCUMENT.verb("correct")
def correct(document, *, by, note=""):
    """Take a circulated text back, so that its words may change."""
    return DOCUMENT.apply(document, "correct", by=by, note=note)


@DOCUMENT.verb("approve")
def approve(document, *, by, note=""):
    """Approve the words that were circulated; nobody changes them any more."""
    return DOCUMENT.apply(document, "approve", by=by, note=note)


@DOCUMENT.verb("sign")
def sign(document, *, signed_by, by, signed_at=None, note=""):
    """Record who signed the approved text, and when."""
    if not signed_by.strip():
        raise TransitionRefused(_("Say who signed."))
    changes = {"signed_by": signed_by.strip(), "signed_at": signed_at or timezone.now()}
    return DOCUMENT.apply(document, "sign", by=by, note=note, **changes)


def current_version(document: Document) -> DocumentVersion | None:
    """Return the newest version of ``document``, None while it has no text."""
    return document.versions.order_by("-number").first()


def fingerprint(words: str) -> str:
    """Return the SHA-256 of the words of a version."""
    return hashlib.sha256(words.encode()).hexdigest()


def is_intact(version: DocumentVersion) -> bool:
    """Tell whether the words are those that were written, or what an erasure left of them."""
    return fingerprint(version.body) == (version.redacted_sha256 or version.sha256)


def record_redaction(versions) -> None:
    """Say of ``versions`` that personal data were erased from their words just now.

    Called by who erased them, under the same lifted protection. The old fingerprint stays: it
    proves what was written to whoever still holds it.
    """
    for version in versions:
        version.refresh_from_db(fields=["body"])
        version.redacted_at = timezone.now()
        version.redacted_sha256 = fingerprint(version.body)
        version.save(update_fields=["redacted_at", "redacted_sha256"])


def normal(body: str) -> str:
    """Return ``body`` with one kind of line end and nothing after its last word.

    A browser sends other line ends than a program, and that is no change of words.
    """
    return body.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _check_writer(by) -> None:
    if not is_office(by):
        raise PermissionRefused(_("You may not do this."))


def _check_writable(document, words) -> None:
    if document.status in FIXED_DOCUMENT:
        raise TransitionRefused(_("An approved text never changes: begin a corrigendum."))
    if document.status not in WRITABLE:
        raise TransitionRefused(_("This text is circulated: take it back for correction first."))
    if not words.strip():
        raise TransitionRefused(_("There is no text yet."))
