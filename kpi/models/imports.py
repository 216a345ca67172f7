"""Figures on their way in: jobs, their rows as they came, what is wrong with them, tokens."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Cast, Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Translated
from core.permissions import reads_everything
from core.publication import bilingual
from programme.models import Source

from .releases import Reason, Release

#: What a column of 26 digits, 12 of them after the sign, can hold; zeros at the ends do not count.
NUMBER_PATTERN = r"^[+-]?0*[0-9]{1,14}([.,][0-9]{1,12}0*)?$"


class ImportStatus(models.TextChoices):
    """Life of an import."""

    UPLOADED = "uploaded", _("being checked")
    REFUSED = "refused", _("refused: it has errors")
    VALIDATED = "validated", _("checked")
    IN_REVIEW = "in_review", _("waits for approval")
    APPROVED = "approved", _("approved, being released")
    RELEASED = "released", pgettext_lazy("import", "released")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: Nothing more becomes of these.
ENDED = frozenset(
    {
        ImportStatus.REFUSED,
        ImportStatus.RELEASED,
        ImportStatus.REJECTED,
        ImportStatus.WITHDRAWN,
    }
)
#: The machine is at work on these.
AT_WORK = frozenset({ImportStatus.UPLOADED, ImportStatus.APPROVED})


class ImportJobQuerySet(models.QuerySet):
    """Imports by who may see them."""

    def visible_to(self, user):
        """Return all for whoever reads everything, the own ones for anybody else."""
        if reads_everything(user):
            return self
        return self.filter(author=user.pk) if user.pk else self.none()


class ImportJob(Translated):
    """Figures that somebody sent, from their upload to their release by somebody else.

    ``new``, ``changed``, ``unchanged`` count the rows of the preview; ``missing`` the figures on
    record of the same indicators that the file does not name (they stay). ``release_at`` is when
    the figures become public, None for as soon as they are approved. ``columns`` names what the
    file has; the rows are `ImportRow`.
    """

    class Origin(models.TextChoices):
        """How they came."""

        FILE = "file", _("file")
        API = "api", _("interface for programs")
        HAND = "hand", _("by hand")

    Status = ImportStatus

    origin = models.CharField(_("came as"), max_length=4, choices=Origin, default=Origin.FILE)
    status = models.CharField(
        _("status"), max_length=10, choices=ImportStatus, default=ImportStatus.UPLOADED
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    columns = models.JSONField(_("columns"), default=list)
    rows_count = models.PositiveIntegerField(_("rows"), default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, default=Reason.SCHEDULED)
    note = models.TextField(
        _("what changed and why"), blank=True, help_text=_("Read by the public beside the figure.")
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)
    release_at = models.DateTimeField(_("to be released on"), null=True, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    missing = models.PositiveIntegerField(_("not in the file"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    warnings = models.PositiveIntegerField(_("warnings"), default=0)
    release = models.OneToOneField(
        Release,
        verbose_name=_("release"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="job",
    )

    public_fields = ()
    public_optional = ("note",)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of figures")
        verbose_name_plural = _("imports of figures")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            bilingual("importjob_bilingual", [], optional=["note"]),
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="importjob_status_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["file", "api", "hand"]), name="importjob_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="importjob_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")),
                name="importjob_four_eyes",
                violation_error_message=_("Nobody approves own figures."),
            ),
            models.CheckConstraint(
                condition=Q(status=ImportStatus.RELEASED, release__isnull=False)
                | (~Q(status=ImportStatus.RELEASED) & Q(release=None)),
                name="importjob_released_has_release",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ImportStatus.APPROVED, ImportStatus.RELEASED])
                | Q(approver__isnull=False, errors=0),
                name="importjob_approved_by_somebody",
            ),
        ]

    def __str__(self):
        name = self.file_name or self.get_origin_display()
        return f"{name} ({timezone.localtime(self.uploaded_at):%Y-%m-%d %H:%M})"

    def get_absolute_url(self):
        """Return the address of its page."""
        return reverse("kpi:import-detail", args=[self.pk])

    @property
    def to_write(self) -> int:
        """Return how many figures a release would add."""
        return self.new + self.changed

    @property
    def is_at_work(self) -> bool:
        """Tell whether the page is worth looking at again in a moment."""
        return self.status in AT_WORK

    @property
    def is_planned(self) -> bool:
        """Tell whether the figures are released for a moment that has not come yet."""
        return self.release is not None and self.release.released_at > timezone.now()

    @property
    def state_words(self) -> str:
        """Return the state as people are told it: released for later is not public yet."""
        return _("approved, not public yet") if self.is_planned else self.get_status_display()

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more becomes of it."""
        return self.status in ENDED


