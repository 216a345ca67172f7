"""The jury: rubric, session, sealed ballots, proposals; and what the Government decided."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual, filled
from governance.models import Body, Decision, Mandate, Meeting
from programme.models import Named

from .sheets import Call, ProjectSheet, SheetVersion


class Rubric(Named, Demo):
    """The scoring grid of a session."""

    class Meta:
        verbose_name = _("scoring grid")
        verbose_name_plural = _("scoring grids")
        ordering = ["slug"]
        constraints = [bilingual("rubric_bilingual", ["name"])]


class Criterion(Translated):
    """One line of the grid, with its weight."""

    rubric = models.ForeignKey(
        Rubric, on_delete=models.CASCADE, related_name="criteria"
    )
    code = models.SlugField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    help = models.TextField(_("what to look at"), blank=True)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    public_fields = ("name",)
    public_optional = ("help",)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["rubric", "position"]
        constraints = [
            bilingual("criterion_bilingual", ["name"], optional=["help"]),
            models.UniqueConstraint(fields=["rubric", "code"], name="criterion_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0), name="criterion_weight_positive"
            ),
        ]

    def __str__(self):
        return self.name


class ScaleLevel(Translated):
    """One step of the scale of a criterion, with words that say what it means."""

    criterion = models.ForeignKey(
        Criterion, on_delete=models.CASCADE, related_name="levels"
    )
    value = models.PositiveSmallIntegerField(_("value"))
    anchor = models.CharField(_("meaning"), max_length=250)

    public_fields = ("anchor",)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["criterion", "value"]
        constraints = [
            bilingual("scalelevel_bilingual", ["anchor"]),
            models.UniqueConstraint(
                fields=["criterion", "value"], name="scalelevel_once"
            ),
        ]

    def __str__(self):
        return f"{self.value} · {self.anchor}"


class SessionStatus(models.TextChoices):
    """Life of a jury session. There is no way back to scoring."""

    PLANNED = "planned", _("planned")
    RULES_FROZEN = "rules_frozen", _("rules frozen")
    SCORING_OPEN = "scoring_open", _("scoring open")
    CLOSED_SEALED = "closed_sealed", _("closed, ballots sealed")
    OPENED = "opened", _("ballots opened")
    DELIBERATING = "deliberating", _("deliberating")
    VOTED = "voted", _("voted")
    TRANSMITTED = "transmitted", _("sent to the Government")
    DECIDED = "decided", _("decided")
    PUBLISHED = "published", _("published")


PUBLIC_SESSION = frozenset(SessionStatus) - {SessionStatus.PLANNED}
#: From here on the scores of the ballots exist as rows.
OPENED_SESSION = frozenset(
    {
        SessionStatus.OPENED,
        SessionStatus.DELIBERATING,
        SessionStatus.VOTED,
        SessionStatus.TRANSMITTED,
        SessionStatus.DECIDED,
        SessionStatus.PUBLISHED,
    }
)


class SessionQuerySet(VisibleQuerySet):
    """Sessions by name."""

    search_translated = ("name",)


class JurySession(Named, Demo):
    """One round of scoring by a jury under rules that are hashed before the first ballot."""

    Status = SessionStatus

    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.PROTECT, related_name="sessions"
    )
    body = models.ForeignKey(
        Body,
        verbose_name=_("jury"),
        on_delete=models.PROTECT,
        related_name="jury_sessions",
    )
    rubric = models.ForeignKey(
        Rubric, verbose_name=_("scoring grid"), on_delete=models.PROTECT
    )
    deliberation = models.ForeignKey(
        Meeting,
        verbose_name=_("deliberation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="jury_sessions",
    )
    opens_at = models.DateTimeField(_("scoring opens"))
    closes_at = models.DateTimeField(_("scoring closes"))
    quorum = models.PositiveSmallIntegerField(
        _("quorum of ballots per sheet"), default=3
    )
    rules_sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=SessionStatus, default=SessionStatus.PLANNED
    )

    PUBLIC_STATES = PUBLIC_SESSION

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("jury session")
        verbose_name_plural = _("jury sessions")
        ordering = ["-opens_at"]
        constraints = [
            bilingual("jurysession_bilingual", ["name"]),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="jurysession_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(status__in=SessionStatus.values),
                name="jurysession_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=SessionStatus.PLANNED) | ~Q(rules_sha256=""),
                name="jurysession_rules_hashed",
            ),
        ]

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("projects:session-detail", args=[self.slug])


class Assignment(models.Model):
    """A juror (a mandate) has to score one version of a sheet in a session."""

    session = models.ForeignKey(
        JurySession, on_delete=models.PROTECT, related_name="assignments"
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, related_name="assignments"
    )
    sheet = models.ForeignKey(
        ProjectSheet, on_delete=models.PROTECT, related_name="assignments"
    )
    version = models.ForeignKey(
        SheetVersion, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["session", "sheet", "mandate"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "mandate", "sheet"], name="assignment_once"
            ),
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

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="declaration"
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    text = models.TextField(_("explanation"), blank=True)
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)

    class Meta:
        verbose_name = _("conflict declaration")
        verbose_name_plural = _("conflict declarations")

    def __str__(self):
        return f"{self.assignment}: {self.get_answer_display()}"


class BallotStatus(models.TextChoices):
    """Life of a ballot."""

    DRAFT = "draft", _("draft")
    SEALED = "sealed", _("sealed")
    LOCKED = "locked", _("locked")
    REVEALED = "revealed", _("revealed")
    RECUSED = "recused", _("recused")
    MISSING = "missing", _("missing")


class Ballot(models.Model):
    """Scores of one juror for one sheet, unreadable until the ballots are opened together.

    ``payload`` is encrypted, also for a draft; `BallotScore` rows exist from the opening on only.
    """

    Status = BallotStatus

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="ballot"
    )
    payload = models.BinaryField(null=True, blank=True)
    commitment = models.CharField(_("fingerprint"), max_length=64, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=BallotStatus, default=BallotStatus.DRAFT
    )
    row_version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    sealed_at = models.DateTimeField(_("sealed"), null=True, blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=BallotStatus.values), name="ballot_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sealed", "locked", "revealed"])
                | (
                    ~Q(commitment="")
                    & Q(payload__isnull=False)
                    & Q(sealed_at__isnull=False)
                ),
                name="ballot_sealed_has_commitment",
            ),
            models.CheckConstraint(
                condition=~Q(status="recused") | Q(payload__isnull=True),
                name="ballot_recused_has_no_payload",
            ),
        ]

    def __str__(self):
        return f"{self.assignment}: {self.get_status_display()}"


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
            models.UniqueConstraint(
                fields=["ballot", "criterion"], name="ballotscore_once"
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.value}"


class Proposal(Translated):
    """What the jury proposes for a sheet. The Government decides."""

    class Outcome(models.TextChoices):
        """The proposal."""

        PROPOSED = "proposed", _("proposed")
        RESERVE = "reserve", _("reserve list")
        NOT_PROPOSED = "not_proposed", _("not proposed")

    session = models.ForeignKey(
        JurySession, on_delete=models.PROTECT, related_name="proposals"
    )
    sheet = models.ForeignKey(
        ProjectSheet, on_delete=models.PROTECT, related_name="proposals"
    )
    outcome = models.CharField(_("proposal"), max_length=15, choices=Outcome)
    reasons = models.TextField(_("reasons"))

    public_fields = ("reasons",)

    class Meta:
        verbose_name = _("proposal of the jury")
        verbose_name_plural = _("proposals of the jury")
        constraints = [
            bilingual("proposal_bilingual", ["reasons"]),
            models.UniqueConstraint(fields=["session", "sheet"], name="proposal_once"),
        ]

    def __str__(self):
        return f"{self.sheet}: {self.get_outcome_display()}"


class OutcomeQuerySet(VisibleQuerySet):
    """Outcomes by the state of their decision."""

    def public(self):
        """Return the outcomes of decisions that were adopted."""
        return self.filter(decision__status__in=sorted(Decision.PUBLIC_STATES))


class SheetOutcome(Translated):
    """The decision of the Government on one sheet, with its reasons in French and Dutch."""

    class Outcome(models.TextChoices):
        """What was decided."""

        SELECTED = "selected", _("selected")
        WITH_CONDITIONS = "selected_with_conditions", _("selected with conditions")
        NOT_SELECTED = "not_selected", _("not selected")

    sheet = models.OneToOneField(
        ProjectSheet, on_delete=models.PROTECT, related_name="result"
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        related_name="outcomes",
    )
    outcome = models.CharField(_("outcome"), max_length=25, choices=Outcome)
    conditions = models.TextField(_("conditions"), blank=True)
    reasons = models.TextField(_("reasons"))

    public_fields = ("reasons",)
    public_optional = ("conditions",)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a sheet")
        verbose_name_plural = _("decisions on sheets")
        constraints = [
            bilingual("sheetoutcome_bilingual", ["reasons"], optional=["conditions"]),
            models.CheckConstraint(
                condition=~Q(outcome="selected_with_conditions")
                | (filled("conditions_fr") & filled("conditions_nl")),
                name="sheetoutcome_conditions_said",
            ),
        ]

    def __str__(self):
        return f"{self.sheet}: {self.get_outcome_display()}"

    @property
    def is_selected(self) -> bool:
        """Tell whether the sheet becomes an initiative."""
        return self.outcome != self.Outcome.NOT_SELECTED
