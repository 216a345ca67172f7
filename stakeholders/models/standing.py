"""Where each organisation stands now, for the frames of the register; kept by the database."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .assessments import StakeholderAssessment
from .engagement import InternalQuerySet
from .organisations import Helix, Organisation

FRAMED = Q(is_merged=False, assessment__isnull=False)
REFUSE_WRITING = "RAISE EXCEPTION 'a standing is computed by the database, never written';"


class StandingQuerySet(InternalQuerySet):
    """Standings of those that the frames show."""

    def framed(self):
        """Return those that were assessed and not merged into another."""
        return self.filter(FRAMED)


class Standing(models.Model):
    """The newest assessment of an organisation and when it was last heard, in one row.

    Everything here is computed from other tables. Their triggers (`keeping`) call
    `refresh_standings`, and whoever writes a row by another way is refused. What is dated in the
    future counts: whoever looks at a day asks first whether anything came after it.
    """

    # The database removes the row with its organisation: Django has nothing to cascade.
    organisation = models.OneToOneField(
        Organisation,
        verbose_name=_("organisation"),
        primary_key=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    assessment = models.ForeignKey(
        StakeholderAssessment,
        verbose_name=_("assessment"),
        null=True,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
    )
    assessed_on = models.DateField(_("assessed on"), null=True)
    influence = models.PositiveSmallIntegerField(_("influence"), null=True)
    interest = models.PositiveSmallIntegerField(_("interest"), null=True)
    gap = models.SmallIntegerField(_("Gap"), null=True)
    heard_at = models.DateTimeField(_("Last heard"), null=True)
    slug = models.SlugField(
        _("address"), max_length=Organisation._meta.get_field("slug").max_length, db_index=False
    )
    helix = models.CharField(_("helix group"), max_length=20, choices=Helix)
    is_merged = models.BooleanField(_("merged into"))
    is_active = models.BooleanField(_("active"))

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        default_permissions = ()
        # One for each page, in its order; the grid draws a few of each field in a fixed order.
        indexes = [
            models.Index(
                F("influence").desc(),
                F("interest").desc(),
                "slug",
                name="standing_by_power",
                condition=FRAMED,
            ),
            models.Index(
                F("gap").desc(),
                F("influence").desc(),
                "slug",
                name="standing_by_gap",
                condition=FRAMED,
            ),
            models.Index(
                F("heard_at").asc(nulls_first=True),
                F("influence").desc(),
                "slug",
                name="standing_by_silence",
                condition=FRAMED & Q(is_active=True),
            ),
            models.Index(
                fields=["influence", "interest", "organisation"],
                name="standing_in_field",
                condition=FRAMED,
            ),
            models.Index(fields=["assessed_on"], name="standing_assessed", condition=FRAMED),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    assessment=None, assessed_on=None, influence=None, interest=None, gap=None
                )
                | Q(
                    assessment__isnull=False,
                    assessed_on__isnull=False,
                    influence__isnull=False,
                    interest__isnull=False,
                    gap__isnull=False,
                ),
                name="standing_of_an_assessment",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="written_by_triggers",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
                func=REFUSE_WRITING,
            ),
        ]

    def __str__(self):
        return self.slug
