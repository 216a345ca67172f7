"""What was adopted, word for word."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from .plans import CommunicationPlan


class VersionQuerySet(models.QuerySet):
    """Adopted versions: public for good, whatever becomes of the rows of the plan."""

    def visible_to(self, user):
        """Return them all: what was adopted is public."""
        return self

    def newest(self):
        """Return the last version of each plan."""
        return self.order_by("plan_id", "-number").distinct("plan_id")


class PlanVersion(models.Model):
    """One adoption of a plan: its content in French, Dutch and English as it stood on that day."""

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
        on_delete=models.PROTECT,
        related_name="versions",
    )
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("frozen content"))
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    adopted_at = models.DateTimeField(_("adopted at"), default=timezone.now)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("adopted by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a communication plan")
        verbose_name_plural = _("versions of communication plans")
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="plan_version_counts"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="plan_version_has_hash"
            ),
        ]
        triggers = [
            # It was adopted as it stands: nothing of it changes, whatever the road.
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return _t("Version %(number)s") % {"number": self.number}

    def get_absolute_url(self):
        """Return the address of its page."""
        return reverse("campaigns:plan-version", args=[self.plan_id, self.number])
