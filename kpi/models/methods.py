"""How an indicator is made: versions of its method, its metadata, thresholds and mappings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Translated
from core.publication import bilingual

from ..progress import Standing
from .indicators import Framework, Indicator
from .summaries import forgets_summary


class IndicatorVersion(Translated):
    """A method of counting, from a day on. One that breaks the series ends every comparison."""

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="versions",
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    method = models.TextField(
        _("method"), help_text=_("How the figure is counted, so that others could do it again.")
    )
    valid_from = models.DateField(_("valid from"))
    breaks_series = models.BooleanField(
        _("breaks the series"),
        default=False,
        help_text=_("What was counted before cannot be compared with what was counted after."),
    )

    public_fields = ("method",)

    class Meta:
        verbose_name = _("version of the method")
        verbose_name_plural = _("versions of the method")
        ordering = ["indicator", "number"]
        constraints = [
            bilingual("indicatorversion_bilingual", ["method"]),
            models.UniqueConstraint(fields=["indicator", "number"], name="indicatorversion_once"),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.number}"


class Heading(models.TextChoices):
    """The headings of a metadata report (ESMS), in its order; the first nine are shown at once."""

    CONTACT = "contact", _("contact")
    UPDATE = "update", _("update of the metadata")
    PRESENTATION = "presentation", _("statistical presentation")
    UNIT = "unit", _("unit of measure")
    PERIOD = "period", _("reference period")
    MANDATE = "mandate", _("mandate")
    CONFIDENTIALITY = "confidentiality", _("confidentiality")
    RELEASE = "release", _("release policy")
    FREQUENCY = "frequency", _("frequency of publication")
    ACCESS = "access", _("accessibility")
    QUALITY = "quality", _("quality management")
    RELEVANCE = "relevance", _("relevance")
    ACCURACY = "accuracy", _("accuracy")
    TIMELINESS = "timeliness", _("timeliness")
    COMPARABILITY = "comparability", _("comparability")
    COST = "cost", _("cost and burden")
    REVISION = "revision", _("data revision")
    PROCESSING = "processing", _("statistical processing")
    COMMENT = "comment", _("comment")


#: How many headings a page shows before it is asked for all.
SHOWN_HEADINGS = 9


class MetadataEntry(Translated):
    """What is said of an indicator under one heading."""

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="metadata",
    )
    heading = models.CharField(_("heading"), max_length=16, choices=Heading)
    text = models.TextField(_("text"))

    public_fields = ("text",)

    class Meta:
        verbose_name = _("metadata")
        verbose_name_plural = _("metadata")
        ordering = ["indicator", "pk"]
        constraints = [
            bilingual("metadataentry_bilingual", ["text"]),
            models.UniqueConstraint(fields=["indicator", "heading"], name="metadataentry_once"),
            models.CheckConstraint(
                condition=Q(heading__in=Heading.values), name="metadataentry_heading_known"
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.get_heading_display()}"


class Band(models.Model):
    """From where on a value counts as on track or at risk, where the usual bands do not fit.

    On the pace: way made against way asked for, usual floors 1 and 0.8. On the value: in the unit
    of the indicator, for an indicator without a path.
    """

    class Basis(models.TextChoices):
        """What is held against the floor."""

        PACE = "pace", _("pace towards the target")
        VALUE = "value", _("the value itself")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.CASCADE, related_name="bands"
    )
    basis = models.CharField(_("held against"), max_length=5, choices=Basis, default=Basis.PACE)
    standing = models.CharField(
        _("standing"),
        max_length=12,
        choices=[(each.value, each.label) for each in (Standing.ON_TRACK, Standing.AT_RISK)],
    )
    floor = models.DecimalField(
        _("from"),
        max_digits=26,
        decimal_places=12,
        help_text=_("Pace: 1 is exactly on the path, 0.8 four fifths of the way asked for."),
    )

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ["indicator", "basis", "-floor"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "standing"], name="band_once"),
            models.CheckConstraint(condition=Q(basis__in=["pace", "value"]), name="band_basis"),
            models.CheckConstraint(
                condition=Q(standing__in=[Standing.ON_TRACK.value, Standing.AT_RISK.value]),
                name="band_standing",
            ),
        ]
        triggers = forgets_summary()

    def __str__(self):
        return f"{self.indicator.code} {self.get_standing_display()}: {self.floor.normalize()}"


class Mapping(models.Model):
    """What an indicator is called in another framework; nothing else of that framework is kept.

    What was not seen in its document says so.
    """

    class Match(models.TextChoices):
        """How near the two are."""

        EXACT = "exact", _("the same")
        CLOSE = "close", _("nearly the same")
        RELATED = "related", _("about the same subject")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.CASCADE, related_name="mappings"
    )
    framework = models.ForeignKey(
        Framework, verbose_name=_("framework"), on_delete=models.PROTECT, related_name="mappings"
    )
    code = models.CharField(_("code there"), max_length=40, blank=True)
    name = models.CharField(_("name there"), max_length=200)
    match = models.CharField(_("how near"), max_length=8, choices=Match, default=Match.RELATED)
    # Not seen until somebody says so: such names are easily quoted from elsewhere.
    verified = models.BooleanField(_("seen in a source"), default=False)

    class Meta:
        verbose_name = _("name in another framework")
        verbose_name_plural = _("names in other frameworks")
        ordering = ["framework__position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "framework", "name"], name="mapping_once"),
            models.CheckConstraint(
                condition=Q(match__in=["exact", "close", "related"]), name="mapping_match"
            ),
        ]

    def __str__(self):
        return f"{self.framework} {self.code} {self.name}"
