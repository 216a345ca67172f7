"""Indicators, their observations by vintage, targets and baselines."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from programme.models import Named, Orientation, Source, Sourced, Theme
from roadmap.models import Initiative


class Framework(Named):
    """Where an indicator is defined: Digital Decade, DESI, CIRB, local."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["position", "slug"]
        constraints = [bilingual("framework_bilingual", ["name"])]


class IndicatorStatus(models.TextChoices):
    """Life of an indicator; page and data of a retired one stay."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SUSPENDED = "suspended", _("suspended")
    RETIRED = "retired", _("retired")


PUBLIC_INDICATOR = frozenset({IndicatorStatus.PUBLISHED, IndicatorStatus.RETIRED})
INDICATOR_TEXTS = ("name", "definition", "unit")


class IndicatorQuerySet(VisibleQuerySet):
    """Indicators by their texts."""

    search_translated = ("name", "definition")
    search_plain = ("code",)


class Indicator(Translated, Sourced, Demo):
    """Something that is measured, with the sentence in which its last value is told."""

    class Direction(models.TextChoices):
        """Which way is better."""

        UP = "up", _("higher is better")
        DOWN = "down", _("lower is better")

    class Frequency(models.TextChoices):
        """How often it is measured."""

        ANNUAL = "A", _("every year")
        HALF_YEAR = "S", _("every half-year")
        QUARTER = "Q", _("every quarter")
        MONTH = "M", _("every month")

    Status = IndicatorStatus

    code = models.SlugField(_("code"), max_length=80, unique=True)
    framework = models.ForeignKey(
        Framework,
        verbose_name=_("framework"),
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    name = models.CharField(_("name"), max_length=200)
    definition = models.TextField(_("definition"))
    unit = models.CharField(_("unit"), max_length=60)
    unit_code = models.SlugField(_("unit code"), max_length=30)
    headline = models.TextField(
        _("sentence"),
        blank=True,
        help_text=_(
            "Read aloud: {value} and {period} are filled in, as in “In {period}, {value}…”."
        ),
    )
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=0)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction)
    frequency = models.CharField(
        _("frequency"), max_length=1, choices=Frequency, default="A"
    )
    lag_days = models.PositiveSmallIntegerField(_("expected lag (days)"), default=365)
    geo = models.CharField(_("territory"), max_length=10, default="BXL")
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
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    initiatives = models.ManyToManyField(
        Initiative, through="InitiativeIndicator", related_name="indicators"
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=IndicatorStatus,
        default=IndicatorStatus.DRAFT,
    )

    chain_stage = 6
    public_fields = INDICATOR_TEXTS
    public_optional = ("headline",)
    PUBLIC_STATES = PUBLIC_INDICATOR

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["framework__position", "code"]
        constraints = [
            bilingual(
                "indicator_bilingual",
                INDICATOR_TEXTS,
                optional=["headline"],
                states=PUBLIC_INDICATOR,
            ),
            models.CheckConstraint(
                condition=Q(status__in=IndicatorStatus.values),
                name="indicator_status_known",
            ),
        ]

    def __str__(self):
        return self.name or self.code

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("kpi:indicator-detail", args=[self.code])


class InitiativeIndicator(models.Model):
    """An indicator measures an initiative."""

    class Role(models.TextChoices):
        """How they belong together."""

        MEASURES = "measures", _("measures")
        CONTRIBUTES = "contributes", _("contributes to")

    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="measured_by"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="measuring"
    )
    role = models.CharField(
        _("role"), max_length=12, choices=Role, default=Role.MEASURES
    )

    class Meta:
        verbose_name = _("measured initiative")
        verbose_name_plural = _("measured initiatives")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "indicator"], name="initiativeindicator_once"
            ),
        ]

    def __str__(self):
        return f"{self.indicator} · {self.initiative}"


class Observation(Translated):
    """One published value. Rows are append-only: a correction is a row of a later vintage.

    ``position`` tells contradictory published values of one period apart; both are kept and shown.
    """

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.PROTECT,
        related_name="observations",
    )
    geo = models.CharField(_("territory"), max_length=10)
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(
        _("value"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    flag = models.CharField(_("flag"), max_length=4, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    vintage = models.PositiveSmallIntegerField(_("vintage"), default=1)
    note = models.TextField(_("note"), blank=True)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)
    released_at = models.DateTimeField(_("released"), default=timezone.now)

    public_fields = ()
    public_optional = ("note",)

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["indicator", "geo", "period", "position"]
        constraints = [
            bilingual("observation_bilingual", [], optional=["note"]),
            models.UniqueConstraint(
                fields=["indicator", "geo", "period", "position", "vintage"],
                name="observation_once",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(flag=""),
                name="observation_value_or_flag",
            ),
            models.CheckConstraint(
                condition=Q(period__regex=r"^\d{4}(-(0[1-9]|1[0-2]|S[12]|Q[1-4]))?$"),
                name="observation_period_form",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.geo} {self.period}: {self.value}"


class Target(models.Model):
    """What the value should be at a date. A later target supersedes, it does not overwrite."""

    class Kind(models.TextChoices):
        """What binds."""

        LEGAL = "legal", _("legal")
        POLITICAL = "political", _("political")
        INTERNAL = "internal", _("internal")

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="targets",
    )
    geo = models.CharField(_("territory"), max_length=10)
    period = models.CharField(_("due period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=6)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.POLITICAL
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "geo", "period", "value"], name="target_once"
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.period}: {self.value}"


class Baseline(models.Model):
    """The value from which progress is counted."""

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="baselines",
    )
    geo = models.CharField(_("territory"), max_length=10)
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = _("baseline value")
        verbose_name_plural = _("baseline values")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "geo"], name="baseline_once"),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.period}: {self.value}"
