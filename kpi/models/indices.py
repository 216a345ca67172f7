"""Composite indices: their tree and their inputs."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index
from programme.models import Source

from ..indices.arithmetic import Direction, Missing
from .indicators import Framework, Indicator

#: Float64 needs up to 18 decimals to be told apart from its neighbours.
NUMBER = {"max_digits": 34, "decimal_places": 18}
#: Codes that addresses of pages need.
RESERVED = ("import", "fields")


class IndexStatus(models.TextChoices):
    """Life of an index; page and scores of a retired one stay."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    SUSPENDED = "suspended", _("suspended")
    RETIRED = "retired", _("retired")


PUBLIC_INDEX = frozenset({IndexStatus.PUBLISHED, IndexStatus.RETIRED})
#: What is weighed how is settled once somebody else looks at it: another method, another index.
SETTLED = """
    IF EXISTS (
        SELECT 1 FROM kpi_compositeindex
        WHERE id = COALESCE(NEW.index_id, OLD.index_id) AND status <> 'draft'
    ) AND ({changed}) THEN
        RAISE EXCEPTION 'the method of an index does not change: make another index'
            USING ERRCODE = 'check_violation';
    END IF;
    {more}
    RETURN COALESCE(NEW, OLD);
"""
NAMED = """
    IF EXISTS (
        SELECT 1 FROM kpi_compositeindex
        WHERE id = NEW.index_id AND status IN ('published', 'retired')
    ) AND (COALESCE(NEW.name_fr, '') !~ '\\S' OR COALESCE(NEW.name_nl, '') !~ '\\S'{halves}) THEN
        RAISE EXCEPTION 'a part of a published index is named in French and in Dutch'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
NAMED_WHOLLY = """
    IF NEW.status IN ('published', 'retired') AND EXISTS (
        SELECT 1 FROM (
            SELECT name_fr, name_nl FROM kpi_indexnode WHERE index_id = NEW.id
            UNION ALL
            SELECT name_fr, name_nl FROM kpi_indexinput WHERE index_id = NEW.id
        ) parts
        WHERE COALESCE(name_fr, '') !~ '\\S' OR COALESCE(name_nl, '') !~ '\\S'
        UNION ALL
        SELECT 1 FROM kpi_indexinput WHERE index_id = NEW.id AND (false{halves})
    ) THEN
        RAISE EXCEPTION 'each part of a published index is named in French and in Dutch'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
SAME_INDEX = """
    IF TG_OP <> 'DELETE' AND NEW.{column} IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM kpi_indexnode WHERE id = NEW.{column} AND index_id = NEW.index_id
    ) THEN
        RAISE EXCEPTION 'the part above belongs to another index'
            USING ERRCODE = 'check_violation';
    END IF;
"""


def settled(columns: tuple[str, ...], above: str) -> pgtrigger.Trigger:
    """Return the trigger: once the index is no draft, ``columns`` of its parts stay as they are."""
    differs = " OR ".join(f"NEW.{each} IS DISTINCT FROM OLD.{each}" for each in columns)
    return pgtrigger.Trigger(
        name="settled",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=SETTLED.format(
            changed=f"TG_OP <> 'UPDATE' OR {differs}", more=SAME_INDEX.format(column=above)
        ),
    )


#: What an input may say beside its name, in French and Dutch or in neither.
INPUT_EXTRAS = ("unit", "source_text")


def halves(row: str, texts) -> str:
    """Return the condition "or one of ``texts`` of ``row`` stands in one language alone"."""
    told = "COALESCE({row}{text}_{code}, '') ~ '\\S'"
    pairs = (
        [told.format(row=row, text=text, code=code) for code in ("fr", "nl")] for text in texts
    )
    return "".join(f" OR ({french}) <> ({dutch})" for french, dutch in pairs)


def named(extras=()) -> pgtrigger.Trigger:
    """Return the trigger: a part of a published index keeps its texts in both languages."""
    return pgtrigger.Trigger(
        name="named",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=NAMED.replace("{halves}", halves("NEW.", extras)),
    )


class IndexQuerySet(VisibleQuerySet):
    """Indices by their texts."""

    search_translated = ("name", "description")
    search_plain = ("code",)


