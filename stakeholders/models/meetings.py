"""Bilateral meetings: with stakeholders (20 in the contract) and with cabinets."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Document
from programme.models import Portfolio, Workstream

from .engagement import Interaction, InternalQuerySet
from .keeping import MET, keeps_standing
from .organisations import Organisation
from .people import Contact


class BilateralStatus(models.TextChoices):
    """Where a meeting stands. Only a validated one counts."""

    PROPOSED = "proposed", pgettext_lazy("meeting", "proposed")
    AGREED = "agreed", pgettext_lazy("meeting", "agreed")
    HELD = "held", pgettext_lazy("meeting", "held")
    MINUTES_DRAFT = "minutes_draft", _("minutes being written")
    MINUTES_SHARED = "minutes_shared", _("minutes shared")
    VALIDATED = "validated", pgettext_lazy("meeting", "validated")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")
    NO_SHOW = "no_show", _("nobody came")


#: States after the meeting took place.
TOOK_PLACE = frozenset(
    {
        BilateralStatus.HELD,
        BilateralStatus.MINUTES_DRAFT,
        BilateralStatus.MINUTES_SHARED,
        BilateralStatus.VALIDATED,
    }
)
#: States in which nothing of the meeting is to come.
OVER = frozenset({BilateralStatus.CANCELLED, BilateralStatus.NO_SHOW})


class Outcome(models.TextChoices):
    """What came of a meeting."""

    INTEREST = "interest", pgettext_lazy("outcome", "interest")
    PILOT = "pilot", _("pilot")
    DATA = "data", _("data")
    FUNDING = "funding", _("funding")
    REFUSAL = "refusal", _("refusal")
    INTRODUCE = "introduce", _("introduction to somebody else")


class BilateralQuerySet(InternalQuerySet):
    """Meetings by where they stand."""

    def counted(self):
        """Return those that count towards the contract: validated, with outcome and minutes."""
        return self.filter(status=BilateralStatus.VALIDATED)

    def alive(self):
        """Return those neither cancelled nor missed."""
        return self.exclude(status__in=sorted(OVER))


class BilateralMeeting(models.Model):
    """One meeting between the Office and one partner, from the proposal to its validation."""

    class Kind(models.TextChoices):
        """With whom: each kind has its own series and its own count."""

        STAKEHOLDER = "stakeholder", _("with a stakeholder")
        POLITICAL = "political", _("with a cabinet")

    Status = BilateralStatus
    Outcome = Outcome

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.STAKEHOLDER)
    series_no = models.PositiveSmallIntegerField(_("number in the series"))
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="bilaterals",
    )
    portfolio = models.ForeignKey(
        Portfolio,
        verbose_name=_("cabinet of the portfolio"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bilaterals",
        help_text=_("For the political round only: one meeting per cabinet."),
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("An address, or the link of the call.")
    )
    language = models.CharField(
        _("language of the partner"), max_length=2, choices=settings.LANGUAGES
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("host"),
        on_delete=models.PROTECT,
        related_name="bilaterals",
        help_text=_("Who of the Office holds it; somebody else validates it."),
    )
    colleagues = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("colleagues"), blank=True, related_name="+"
    )
    contacts = models.ManyToManyField(
        Contact, verbose_name=_("people invited"), blank=True, related_name="bilaterals"
    )
    agenda = models.TextField(
        _("agenda"), blank=True, help_text=_("In the language of the partner, one point a line.")
    )
    status = models.CharField(
        _("status"), max_length=15, choices=BilateralStatus, default=BilateralStatus.PROPOSED
    )
    invited_at = models.DateTimeField(_("invitation sent"), null=True, blank=True)
    agenda_sent_at = models.DateTimeField(_("agenda sent"), null=True, blank=True)
    #: Counts the invitations and changes sent, for calendars (RFC 5545, SEQUENCE).
    ical_sequence = models.PositiveSmallIntegerField(
        default=0, editable=False, verbose_name=_("version of the invitation")
    )
    interaction = models.OneToOneField(
        Interaction,
        verbose_name=_("exchange"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bilateral",
    )
    positions = models.TextField(_("positions"), blank=True)
    needs = models.TextField(_("needs"), blank=True)
    assets_offered = models.TextField(
        _("what they offer"), blank=True, help_text=_("Data, places, people, money.")
    )
    synergies = models.TextField(_("synergies"), blank=True)
    workstream = models.ForeignKey(
        Workstream,
        verbose_name=_("priority workstream proposed"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bilaterals",
    )
    outcomes = ArrayField(
        models.CharField(max_length=10, choices=Outcome),
        verbose_name=_("outcome"),
        default=list,
        blank=True,
    )
    minutes = models.OneToOneField(
        Document,
        verbose_name=_("minutes"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bilateral",
    )
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("validated by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    validated_at = models.DateTimeField(_("validated"), null=True, blank=True)
    followed_up_at = models.DateTimeField(_("followed up"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    objects = BilateralQuerySet.as_manager()

    class Meta:
        verbose_name = _("bilateral meeting")
        verbose_name_plural = _("bilateral meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "series_no"], name="bilateral_number_once"),
            models.UniqueConstraint(
                fields=["portfolio"],
                condition=Q(kind="political") & ~Q(status__in=sorted(OVER)),
                name="bilateral_one_per_cabinet",
                violation_error_message=_("This cabinet already has its meeting."),
            ),
            models.CheckConstraint(
                condition=Q(kind="stakeholder", portfolio=None)
                | Q(kind="political", portfolio__isnull=False),
                name="bilateral_cabinet_if_political",
                violation_error_message=_("Name the portfolio for a cabinet, and only for one."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=BilateralStatus.values), name="bilateral_status_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="bilateral_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(TOOK_PLACE)) | Q(interaction__isnull=False),
                name="bilateral_held_is_logged",
            ),
            models.CheckConstraint(
                condition=Q(outcomes__contained_by=Outcome.values),
                name="bilateral_outcomes_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=BilateralStatus.VALIDATED)
                | (
                    Q(
                        minutes__isnull=False,
                        outcomes__len__gt=0,
                        validated_by__isnull=False,
                        validated_at__isnull=False,
                    )
                    & ~Q(validated_by=F("owner"))
                ),
                name="bilateral_validated_by_another",
            ),
        ]
        triggers = keeps_standing(MET)

    def __str__(self):
        return f"{self.get_kind_display()} {self.series_no} · {self.organisation}"

    def get_absolute_url(self):
        """Return the address of its working page."""
        return reverse("stakeholders:meeting", args=[self.pk])
