"""Who asked to be sent what, what they were told, and the ledger of consent."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Demo
from core.publication import bilingual
from programme.models import Named

from .ideas import Idea
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


class Followed(models.TextChoices):
    """What one can ask to be told about: a topic of the Office, or something on a public page."""

    TOPIC = "topic", _("topic")
    IDEA = "idea", _("idea")
    SEARCH = "search", _("saved search")
    INDICATOR = "indicator", _("indicator")


#: The code of an indicator, as it stands in its address.
CODE = r"^[-a-zA-Z0-9_]+$"
#: A topic is a row; anything else is named by ``target`` (see `stakeholders.following`).
FITS = (
    Q(kind=Followed.TOPIC, topic__isnull=False, target="")
    | Q(kind=Followed.IDEA, topic=None, target__regex=r"^[A-Z]+-[0-9]+-[0-9]+$")
    | Q(kind=Followed.SEARCH, topic=None)
    | Q(kind=Followed.INDICATOR, topic=None, target__regex=CODE)
)
LONGEST_TARGET = 500


class Subscription(models.Model):
    """The one model for everything that somebody asked to be sent (double opt-in).

    ``target`` is the reference of an idea, the query string of a saved search of ideas ("" is
    every new idea), or the code of an indicator.
    """

    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Followed, default=Followed.TOPIC)
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subscriptions",
    )
    target = models.CharField(_("what is followed"), max_length=LONGEST_TARGET, blank=True)
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
    #: Up to when a saved search has been looked through; what is newer is told next.
    seen_until = models.DateTimeField(_("looked through until"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        indexes = [
            models.Index(
                fields=["kind", "target"],
                condition=Q(status=SubscriptionState.ACTIVE, topic=None),
                name="subscription_followers",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contact", "topic"], name="subscription_once"),
            models.UniqueConstraint(
                fields=["contact", "kind", "target"],
                condition=Q(topic=None),
                name="subscription_target_once",
            ),
            models.CheckConstraint(condition=FITS, name="subscription_target_fits"),
            models.CheckConstraint(
                condition=~Q(kind=Followed.SEARCH, status=SubscriptionState.ACTIVE)
                | Q(seen_until__isnull=False),
                name="subscription_search_has_time",
            ),
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
        return f"{self.contact} · {self.topic or self.target or self.get_kind_display()}"


class SubscriptionRequest(models.Model):
    """One use of a subscription form: what the link in the mail confirms, and nothing else.

    It asks for ``topics``, or for one other thing, named as in `Subscription`.
    """

    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.CASCADE,
        related_name="subscription_requests",
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"))
    kind = models.CharField(_("kind"), max_length=10, choices=Followed, default=Followed.TOPIC)
    target = models.CharField(_("what is followed"), max_length=LONGEST_TARGET, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    wording_version = models.CharField(_("text agreed to"), max_length=40)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for a subscription")
        verbose_name_plural = _("requests for a subscription")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Followed.TOPIC, target="")
                | Q(kind=Followed.IDEA, target__regex=r"^[A-Z]+-[0-9]+-[0-9]+$")
                | Q(kind=Followed.SEARCH)
                | Q(kind=Followed.INDICATOR, target__regex=CODE),
                name="subscription_request_fits",
            ),
        ]

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
    kind = models.CharField(_("kind"), max_length=10, choices=Followed, blank=True)
    #: The reference of an idea, or the fingerprint of a saved search: whoever typed a name into a
    #: search leaves none in the ledger.
    target = models.CharField(_("what is followed"), max_length=64, blank=True)
    event = models.CharField(max_length=12, choices=Event, verbose_name=_("event"))
    wording_version = models.CharField(max_length=40, verbose_name=_("text agreed to"))
    #: Of the words that stood beside the box, in the language in which they were read.
    wording_sha256 = models.CharField(
        max_length=64, blank=True, verbose_name=_("fingerprint of the text agreed to")
    )
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
        constraints = [
            models.CheckConstraint(
                condition=Q(wording_sha256="") | Q(wording_sha256__regex=r"^[0-9a-f]{64}$"),
                name="consent_fingerprint_is_one",
            ),
        ]

    def __str__(self):
        return f"{self.event} {self.at:%Y-%m-%d}"


class IdeaStep(models.Model):
    """A step of an idea that was told to whoever contributed to it or follows it: each once.

    ``kind`` is "change" for a move of the idea itself (``key``: its `StatusChange`), else the model
    of what it led to, as the trace knows it.
    """

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.CASCADE, related_name="steps"
    )
    kind = models.CharField(_("kind"), max_length=60)
    key = models.PositiveBigIntegerField(_("key"))
    at = models.DateTimeField(_("noticed"), default=timezone.now)

    class Meta:
        verbose_name = _("step of an idea")
        verbose_name_plural = _("steps of ideas")
        indexes = [
            models.Index(fields=["key"], name="idea_step_change", condition=Q(kind="change")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["idea", "kind", "key"], name="idea_step_once"),
        ]

    def __str__(self):
        return f"{self.idea_id} {self.kind} {self.key}"


class Watch(models.Model):
    """That a look-out has begun: what was there before is known to it and is told to nobody."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    #: The greatest key that it has looked at, or the mark (`core.changes`) of its last look.
    position = models.PositiveBigIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("look-out")
        verbose_name_plural = _("look-outs")

    def __str__(self):
        return self.name
