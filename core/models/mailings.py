"""What mailings share: budgets, senders, addresses not written to, mails that came back."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SenderBudget(models.Model):
    """A bucket of tokens: how many mails a sender may hand over now (see `core.posting.budget`)."""

    sender = models.CharField(max_length=120, unique=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tokens__gte=0), name="sender_budget_never_below_zero"
            ),
        ]

    def __str__(self):
        return self.sender


class MailSender(models.Model):
    """A drain at work: on which machine its journal lies, and when it was last heard of."""

    owner = models.UUIDField(primary_key=True)
    machine = models.CharField(max_length=40)
    heard_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.owner)


class Suppression(models.Model):
    """An address that is not written to any more; only its keyed hash is kept.

    It outlives the person's record: whoever is erased is not written to again by an old list.
    """

    class Scope(models.TextChoices):
        """What is not sent."""

        ALL = "all", _("no mail at all")
        MAILINGS = "mailings", _("no mailing")

    class Reason(models.TextChoices):
        """Why."""

        HARD_BOUNCE = "hard_bounce", _("the address does not exist")
        SOFT_BOUNCES = "soft_bounces", _("mails came back again and again")
        COMPLAINT = "complaint", _("reported as unwanted")
        OBJECTION = "objection", _("the person objected")
        MANUAL = "manual", _("entered by the staff")
        ERASURE = "erasure", _("the person was erased")

    email_hmac = models.CharField(
        max_length=64, unique=True, verbose_name=_("keyed hash of the address")
    )
    scope = models.CharField(_("what is not sent"), max_length=10, choices=Scope)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason)
    at = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("address not written to")
        verbose_name_plural = _("addresses not written to")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["all", "mailings"]), name="suppression_scope_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("at")),
                name="suppression_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.email_hmac[:12]


class BounceRaw(models.Model):
    """A mail that came back, as it came: kept before it is read, so that none is lost."""

    class State(models.TextChoices):
        """Whether it could be read."""

        NEW = "new", _("to be read")
        READ = "read", _("read")
        UNREADABLE = "unreadable", _("could not be read")

    sha256 = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    text = models.TextField(_("text"))
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.NEW)

    class Meta:
        verbose_name = _("mail that came back")
        verbose_name_plural = _("mails that came back")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "read", "unreadable"]),
                name="bounce_raw_state_known",
            ),
        ]

    def __str__(self):
        return self.sha256[:12]


class Bounce(models.Model):
    """What a mail that came back says about one copy of a mailing."""

    class Kind(models.TextChoices):
        """How serious it is."""

        HARD = "hard", _("the address does not exist")
        SOFT = "soft", _("could not be delivered for now")
        DELAYED = "delayed", _("delayed")
        COMPLAINT = "complaint", _("reported as unwanted")
        AUTO_REPLY = "auto_reply", _("automatic reply")

    raw = models.ForeignKey(BounceRaw, null=True, on_delete=models.SET_NULL, related_name="bounces")
    #: Which copy: the key of its mailing and its row, "" and None where the mail does not say.
    mailing = models.CharField(_("mailing"), max_length=60, blank=True)
    copy = models.BigIntegerField(_("row"), null=True)
    email_hmac = models.CharField(max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status code"), max_length=12, blank=True)
    diagnosis = models.CharField(_("words of the mail server"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["email_hmac", "at"], name="bounce_of_address")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["hard", "soft", "delayed", "complaint", "auto_reply"]),
                name="bounce_kind_known",
            ),
            models.UniqueConstraint(fields=["raw", "copy"], name="bounce_once_a_mail"),
        ]

    def __str__(self):
        return f"{self.mailing} {self.get_kind_display()}"