class Verdict(models.TextChoices):
    """What a row is against what is on record."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")


def _amount():
    """Return the number that a cell holds, computed by the database; NULL where it is none."""
    text = Func(
        F("value"), Value(","), Value("."), function="replace", output_field=models.TextField()
    )
    number = models.DecimalField(max_digits=26, decimal_places=12)
    return Case(
        When(value__regex=NUMBER_PATTERN, then=Cast(text, number)),
        default=None,
        output_field=number,
    )


class ImportRow(models.Model):
    """One line of an import: the cells as they came, and what the database reads in them.

    A million rows come at once, so the reference to the job is not checked for each of them;
    `kpi.imports.services` deletes them with the job's end.
    """

    job = models.ForeignKey(
        ImportJob,
        on_delete=models.CASCADE,
        related_name="rows",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField(_("line"))
    indicator = models.TextField(_("indicator"), blank=True)
    geo = models.TextField(_("territory"), blank=True)
    period = models.TextField(_("period"), blank=True)
    value = models.TextField(_("value"), blank=True)
    flag = models.TextField(_("flag"), blank=True)
    note_fr = models.TextField(_("note (French)"), blank=True)
    note_nl = models.TextField(_("note (Dutch)"), blank=True)
    note_en = models.TextField(_("note (English)"), blank=True, db_default="")
    unit = models.TextField(_("unit"), blank=True)
    surplus = models.TextField(_("beyond the last column"), blank=True, db_default="")
    position = models.PositiveSmallIntegerField(_("position"), db_default=0)
    disputed = models.BooleanField(_("contradicted by another source"), db_default=False)
    place = models.GeneratedField(
        expression=Upper("geo"), output_field=models.TextField(), db_persist=True
    )
    moment = models.GeneratedField(
        expression=Upper("period"), output_field=models.TextField(), db_persist=True
    )
    letters = models.GeneratedField(
        expression=Lower("flag"), output_field=models.TextField(), db_persist=True
    )
    amount = models.GeneratedField(
        expression=_amount(),
        output_field=models.DecimalField(max_digits=26, decimal_places=12),
        db_persist=True,
    )
    #: Written by the diff: the indicator, the next vintage, what is on record now.
    target = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=9, choices=Verdict, blank=True, db_default="")
    vintage = models.PositiveSmallIntegerField(null=True)
    old_value = models.DecimalField(max_digits=26, decimal_places=12, null=True)
    old_flag = models.CharField(max_length=4, blank=True, db_default="")

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["job", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="importrow_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *Verdict.values]), name="importrow_verdict_known"
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.indicator} {self.geo} {self.period}"


class ImportFault(models.Model):
    """Something wrong with a row or, without ``number``, with the whole file.

    ``near`` is what may have been meant, or what is expected instead. The sentence is made from the
    code in the language of whoever reads it (`kpi.imports.messages`).
    """

    class Level(models.TextChoices):
        """Whether it keeps the figures out."""

        ERROR = "error", _("error")
        WARNING = "warning", _("warning")

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="faults")
    number = models.PositiveIntegerField(_("line"), null=True)
    column = models.CharField(_("column"), max_length=20, blank=True)
    code = models.CharField(_("fault"), max_length=20)
    value = models.TextField(_("what stands there"), blank=True)
    near = models.TextField(_("perhaps meant"), blank=True)
    level = models.CharField(_("kind"), max_length=7, choices=Level, default=Level.ERROR)

    class Meta:
        verbose_name = _("fault of an import")
        verbose_name_plural = _("faults of imports")
        ordering = ["job", F("number").asc(nulls_first=True), "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["error", "warning"]), name="importfault_level_known"
            ),
        ]

    def __str__(self):
        return f"{self.number or ''} {self.column} {self.code}"


class ApiToken(models.Model):
    """Lets a program send figures in the name of its owner. Only the hash of it is kept."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("acts as"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("token for programs")
        verbose_name_plural = _("tokens for programs")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="apitoken_only_a_hash"
            ),
        ]

    def __str__(self):
        return self.name
