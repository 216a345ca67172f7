"""Bodies and who sits in them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index
from governance.kinds import BodyKind
from programme.models import Named
from stakeholders.models import Contact, Helix


class Body(Named, Demo):
    """A board, the jury, the Government, a steering committee or a working group."""

    Kind = BodyKind

    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind)
    code = models.CharField(_("code in numbers"), max_length=8, unique=True)
    mission = models.TextField(_("mission"), blank=True)

    public_optional = ("mission",)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["kind", "slug"]
        constraints = [
            bilingual("body_bilingual", ["name"], optional=["mission"]),
            models.CheckConstraint(condition=Q(kind__in=BodyKind.values), name="body_kind_known"),
        ]

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("governance:body-detail", args=[self.slug])


class MandateQuerySet(VisibleQuerySet):
    """Mandates by their role and their time."""

    search_translated = ("title",)

    def current(self, day):
        """Return those that run on ``day``."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Mandate(Translated, Demo):
    """A person's place in a body, told to the public as a role, not as a name."""

    class Rank(models.TextChoices):
        """Effective member, substitute, or expert without a vote."""

        EFFECTIVE = "effective", _("effective member")
        SUBSTITUTE = "substitute", _("substitute")
        EXPERT = "expert", _("expert without a vote")

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="mandates"
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("person"), on_delete=models.PROTECT, related_name="mandates"
    )
    title = models.CharField(_("role"), max_length=200)
    rank = models.CharField(_("rank"), max_length=12, choices=Rank, default=Rank.EFFECTIVE)
    helix = models.CharField(_("helix group"), max_length=20, choices=Helix, blank=True)
    votes = models.BooleanField(_("has a vote"), default=True)
    chairs = models.BooleanField(_("chairs"), default=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    public_fields = ("title",)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["body", "-chairs", "rank", "pk"]
        indexes = [search_index("mandate", MandateQuerySet)]
        constraints = [
            bilingual("mandate_bilingual", ["title"]),
            models.UniqueConstraint(
                fields=["body", "contact", "starts_on"], name="mandate_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(rank="expert") | Q(votes=False),
                name="mandate_expert_has_no_vote",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.body})"
