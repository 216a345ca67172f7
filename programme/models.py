"""The contract (volets, deliverables) and the taxonomies that everything else is filed under."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index


class SourceQuerySet(VisibleQuerySet):
    """Publications by their names."""

    search_translated = ("label",)
    search_plain = ("key", "reference")


class Source(Translated):
    """A publication that a fact comes from, known by a short key such as `S01`."""

    key = models.CharField(_("key"), max_length=20, unique=True)
    label = models.CharField(_("name"), max_length=200)
    reference = models.TextField(_("reference"), blank=True)

    public_fields = ("label",)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["key"]
        indexes = [search_index("source", SourceQuerySet)]
        constraints = [bilingual("source_bilingual", ["label"])]

    def __str__(self):
        return f"{self.key} · {self.label}"


class Sourced(models.Model):
    """A row with facts, each from published sources; what is not verified says so."""

    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)
    verified = models.BooleanField(_("seen in a source"), default=True)

    class Meta:
        abstract = True


class NamedQuerySet(VisibleQuerySet):
    """Rows with a translated name."""

    search_translated = ("name",)


class Named(Translated):
    """A public row with a slug and a name in both languages."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=250)

    public_fields = ("name",)

    objects = NamedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name or self.slug


class Contract(Sourced):
    """The contract of 2018 behind the six work packages, as it was announced."""

    kick_off = models.DateField(_("start"), unique=True)
    assistance_years = models.PositiveSmallIntegerField(_("years of assistance"))
    consortium = ArrayField(models.CharField(max_length=120), verbose_name=_("consortium"))

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["kick_off"]

    def __str__(self):
        return f"{self.kick_off:%Y-%m-%d} {', '.join(self.consortium)}"


class WorkPackage(Named):
    """One of the six volets of the contract."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    lead = models.CharField(_("lead"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("work package")
        verbose_name_plural = _("work packages")
        ordering = ["number"]
        constraints = [bilingual("workpackage_bilingual", ["name"])]


class Deliverable(Translated, Sourced):
    """What the contract promises: a target, beside what was published as its outcome.

    Planned and achieved are both shown and never merged. What this portal itself has on record is
    counted by the app concerned and registered in the slot `programme.progress`.
    """

    code = models.SlugField(_("code"), max_length=20, unique=True)
    work_package = models.ForeignKey(
        WorkPackage,
        verbose_name=_("work package"),
        on_delete=models.PROTECT,
        related_name="deliverables",
    )
    name = models.TextField(_("name"))
    short_name = models.CharField(_("short name"), max_length=80)
    listed_under = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("announced under work packages"),
        default=list,
        blank=True,
    )
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60)
    outcome = models.TextField(_("published outcome"), blank=True)
    outcome_value = models.PositiveIntegerField(
        _("published outcome in figures"), null=True, blank=True
    )
    outcome_sources = models.ManyToManyField(
        Source, verbose_name=_("sources of the outcome"), blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    public_fields = ("name", "short_name", "unit")
    public_optional = ("outcome",)

    objects = NamedQuerySet.as_manager()

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering = ["work_package__number", "position"]
        constraints = [
            bilingual(
                "deliverable_bilingual",
                ["name", "short_name", "unit"],
                optional=["outcome"],
            ),
        ]

    def __str__(self):
        return self.code


class Theme(Named):
    """A domain of the strategy; five of them are picked for a series of workshops."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position"]
        constraints = [bilingual("theme_bilingual", ["name"])]


class Orientation(Named):
    """An orientation of the strategy: a dimension of DESI, or one of Brussels' own."""

    family = models.CharField(_("family"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("orientation")
        verbose_name_plural = _("orientations")
        ordering = ["position"]
        constraints = [bilingual("orientation_bilingual", ["name"])]


class Objective(Named, Sourced):
    """A goal that the Region has set itself."""

    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    public_optional = ("description",)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["position"]
        constraints = [bilingual("objective_bilingual", ["name"], optional=["description"])]


class Legislature(Named):
    """A term of the regional Parliament and Government."""

    #: Only the years are published.
    first_year = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("legislature")
        verbose_name_plural = _("legislatures")
        ordering = ["position"]
        constraints = [bilingual("legislature_bilingual", ["name"])]


class Portfolio(Named):
    """A ministerial competence, told without the name of a person."""

    class Meta:
        verbose_name = _("portfolio")
        verbose_name_plural = _("portfolios")
        ordering = ["slug"]
        constraints = [bilingual("portfolio_bilingual", ["name"])]


class WorkstreamQuerySet(VisibleQuerySet):
    """Workstreams by their texts."""

    search_translated = ("name", "summary")


class Workstream(Named, Demo):
    """A priority workstream (chantier): what the Government wants done first."""

    summary = models.TextField(_("summary"), blank=True)
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("theme")
    )
    orientation = models.ForeignKey(
        Orientation, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("orientation")
    )
    portfolio = models.ForeignKey(
        Portfolio, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("portfolio")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    public_optional = ("summary",)

    objects = WorkstreamQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority workstream")
        verbose_name_plural = _("priority workstreams")
        ordering = ["position"]
        indexes = [search_index("workstream", WorkstreamQuerySet)]
        constraints = [bilingual("workstream_bilingual", ["name"], optional=["summary"])]

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("programme:workstream-detail", args=[self.slug])


class Municipality(Named, Sourced):
    """One of the nineteen municipalities, with its statistical code and its centre."""

    nis = models.CharField(_("NIS code"), max_length=5, unique=True)
    postcodes = models.CharField(_("postcodes"), max_length=60)
    lat = models.DecimalField(_("latitude"), max_digits=6, decimal_places=3)
    lon = models.DecimalField(_("longitude"), max_digits=6, decimal_places=3)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["nis"]
        constraints = [bilingual("municipality_bilingual", ["name"])]


class TimelineQuerySet(VisibleQuerySet):
    """Dated facts by their texts."""

    search_translated = ("fact",)


class TimelineFact(Translated, Sourced):
    """A dated fact in the history of the strategy and of the Office.

    ``when`` keeps the precision that was published: `2017`, `2017-02` or `2017-02-19`.
    """

    when = models.CharField(_("date"), max_length=10)
    when_text = models.CharField(_("date in words"), max_length=60)
    fact = models.TextField(_("fact"))

    public_fields = ("fact", "when_text")

    objects = TimelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of the strategy")
        verbose_name_plural = _("dates of the strategy")
        ordering = ["when", "pk"]
        indexes = [search_index("timeline_fact", TimelineQuerySet)]
        constraints = [
            bilingual("timeline_bilingual", ["fact", "when_text"]),
            models.UniqueConstraint(fields=["when", "fact_fr"], name="timeline_once"),
        ]

    def __str__(self):
        return f"{self.when_text} {self.fact[:60]}"
