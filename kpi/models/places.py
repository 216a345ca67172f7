"""The places that figures are about: the Region, its municipalities, other countries."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Translated, VisibleQuerySet
from core.publication import bilingual
from programme.models import Municipality


class Place(Translated):
    """A territory, known by the code that files use: ``BXL``, ``BE``, ``EU``, a NIS code."""

    class Kind(models.TextChoices):
        """What sort of territory."""

        REGION = "region", _("region")
        COUNTRY = "country", _("country")
        UNION = "union", _("group of countries")
        MUNICIPALITY = "municipality", _("municipality")
        CITY = "city", _("city")

    code = models.CharField(
        _("code"),
        max_length=10,
        unique=True,
        help_text=_("As in the files: BXL, BE, EU, FR, or the NIS code of a municipality (21004)."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COUNTRY)
    name = models.CharField(_("name"), max_length=250)
    short_name = models.CharField(
        _("short name"), max_length=120, help_text=_("Fits beside a line of a chart on a phone.")
    )
    municipality = models.OneToOneField(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="place",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    public_fields = ("name", "short_name")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["position", "code"]
        constraints = [
            bilingual("place_bilingual", ["name", "short_name"]),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9_]+$"), name="place_code"),
            models.CheckConstraint(
                condition=Q(municipality=None) | Q(kind="municipality"),
                name="place_of_a_municipality",
            ),
        ]

    def __str__(self):
        return self.name or self.code


def place_key(**options) -> models.ForeignKey:
    """Return the reference of a row to its place; ``geo_id`` is the code itself."""
    values = {
        "verbose_name": _("territory"),
        "on_delete": models.PROTECT,
        "to_field": "code",
        "db_column": "geo",
        "related_name": "+",
    }
    return models.ForeignKey(Place, **(values | options))
