"""How the Office sees its stakeholders: append-only, with reasons, never public."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .keeping import NAMED, keeps_standing
from .organisations import Organisation
from .people import KNOW_PEOPLE

LOWEST, HIGHEST = 1, 5
SCORE = [MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]


class Engagement(models.TextChoices):
    """Engagement of a stakeholder (stakeholder engagement assessment matrix, PMBOK)."""

    UNAWARE = "unaware", _("unaware")
    RESISTANT = "resistant", _("resistant")
    NEUTRAL = "neutral", _("neutral")
    SUPPORTIVE = "supportive", _("supportive")
    LEADING = "leading", _("leading")


class Iap2(models.TextChoices):
    """Level of participation that the Office aims at (IAP2 spectrum)."""

    INFORM = "inform", _("inform")
    CONSULT = "consult", _("consult")
    INVOLVE = "involve", _("involve")
    COLLABORATE = "collaborate", _("collaborate")
    EMPOWER = "empower", _("empower")


class AssessmentQuerySet(models.QuerySet):
    """Assessments by who may read them and by day."""

    def visible_to(self, user):
        """Return all for the office and its auditors, none for anybody else."""
        return self if KNOW_PEOPLE(user) else self.none()

    def latest_on(self, day):
        """Return one row per organisation: what the Office thought at the end of ``day``."""
        rows = self.filter(assessed_on__lte=day)
        newest = rows.order_by("organisation_id", "-assessed_on", "-pk")
        newest = newest.distinct("organisation_id")
        return self.filter(pk__in=newest.values("pk"))


class StakeholderAssessment(models.Model):
    """Influence and interest of an organisation on one day. The quadrant is computed from it."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="assessments",
    )
    influence = models.PositiveSmallIntegerField(
        _("influence"),
        validators=SCORE,
        help_text=_("1: none on the programme; 5: can stop it or make it succeed."),
    )
    interest = models.PositiveSmallIntegerField(
        _("interest"), validators=SCORE, help_text=_("1: indifferent; 5: follows every step.")
    )
    engagement_current = models.CharField(
        _("engagement today"), max_length=12, choices=Engagement, default=Engagement.NEUTRAL
    )
    engagement_desired = models.CharField(
        _("engagement desired"), max_length=12, choices=Engagement, default=Engagement.SUPPORTIVE
    )
    iap2_target = models.CharField(
        _("level of participation"), max_length=12, choices=Iap2, default=Iap2.CONSULT
    )
    rationale = models.TextField(_("reasons"), help_text=_("What was seen, not what is supposed."))
    assessed_on = models.DateField(_("assessed on"), default=timezone.localdate)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assessed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-assessed_on", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-assessed_on", "-id"], name="assessment_latest")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(influence__range=(LOWEST, HIGHEST), interest__range=(LOWEST, HIGHEST)),
                name="assessment_scores_in_scale",
            ),
            models.CheckConstraint(
                condition=Q(
                    engagement_current__in=Engagement.values,
                    engagement_desired__in=Engagement.values,
                    iap2_target__in=Iap2.values,
                ),
                name="assessment_levels_known",
            ),
            models.CheckConstraint(
                condition=Q(rationale__regex=r"\S"),
                name="assessment_has_reasons",
                violation_error_message=_("Give the reasons."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            *keeps_standing(NAMED),
        ]

    def __str__(self):
        return f"{self.organisation} {self.assessed_on:%Y-%m-%d}"
