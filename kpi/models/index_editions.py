"""Editions of composite indices, and the values of these."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..periods import PERIOD_PATTERN
from .indices import NUMBER, CompositeIndex, IndexInput
from .places import place_key

REFUSE_VALUE_OF_RELEASED = """
    PERFORM 1 FROM kpi_indexedition WHERE id = NEW.edition_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM kpi_indexedition WHERE id = NEW.edition_id AND status <> 'loaded'
    ) THEN
        RAISE EXCEPTION 'edition % is released: a correction is a later vintage', NEW.edition_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class EditionStatus(models.TextChoices):
    """Loaded by one person, released or discarded by another."""

    LOADED = "loaded", pgettext_lazy("edition", "waits for its release")
    RELEASED = "released", pgettext_lazy("edition", "released")
    DISCARDED = "discarded", pgettext_lazy("edition", "discarded")


class IndexEdition(models.Model):
    """One publication of an index with all its values. A correction is its next vintage.

    Each vintage holds every value, so "as known on a day" is the greatest released by then.
    """

    Status = EditionStatus
    #: Set by selectors on an edition that waits beside a released one of the same code.
    is_twin = False

    index = models.ForeignKey(
        CompositeIndex, verbose_name=_("index"), on_delete=models.PROTECT, related_name="editions"
    )
    code = models.CharField(_("edition"), max_length=20)
    vintage = models.PositiveSmallIntegerField(_("vintage"), default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=EditionStatus, default=EditionStatus.LOADED
    )
    loaded_at = models.DateTimeField(_("loaded"), default=timezone.now)
    published_on = models.DateField(
        _("published by its maker on"),
        null=True,
        blank=True,
        help_text=_("From this day on it counts as known. Empty: from its release on this portal."),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("loaded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("edition of an index")
        verbose_name_plural = _("editions of indices")
        ordering = ["index", "-code", "-vintage"]
        constraints = [
            models.UniqueConstraint(fields=["index", "code", "vintage"], name="indexedition_once"),
            models.UniqueConstraint(
                fields=["index", "code"],
                condition=Q(status="loaded"),
                name="indexedition_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(status__in=EditionStatus.values), name="indexedition_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="released", released_at__isnull=False)
                | (~Q(status="released") & Q(released_at=None)),
                name="indexedition_released_when",
            ),
            models.CheckConstraint(
                condition=Q(author=None) | Q(approver=None) | ~Q(author=F("approver")),
                name="indexedition_four_eyes",
                violation_error_message=_("Nobody approves own figures."),
            ),
            models.CheckConstraint(condition=Q(code__regex=r"\S"), name="indexedition_code"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="released_stays",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status="loaded"),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.index.code} {self.code}.{self.vintage}"

    def get_absolute_url(self):
        """Return the page of the index, opened at this edition."""
        return f"{reverse('kpi:index-detail', args=[self.index.code])}?edition={self.code}"


class IndexValue(models.Model):
    """The value of one input in one place. Rows are append-only.

    ``flag`` holds the letters of Eurostat: ``i`` imputed, ``m`` missing, and the others.
    """

    edition = models.ForeignKey(
        IndexEdition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="values"
    )
    input = models.ForeignKey(
        IndexInput,
        verbose_name=pgettext_lazy("of an index", "input"),
        on_delete=models.PROTECT,
        related_name="values",
    )
    geo = place_key(db_index=False)
    value = models.DecimalField(_("value"), null=True, blank=True, **NUMBER)
    flag = models.CharField(_("flag"), max_length=4, blank=True)
    period = models.CharField(_("period"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("value in an index")
        verbose_name_plural = _("values in indices")
        ordering = ["edition", "input", "geo"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "input", "geo"], name="indexvalue_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(flag=""), name="indexvalue_value_or_flag"
            ),
            models.CheckConstraint(
                condition=Q(flag__regex="^[bdefimnpu]*$"), name="indexvalue_flag_known"
            ),
            models.CheckConstraint(
                condition=Q(period="") | Q(period__regex=PERIOD_PATTERN),
                name="indexvalue_period_form",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="edition_waits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=REFUSE_VALUE_OF_RELEASED,
            ),
        ]

    def __str__(self):
        return f"{self.edition} {self.input.code} {self.geo_id}"
