"""Who asked to be sent what, and the ledger of consent."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Demo
from core.publication import bilingual
from programme.models import Named

from .people import Contact


class Topic(Named, Demo):
    """Something one can subscribe to."""

    purpose = models.TextField(_("purpose"))
    is_open = models.BooleanField(_("open to the public"), default=True)

    public_fields = ("name", "purpose")

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["slug"]
        constraints = [bilingual("topic_bilingual", ["name", "purpose"])]


class SubscriptionState(models.TextChoices):
    """Where a subscription stands; only confirmed ones receive anything."""

    PENDING = "pending", _("waiting for confirmation")
    ACTIVE = "active", _("confirmed")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")


class Subscription(models.Model):
    """The one model for everything that somebody asked to be sent (double opt-in)."""

    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        on_delete=models.PROTECT,
        related_name="subscriptions",
    )
    status = models.CharField(
        _("status"),
        max_length=15,
        choices=SubscriptionState,
        default=SubscriptionState.PENDING,
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["contact", "topic"], name="subscription_once"),
            models.CheckConstraint(
                condition=Q(status__in=SubscriptionState.values),
                name="subscription_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=SubscriptionState.ACTIVE) | Q(confirmed_at__isnull=False),
                name="subscription_active_is_confirmed",
            ),
        ]

    def __str__(self):
        return f"{self.contact} · {self.topic}"


class SubscriptionRequest(models.Model):
    """One use of the subscription form: what the link in the mail confirms, and nothing else."""

    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.CASCADE,
        related_name="subscription_requests",
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    wording_version = models.CharField(_("text agreed to"), max_length=40)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for a subscription")
        verbose_name_plural = _("requests for a subscription")
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.contact} {self.asked_at:%Y-%m-%d}"


class ConsentEvent(models.Model):
    """The ledger of consent: append-only, without the address (only a keyed hash of it)."""

    class Event(models.TextChoices):
        """What happened."""

        REQUESTED = "requested", _("asked")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ERASED = "erased", _("erased")

    address_hmac = models.CharField(
        max_length=64, db_index=True, verbose_name=_("keyed hash of the address")
    )
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("topic")
    )
    event = models.CharField(max_length=12, choices=Event, verbose_name=_("event"))
    wording_version = models.CharField(max_length=40, verbose_name=_("text agreed to"))
    language = models.CharField(
        max_length=2, choices=settings.LANGUAGES, verbose_name=_("language")
    )
    source = models.CharField(max_length=200, blank=True, verbose_name=_("through"))
    at = models.DateTimeField(default=timezone.now, verbose_name=_("at"))

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent ledger")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.event} {self.at:%Y-%m-%d}"
