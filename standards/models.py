"""The registry of architecture principles and open standards."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.lookups import Fold
from core.models import Translated
from core.publication import bilingual
from core.search import search_index
from programme.models import Named, NamedQuerySet


class StandardTheme(Named):
    """What a standard is about (identity, mobility, geo, …)."""

    class Meta:
        verbose_name = _("theme of standards")
        verbose_name_plural = _("themes of standards")
        ordering = ["slug"]
        constraints = [bilingual("standardtheme_bilingual", ["name"])]


class StandardQuerySet(NamedQuerySet):
    """Standards by name, owner and purpose."""

    search_translated = ("description", "owner_label")
    search_plain = ("name", "owner")


STANDARD_TEXTS = ("description", "owner_label", "version_label")


class Standard(Translated):
    """An open standard; its name is a proper name, the same in every language.

    ``owner`` and ``version`` are kept as their publisher writes them, for machines and for
    comparison; pages show the labels in the language of the page.
    """

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    owner = models.CharField(_("owner as published"), max_length=160)
    owner_label = models.CharField(_("owner"), max_length=160)
    version = models.CharField(_("version as published"), max_length=80)
    version_label = models.CharField(_("version"), max_length=120)
    theme = models.ForeignKey(
        StandardTheme,
        verbose_name=_("theme"),
        on_delete=models.PROTECT,
        related_name="standards",
    )
    description = models.TextField(_("what it is for"))

    public_fields = STANDARD_TEXTS

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        ordering = ["name"]
        constraints = [bilingual("standard_bilingual", STANDARD_TEXTS)]
        # The order of the list: without it every page sorts the whole registry.
        indexes = [
            search_index("standard", StandardQuerySet),
            models.Index(Fold("name"), "id", name="standard_by_name"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("standards:standard-detail", args=[self.slug])


class Principle(Translated):
    """An architecture principle; first the twelve of the European Interoperability Framework."""

    class Group(models.TextChoices):
        """The four groups of the framework."""

        CONTEXT = "context", _("setting the context")
        CORE = "core", _("core interoperability")
        USERS = "users", _("needs of the users")
        COOPERATION = "cooperation", _("cooperation between administrations")

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    group = models.CharField(_("group"), max_length=12, choices=Group)
    name = models.CharField(_("name"), max_length=160)
    statement = models.TextField(_("statement"))
    recommendations = models.CharField(_("recommendations"), max_length=30, blank=True)

    public_fields = ("name", "statement")

    objects = NamedQuerySet.as_manager()

    class Meta:
        verbose_name = _("principle")
        verbose_name_plural = _("principles")
        ordering = ["number"]
        constraints = [bilingual("principle_bilingual", ["name", "statement"])]

    def __str__(self):
        return f"{self.number}. {self.name}"
