"""Who gets a campaign, and who is left out of it with the reason."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.posting.rows import MailCopy
from stakeholders.models import Contact

from .campaigns import Campaign


class LeftOut(models.TextChoices):
    """Why somebody gets no mail."""

    UNSUBSCRIBED = "unsubscribed", _("unsubscribed in the meantime")
    REMOVED = "removed", _("person removed in the meantime")
    CANCELLED = "cancelled", _("campaign cancelled")
    SUPPRESSED = "suppressed", _("address not written to any more")
    NO_ADDRESS = "no_address", _("no address")
    SAME_ADDRESS = "same_address", _("same address as somebody else on the list")


class Delivery(MailCopy):
    """A campaign for one person: one row, and one mail or the reason why there is none."""

    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("campaign"),
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,  # the constraint on the address begins with it
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
        db_index=False,  # the constraint on the person begins with it
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = MailCopy.indexes("delivery", "campaign")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "email_norm"], name="delivery_once_an_address"
            ),
            models.UniqueConstraint(fields=["contact", "campaign"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(reason__in=["", *LeftOut.values]), name="delivery_reason_known"
            ),
            *MailCopy.rules("delivery"),
        ]

    def __str__(self):
        return f"{self.campaign} → {self.contact}"


class Exclusion(models.Model):
    """Somebody whom the audience names and who is not on the frozen list, with the reason."""

    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("campaign"),
        on_delete=models.CASCADE,
        related_name="exclusions",
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("not sent because"), max_length=20, choices=LeftOut)

    class Meta:
        verbose_name = _("person left out")
        verbose_name_plural = _("people left out")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "contact"], name="exclusion_once"),
            models.CheckConstraint(
                condition=Q(reason__in=LeftOut.values), name="exclusion_reason_known"
            ),
        ]

    def __str__(self):
        return f"{self.campaign} → {self.contact}"
