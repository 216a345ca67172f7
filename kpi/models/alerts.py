"""What was told about a figure, and what readers report about one."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.permissions import is_office

from ..periods import PERIOD_PATTERN
from .indicators import Indicator
from .places import place_key


class Notice(models.Model):
    """Something that happened to a figure, noted once; its mails are queued with it.

    ``key`` says what: "release:BXL:2025:2", "standing:2026-11-26:off_track", "late:2026-06-29".
    ``value`` is the standing where it changed, ``day`` the day that was missed or comes near.
    """

    class Kind(models.TextChoices):
        """What happened."""

        RELEASE = "release", pgettext_lazy("notice", "new figure")
        STANDING = "standing", pgettext_lazy("notice", "place against the path")
        SOON = "soon", pgettext_lazy("notice", "figure due soon")
        LATE = "late", pgettext_lazy("notice", "figure late")
        STALE = "stale", pgettext_lazy("notice", "figure outdated")

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    key = models.CharField(_("key"), max_length=80)
    value = models.CharField(_("standing"), max_length=12, blank=True)
    day = models.DateField(_("due on"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("notice about a figure")
        verbose_name_plural = _("notices about figures")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["indicator", "-id"],
                condition=Q(kind="standing"),
                name="notice_last_standing",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "key"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["release", "standing", "soon", "late", "stale"]),
                name="notice_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["release", "standing"], day=None)
                | Q(kind__in=["soon", "late", "stale"], day__isnull=False),
                name="notice_of_a_day_has_one",
            ),
            models.CheckConstraint(
                condition=Q(value="") | Q(kind="standing"), name="notice_value_is_a_standing"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self):
        return f"{self.indicator.code} {self.key}"


class ReportStatus(models.TextChoices):
    """Life of a report: it waits, or somebody answered it in one of three ways."""

    NEW = "new", pgettext_lazy("report of a figure", "new")
    ANSWERED = "answered", pgettext_lazy("report of a figure", "answered")
    CORRECTED = "corrected", pgettext_lazy("report of a figure", "figure corrected")
    REJECTED = "rejected", pgettext_lazy("report of a figure", "no error found")


class FigureReportQuerySet(models.QuerySet):
    """Reports by who answers them."""

    def visible_to(self, user):
        """Return all for the office, for an owner those about own indicators, else none."""
        if is_office(user):
            return self
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(indicator__owner=user)

    def waiting(self):
        """Return those that nobody has answered, the oldest first."""
        return self.filter(status=ReportStatus.NEW).order_by("at", "pk")


class FigureReport(models.Model):
    """What a reader says is wrong with a figure, without an account, and what was answered.

    ``geo``, ``period`` and ``vintage`` are the figure that the page showed. The address serves to
    answer; it is emptied with the answer, with the person, and after a year at the latest.
    ``form_key`` is the same on every try of one form, so that a double click is one report.
    """

    class Reason(models.TextChoices):
        """What is said to be wrong."""

        VALUE = "value", pgettext_lazy("report of a figure", "The value is not right")
        OUTDATED = "outdated", pgettext_lazy("report of a figure", "There is a newer figure")
        TEXT = "text", pgettext_lazy("report of a figure", "A text or a translation is wrong")
        SOURCE = "source", pgettext_lazy("report of a figure", "The source is missing or wrong")
        OTHER = "other", pgettext_lazy("report of a figure", "Something else")

    Status = ReportStatus

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.PROTECT,
        related_name="reports",
    )
    geo = place_key(null=True, blank=True)
    period = models.CharField(_("period"), max_length=10, blank=True)
    vintage = models.PositiveSmallIntegerField(_("vintage"), null=True, blank=True)
    reason = models.CharField(_("what is wrong"), max_length=10, choices=Reason)
    words = models.TextField(_("in their words"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    email = models.EmailField(_("e-mail address"), blank=True)
    form_key = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(_("reported"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=10, choices=ReportStatus, default=ReportStatus.NEW
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = FigureReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a figure")
        verbose_name_plural = _("reports of figures")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at"], name="figure_report_open", condition=Q(status="new"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReportStatus.values), name="figurereport_status_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["value", "outdated", "text", "source", "other"]),
                name="figurereport_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(status="new", answer="", answered_by=None, answered_at=None)
                | (
                    ~Q(status="new")
                    & Q(answer__regex=r"\S", answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="figurereport_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(status="new") | Q(email=""), name="figurereport_answered_forgets"
            ),
            models.CheckConstraint(
                condition=Q(period="") | Q(period__regex=PERIOD_PATTERN),
                name="figurereport_period_form",
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.get_reason_display()}"

    def get_absolute_url(self):
        """Return the working page, for the office and the owner."""
        return reverse("kpi:report-detail", args=[self.pk])
