"""Who scores what: assignments, declarations, sealed ballots and, once opened, their scores."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.permissions import is_auditor, is_chair, is_secretary
from governance.models import Mandate

from .rubrics import Criterion
from .sessions import JurySession
from .sheets import ProjectSheet, SheetVersion


class AssignmentQuerySet(models.QuerySet):
    """Assignments by who may know of them. A ballot itself is read by its juror only."""

    def visible_to(self, user):
        """Return the own ones, and all for those who run the session or audit it."""
        if is_secretary(user) or is_chair(user) or is_auditor(user):
            return self
        return self.of(user)

    def of(self, user):
        """Return what ``user`` has to score."""
        if user is None or user.pk is None:
            return self.none()
        return self.filter(mandate__contact__user=user)

    def for_ballots(self):
        """Load what a ballot page shows besides the sheet's own texts."""
        return self.select_related(
            "session", "sheet__owner_organisation", "mandate__contact", "declaration", "ballot"
        )


class Assignment(models.Model):
    """A juror (a mandate) has to score one version of a sheet in a session."""

    session = models.ForeignKey(
        JurySession,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("jury session"),
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("mandate")
    )
    sheet = models.ForeignKey(
        ProjectSheet,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("project sheet"),
    )
    version = models.ForeignKey(
        SheetVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("version")
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["session", "sheet", "mandate"]
        constraints = [
            models.UniqueConstraint(fields=["session", "mandate", "sheet"], name="assignment_once"),
        ]

    def __str__(self):
        return f"{self.mandate} · {self.sheet}"


class ConflictDeclaration(models.Model):
    """What a juror answered before seeing anything else: conflict, none, or unsure."""

    class Answer(models.TextChoices):
        """The three buttons."""

        NONE = "none", _("no conflict of interest")
        CONFLICT = "conflict", _("conflict of interest")
        UNSURE = "unsure", _("unsure")

    class Kind(models.TextChoices):
        """What sort of conflict."""

        FAMILY = "family", _("family or friendship")
        FINANCIAL = "financial", _("money")
        INSTITUTIONAL = "institutional", _("seat or work in an organisation concerned")
        POLITICAL_MANDATE = "political_mandate", _("political mandate")
        AUTHOR = "author", _("author of the sheet or of its idea")
        OTHER = "other", _("other")

    class Ruling(models.TextChoices):
        """What the chair answers to a juror who is unsure or who takes a declaration back."""

        MAY_SCORE = "may_score", _("may score")
        RECUSED = "recused", _("recused")

    assignment = models.OneToOneField(
        Assignment,
        on_delete=models.PROTECT,
        related_name="declaration",
        verbose_name=_("assignment"),
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    kind = models.CharField(_("kind of conflict"), max_length=20, choices=Kind, blank=True)
    text = models.TextField(_("explanation"), blank=True)
    ruling = models.CharField(_("ruling"), max_length=10, choices=Ruling, blank=True)
    ruling_reason = models.TextField(_("reason of the ruling"), blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ruled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)

    class Meta:
        verbose_name = _("conflict declaration")
        verbose_name_plural = _("conflict declarations")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["none", "conflict", "unsure"]),
                name="declaration_answer_known",
            ),
            models.CheckConstraint(
                condition=Q(ruling="") | (Q(ruled_by__isnull=False) & ~Q(ruling_reason="")),
                name="declaration_ruling_has_author_and_reason",
            ),
        ]

    def __str__(self):
        return f"{self.assignment}: {self.get_answer_display()}"

    @property
    def waits_for_chair(self) -> bool:
        """Tell whether the juror is unsure and nobody has ruled yet."""
        return self.answer == self.Answer.UNSURE and not self.ruling

    @property
    def allows_scoring(self) -> bool:
        """Tell whether the juror may score: no conflict, or the chair said so."""
        if self.ruling:
            return self.ruling == self.Ruling.MAY_SCORE
        return self.answer == self.Answer.NONE


class BallotStatus(models.TextChoices):
    """Life of a ballot."""

    DRAFT = "draft", pgettext_lazy("ballot", "draft")
    SEALED = "sealed", pgettext_lazy("ballot", "sealed")
    LOCKED = "locked", pgettext_lazy("ballot", "locked")
    REVEALED = "revealed", pgettext_lazy("ballot", "revealed")
    RECUSED = "recused", pgettext_lazy("ballot", "recused")
    MISSING = "missing", pgettext_lazy("ballot", "missing")
    ABSTAINED = "abstained", pgettext_lazy("ballot", "abstained")


class Ballot(models.Model):
    """Scores of one juror for one sheet, unreadable until the ballots are opened together.

    ``payload`` is encrypted, also for a draft; `BallotScore` rows exist from the opening on only.
    """

    Status = BallotStatus

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="ballot", verbose_name=_("assignment")
    )
    payload = models.BinaryField(null=True, blank=True, verbose_name=_("encrypted content"))
    commitment = models.CharField(_("fingerprint"), max_length=64, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=BallotStatus, default=BallotStatus.DRAFT
    )
    row_version = models.PositiveIntegerField(default=0, verbose_name=_("number of saves"))
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    sealed_at = models.DateTimeField(_("sealed"), null=True, blank=True)
    #: Why the juror abstained; inside the payload until the ballots are opened.
    abstention_reason = models.TextField(_("reason for abstaining"), blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=BallotStatus.values), name="ballot_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sealed", "locked", "revealed", "abstained"])
                | (~Q(commitment="") & Q(payload__isnull=False) & Q(sealed_at__isnull=False)),
                name="ballot_sealed_has_commitment",
            ),
            models.CheckConstraint(
                condition=~Q(status="recused") | Q(payload__isnull=True),
                name="ballot_recused_has_no_payload",
            ),
            models.CheckConstraint(
                condition=Q(status="abstained") | Q(abstention_reason=""),
                name="ballot_reason_only_when_abstained",
            ),
        ]

    def __str__(self):
        return f"{self.assignment}: {self.get_status_display()}"


#: Sent before the close; what is inside nobody knows until the opening.
SENT_BALLOT = frozenset(
    {BallotStatus.SEALED, BallotStatus.LOCKED, BallotStatus.REVEALED, BallotStatus.ABSTAINED}
)


class BallotScore(models.Model):
    """One score of an opened ballot."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["ballot", "criterion"], name="ballotscore_once"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.value}"
