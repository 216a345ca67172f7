"""A file of an index between its dry run and its confirmation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.permissions import is_office

from .index_editions import IndexEdition


class IndexImportQuerySet(models.QuerySet):
    """Imports by who may see them."""

    def visible_to(self, user):
        """Return all for the office, none for anybody else."""
        return self if is_office(user) else self.none()


class IndexImport(models.Model):
    """What was read from an uploaded file and typed beside it, and the edition that came of it.

    ``table`` is {"headers": […], "rows": [[line, cells], …]}; ``options`` are code, names, edition
    and policy as typed. What the file would do is computed whenever it is asked. The table is {}
    once thirty days are over and nothing came of it.
    """

    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    options = models.JSONField(_("typed beside the file"), default=dict)
    table = models.JSONField(_("table of the file"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("uploaded"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("imported"), null=True, blank=True)
    edition = models.ForeignKey(
        IndexEdition,
        verbose_name=_("edition"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="imports",
    )

    objects = IndexImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of an index")
        verbose_name_plural = _("imports of indices")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(edition=None) | Q(confirmed_at__isnull=False),
                name="indeximport_edition_is_confirmed",
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def is_emptied(self) -> bool:
        """Tell whether what was read from the file is no longer kept."""
        return not self.table

    @property
    def is_waiting(self) -> bool:
        """Tell whether the file can still be imported."""
        return self.confirmed_at is None and not self.is_emptied
