"""The communication plan and the campaigns that Celery sends to confirmed subscribers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Message, Translated, VisibleQuerySet
from core.publication import bilingual
from stakeholders.models import Contact, Topic


class CommunicationPlan(Translated, Demo):
    """The plan of the Office and its partners: why, to whom, through what, when."""

    title = models.CharField(_("title"), max_length=200)
    objectives = models.TextField(_("objectives"))
    audiences = models.TextField(_("audiences"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    public_fields = ("title", "objectives", "audiences")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("communication plan")
        verbose_name_plural = _("communication plans")
        ordering = ["-starts_on"]
        constraints = [
            bilingual("plan_bilingual", ["title", "objectives", "audiences"])
        ]

    def __str__(self):
        return self.title


class CampaignStatus(models.TextChoices):
    """Life of a campaign."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    SENDING = "sending", _("being sent")
    FINISHED = "finished", _("sent")
    CANCELLED = "cancelled", _("cancelled")


CAMPAIGN_TEXTS = ("subject", "preheader", "body")
PUBLIC_CAMPAIGN = frozenset({CampaignStatus.FINISHED})


class Campaign(Translated, Demo):
    """A mailing on a topic, in French, Dutch and English, approved by a second person."""

    Status = CampaignStatus

    plan = models.ForeignKey(
        CommunicationPlan,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campaigns",
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        on_delete=models.PROTECT,
        related_name="campaigns",
    )
    subject = models.CharField(_("subject"), max_length=150)
    preheader = models.CharField(_("first line"), max_length=200, blank=True)
    body = models.TextField(
        _("text"), help_text=_("Markdown: paragraphs, lists, links, **bold**.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_hash = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    public_fields = CAMPAIGN_TEXTS
    PUBLIC_STATES = PUBLIC_CAMPAIGN

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-pk"]
        constraints = [
            bilingual(
                "campaign_bilingual",
                CAMPAIGN_TEXTS,
                states=["approved", "sending", "finished"],
            ),
            models.CheckConstraint(
                condition=Q(status__in=CampaignStatus.values),
                name="campaign_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "sending", "finished"])
                | (Q(approved_by__isnull=False) & ~Q(approved_hash="")),
                name="campaign_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("created_by")),
                name="campaign_second_pair_of_eyes",
            ),
        ]

    def __str__(self):
        return self.subject or self.slug

    def get_absolute_url(self):
        """Return the address in the archive."""
        return reverse("campaigns:campaign-detail", args=[self.slug])


class Delivery(models.Model):
    """A campaign for one person: one row, one mail."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="deliveries"
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    message = models.OneToOneField(
        Message,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delivery",
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "contact"], name="delivery_once"
            ),
        ]

    def __str__(self):
        return f"{self.campaign} → {self.contact}"
