"""Rows of the engine: history, tokens, outgoing mail; and the abstract models of the other apps."""

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import history_words
from .permissions import reads_everything
from .search import TrilingualSearch


class VisibleQuerySet(TrilingualSearch, models.QuerySet):
    """The only door from a row to a page: `visible_to(user)`."""

    def visible_to(self, user):
        """Return what ``user`` may see: the public states, or everything for the office."""
        if reads_everything(user):
            return self
        return self.public()

    def public(self):
        """Return what anybody may see."""
        states = self.model.PUBLIC_STATES
        return self if states is None else self.filter(status__in=states)


class Demo(models.Model):
    """Content that may be fictitious; then a mark says so wherever it appears."""

    is_demo = models.BooleanField(_("demonstration content"), default=False)

    class Meta:
        abstract = True


class Translated(models.Model):
    """A row with texts in French, Dutch and English, some of them not proof-read yet."""

    #: Languages whose text nobody has proof-read yet; pages say so.
    not_proofread = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES),
        verbose_name=_("not proof-read"),
        default=list,
        blank=True,
    )

    #: Translated fields that must be complete in French and Dutch before anybody sees the row.
    public_fields: tuple[str, ...] = ()
    #: Translated fields that may be empty, but then in both.
    public_optional: tuple[str, ...] = ()
    #: States in which everybody sees the row; None: a row without states, always public.
    PUBLIC_STATES: frozenset | None = None

    class Meta:
        abstract = True


class StatusChange(models.Model):
    """One move of one thing, for people to read. Written by `core.workflow` only, never changed."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, verbose_name=_("kind of thing")
    )
    object_id = models.PositiveBigIntegerField(verbose_name=_("number of the thing"))
    subject = GenericForeignKey("content_type", "object_id")
    transition = models.CharField(_("action"), max_length=60)
    source = models.CharField(_("from"), max_length=40, blank=True)
    target = models.CharField(_("to"), max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by whom"),
    )
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("history")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "at"], name="change_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.source} → {self.target}"

    @property
    def states(self):
        """Return the enum of states of the thing that moved, or None."""
        from .workflow import REGISTRY

        flow = REGISTRY.get(f"{self.content_type.app_label}.{self.content_type.model}")
        return flow.states if flow else None

    @property
    def action_label(self) -> str:
        """Name of the move, in the language of the page."""
        from .workflow import REGISTRY

        flow = REGISTRY.get(f"{self.content_type.app_label}.{self.content_type.model}")
        step = flow.table.get(self.transition) if flow else None
        return str(
            step.label if step else history_words.MOVES.get(self.transition, self.transition)
        )

    @property
    def source_label(self) -> str:
        """Name of the state before, in the language of the page."""
        return self._label(self.source)

    @property
    def target_label(self) -> str:
        """Name of the state after, in the language of the page."""
        return self._label(self.target)

    def _label(self, code):
        if not code:
            return ""
        return str(self.states(code).label if self.states else history_words.STATES.get(code, code))


class TokenQuerySet(models.QuerySet):
    """Tokens by their life."""

    def alive(self):
        """Return those neither used nor expired."""
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class Token(models.Model):
    """A secret link that was sent to somebody. The raw value is in that mail and nowhere else."""

    purpose = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject"], name="token_subject")]

    def __str__(self):
        return f"{self.purpose} · {self.subject}"

    @property
    def subject_pk(self) -> int:
        """Return the primary key of what the token opens."""
        return int(self.subject.rpartition(":")[2])


class Message(models.Model):
    """A mail on its way. The row is the queue; Celery only wakes the sender.

    ``key`` says for what the mail is ("idea-published:12:contact-4"): a second mail for the same
    thing cannot be made, whatever is retried. Once handed over, the text is emptied (it may hold a
    secret link); subject, template and time stay.
    """

    #: The language of a mail to somebody who has chosen none: French and Dutch in one.
    BOTH = "fr+nl"

    class Status(models.TextChoices):
        """Where a mail stands. What was handed over without an answer is uncertain, not resent."""

        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("refused")
        UNCERTAIN = "uncertain", _("uncertain")

    key = models.CharField(max_length=200, unique=True, verbose_name=_("key"))
    template = models.CharField(max_length=100, verbose_name=_("kind of mail"))
    recipient = models.EmailField(verbose_name=_("addressee"))
    language = models.CharField(
        max_length=5,
        choices=[*settings.LANGUAGES, (BOTH, _("French and Dutch"))],
        verbose_name=_("language"),
    )
    subject = models.CharField(max_length=200, verbose_name=_("subject"))
    text = models.TextField(blank=True, verbose_name=_("text"))
    html = models.TextField(blank=True, verbose_name=_("HTML part"))
    #: An invitation or its cancellation (iCalendar), which goes along as a part of its own.
    calendar = models.TextField(blank=True, default="", verbose_name=_("calendar file"))
    headers = models.JSONField(default=dict, blank=True, verbose_name=_("headers"))
    #: What it tells of, as keys of rows and times, never words: the app that queued it looks at
    #: these once more when it is handed over.
    facts = models.JSONField(default=dict, blank=True, verbose_name=_("what it tells of"))
    status = models.CharField(
        max_length=10, choices=Status, default=Status.QUEUED, verbose_name=_("status")
    )
    attempts = models.PositiveSmallIntegerField(default=0, verbose_name=_("attempts"))
    error = models.TextField(blank=True, verbose_name=_("error"))
    created_at = models.DateTimeField(default=timezone.now, verbose_name=_("queued at"))
    started_at = models.DateTimeField(null=True, blank=True, verbose_name=_("begun at"))
    sent_at = models.DateTimeField(null=True, blank=True, verbose_name=_("sent at"))

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="message_waiting",
                condition=models.Q(status__in=["queued", "sending"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["queued", "sending", "sent", "failed", "uncertain"]),
                name="message_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="sent") | models.Q(sent_at__isnull=False),
                name="message_sent_has_time",
            ),
        ]

    def __str__(self):
        return self.subject


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


class Attachment(models.Model):
    """A version of a document that goes along with a mail, as PDF.

    It names the version and holds no bytes: what is erased from the words is not left in a mail
    that waits, and every try lays out the same words.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    kicker = models.CharField(_("kind of document"), max_length=120, blank=True)
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self):
        return str(self.version)


