"""Which events of the portal make a draft, and what was made of each of them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import StatusChange
from core.permissions import reads_everything
from projects.models import Call
from roadmap.models import RoadmapVersion
from stakeholders.models import Topic

from .campaigns import Campaign


class OccasionCode(models.TextChoices):
    """What may happen in the portal that subscribers want to hear of; see `campaigns.occasions`."""

    WORKSHOP_ANNOUNCED = "workshop-announced", _("a workshop is announced")
    WORKSHOP_OPENS = "workshop-opens", _("registration for a workshop opens")
    CALL_OPENS = "call-opens", _("a call for projects opens")
    CALL_CLOSES = "call-closes", _("a call for projects closes within two weeks")
    INDICATOR = "indicator", _("an indicator is published")
    INITIATIVE = "initiative", _("an initiative enters the roadmap")
    EDITION = "edition", _("an edition of the roadmap is published")
    DECISION = "decision", _("a decision is recorded")


class Occasion(models.Model):
    """The switch of one kind of event: whether it makes drafts, and for which topic.

    A draft is never sent by itself: a person submits it, another one approves it.
    """

    Code = OccasionCode

    code = models.CharField(
        _("event"), max_length=30, unique=True, choices=OccasionCode, editable=False
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="occasions",
        help_text=_("Whose subscribers the drafts are for."),
    )
    is_active = models.BooleanField(
        _("makes drafts"),
        default=False,
        help_text=_("What happens while it is switched off makes none later either."),
    )

    class Meta:
        verbose_name = _("event that makes a draft")
        verbose_name_plural = _("events that make drafts")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=OccasionCode.values), name="occasion_code_known"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(topic__isnull=False),
                name="occasion_active_has_topic",
                violation_error_message=_("Choose the topic for which the drafts are."),
            ),
        ]

    def __str__(self):
        return str(self.get_code_display())


class Outcome(models.TextChoices):
    """What was made of an event."""

    DRAFTED = "drafted", _("in a draft")
    OFF = "off", _("switched off at that moment")
    HIDDEN = "hidden", _("not public, or over already")
    BEFORE = "before", _("known before the portal began to look")


class EventQuerySet(models.QuerySet):
    """Events by who may read them."""

    def visible_to(self, user):
        """Return all for whoever reads drafts, none for anybody else."""
        return self if reads_everything(user) else self.none()

    def with_subjects(self):
        """Load what they are about, with as many queries for one as for many of a kind."""
        rows = self.select_related("occasion", "call", "edition", "change__content_type")
        return rows.prefetch_related("change__subject")


class OccasionEvent(models.Model):
    """One event that was looked at, so that it never makes a second draft.

    It is a move (`change`), or the day of a call or an edition, which have no moves. The row stays
    when its draft is deleted.
    """

    Outcome = Outcome

    occasion = models.ForeignKey(
        Occasion, verbose_name=_("event"), on_delete=models.PROTECT, related_name="events"
    )
    change = models.OneToOneField(
        StatusChange,
        verbose_name=_("change of state"),
        null=True,
        on_delete=models.PROTECT,
        related_name="occasion_event",
    )
    call = models.ForeignKey(
        Call, verbose_name=_("call"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    edition = models.ForeignKey(
        RoadmapVersion,
        verbose_name=_("edition of the roadmap"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("draft"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="events",
    )
    outcome = models.CharField(_("what was made of it"), max_length=10, choices=Outcome)
    noted_at = models.DateTimeField(_("noticed"), default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event that was looked at")
        verbose_name_plural = _("events that were looked at")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["occasion", "call"], name="occasion_event_call_once"),
            models.UniqueConstraint(
                fields=["occasion", "edition"], name="occasion_event_edition_once"
            ),
            models.CheckConstraint(
                condition=Q(change__isnull=False, call=None, edition=None)
                | Q(change=None, call__isnull=False, edition=None)
                | Q(change=None, call=None, edition__isnull=False),
                name="occasion_event_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="occasion_event_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(campaign=None) | Q(outcome="drafted"),
                name="occasion_event_campaign_is_its_draft",
            ),
        ]

    def __str__(self):
        return f"{self.occasion} {self.noted_at:%Y-%m-%d}"

    @property
    def subject(self):
        """Return what it is about: a workshop, a call, an indicator …"""
        return self.change.subject if self.change_id else self.call or self.edition
