"""What mailings share: budgets, senders, addresses not written to, mails that came back."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Small letters as they go over the line: "skynet.be", "xn--caf-dma.example".
DOMAIN = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$"


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


class DomainBudget(models.Model):
    """How many mails of mailings a minute the mail servers of one domain take from us.

    A subdomain is a domain of its own (see `core.posting.domains`).
    """

    domain = models.CharField(
        _("domain"),
        max_length=100,  # the key of its bucket holds a word more
        unique=True,
        validators=[
            RegexValidator(DOMAIN, _("Type what stands behind the @, for example skynet.be."))
        ],
        help_text=_(
            "What stands behind the @ of an address, for example skynet.be. A subdomain is another "
            "domain and has a limit of its own."
        ),
    )
    per_minute = models.PositiveIntegerField(
        _("mails a minute"),
        validators=[MinValueValidator(1)],
        help_text=_(
            "For example 60: of every campaign together, no more than that go to this domain in a "
            "minute. The others wait for their turn, and mails to other domains go on."
        ),
    )
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("Who says so: for example “Proximus, letter of 3 March 2026”."),
    )

    class Meta:
        verbose_name = _("limit of a domain")
        verbose_name_plural = _("limits of domains")
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(per_minute__gt=0), name="domain_budget_above_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(domain__regex=DOMAIN), name="domain_budget_is_a_domain"
            ),
        ]

    def __str__(self):
        return self.domain


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
    Nothing is sent until ``until``, for ever where there is none; lifting it sets that moment
    (`core.posting.suppression` has its verbs).
    """

    class Status(models.TextChoices):
        """Whether somebody of the staff has lifted it."""

        IN_FORCE = "in_force", pgettext_lazy("suppression", "in force")
        LIFTED = "lifted", pgettext_lazy("suppression", "lifted")

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
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.IN_FORCE, db_default="in_force"
    )
    scope = models.CharField(_("what is not sent"), max_length=10, choices=Scope)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason)
    at = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("address not written to")
        verbose_name_plural = _("addresses not written to")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["in_force", "lifted"]),
                name="suppression_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    reason__in=[
                        *("hard_bounce", "soft_bounces", "complaint"),
                        *("objection", "manual", "erasure"),
                    ]
                ),
                name="suppression_reason_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="lifted") | models.Q(until__isnull=False),
                name="suppression_lifted_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason__in=["complaint", "erasure"]) | models.Q(until=None),
                name="suppression_of_complaint_stays",
            ),
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

    @property
    def has_ended(self) -> bool:
        """Tell whether the address may be written to again."""
        return self.until is not None and self.until <= timezone.now()


class BounceRaw(models.Model):
    """A mail that came back, as it came: kept before it is read, so that none is lost."""

    class State(models.TextChoices):
        """Whether it could be read."""

        NEW = "new", _("to be read")
        READ = "read", _("read")
        UNREADABLE = "unreadable", _("could not be read")
        SETTLED = "settled", _("dealt with by a person")

    sha256 = models.CharField(_("fingerprint"), max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    text = models.TextField(_("text"))
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.NEW)

    class Meta:
        verbose_name = _("mail that came back")
        verbose_name_plural = _("mails that came back")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "read", "unreadable", "settled"]),
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

    raw = models.ForeignKey(
        BounceRaw,
        verbose_name=_("mail that came back"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="bounces",
    )
    #: Which copy: the key of its mailing and its row, "" and None where the mail does not say.
    mailing = models.CharField(_("mailing"), max_length=60, blank=True)
    copy = models.BigIntegerField(_("row"), null=True)
    email_hmac = models.CharField(_("keyed hash of the address"), max_length=64, blank=True)
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