class SenderBudget(models.Model):
    """A bucket of tokens: how many mails a sender may hand over now (see `core.posting.budget`)."""

    sender = models.CharField(max_length=120, unique=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tokens__gte=0), name="sender_budget_never_below_zero"
            ),
        ]

    def __str__(self):
        return self.sender


class MailSender(models.Model):
    """A drain at work: on which machine its journal lies, and when it was last heard of."""

    owner = models.UUIDField(primary_key=True)
    machine = models.CharField(max_length=40)
    heard_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.owner)


class Suppression(models.Model):
    """An address that is not written to any more; only its keyed hash is kept.

    It outlives the person's record: whoever is erased is not written to again by an old list.
    """

    class Scope(models.TextChoices):
        """What is not sent."""

        ALL = "all", _("no mail at all")
        MAILINGS = "mailings", _("no mailing")

    class Reason(models.TextChoices):
        """Why."""

        HARD_BOUNCE = "hard_bounce", _("the address does not exist")
        SOFT_BOUNCES = "soft_bounces", _("mails came back again and again")
        COMPLAINT = "complaint", _("reported as unwanted")
        OBJECTION = "objection", _("the person objected")
        MANUAL = "manual", _("entered by the staff")
        ERASURE = "erasure", _("the person was erased")

    email_hmac = models.CharField(
        max_length=64, unique=True, verbose_name=_("keyed hash of the address")
    )
    scope = models.CharField(_("what is not sent"), max_length=10, choices=Scope)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason)
    at = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("address not written to")
        verbose_name_plural = _("addresses not written to")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["all", "mailings"]), name="suppression_scope_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("at")),
                name="suppression_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.email_hmac[:12]


class BounceRaw(models.Model):
    """A mail that came back, as it came: kept before it is read, so that none is lost."""

    class State(models.TextChoices):
        """Whether it could be read."""

        NEW = "new", _("to be read")
        READ = "read", _("read")
        UNREADABLE = "unreadable", _("could not be read")

    sha256 = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    text = models.TextField(_("text"))
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.NEW)

    class Meta:
        verbose_name = _("mail that came back")
        verbose_name_plural = _("mails that came back")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "read", "unreadable"]),
                name="bounce_raw_state_known",
            ),
        ]

    def __str__(self):
        return self.sha256[:12]


class Bounce(models.Model):
    """What a mail that came back says about one copy of a mailing."""

    class Kind(models.TextChoices):
        """How serious it is."""

        HARD = "hard", _("the address does not exist")
        SOFT = "soft", _("could not be delivered for now")
        DELAYED = "delayed", _("delayed")
        COMPLAINT = "complaint", _("reported as unwanted")
        AUTO_REPLY = "auto_reply", _("automatic reply")

    raw = models.ForeignKey(BounceRaw, null=True, on_delete=models.SET_NULL, related_name="bounces")
    #: Which copy: the key of its mailing and its row, "" and None where the mail does not say.
    mailing = models.CharField(_("mailing"), max_length=60, blank=True)
    copy = models.BigIntegerField(_("row"), null=True)
    email_hmac = models.CharField(max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status code"), max_length=12, blank=True)
    diagnosis = models.CharField(_("words of the mail server"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["email_hmac", "at"], name="bounce_of_address")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["hard", "soft", "delayed", "complaint", "auto_reply"]),
                name="bounce_kind_known",
            ),
            models.UniqueConstraint(fields=["raw", "copy"], name="bounce_once_a_mail"),
        ]

    def __str__(self):
        return f"{self.mailing} {self.get_kind_display()}"
