"""The register of the quadruple helix."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lookups import Fold
from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import LANGUAGES, TrilingualSearch, in_language, search_index
from programme.models import Municipality, Named, Sourced, Theme

from .enterprise_number import EnterpriseNumberField, is_valid
from .keeping import ITSELF, keeps_standing


class Helix(models.TextChoices):
    """The four groups of the quadruple helix."""

    PUBLIC = "public", _("public partner")
    PRIVATE = "private", _("private partner")
    ACADEMIA = "academia", _("academia")
    CIVIL_SOCIETY = "civil_society", _("civil society")


class OrganisationStatus(models.TextChoices):
    """Whether it still exists and still answers. "Neglected" is computed, not a state."""

    ACTIVE = "active", pgettext_lazy("organisation", "active")
    DORMANT = "dormant", pgettext_lazy("organisation", "dormant")
    CLOSED = "closed", pgettext_lazy("organisation", "closed")


class OrganisationQuerySet(VisibleQuerySet):
    """Organisations by their names, old ones too, and their consent to be shown."""

    search_translated = ("name", "short_name")

    def public(self):
        """Return the organisations that anybody may see; a merged one is its survivor's page."""
        return self.filter(is_listed=True, merged_into=None)

    def current(self):
        """Return those that were not merged into another."""
        return self.filter(merged_into=None)

    def search(self, query: str):
        """Return those that answer ``query`` by a name of today, of the past or of a merged row."""
        if not query.strip():
            return self
        former = OrganisationName.objects.search(query).filter(organisation=OuterRef("pk"))
        today = super().search(query).values("pk")
        merged = TrilingualSearch.search(Organisation.objects.exclude(merged_into=None), query)
        by_merged = Q(pk__in=merged.values("merged_into"))
        return self.filter(Q(pk__in=today) | Exists(former) | by_merged)


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
    helix_secondary = models.CharField(
        _("second helix group"),
        max_length=20,
        choices=Helix,
        blank=True,
        help_text=_("For a body between two groups, such as a research centre run by firms."),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    legal_id = EnterpriseNumberField(
        _("enterprise number"),
        help_text=_("Ten digits of the Crossroads Bank for Enterprises, such as 0316.381.138."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=OrganisationStatus,
        default=OrganisationStatus.ACTIVE,
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        help_text=_("The body that took over its tasks when it ended."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    note = models.TextField(_("remark"), blank=True)
    is_listed = models.BooleanField(
        _("shown to the public"),
        default=False,
        help_text=_("It agreed to be shown, or it is a public body with published facts."),
    )
    retention_review_on = models.DateField(_("review of retention"), null=True, blank=True)

    public_optional = ("short_name", "note")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        # The public list is read from these in the order of its language, not sorted each time.
        indexes = [
            search_index("organisation", OrganisationQuerySet),
            *(
                models.Index(
                    Fold(in_language("name", code)),
                    "id",
                    name=f"organisation_by_name_{code}",
                    condition=Q(is_listed=True, merged_into=None),
                )
                for code in LANGUAGES
            ),
        ]
        constraints = [
            bilingual("organisation_bilingual", ["name"], optional=["short_name", "note"]),
            models.CheckConstraint(
                condition=Q(helix__in=Helix.values), name="organisation_helix_known"
            ),
            models.CheckConstraint(
                condition=Q(helix_secondary="")
                | (Q(helix_secondary__in=Helix.values) & ~Q(helix_secondary=F("helix"))),
                name="organisation_second_helix_differs",
                violation_error_message=_("The second group has to differ from the first."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrganisationStatus.values),
                name="organisation_status_known",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | (~Q(successor=F("id")) & Q(ended_on__isnull=False)),
                name="organisation_succeeded_has_ended",
                violation_error_message=_("Give the day on which it ended beside its successor."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="organisation_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(legal_id="") | is_valid("legal_id"),
                name="organisation_legal_id_valid",
                violation_error_message=_("This is not a valid enterprise number."),
            ),
            models.UniqueConstraint(
                fields=["legal_id"],
                condition=~Q(legal_id="") & Q(merged_into=None),
                name="organisation_legal_id_once",
                violation_error_message=_("Another organisation has this enterprise number."),
            ),
        ]
        triggers = keeps_standing(ITSELF)

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("stakeholders:organisation-detail", args=[self.slug])


class NameQuerySet(TrilingualSearch, models.QuerySet):
    """Former names by their texts."""

    search_translated = ("name",)


class OrganisationName(Translated):
    """A name that an organisation had, or is also known by; it stays searchable."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="other_names",
    )
    name = models.CharField(_("name"), max_length=250)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    public_fields = ("name",)

    objects = NameQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["organisation", "-until", "pk"]
        indexes = [search_index("former_name", NameQuerySet)]
        constraints = [
            bilingual("former_name_bilingual", ["name"]),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="former_name_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self):
        return self.name or ""
