"""The register of the quadruple helix."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, VisibleQuerySet
from core.publication import bilingual
from programme.models import Municipality, Named, Sourced, Theme


class Helix(models.TextChoices):
    """The four groups of the quadruple helix."""

    PUBLIC = "public", _("public partner")
    PRIVATE = "private", _("private partner")
    ACADEMIA = "academia", _("academia")
    CIVIL_SOCIETY = "civil_society", _("civil society")


class OrganisationQuerySet(VisibleQuerySet):
    """Organisations by their search fields and their consent to be shown."""

    search_translated = ("name", "short_name")
    search_plain = ("former_names",)

    def public(self):
        """Return the organisations that anybody may see."""
        return self.filter(is_listed=True)


class Organisation(Named, Sourced, Demo):
    """A body of the quadruple helix."""

    class Level(models.TextChoices):
        """Level of a public body."""

        REGION = "region", _("regional")
        UTILITY = "utility", _("utility company")
        LOCAL = "local", _("local")
        FEDERAL = "federal", _("federal")

    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    helix = models.CharField(_("helix group"), max_length=20, choices=Helix)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    former_names = models.TextField(_("former names"), blank=True)
    note = models.TextField(_("remark"), blank=True)
    is_listed = models.BooleanField(_("shown to the public"), default=False)

    public_optional = ("short_name", "note")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        constraints = [
            bilingual("organisation_bilingual", ["name"], optional=["short_name", "note"]),
            models.CheckConstraint(
                condition=Q(helix__in=Helix.values), name="organisation_helix_known"
            ),
        ]

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("stakeholders:organisation-detail", args=[self.slug])
