"""The scoring grid: criteria with their weights, levels with the words that say what they mean."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated
from core.publication import bilingual
from programme.models import Named


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
        Rubric, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("scoring grid")
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
            models.CheckConstraint(condition=Q(weight__gt=0), name="criterion_weight_positive"),
        ]

    def __str__(self):
        return self.name


class ScaleLevel(Translated):
    """One step of the scale of a criterion, with words that say what it means."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="levels")
    value = models.PositiveSmallIntegerField(_("value"))
    anchor = models.CharField(_("meaning"), max_length=250)

    public_fields = ("anchor",)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["criterion", "value"]
        constraints = [
            bilingual("scalelevel_bilingual", ["anchor"]),
            models.UniqueConstraint(fields=["criterion", "value"], name="scalelevel_once"),
        ]

    def __str__(self):
        return f"{self.value} · {self.anchor}"
