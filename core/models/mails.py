"""Single mails on their way, with what goes along."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .documents import DocumentVersion


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
