"""Texts that several agree on, with their versions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentStatus(models.TextChoices):
    """The life of a text that several have to agree on."""

    DRAFT = "draft", pgettext_lazy("document", "being written")
    CIRCULATED = "circulated", pgettext_lazy("document", "circulated")
    IN_CORRECTION = "in_correction", pgettext_lazy("document", "being corrected")
    APPROVED = "approved", pgettext_lazy("document", "approved")
    SIGNED = "signed", pgettext_lazy("document", "signed")


#: States in which the text may not change any more; a corrigendum is a document of its own.
FIXED_DOCUMENT = frozenset({DocumentStatus.APPROVED, DocumentStatus.SIGNED})
FIXED_DOCUMENT_CODES = ["approved", "signed"]


#: What nobody may do to an approved document: reopen it, rename it, take a signature back.
UNDOES_APPROVAL = pgtrigger.Q(old__status__in=FIXED_DOCUMENT_CODES) & (
    ~pgtrigger.Q(new__status__in=FIXED_DOCUMENT_CODES)
    | (pgtrigger.Q(old__status="signed") & ~pgtrigger.Q(new__status="signed"))
    | pgtrigger.Q(old__title__df=pgtrigger.F("new__title"))
    | pgtrigger.Q(old__language__df=pgtrigger.F("new__language"))
    | pgtrigger.Q(old__corrects_id__df=pgtrigger.F("new__corrects_id"))
)
#: The row of the document is locked, so that nobody approves it while a version is being saved.
REFUSE_VERSION_OF_FIXED = """
    PERFORM 1 FROM core_document WHERE id = NEW.document_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM core_document
        WHERE id = NEW.document_id AND status IN ('approved', 'signed')
    ) THEN
        RAISE EXCEPTION 'document % is approved: its text does not change', NEW.document_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Document(models.Model):
    """A text with versions: circulated, corrected, approved, signed. Its owner links to it.

    ``corrects`` names the approved or signed document to which this one is the corrigendum.
    """

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    status = models.CharField(
        _("status"), max_length=15, choices=DocumentStatus, default=DocumentStatus.DRAFT
    )
    circulated_until = models.DateField(_("corrections until"), null=True, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=200, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrigenda"
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=DocumentStatus.values), name="document_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=DocumentStatus.SIGNED)
                | (models.Q(signed_at__isnull=False) & models.Q(signed_by__regex=r"\S")),
                name="document_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(corrects=models.F("pk")),
                name="document_corrects_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="stays_fixed", operation=pgtrigger.Update, condition=UNDOES_APPROVAL
            ),
        ]

    def __str__(self):
        return self.title


class DocumentVersion(models.Model):
    """One wording of a document. Saving the same words again makes no new one.

    Words change afterwards for one reason only: somebody's personal data were erased from them.
    Then ``redacted_at`` says when, ``redacted_sha256`` is the fingerprint of what is left, and
    ``sha256`` stays that of the words as they were written.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    redacted_at = models.DateTimeField(_("personal data erased"), null=True, blank=True)
    redacted_sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.CheckConstraint(
                condition=models.Q(redacted_at=None, redacted_sha256="")
                | models.Q(redacted_at__isnull=False, redacted_sha256__regex="^[0-9a-f]{64}$"),
                name="document_version_redaction_whole",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="document_open",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=REFUSE_VERSION_OF_FIXED,
            ),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.document} v{self.number}"
