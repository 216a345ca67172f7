"""Files that go with an idea. The bytes lie in private storage; a row says what they are."""

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.uploads import LONGEST_NAME, TYPES, size_words

from .ideas import Idea, IdeaStatus
from .people import KNOW_PEOPLE


class ScanState(models.TextChoices):
    """What is known of a file, by a scanner or by a moderator."""

    PENDING = "pending", pgettext_lazy("file", "being checked")
    CLEAN = "clean", pgettext_lazy("file", "checked")
    INFECTED = "infected", pgettext_lazy("file", "infected")
    NOT_SCANNED = "not_scanned", pgettext_lazy("file", "waiting for a moderator")
    RELEASED = "released", pgettext_lazy("file", "released")
    REFUSED = "refused", pgettext_lazy("file", "refused")


class FileRefusal(models.TextChoices):
    """Why a file is not shown; told to the contributor."""

    PERSONAL_DATA = "personal_data", _("shows or names a person")
    RIGHTS = "rights", _("belongs to somebody else")
    UNLAWFUL = "unlawful", _("is unlawful or offensive")
    UNRELATED = "unrelated", _("has nothing to do with the idea")
    UNSAFE = "unsafe", _("may do harm on a computer")


#: Where the files lie in the private storage.
FILES_FOLDER = "ideas"
#: A file that anybody may have once the idea is public.
PUBLIC_FILE = frozenset({ScanState.CLEAN, ScanState.RELEASED})
#: The bytes are gone.
GONE_FILE = frozenset({ScanState.INFECTED, ScanState.REFUSED})


class AttachmentQuerySet(models.QuerySet):
    """Attachments by who may have them."""

    def visible_to(self, user):
        """Return every file that is there for those who know people, else the public ones."""
        present = self.exclude(scan_state__in=GONE_FILE)
        return present if KNOW_PEOPLE(user) else present.public()

    def public(self):
        """Return what stands on the public page of an idea."""
        ideas = Idea.objects.public().order_by().values("pk")
        return self.filter(is_public=True, scan_state__in=PUBLIC_FILE, idea__in=ideas)

    def waiting(self):
        """Return what a moderator has to look at, the oldest first; nothing unconfirmed."""
        rows = self.filter(scan_state=ScanState.NOT_SCANNED)
        return rows.exclude(idea__status=IdeaStatus.SUBMITTED).order_by("added_at", "pk")


class IdeaAttachment(models.Model):
    """One file of an idea. `str()` leaves the name out: logs keep it, and names may name people."""

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="attachments"
    )
    name = models.CharField(_("name of the file"), max_length=LONGEST_NAME)
    #: Random; nothing of what the contributor typed reaches the file system.
    stored_name = models.CharField(_("stored as"), max_length=38, unique=True, editable=False)
    kind = models.CharField(
        _("type"), max_length=4, choices=[(code, code.upper()) for code in TYPES]
    )
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    scan_state = models.CharField(_("state of the file"), max_length=12, choices=ScanState)
    refusal = models.CharField(
        _("reason of the refusal"), max_length=20, choices=FileRefusal, blank=True
    )
    alt_text = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    rights_confirmed = models.BooleanField(_("rights confirmed"), default=False)
    is_public = models.BooleanField(
        _("on the public page"),
        default=True,
        help_text=_("Untick it to keep the file for the Office alone."),
    )
    added_at = models.DateTimeField(_("sent"), default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment of an idea")
        verbose_name_plural = _("attachments of ideas")
        ordering = ["pk"]
        indexes = [models.Index(fields=["scan_state", "added_at"], name="attachment_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(scan_state__in=ScanState.values), name="attachment_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(TYPES)), name="attachment_kind_known"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(
                condition=Q(kind="pdf") | Q(rights_confirmed=True),
                name="attachment_picture_has_rights",
            ),
            models.CheckConstraint(
                condition=Q(scan_state=ScanState.REFUSED, refusal__in=FileRefusal.values)
                | (~Q(scan_state=ScanState.REFUSED) & Q(refusal="")),
                name="attachment_refused_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.idea.reference or '—'} · {self.about}"

    def get_absolute_url(self):
        """Return where the file is downloaded."""
        return reverse("stakeholders:idea-file", args=[self.pk])

    @property
    def about(self) -> str:
        """Return type and size in words: "PDF, 240 kB"."""
        return f"{self.get_kind_display()}, {size_words(self.size)}"

    @property
    def path(self) -> str:
        """Return the place in the private storage."""
        return f"{FILES_FOLDER}/{self.stored_name}"

    @property
    def is_there(self) -> bool:
        """Tell whether the bytes are still kept."""
        return self.scan_state not in GONE_FILE

    def content(self) -> bytes:
        """Return the bytes; raises `FileNotFoundError` where they are missing."""
        with default_storage.open(self.path) as file:
            return file.read()
