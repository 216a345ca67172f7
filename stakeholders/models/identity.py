"""One record per person and per organisation: what was merged, and what is not the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisations import Organisation
from .people import Contact


class DistinctPair(models.Model):
    """Two rows that somebody looked at and found to be two: they are never proposed again.

    ``first`` has the smaller key.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("decided"), default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.first} ≠ {self.second}"


class DistinctOrganisations(DistinctPair):
    """Two organisations that are not the same."""

    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("pair of different organisations")
        verbose_name_plural = _("pairs of different organisations")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_org_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_org_ordered"),
        ]


class DistinctContacts(DistinctPair):
    """Two people that are not the same."""

    first = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("pair of different people")
        verbose_name_plural = _("pairs of different people")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_contact_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="distinct_contact_ordered"
            ),
        ]


class Merge(models.Model):
    """One merge: what was moved from the row that went to the one that stayed, to be undone.

    ``moves`` holds [model label, primary key, field]: each pointed at the merged row before. What
    could not move (the survivor had the same) stays at the merged row and is named in ``kept``.
    ``changes`` holds {field: [before, after]} of the survivor and of the merged row.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("merged by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("merged"), default=timezone.now)
    reason = models.TextField(_("reasons"))
    moves = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.merged} → {self.survivor}"


class OrganisationMerge(Merge):
    """One organisation merged into another."""

    survivor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta(Merge.Meta):
        verbose_name = _("merge of organisations")
        verbose_name_plural = _("merges of organisations")
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="org_merge_of_two"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="org_merged_once"
            ),
        ]


class ContactMerge(Merge):
    """One person merged into another."""

    survivor = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")

    class Meta(Merge.Meta):
        verbose_name = _("merge of people")
        verbose_name_plural = _("merges of people")
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="contact_merge_of_two"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="contact_merged_once"
            ),
        ]
