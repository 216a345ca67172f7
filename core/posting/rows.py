"""What an app's table of copies has in common: one row, one addressee, at most one mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CopyState(models.IntegerChoices):
    """Where a copy stands. Kept as a small number: there are many rows."""

    QUEUED = 0, _("waiting")
    SENDING = 2, _("being sent")
    SENT = 3, _("sent")
    FAILED = 4, _("refused")
    UNCERTAIN = 5, _("uncertain")
    CANCELLED = 6, _("cancelled")
    SUPPRESSED = 7, _("not wanted any more")


#: States that keep a mailing from being finished.
OPEN_STATES = (CopyState.QUEUED, CopyState.SENDING)
#: States in which nothing was or will be handed over.
LEFT_OUT = (CopyState.CANCELLED, CopyState.SUPPRESSED)


class MailCopy(models.Model):
    """One copy of a mailing for one address. The concrete model adds whose it is and of what.

    ``email`` and ``name`` are emptied when they are not needed any more; ``email_hmac`` (see
    `core.posting.addresses.keyed_hash`) and the counts stay.
    """

    email = models.EmailField(_("addressee"), blank=True)
    email_norm = models.CharField(max_length=254, verbose_name=_("address as compared"))
    email_hmac = models.CharField(max_length=64, verbose_name=_("keyed hash of the address"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    state = models.PositiveSmallIntegerField(
        _("status"), choices=CopyState, default=CopyState.QUEUED, db_default=CopyState.QUEUED
    )
    reason = models.CharField(_("not sent because"), max_length=20, blank=True, db_default="")
    lease_owner = models.UUIDField(_("sender"), null=True, blank=True)
    lease_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    smtp_code = models.PositiveSmallIntegerField(_("code of the answer"), null=True, blank=True)
    smtp_text = models.CharField(
        _("answer of the mail server"), max_length=500, blank=True, db_default=""
    )
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def rules(cls, prefix: str) -> list[models.CheckConstraint]:
        """Return what the database refuses, for the Meta of the concrete model."""
        held = Q(lease_owner__isnull=False, lease_until__isnull=False)
        return [
            models.CheckConstraint(
                condition=Q(state__in=CopyState.values), name=f"{prefix}_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=CopyState.SENDING) | held,
                name=f"{prefix}_held_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=CopyState.SENT) | Q(handed_at__isnull=False),
                name=f"{prefix}_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=LEFT_OUT) | ~Q(reason=""), name=f"{prefix}_left_out_why"
            ),
        ]

    @classmethod
    def indexes(cls, prefix: str, group: str) -> list[models.Index]:
        """Return the two partial indexes that drains and the reaper read."""
        held = Q(state=CopyState.SENDING)
        return [
            models.Index(fields=[group, "id"], condition=Q(state=0), name=f"{prefix}_waiting"),
            models.Index(fields=["lease_owner"], condition=held, name=f"{prefix}_held"),
        ]
