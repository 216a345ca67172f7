"""The figures: observations by vintage, targets and baselines."""

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.models import Translated
from core.publication import bilingual
from core.typography import number
from programme.models import Source

from ..periods import PERIOD_PATTERN, Period
from .indicators import Indicator
from .places import place_key
from .releases import Reason, Release
from .summaries import OF_ROWS, forgets_summaries, forgets_summary

#: A target names the unit of its indicator or none.
SAME_UNIT = """
    IF NEW.unit_code <> '' AND NEW.unit_code <> (
        SELECT unit_code FROM kpi_indicator WHERE id = NEW.indicator_id
    ) THEN
        RAISE EXCEPTION 'a target is in the unit of its indicator'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def period_form(name: str) -> models.CheckConstraint:
    """Return the constraint: ``period`` is a year, half-year, quarter or month."""
    return models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name=name)


def in_words(figure) -> str:
    """Return the value of a figure as the pages write it: with the decimals of its indicator."""
    return number(figure.value, figure.indicator.decimals)


class Observation(Translated):
    """One published value. Rows are append-only: a correction is a row of a later vintage.

    ``position`` tells contradictory published values of one period apart; both are kept and shown.
    ``flag`` holds the letters of Eurostat (``b`` break, ``e`` estimated, ``f`` forecast, ``m``
    missing, ``p`` provisional), several where several apply.
    """

    Reason = Reason

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.PROTECT,
        related_name="observations",
    )
    geo = place_key(db_index=False)
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=26, decimal_places=12, null=True, blank=True)
    flag = models.CharField(_("flag"), max_length=4, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    disputed = models.BooleanField(_("contradicted by another source"), default=False)
    vintage = models.PositiveSmallIntegerField(_("vintage"), default=1)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, default=Reason.SCHEDULED)
    note = models.TextField(_("note"), blank=True)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    released_at = models.DateTimeField(_("released"), default=timezone.now)
    release = models.ForeignKey(
        Release,
        verbose_name=_("release"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observations",
    )
    version = models.ForeignKey(
        "kpi.IndicatorVersion",
        verbose_name=_("version of the method"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    public_fields = ()
    public_optional = ("note",)

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["indicator", "geo", "period", "position", "vintage"]
        # What was released lately is looked for every few minutes (`kpi.news.notices`).
        indexes = [models.Index(fields=["released_at"], name="observation_released")]
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
                condition=Q(flag__regex="^[bdefimnpu]*$"), name="observation_flag_known"
            ),
            period_form("observation_period_form"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            forgets_summaries(),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.geo_id} {self.period}: {in_words(self)}"

    @cached_property
    def when(self) -> Period:
        """Return the period as something that can be ordered and told in words."""
        return Period.parse(self.period)

    @property
    def is_forecast(self) -> bool:
        """Tell whether the value speaks of what had not happened yet."""
        return "f" in self.flag

    @property
    def breaks_series(self) -> bool:
        """Tell whether the value cannot be compared with those before it."""
        return "b" in self.flag


class Target(Translated):
    """What the value should be at a date. A later target supersedes, it does not overwrite.

    It is in the unit of its indicator. Who knows in which unit it was decided writes that down, and
    another one is refused: 20 million people are not 20 thousand.
    """

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
    geo = place_key()
    period = models.CharField(_("due period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=26, decimal_places=12)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.POLITICAL)
    unit_code = models.SlugField(
        _("unit in which it was decided"),
        max_length=30,
        blank=True,
        help_text=_("As of the indicator: percent, score, count, days. Another one is refused."),
    )
    upper = models.DecimalField(
        _("up to"),
        max_digits=26,
        decimal_places=12,
        null=True,
        blank=True,
        help_text=_("Upper end of a range, for an indicator that is best within one."),
    )
    basis = models.CharField(_("decided in"), max_length=200, blank=True)
    decided_on = models.DateField(
        _("decided on"),
        null=True,
        blank=True,
        help_text=_("From this day on it counts; pages of an earlier day keep the former one."),
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    public_fields = ()
    public_optional = ("basis",)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator", "period"]
        constraints = [
            bilingual("target_bilingual", [], optional=["basis"]),
            models.UniqueConstraint(
                fields=["indicator", "geo", "period", "value"], name="target_once"
            ),
            models.CheckConstraint(
                condition=Q(upper=None) | Q(upper__gt=F("value")), name="target_range"
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(superseded_by=F("pk")),
                name="target_not_its_own_successor",
            ),
            period_form("target_period_form"),
        ]
        triggers = [
            *forgets_summary(),
            pgtrigger.Trigger(
                name="unit_of_the_indicator",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=SAME_UNIT,
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.period}: {in_words(self)}"

    def clean(self):
        """Refuse a target in another unit than the indicator, and say how to mend it."""
        super().clean()
        wanted = self.indicator.unit_code if self.indicator_id else self.unit_code
        if self.unit_code and self.unit_code != wanted:
            words = _("The indicator is counted in “%(wanted)s”. Convert the target to it.")
            raise ValidationError({"unit_code": words % {"wanted": wanted}})

    @cached_property
    def when(self) -> Period:
        """Return the due period."""
        return Period.parse(self.period)


class Baseline(models.Model):
    """The value from which progress is counted."""

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="baselines",
    )
    geo = place_key()
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=26, decimal_places=12)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)

    class Meta:
        verbose_name = _("baseline value")
        verbose_name_plural = _("baseline values")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "geo"], name="baseline_once"),
            period_form("baseline_period_form"),
        ]
        triggers = forgets_summary()

    def __str__(self):
        return f"{self.indicator.code} {self.period}: {in_words(self)}"

    @cached_property
    def when(self) -> Period:
        """Return the period of the starting value."""
        return Period.parse(self.period)


class PathPoint(models.Model):
    """Where the figure should be on the way to a target, where the way is not a straight line."""

    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.CASCADE, related_name="path"
    )
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=26, decimal_places=12)

    class Meta:
        verbose_name = _("point of the path")
        verbose_name_plural = _("points of the path")
        ordering = ["target", "period"]
        constraints = [
            models.UniqueConstraint(fields=["target", "period"], name="pathpoint_once"),
            period_form("pathpoint_period_form"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="summary_written",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=OF_ROWS.format(
                    keys="SELECT indicator_id FROM kpi_target "
                    "WHERE id = COALESCE(NEW.target_id, OLD.target_id)"
                ),
            )
        ]

    def __str__(self):
        return f"{self.period}: {self.value.normalize()}"

    @cached_property
    def when(self) -> Period:
        """Return the period."""
        return Period.parse(self.period)
