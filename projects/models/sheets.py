"""Calls and project sheets, born from ideas."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.permissions import reads_everything
from core.publication import bilingual
from core.search import search_index
from programme.models import Municipality, Named, Theme, Workstream
from stakeholders.models import Idea, Organisation
from workshops.models import Workshop


class Call(Named, Demo):
    """A call for sheets, with its dates and its envelope in euro."""

    edition = models.PositiveSmallIntegerField(_("edition"))
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    envelope = models.DecimalField(
        _("envelope (euro)"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-edition"]
        constraints = [
            bilingual("call_bilingual", ["name"]),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="call_closes_after_opening",
            ),
        ]


class SheetStatus(models.TextChoices):
    """Life of a sheet, from the draft to the roadmap."""

    DRAFT = "draft", pgettext_lazy("sheet", "draft")
    INTERNAL_REVIEW = "internal_review", pgettext_lazy("sheet", "internal review")
    SUBMITTED = "submitted", pgettext_lazy("sheet", "submitted")
    INELIGIBLE = "ineligible", pgettext_lazy("sheet", "not eligible")
    ELIGIBLE = "eligible", pgettext_lazy("sheet", "eligible")
    FROZEN = "frozen", pgettext_lazy("sheet", "frozen for the jury")
    DELIBERATED = "deliberated", pgettext_lazy("sheet", "deliberated")
    PROPOSED = "proposed", pgettext_lazy("sheet", "proposed by the jury")
    RESERVE = "reserve", pgettext_lazy("sheet", "on the reserve list")
    NOT_PROPOSED = "not_proposed", pgettext_lazy("sheet", "not proposed")
    RETURNED = "returned_more_info", pgettext_lazy("sheet", "returned for completion")
    DECIDED = "decided", pgettext_lazy("sheet", "decided")
    PUBLISHED = "published", pgettext_lazy("sheet", "published")
    ON_ROADMAP = "on_roadmap", pgettext_lazy("sheet", "on the roadmap")
    WITHDRAWN = "withdrawn", pgettext_lazy("sheet", "withdrawn")


#: Everybody reads a sheet from the day on which it is frozen for the jury, except its scores.
PUBLIC_SHEET = frozenset(
    {
        SheetStatus.FROZEN,
        SheetStatus.DELIBERATED,
        SheetStatus.PROPOSED,
        SheetStatus.RESERVE,
        SheetStatus.NOT_PROPOSED,
        SheetStatus.DECIDED,
        SheetStatus.PUBLISHED,
        SheetStatus.ON_ROADMAP,
    }
)
SHEET_TEXTS = (
    "title",
    "summary",
    "problem",
    "solution",
    "beneficiaries",
    "equality_impact",
)


#: While it is written and examined; from the freezing on the text is what the jury scores.
EDITABLE_SHEET = frozenset(
    {
        SheetStatus.DRAFT,
        SheetStatus.INTERNAL_REVIEW,
        SheetStatus.SUBMITTED,
        SheetStatus.ELIGIBLE,
        SheetStatus.RETURNED,
    }
)


#: While its lead writes it; once sent, the office corrects.
WRITABLE_SHEET = frozenset({SheetStatus.DRAFT, SheetStatus.RETURNED})


class SheetQuerySet(VisibleQuerySet):
    """Sheets by their texts."""

    search_translated = ("title", "summary")
    search_plain = ("reference",)

    def public(self):
        """Return the sheets in a public state, and those that once were: nothing disappears."""
        frozen_once = SheetVersion.objects.filter(sheet=OuterRef("pk"))
        return self.filter(Q(status__in=sorted(PUBLIC_SHEET)) | Exists(frozen_once))

    def visible_to(self, user):
        """Return the public sheets, everything for the office, and for a lead the own ones."""
        if reads_everything(user):
            return self
        if user is None or user.pk is None:
            return self.public()
        return self.public() | self.filter(lead=user)

    def for_lists(self):
        """Load what a list and its export show of each sheet."""
        return self.select_related("call", "theme", "owner_organisation", "result__decision")


class ProjectSheet(Translated, Demo):
    """The dossier on which the jury and then the Government decide. Not the project itself."""

    Status = SheetStatus

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.PROTECT, related_name="sheets"
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    problem = models.TextField(_("problem"), blank=True)
    solution = models.TextField(_("solution"), blank=True)
    beneficiaries = models.TextField(_("who benefits"), blank=True)
    partners = models.TextField(_("partners"), blank=True)
    equality_impact = models.TextField(_("equality and digital inclusion"), blank=True)
    owner_organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("project owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sheets",
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("project lead"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sheets",
    )
    theme = models.ForeignKey(Theme, verbose_name=_("theme"), on_delete=models.PROTECT)
    workstream = models.ForeignKey(
        Workstream,
        verbose_name=_("priority workstream"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sheets",
    )
    municipalities = models.ManyToManyField(
        Municipality, verbose_name=_("municipalities"), blank=True
    )
    cost_low = models.DecimalField(
        _("cost, low (euro)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cost_likely = models.DecimalField(
        _("cost, likely (euro)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cost_high = models.DecimalField(
        _("cost, high (euro)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField(_("could start on"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    ideas = models.ManyToManyField(
        Idea, through="SheetIdea", related_name="sheets", verbose_name=_("ideas")
    )
    workshops = models.ManyToManyField(
        Workshop, verbose_name=_("deepened in"), blank=True, related_name="sheets"
    )
    status = models.CharField(
        _("status"), max_length=20, choices=SheetStatus, default=SheetStatus.DRAFT
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    chain_stage = 3
    public_fields = SHEET_TEXTS
    public_optional = ("partners",)
    PUBLIC_STATES = PUBLIC_SHEET

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("project sheet")
        verbose_name_plural = _("project sheets")
        ordering = ["-created_at", "-pk"]
        indexes = [search_index("sheet", SheetQuerySet)]
        constraints = [
            bilingual(
                "sheet_bilingual",
                SHEET_TEXTS,
                optional=["partners"],
                states=PUBLIC_SHEET,
            ),
            models.CheckConstraint(
                condition=Q(status__in=SheetStatus.values), name="sheet_status_known"
            ),
            models.CheckConstraint(
                condition=Q(cost_likely=None)
                | Q(cost_low__lte=F("cost_likely"), cost_likely__lte=F("cost_high")),
                name="sheet_costs_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("projects:sheet-detail", args=[self.reference])


class SheetIdea(models.Model):
    """A sheet was born from an idea; the link is kept for ever."""

    sheet = models.ForeignKey(ProjectSheet, on_delete=models.PROTECT, related_name="born_from")
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="led_to")

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("born from the ideas")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "idea"], name="sheetidea_once"),
        ]

    def __str__(self):
        return f"{self.idea} → {self.sheet}"


class SheetVersion(models.Model):
    """What a sheet said when it was frozen: the text on which the jury scores."""

    sheet = models.ForeignKey(ProjectSheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(_("frozen"), default=timezone.now)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["sheet", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheetversion_once"),
        ]

    def __str__(self):
        return f"{self.sheet.reference} v{self.number}"
