"""Workshops, and what each did with the ideas on its agenda."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from core.models import Demo, Translated, VisibleQuerySet
from core.permissions import has_role
from core.publication import bilingual, filled
from core.search import search_index
from programme.models import Municipality, Theme
from stakeholders.models import Idea


class WorkshopStatus(models.TextChoices):
    """Life of a workshop."""

    DRAFT = "draft", _("in preparation")
    PUBLISHED = "published", pgettext_lazy("workshop", "announced")
    REGISTRATION_OPEN = "registration_open", _("registration open")
    REGISTRATION_CLOSED = "registration_closed", _("registration closed")
    IN_PROGRESS = "in_progress", _("going on")
    HELD = "held", pgettext_lazy("workshop", "held")
    REPORTED = "reported", pgettext_lazy("workshop", "reported")
    POSTPONED = "postponed", pgettext_lazy("workshop", "postponed")
    CANCELLED = "cancelled", pgettext_lazy("workshop", "cancelled")


PUBLIC_WORKSHOP = frozenset(WorkshopStatus) - {WorkshopStatus.DRAFT}


class WorkshopQuerySet(VisibleQuerySet):
    """Workshops by time and text."""

    search_translated = ("title", "summary")

    def visible_to(self, user):
        """Return the announced ones; drafts too for the office and whoever runs workshops."""
        return self if has_role(Role.FACILITATOR)(user) else super().visible_to(user)

    def upcoming(self, now):
        """Return those that take place after ``now``, the next one first."""
        gone = [WorkshopStatus.CANCELLED, WorkshopStatus.POSTPONED]
        return self.filter(starts_at__gte=now).exclude(status__in=gone).order_by("starts_at")

    def held(self):
        """Return those that took place."""
        return self.filter(status__in=[WorkshopStatus.HELD, WorkshopStatus.REPORTED])


class Workshop(Translated, Demo):
    """One of the 4 workshops with the administrations or of the 20 around five themes."""

    class Kind(models.TextChoices):
        """The two series of the programme."""

        COLLABORATIVE = "collaborative", _("with the administrations")
        MULTIDISCIPLINARY = "multidisciplinary", _("multidisciplinary")

    class Spoken(models.TextChoices):
        """Languages that one can speak there."""

        FR_NL = "fr nl", _("French and Dutch")
        FR_NL_EN = "fr nl en", _("French, Dutch and English")
        FR = "fr", _("French")
        NL = "nl", _("Dutch")
        EN = "en", _("English")

    Status = WorkshopStatus

    kind = models.CharField(_("series"), max_length=20, choices=Kind)
    series_no = models.PositiveSmallIntegerField(_("number in the series"))
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), null=True, blank=True, on_delete=models.PROTECT
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    venue = models.CharField(_("venue"), max_length=200)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    capacity = models.PositiveSmallIntegerField(_("seats"), default=30)
    languages = models.CharField(
        _("languages spoken"), max_length=20, choices=Spoken, default=Spoken.FR_NL
    )
    report = models.TextField(_("what came out of it"), blank=True)
    status_reason = models.TextField(_("reason"), blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=WorkshopStatus, default=WorkshopStatus.DRAFT
    )
    ideas = models.ManyToManyField(
        Idea, through="AgendaIdea", related_name="workshops", verbose_name=_("ideas")
    )

    chain_stage = 2
    public_fields = ("title", "summary", "venue")
    public_optional = ("report", "status_reason")
    PUBLIC_STATES = PUBLIC_WORKSHOP

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-starts_at"]
        indexes = [search_index("workshop", WorkshopQuerySet)]
        constraints = [
            bilingual(
                "workshop_bilingual",
                ["title", "summary", "venue"],
                optional=["report", "status_reason"],
                states=PUBLIC_WORKSHOP,
            ),
            bilingual(
                "workshop_report_bilingual",
                ["report"],
                states=[WorkshopStatus.REPORTED],
            ),
            bilingual(
                "workshop_cancelled_has_reason",
                ["status_reason"],
                states=[WorkshopStatus.CANCELLED, WorkshopStatus.POSTPONED],
            ),
            models.UniqueConstraint(fields=["kind", "series_no"], name="workshop_number_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="workshop_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=WorkshopStatus.values),
                name="workshop_status_known",
            ),
            models.CheckConstraint(
                condition=Q(languages__in=["fr nl", "fr nl en", "fr", "nl", "en"]),
                name="workshop_languages_known",
            ),
        ]

    def __str__(self):
        return f"{self.series_no}. {self.title}"

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("workshops:workshop-detail", args=[self.pk])


class AgendaIdea(Translated):
    """An idea on the agenda of a workshop, and the result it got there, with its reason."""

    class Result(models.TextChoices):
        """What the workshop did with it."""

        RETAINED = "retained", _("retained")
        REWORKED = "reworked", _("reworked")
        PARKED = "parked", _("parked")
        DROPPED = "dropped", _("dropped")

    workshop = models.ForeignKey(
        Workshop,
        verbose_name=_("workshop"),
        on_delete=models.PROTECT,
        related_name="agenda",
    )
    idea = models.ForeignKey(
        Idea,
        verbose_name=_("idea"),
        on_delete=models.PROTECT,
        related_name="agenda_entries",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    result = models.CharField(_("result"), max_length=10, choices=Result, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    public_fields = ()
    public_optional = ("reason",)

    class Meta:
        verbose_name = _("idea on the agenda")
        verbose_name_plural = _("ideas on the agenda")
        ordering = ["workshop", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "idea"], name="agendaidea_once"),
            models.CheckConstraint(
                condition=Q(result="") | (filled("reason_fr") & filled("reason_nl")),
                name="agendaidea_result_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", "retained", "reworked", "parked", "dropped"]),
                name="agendaidea_result_known",
            ),
        ]

    def __str__(self):
        return f"{self.workshop} · {self.idea}"
