"""A file for the register between its dry run and its confirmation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import KNOW_PEOPLE


class ImportQuerySet(models.QuerySet):
    """Imports by who may see them."""

    def visible_to(self, user):
        """Return all for the office and its auditors, none for anybody else."""
        return self if KNOW_PEOPLE(user) else self.none()


class RegisterImport(models.Model):
    """What was read from an uploaded file, what the dry run said, and what came of it.

    ``table`` is {"headers", "keys", "rows": [[line, cells]]} of the file, which itself is not
    kept; ``verdict`` the plan of the dry run, ``result`` the counts of the real one. Everything
    that may name people is emptied after thirty days.
    """

    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("uploaded"), default=timezone.now)
    table = models.JSONField(default=dict)
    verdict = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(_("imported"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("imported by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    purged_at = models.DateTimeField(_("emptied"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of organisations")
        verbose_name_plural = _("imports of organisations")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purged_at=None) | Q(table={}, verdict=[]),
                name="register_import_purged_is_empty",
            ),
        ]

    def __str__(self):
        return self.file_name
