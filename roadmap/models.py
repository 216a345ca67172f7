"""Initiatives: the real things, born of a decision on a sheet or existing before."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual, filled
from governance.models import Decision
from programme.models import (
    Municipality,
    Orientation,
    Portfolio,
    Sourced,
    Theme,
    Workstream,
)
from projects.models import SheetOutcome
from stakeholders.models import Organisation


class InitiativeStatus(models.TextChoices):
    """Life of an initiative."""

    CANDIDATE = "candidate", _("candidate")
    SELECTED = "selected", _("selected")
    PLANNED = "planned", _("planned")
    IN_PROGRESS = "in_progress", _("ongoing")
    ON_HOLD = "on_hold", _("suspended")
    COMPLETED = "completed", _("completed")
    STOPPED = "stopped", _("stopped")
    MERGED = "merged", _("merged")


PUBLIC_INITIATIVE = frozenset(InitiativeStatus) - {InitiativeStatus.CANDIDATE}


class InitiativeQuerySet(VisibleQuerySet):
    """Initiatives by their texts."""

    search_translated = ("title", "summary", "lead")


class Initiative(Translated, Sourced, Demo):
    """A real thing that is carried out."""

    class Origin(models.TextChoices):
        """Where it comes from."""

        DECISION = "decision", _("a decision of the Government")
        EXISTING = "existing", _("existed before")

    class Nature(models.TextChoices):
        """Pilot or structural; unknown where no source says so."""

        PILOT = "pilot", _("pilot project")
        STRUCTURAL = "structural", _("structural initiative")

    Status = InitiativeStatus

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    lead = models.CharField(_("carried by"), max_length=200, blank=True)
    period = models.CharField(_("period as published"), max_length=120, blank=True)
    size = models.CharField(
        _("budget or size as published"), max_length=250, blank=True
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, blank=True)
    outcome = models.OneToOneField(
        SheetOutcome,
        verbose_name=_("decision on the sheet"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="initiative",
    )
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), null=True, blank=True, on_delete=models.PROTECT
    )
    orientation = models.ForeignKey(
        Orientation,
        verbose_name=_("orientation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    workstream = models.ForeignKey(
        Workstream,
        verbose_name=_("priority workstream"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="initiatives",
    )
    portfolio = models.ForeignKey(
        Portfolio,
        verbose_name=_("portfolio"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    organisations = models.ManyToManyField(
        Organisation,
        verbose_name=_("organisations"),
        blank=True,
        related_name="initiatives",
    )
    municipalities = models.ManyToManyField(
        Municipality, verbose_name=_("municipalities"), blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    budget_planned = models.DecimalField(
        _("planned budget (euro)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=InitiativeStatus,
        default=InitiativeStatus.CANDIDATE,
    )

    chain_stage = 5
    public_fields = ("title", "summary")
    public_optional = ("lead", "period", "size")
    PUBLIC_STATES = PUBLIC_INITIATIVE

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["slug"]
        constraints = [
            bilingual(
                "initiative_bilingual",
                ["title", "summary"],
                optional=["lead", "period", "size"],
                states=PUBLIC_INITIATIVE,
            ),
            models.CheckConstraint(
                condition=Q(status__in=InitiativeStatus.values),
                name="initiative_status_known",
            ),
            models.CheckConstraint(
                condition=Q(origin="existing", outcome=None)
                | Q(origin="decision", outcome__isnull=False),
                name="initiative_origin_is_told",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None)
                | Q(starts_on=None)
                | Q(ends_on__gte=F("starts_on")),
                name="initiative_ends_after_start",
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("roadmap:initiative-detail", args=[self.slug])


class MilestoneStatus(models.TextChoices):
    """Life of a milestone; that it was missed is computed."""

    PLANNED = "planned", _("planned")
    ACHIEVED = "achieved", _("achieved")


class Milestone(Translated):
    """A dated step of an initiative."""

    Status = MilestoneStatus

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.CASCADE,
        related_name="milestones",
    )
    title = models.CharField(_("title"), max_length=200)
    planned_on = models.DateField(_("planned for"))
    achieved_on = models.DateField(_("achieved on"), null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=MilestoneStatus,
        default=MilestoneStatus.PLANNED,
    )

    public_fields = ("title",)
    public_optional = ("evidence",)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_on", "pk"]
        constraints = [
            bilingual("milestone_bilingual", ["title"], optional=["evidence"]),
            models.CheckConstraint(
                condition=Q(status="planned", achieved_on=None)
                | (
                    Q(status="achieved", achieved_on__isnull=False)
                    & filled("evidence_fr")
                    & filled("evidence_nl")
                ),
                name="milestone_achieved_has_evidence",
            ),
        ]

    def __str__(self):
        return self.title


class RoadmapVersion(Translated, Demo):
    """A frozen, numbered edition of the roadmap, adopted by a decision."""

    number = models.PositiveSmallIntegerField(_("edition"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"))
    adopted_by = models.ForeignKey(
        Decision,
        verbose_name=_("adopted by"),
        on_delete=models.PROTECT,
        related_name="editions",
    )
    published_on = models.DateField(_("published on"))
    content = models.JSONField(_("frozen content"), default=dict)
    sha256 = models.CharField(max_length=64)

    public_fields = ("title", "introduction")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the roadmap")
        verbose_name_plural = _("editions of the roadmap")
        ordering = ["-number"]
        constraints = [bilingual("roadmapversion_bilingual", ["title", "introduction"])]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("roadmap:edition-detail", args=[self.number])
