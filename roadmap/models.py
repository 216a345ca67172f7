"""Initiatives: the real things, born of a decision on a sheet or existing before."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual, filled
from core.search import search_index
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

    CANDIDATE = "candidate", pgettext_lazy("initiative", "candidate")
    SELECTED = "selected", pgettext_lazy("initiative", "selected")
    PLANNED = "planned", pgettext_lazy("initiative", "planned")
    IN_PROGRESS = "in_progress", pgettext_lazy("initiative", "ongoing")
    ON_HOLD = "on_hold", pgettext_lazy("initiative", "suspended")
    COMPLETED = "completed", pgettext_lazy("initiative", "completed")
    STOPPED = "stopped", pgettext_lazy("initiative", "stopped")
    MERGED = "merged", pgettext_lazy("initiative", "merged")


PUBLIC_INITIATIVE = frozenset(InitiativeStatus) - {InitiativeStatus.CANDIDATE}
#: States whose reason is told to everybody, in French and in Dutch.
EXPLAINED_INITIATIVE = frozenset(
    {InitiativeStatus.ON_HOLD, InitiativeStatus.STOPPED, InitiativeStatus.MERGED}
)
#: States in which the milestones that are left are no longer pursued.
ABANDONED_INITIATIVE = frozenset({InitiativeStatus.STOPPED, InitiativeStatus.MERGED})
#: Filter value for an initiative whose state no source tells.
STATE_NOT_PUBLISHED = "unknown"
#: Path words of the pages beside the initiatives; no initiative may take their address.
RESERVED_SLUGS = ("timeline", "milestones", "editions", "decisions")


class InitiativeQuerySet(VisibleQuerySet):
    """Initiatives by their texts, their state and the state of their milestones."""

    search_translated = ("title", "summary", "lead")

    def in_state(self, state: str):
        """Return those known to be in ``state``, or those whose state no source tells."""
        if state == STATE_NOT_PUBLISHED:
            return self.filter(status_published=False)
        return self.filter(status=state, status_published=True)

    def newest_first(self):
        """Return them by start, the newest first; without a known start at the end."""
        return self.order_by(F("starts_on").desc(nulls_last=True), "slug")

    def with_milestones(self):
        """Return those that have milestones."""
        return self.filter(milestones__isnull=False).distinct()

    def late(self, today=None):
        """Return those with a milestone that is past due and not achieved."""
        missed = Milestone.objects.missed(today).values("initiative")
        return self.filter(pk__in=missed)

    def on_time(self, today=None):
        """Return those that have milestones, none of them past due."""
        missed = Milestone.objects.missed(today).values("initiative")
        return self.with_milestones().exclude(pk__in=missed)


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

    class Precision(models.TextChoices):
        """How exactly a source gives a date; what it leaves out is never guessed."""

        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    Status = InitiativeStatus

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    lead = models.CharField(_("carried by"), max_length=200, blank=True)
    period = models.CharField(_("period as published"), max_length=120, blank=True)
    size = models.CharField(_("budget or size as published"), max_length=250, blank=True)
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
        verbose_name=_("user in charge"),
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    starts_precision = models.CharField(
        _("start known to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    ends_on = models.DateField(_("end"), null=True, blank=True)
    ends_precision = models.CharField(
        _("end known to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
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
    status_published = models.BooleanField(
        _("a source tells the state"),
        default=True,
        help_text=_("Without it, pages say that no source tells the state."),
    )
    status_reason = models.TextField(
        _("reason of the state"),
        blank=True,
        help_text=_("Why it is suspended, stopped or merged; everybody reads it."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="absorbed",
    )

    chain_stage = 5
    public_fields = ("title", "summary")
    public_optional = ("lead", "period", "size", "status_reason")
    PUBLIC_STATES = PUBLIC_INITIATIVE

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["slug"]
        indexes = [search_index("initiative", InitiativeQuerySet)]
        constraints = [
            bilingual(
                "initiative_bilingual",
                ["title", "summary"],
                optional=["lead", "period", "size", "status_reason"],
                states=PUBLIC_INITIATIVE,
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS), name="initiative_slug_is_free"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(EXPLAINED_INITIATIVE))
                | (filled("status_reason_fr") & filled("status_reason_nl")),
                name="initiative_state_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None)),
                name="initiative_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="initiative_not_merged_into_itself",
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
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="initiative_ends_after_start",
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("roadmap:initiative-detail", args=[self.slug])

    @property
    def status_words(self) -> str:
        """The state in words, or that no source tells it."""
        if self.status_published:
            return self.get_status_display()
        return str(_("state not published in a source"))

    @property
    def starts_text(self) -> str:
        """The start as exactly as it is known: `2013`, `2013-03` or `2013-03-21`."""
        return partial_date(self.starts_on, self.starts_precision)

    @property
    def ends_text(self) -> str:
        """The end as exactly as it is known."""
        return partial_date(self.ends_on, self.ends_precision)


def partial_date(value, precision: str) -> str:
    """Return ``value`` in ISO form, cut where its ``precision`` ends; nothing for None."""
    length = {Initiative.Precision.YEAR: 4, Initiative.Precision.MONTH: 7}
    return value.isoformat()[: length.get(precision, 10)] if value else ""


class MilestoneStatus(models.TextChoices):
    """Life of a milestone; that it was missed is computed."""

    PLANNED = "planned", pgettext_lazy("milestone", "planned")
    ACHIEVED = "achieved", pgettext_lazy("milestone", "achieved")


class MilestoneQuerySet(VisibleQuerySet):
    """Milestones, seen by whoever sees their initiative; what is past due is computed on read."""

    search_translated = ("title",)

    def public(self):
        """Return the milestones of public initiatives."""
        return self.filter(initiative__status__in=sorted(PUBLIC_INITIATIVE))

    def achieved_on_time(self):
        """Return those achieved on or before the planned day."""
        return self.filter(status=MilestoneStatus.ACHIEVED, achieved_on__lte=F("planned_on"))

    def achieved_late(self):
        """Return those achieved after the planned day."""
        return self.filter(status=MilestoneStatus.ACHIEVED, achieved_on__gt=F("planned_on"))

    def open(self):
        """Return those not achieved that are still pursued."""
        return self.filter(status=MilestoneStatus.PLANNED).exclude(
            initiative__status__in=sorted(ABANDONED_INITIATIVE)
        )

    def missed(self, today=None):
        """Return those past due and not achieved; a day is over when it is over in Brussels."""
        return self.open().filter(planned_on__lt=today or timezone.localdate())

    def to_come(self, today=None):
        """Return those not achieved whose day has not passed."""
        return self.open().filter(planned_on__gte=today or timezone.localdate())

    def due(self, today=None):
        """Return what the hit rate is taken of: the achieved and the missed."""
        today = today or timezone.localdate()
        open_rows = Q(status=MilestoneStatus.PLANNED, planned_on__lt=today) & ~Q(
            initiative__status__in=sorted(ABANDONED_INITIATIVE)
        )
        return self.filter(Q(status=MilestoneStatus.ACHIEVED) | open_rows)

    def abandoned(self):
        """Return those that were left when their initiative was stopped or merged."""
        return self.filter(
            status=MilestoneStatus.PLANNED,
            initiative__status__in=sorted(ABANDONED_INITIATIVE),
        )


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

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_on", "pk"]
        indexes = [search_index("milestone", MilestoneQuerySet)]
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

    def get_absolute_url(self):
        """Return the place of the milestone on the page of its initiative."""
        return f"{self.initiative.get_absolute_url()}#milestone-{self.pk}"


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
    sha256 = models.CharField(max_length=64, verbose_name=_("SHA-256 of the rows"))

    public_fields = ("title", "introduction")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the roadmap")
        verbose_name_plural = _("editions of the roadmap")
        ordering = ["-number"]
        constraints = [bilingual("roadmapversion_bilingual", ["title", "introduction"])]
        triggers = [
            # An edition was adopted as it stands: nothing of it changes, whatever the road.
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("roadmap:edition-detail", args=[self.number])
