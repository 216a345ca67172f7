"""What is measured: frameworks and indicators, and the initiatives that they measure."""

import pgtrigger
from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index
from programme.models import (
    Deliverable,
    Named,
    Objective,
    Orientation,
    Sourced,
    Theme,
    Workstream,
)
from roadmap.models import Initiative
from stakeholders.models import Organisation

from ..periods import PERIOD_PATTERN
from .places import place_key
from .summaries import OF_ROWS


class Framework(Named):
    """Where an indicator is defined: Digital Decade, DESI, CIRB, local."""

    class Kind(models.TextChoices):
        """How much of it is kept."""

        OWN = "own", _("indicators with figures")
        NAMES = "names", _("names only")

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(
        _("what is kept"),
        max_length=5,
        choices=Kind,
        default=Kind.OWN,
        help_text=_("Of a protected framework the names alone, to say what corresponds to what."),
    )
    publisher = models.CharField(_("published by"), max_length=120, blank=True)
    url = models.CharField(
        _("address"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
    )

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["position", "slug"]
        constraints = [
            bilingual("framework_bilingual", ["name"]),
            models.CheckConstraint(condition=Q(kind__in=["own", "names"]), name="framework_kind"),
        ]

    def get_absolute_url(self):
        """Return the list of its indicators."""
        return f"{reverse('kpi:indicator-list')}?framework={self.slug}"


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
#: Words that are addresses beside those of the indicators, see `kpi/urls.py`.
RESERVED_CODES = (
    *("compare", "dashboards", "frameworks", "imports", "indices"),
    *("programme", "reported", "reports"),
)
INDICATOR_EXTRAS = ("headline", "source_text", "coverage", "confidentiality")
#: Named rather than imported: what is counted stands on rows of every app, and on these models.
METRICS = "kpi.counting.metrics.METRICS"
UNKNOWN_METRIC = _("The portal has no such count. Choose one of the list, or none.")


def metric_choices() -> list[tuple]:
    """Return what may fill an indicator: people, or one of the counts of the portal.

    Asked for whenever it is needed, so that a new count is no migration.
    """
    counts = [(slug, metric.label) for slug, metric in import_string(METRICS).items()]
    return [("", _("filled by people")), *counts]


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
        RANGE = "range", _("best within a range")

    class Frequency(models.TextChoices):
        """How often it is measured."""

        ANNUAL = "A", _("every year")
        HALF_YEAR = "S", _("every half-year")
        QUARTER = "Q", _("every quarter")
        MONTH = "M", _("every month")

    class Kind(models.TextChoices):
        """What of a policy it measures."""

        INPUT = "input", _("input: what is put in")
        OUTPUT = "output", _("output: what is made")
        OUTCOME = "outcome", _("outcome: what changes")
        CONTEXT = "context", _("context: what surrounds it")

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
    unit = models.CharField(_("unit"), max_length=120)
    unit_code = models.SlugField(
        _("unit code"), max_length=30, help_text=_("For machines: percent, score, count, days…")
    )
    headline = models.TextField(
        _("sentence"),
        blank=True,
        help_text=_(
            "Read aloud: {value} and {period} are filled in, as in “In {period}, {value}…”."
        ),
    )
    source_text = models.TextField(
        _("where the figures come from"),
        blank=True,
        help_text=_("The survey or register in words, where no publication can be named."),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OUTCOME)
    coverage = models.TextField(
        _("whom or what it covers"),
        blank=True,
        help_text=_("For example: people aged 16 to 74 living in private households."),
    )
    confidentiality = models.TextField(
        _("confidentiality"),
        blank=True,
        help_text=_("What is withheld, and why, so that nobody can be recognised."),
    )
    min_n = models.PositiveSmallIntegerField(
        _("fewest answers"),
        null=True,
        blank=True,
        help_text=_("A figure made of fewer answers is not published (for a survey, often 20)."),
    )
    licence = models.CharField(
        _("licence of the figures"),
        max_length=120,
        blank=True,
        help_text=_("Empty: the licence under which the Office publishes its own data."),
    )
    metric = models.SlugField(
        _("computed by the portal"),
        max_length=60,
        blank=True,
        choices=metric_choices,
        error_messages={"invalid_choice": UNKNOWN_METRIC},
        help_text=_(
            "The count of the portal’s own records that fills it by itself; then nobody types it."
        ),
    )
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=0)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction)
    frequency = models.CharField(_("frequency"), max_length=1, choices=Frequency, default="A")
    lag_days = models.PositiveSmallIntegerField(
        _("expected lag (days)"),
        default=365,
        help_text=_("Days between the end of a period and the publication of its figure."),
    )
    is_frozen = models.BooleanField(
        _("the series has ended"),
        default=False,
        help_text=_("No further figure is expected, so that none is late."),
    )
    geo = place_key(default="BXL")
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
    objectives = models.ManyToManyField(
        Objective, verbose_name=_("objectives"), blank=True, related_name="indicators"
    )
    workstreams = models.ManyToManyField(
        Workstream, verbose_name=_("priority workstreams"), blank=True, related_name="indicators"
    )
    deliverables = models.ManyToManyField(
        Deliverable, verbose_name=_("deliverables"), blank=True, related_name="indicators"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner_organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("responsible organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
    )
    initiatives = models.ManyToManyField(
        Initiative,
        through="InitiativeIndicator",
        related_name="indicators",
        verbose_name=_("initiatives"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=IndicatorStatus,
        default=IndicatorStatus.DRAFT,
    )

    chain_stage = 6
    public_fields = INDICATOR_TEXTS
    public_optional = INDICATOR_EXTRAS
    PUBLIC_STATES = PUBLIC_INDICATOR

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["framework__position", "code"]
        indexes = [search_index("indicator", IndicatorQuerySet)]
        constraints = [
            bilingual(
                "indicator_bilingual",
                INDICATOR_TEXTS,
                optional=INDICATOR_EXTRAS,
                states=PUBLIC_INDICATOR,
            ),
            models.CheckConstraint(
                condition=Q(status__in=IndicatorStatus.values),
                name="indicator_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(code__in=RESERVED_CODES),
                name="indicator_code_is_free",
                violation_error_message=_("This word is the address of another page. Choose one."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("pk")),
                name="indicator_not_its_own_successor",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="summary_written",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                func=OF_ROWS.format(keys="NEW.id"),
            )
        ]

    def __str__(self):
        return self.name or self.code

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("kpi:indicator-detail", args=[self.code])


class InitiativeIndicator(Translated):
    """An indicator measures an initiative, and what the initiative is expected to add to it."""

    class Role(models.TextChoices):
        """How they belong together."""

        MEASURES = "measures", _("measures")
        CONTRIBUTES = "contributes", _("contributes to")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="measured_by")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measuring")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEASURES)
    expected = models.DecimalField(
        _("expected contribution"),
        max_digits=26,
        decimal_places=12,
        null=True,
        blank=True,
        help_text=_("What the initiative adds to the figure, in its unit: 12 of the 140 schools."),
    )
    expected_period = models.CharField(_("expected by"), max_length=10, blank=True)
    without = models.DecimalField(
        _("figure without it"),
        max_digits=26,
        decimal_places=12,
        null=True,
        blank=True,
        help_text=_("What the figure would be if the initiative did not exist."),
    )
    evidence = models.TextField(_("what this rests on"), blank=True)

    public_fields = ()
    public_optional = ("evidence",)

    class Meta:
        verbose_name = _("measured initiative")
        verbose_name_plural = _("measured initiatives")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "indicator"], name="initiativeindicator_once"
            ),
            bilingual("initiativeindicator_bilingual", [], optional=["evidence"]),
            models.CheckConstraint(
                condition=Q(expected_period="") | Q(expected_period__regex=PERIOD_PATTERN),
                name="initiativeindicator_period_form",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} · {self.initiative}"
