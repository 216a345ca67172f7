"""The communication plan and the campaigns that Celery sends to confirmed subscribers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Message, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index
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
            bilingual("plan_bilingual", ["title", "objectives", "audiences"]),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="plan_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the public address."""
        return reverse("campaigns:plan-detail", args=[self.pk])


class PlanAction(Translated):
    """What the plan does: one action through one channel, planned and done."""

    class Channel(models.TextChoices):
        """How it reaches people."""

        MAIL = "mail", _("e-mail")
        WEB = "web", _("website")
        PRESS = "press", _("press")
        SOCIAL = "social", _("social media")
        EVENT = "event", _("event")
        PRINT = "print", _("print")

    class Status(models.TextChoices):
        """Whether it has taken place."""

        PLANNED = "planned", pgettext_lazy("action", "planned")
        DONE = "done", pgettext_lazy("action", "done")
        DROPPED = "dropped", pgettext_lazy("action", "dropped")

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
        on_delete=models.CASCADE,
        related_name="actions",
    )
    title = models.CharField(_("title"), max_length=200)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)

    public_fields = ("title",)

    class Meta:
        verbose_name = _("action of a plan")
        verbose_name_plural = _("actions of a plan")
        ordering = ["starts_on", "pk"]
        constraints = [
            bilingual("plan_action_bilingual", ["title"]),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="plan_action_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self):
        return self.title


class CampaignStatus(models.TextChoices):
    """Life of a campaign."""

    DRAFT = "draft", pgettext_lazy("campaign", "draft")
    IN_REVIEW = "in_review", pgettext_lazy("campaign", "in review")
    APPROVED = "approved", pgettext_lazy("campaign", "approved")
    SENDING = "sending", pgettext_lazy("campaign", "being sent")
    FINISHED = "finished", pgettext_lazy("campaign", "sent")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "cancelled")


CAMPAIGN_TEXTS = ("subject", "preheader", "body")
PUBLIC_CAMPAIGN = frozenset({CampaignStatus.FINISHED})


class CampaignQuerySet(VisibleQuerySet):
    """Campaigns by their words and by what they wait for."""

    search_translated = ("subject", "preheader", "body")

    def archive(self):
        """Return what was sent, newest first."""
        return self.public().order_by("-finished_at", "-pk")


class Campaign(Translated, Demo):
    """A mailing on a topic, in French, Dutch and English, approved by a second person.

    French and Dutch are obligatory. Who reads English gets the English text where there is one,
    else both others, which say so.
    """

    Status = CampaignStatus

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
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
    body = models.TextField(_("text"), help_text=_("Markdown: paragraphs, lists, links, **bold**."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: Everybody who wrote in it; none of them approves it.
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("edited by"), blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: Hash of the texts that were approved: only these are sent.
    approved_hash = models.CharField(
        max_length=64, blank=True, verbose_name=_("fingerprint of what was approved")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    public_fields = CAMPAIGN_TEXTS
    PUBLIC_STATES = PUBLIC_CAMPAIGN

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-pk"]
        indexes = [search_index("campaign", CampaignQuerySet)]
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
    """A campaign for one person: one row, and one mail or the reason why there is none."""

    class Excluded(models.TextChoices):
        """Why somebody of the frozen list got no mail."""

        UNSUBSCRIBED = "unsubscribed", _("unsubscribed in the meantime")
        REMOVED = "removed", _("person removed in the meantime")
        CANCELLED = "cancelled", _("campaign cancelled")

    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("campaign"),
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
    )
    message = models.OneToOneField(
        Message,
        verbose_name=_("mail"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delivery",
    )
    excluded = models.CharField(_("not sent because"), max_length=12, choices=Excluded, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "contact"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(message=None) | Q(excluded=""), name="delivery_sent_or_excluded"
            ),
        ]

    def __str__(self):
        return f"{self.campaign} → {self.contact}"
