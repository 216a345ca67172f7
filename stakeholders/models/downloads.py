"""Files with the addresses of contributors: who took one along, when, of what and why."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import KNOW_PEOPLE


class DownloadQuerySet(models.QuerySet):
    """Downloads by who may know of them."""

    def visible_to(self, user):
        """Return all for those who may know people, none for anybody else."""
        return self if KNOW_PEOPLE(user) else self.none()


class ContributorsDownload(models.Model):
    """One file of contributors. Written with the file and never changed."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by whom"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    purpose = models.TextField(_("what it is for"))
    criteria = models.TextField(_("which ideas"), blank=True)
    kind = models.CharField(_("format"), max_length=4)
    lines = models.PositiveIntegerField(_("lines"))
    #: Of the rows, as at the foot of the file: so a file that turns up is known again.
    sha256 = models.CharField(_("fingerprint"), max_length=64)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("download of contributors")
        verbose_name_plural = _("downloads of contributors")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(purpose=""), name="download_has_a_purpose")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.by} {self.at:%Y-%m-%d}"
