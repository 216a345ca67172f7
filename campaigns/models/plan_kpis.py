"""How a plan is measured: key figures, and their readings day by day."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Translated
from core.publication import bilingual

from .plans import CommunicationPlan, PlanAction, PlanObjective, PlanRowQuerySet, refuse_stranger


class Metric(models.TextChoices):
    """What the portal counts by itself; `campaigns.plan_metrics` says how."""

    BILATERALS = "bilaterals", _("bilateral meetings validated")
    CABINETS = "cabinets", _("meetings with cabinets validated")
    PARTNERS = "partners", _("organisations met in bilateral meetings")
    ADMIN_WORKSHOPS = "admin_workshops", _("workshops held with the administrations")
    THEME_WORKSHOPS = "theme_workshops", _("multidisciplinary workshops held")
    WORKSHOP_THEMES = "workshop_themes", _("themes of the workshops held")
    IDEAS_RECEIVED = "ideas_received", _("ideas received")
    IDEAS_ANSWERED = "ideas_answered", _("ideas answered")
    IDEAS_DISCUSSED = "ideas_discussed", _("ideas dealt with in a workshop")
    SHEETS = "sheets", _("project sheets before the jury")
    DECISIONS = "decisions", _("decisions published")
    INITIATIVES = "initiatives", _("initiatives born of a decision")
    EDITIONS = "editions", _("editions of the roadmap published")
    INDICATORS = "indicators", _("indicators published")
    SUBSCRIBERS = "subscribers", _("people with a confirmed subscription")
    DUTCH_SHARE = "dutch_share", _("share of Dutch among the confirmed subscriptions")
    CAMPAIGNS = "campaigns", _("campaigns of this plan sent")
    MAILS = "mails", _("mails of this plan taken by the mail server")
    ACTIONS_DONE = "actions_done", _("actions of this plan done")


class PlanKPI(Translated):
    """One figure by which an objective or an action is judged, with its target and its day.

    A manual one is read by somebody; one from the records is counted by the portal every night.
    """

    class Source(models.TextChoices):
        """Where its readings come from."""

        MANUAL = "manual", _("read by the Office")
        RECORD = "record", _("counted by the portal")

    Metric = Metric

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
        on_delete=models.CASCADE,
        related_name="kpis",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    objective = models.ForeignKey(
        PlanObjective,
        verbose_name=_("objective"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="kpis",
    )
    action = models.ForeignKey(
        PlanAction,
        verbose_name=_("action"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="kpis",
    )
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(
        _("unit"), max_length=60, help_text=_("For example: meetings, people, %.")
    )
    baseline = models.DecimalField(
        _("value at the start"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    target = models.DecimalField(_("target value"), max_digits=14, decimal_places=2)
    due = models.DateField(_("to be reached by"))
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.MANUAL)
    metric = models.CharField(
        _("counted from"),
        max_length=20,
        choices=Metric,
        blank=True,
        help_text=_("Only where the portal counts it."),
    )

    public_fields = ("name", "unit")

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("key figure of a plan")
        verbose_name_plural = _("key figures of plans")
        ordering = ["position", "pk"]
        constraints = [
            bilingual("plan_kpi_bilingual", ["name", "unit"]),
            models.CheckConstraint(
                condition=Q(objective__isnull=False) | Q(action__isnull=False),
                name="plan_kpi_of_something",
                violation_error_message=_("Name the objective or the action that it measures."),
            ),
            models.CheckConstraint(
                condition=Q(source="manual", metric="")
                | Q(source="record", metric__in=Metric.values),
                name="plan_kpi_counted_from_a_record",
                violation_error_message=_(
                    "Say what the portal counts, or leave it empty where the Office reads it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(baseline=None) | ~Q(baseline=models.F("target")),
                name="plan_kpi_target_moves",
                violation_error_message=_("The target is the value at the start."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return its place on the page of the plan."""
        return f"{reverse('campaigns:plan-detail', args=[self.plan_id])}#kpi-{self.pk}"

    def clean(self):
        """Refuse an objective or an action of another plan."""
        super().clean()
        refuse_stranger(self, "objective", "action")

    @property
    def is_manual(self) -> bool:
        """Tell whether somebody reads it."""
        return self.source == self.Source.MANUAL


class ReadingQuerySet(models.QuerySet):
    """Readings by who may see them and by their newest."""

    def visible_to(self, user):
        """Return the readings of the key figures that ``user`` may see."""
        return self.filter(kpi__in=PlanKPI.objects.visible_to(user).values("pk"))

    def newest(self):
        """Return the last vintage of the last day of each key figure."""
        return self.order_by("kpi_id", "-on", "-vintage").distinct("kpi_id")


class KPIReading(models.Model):
    """The value of a key figure on one day. A row never changes: a correction is a later vintage.

    What the portal counted has no ``by``.
    """

    kpi = models.ForeignKey(
        PlanKPI,
        verbose_name=_("key figure of a plan"),
        on_delete=models.PROTECT,
        related_name="readings",
    )
    on = models.DateField(_("as of"))
    vintage = models.PositiveSmallIntegerField(_("vintage"), default=1)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("recorded"), default=timezone.now)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of a key figure")
        verbose_name_plural = _("readings of key figures")
        ordering = ["-on", "-vintage", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "on", "vintage"], name="kpi_reading_once"),
            models.CheckConstraint(condition=Q(vintage__gte=1), name="kpi_reading_vintage_counts"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.kpi_id} {self.on}: {self.value}"