class CompositeIndex(Translated, Demo):
    """A score made of many figures by a fixed method; another method is another index."""

    Status = IndexStatus

    code = models.SlugField(
        _("code"), max_length=60, unique=True, help_text=_("For example desi-2022.")
    )
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    method = models.TextField(
        _("method"),
        blank=True,
        help_text=_("What a reader should know that the tree does not say."),
    )
    framework = models.ForeignKey(
        Framework,
        verbose_name=_("framework"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indices",
    )
    missing = models.CharField(
        _("where a value is missing"), max_length=11, choices=Missing, default=Missing.IMPUTE
    )
    coverage = models.DecimalField(
        _("least coverage"),
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("Part of the weights that has to be there for a score: 0.5 is half of them."),
    )
    scale = models.DecimalField(_("scale"), max_digits=9, decimal_places=3, default=100)
    licence = models.CharField(
        _("licence of the figures"),
        max_length=120,
        blank=True,
        help_text=_("Empty: the licence under which the Office publishes its own data."),
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("loaded by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    status = models.CharField(
        _("status"), max_length=10, choices=IndexStatus, default=IndexStatus.DRAFT
    )

    public_fields = ("name",)
    public_optional = ("description", "method")
    PUBLIC_STATES = PUBLIC_INDEX

    objects = IndexQuerySet.as_manager()

    class Meta:
        verbose_name = _("composite index")
        verbose_name_plural = _("composite indices")
        ordering = ["code"]
        indexes = [search_index("compositeindex", IndexQuerySet)]
        constraints = [
            bilingual(
                "compositeindex_bilingual",
                ["name"],
                optional=["description", "method"],
                states=PUBLIC_INDEX,
            ),
            models.CheckConstraint(
                condition=Q(status__in=IndexStatus.values), name="compositeindex_status_known"
            ),
            models.CheckConstraint(
                condition=Q(missing__in=Missing.values), name="compositeindex_missing_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(missing="blank", coverage__isnull=False)
                    & Q(coverage__gt=0)
                    & Q(coverage__lte=1)
                )
                | (~Q(missing="blank") & Q(coverage=None)),
                name="compositeindex_coverage",
                violation_error_message=_(
                    "A least coverage above 0 and up to 1 belongs to “no score where too little "
                    "is there”, and to nothing else."
                ),
            ),
            models.CheckConstraint(condition=Q(scale__gt=0), name="compositeindex_scale"),
            models.CheckConstraint(
                condition=~Q(code__in=RESERVED), name="compositeindex_code_is_free"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="named_wholly",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=NAMED_WHOLLY.replace("{halves}", halves("", INPUT_EXTRAS)),
            ),
            pgtrigger.Protect(
                name="method_stays",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status="draft")
                & (
                    pgtrigger.Q(old__missing__df=pgtrigger.F("new__missing"))
                    | pgtrigger.Q(old__coverage__df=pgtrigger.F("new__coverage"))
                    | pgtrigger.Q(old__scale__df=pgtrigger.F("new__scale"))
                    | pgtrigger.Q(old__code__df=pgtrigger.F("new__code"))
                ),
            ),
        ]

    def __str__(self):
        return self.name or self.code

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("kpi:index-detail", args=[self.code])


class IndexNode(Translated):
    """A dimension, a sub-dimension, at any depth; its weight is its part of the parent."""

    index = models.ForeignKey(
        CompositeIndex, verbose_name=_("index"), on_delete=models.PROTECT, related_name="nodes"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    weight = models.DecimalField(_("weight"), **NUMBER)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    public_fields = ("name",)

    class Meta:
        verbose_name = pgettext_lazy("of an index", "dimension")
        verbose_name_plural = pgettext_lazy("of an index", "dimensions")
        ordering = ["index", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["index", "code"], name="indexnode_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=0) & Q(weight__lte=1), name="indexnode_weight"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")), name="indexnode_not_its_own_parent"
            ),
        ]
        triggers = [settled(("index_id", "parent_id", "code", "weight"), "parent_id"), named()]

    def __str__(self):
        return f"{self.code} {self.name or ''}".strip()


class IndexInput(Translated):
    """A figure that goes into an index, with the bounds between which it is brought."""

    index = models.ForeignKey(
        CompositeIndex, verbose_name=_("index"), on_delete=models.PROTECT, related_name="inputs"
    )
    node = models.ForeignKey(
        IndexNode,
        verbose_name=pgettext_lazy("of an index", "dimension"),
        on_delete=models.PROTECT,
        related_name="inputs",
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=300)
    unit = models.CharField(_("unit"), max_length=200, blank=True)
    source_text = models.CharField(_("source"), max_length=400, blank=True)
    norm_min = models.DecimalField(_("lower bound"), **NUMBER)
    norm_max = models.DecimalField(_("upper bound"), **NUMBER)
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction, default=Direction.UP
    )
    weight = models.DecimalField(_("raw weight"), default=1, **NUMBER)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator of the portal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="index_inputs",
        help_text=_("The indicator that holds the raw figures."),
    )

    public_fields = ("name",)
    public_optional = INPUT_EXTRAS

    class Meta:
        verbose_name = pgettext_lazy("of an index", "input")
        verbose_name_plural = pgettext_lazy("of an index", "inputs")
        ordering = ["index", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["index", "code"], name="indexinput_once"),
            models.CheckConstraint(
                condition=Q(norm_max__gt=F("norm_min")), name="indexinput_bounds"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="indexinput_weight"),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="indexinput_direction"
            ),
        ]
        triggers = [
            settled(
                ("index_id", "node_id", "code", "norm_min", "norm_max", "direction", "weight"),
                "node_id",
            ),
            named(INPUT_EXTRAS),
        ]

    def __str__(self):
        return f"{self.code} {self.name or ''}".strip()
