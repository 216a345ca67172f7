"""Releases: what was published together, by whom, why, and from which file."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Translated
from core.publication import bilingual


class Reason(models.TextChoices):
    """Why there is a further vintage."""

    SCHEDULED = "scheduled", _("planned publication")
    CORRECTION = "correction", _("correction")
    METHODOLOGY = "methodology", _("change of method")
    BENCHMARK = "benchmark", _("benchmark revision")


class Release(Translated):
    """One publication of figures. Its rows say which; it is never changed."""

    released_at = models.DateTimeField(_("released"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, default=Reason.SCHEDULED)
    note = models.TextField(
        _("what changed and why"), blank=True, help_text=_("Read by the public beside the figure.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)

    public_fields = ()
    public_optional = ("note",)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-released_at", "-pk"]
        constraints = [
            bilingual("release_bilingual", [], optional=["note"]),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="release_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(author=None) | Q(approver=None) | ~Q(author=F("approver")),
                name="release_four_eyes",
                violation_error_message=_("Nobody approves own figures."),
            ),
        ]

    def __str__(self):
        return f"{self.released_at:%Y-%m-%d} · {self.get_reason_display()}"
