"""Campaigns: a text in two languages at least, approved by a second person, sent once."""

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index
from stakeholders.models import Topic

from .block_kinds import lacking
from .plans import CommunicationPlan
from .segments import Segment


class CampaignStatus(models.TextChoices):
    """Life of a campaign."""

    DRAFT = "draft", pgettext_lazy("campaign", "draft")
    IN_REVIEW = "in_review", pgettext_lazy("campaign", "in review")
    APPROVED = "approved", pgettext_lazy("campaign", "approved")
    SCHEDULED = "scheduled", pgettext_lazy("campaign", "planned")
    FREEZING = "freezing", pgettext_lazy("campaign", "list being frozen")
    HELD = "held", pgettext_lazy("campaign", "waits: its audience has changed")
    SENDING = "sending", pgettext_lazy("campaign", "being sent")
    PAUSED = "paused", pgettext_lazy("campaign", "paused")
    FINISHED = "finished", pgettext_lazy("campaign", "sent")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "cancelled")
    MISSED = "missed", pgettext_lazy("campaign", "not sent in time")


class Layout(models.TextChoices):
    """How a mail is laid out: one of the house."""

    LETTER = "letter", _("letter: text, then blocks")
    NEWS = "news", _("news: what is in it first, each block by itself")
    INVITATION = "invitation", _("invitation: date, place and button first")


CAMPAIGN_TEXTS = ("subject", "preheader", "body")
#: The two lists that narrow the audience.
SEGMENT_LISTS = ("segments", "excluded_segments")
PUBLIC_CAMPAIGN = frozenset({CampaignStatus.FINISHED})
#: States that only an approved text reaches.
APPROVED_STATES = [
    *("approved", "scheduled", "freezing", "held", "sending", "paused", "finished", "missed"),
]


#: No raw statement approves a campaign of which a block lacks words.
BLOCKS_ARE_COMPLETE = f"""
IF NEW.status IN ({", ".join(f"'{each}'" for each in APPROVED_STATES)})
   AND EXISTS (
     SELECT 1 FROM campaigns_block AS block
     WHERE block.campaign_id = NEW.id AND ({lacking("block")})
   ) THEN
  RAISE EXCEPTION 'A block of campaign % lacks French or Dutch', NEW.id
    USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


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
    segments = models.ManyToManyField(
        Segment,
        verbose_name=_("only these segments"),
        blank=True,
        related_name="campaigns",
        help_text=_("Subscribers of the topic who are in one of them at least. None: all of them."),
    )
    excluded_segments = models.ManyToManyField(
        Segment,
        verbose_name=_("without these segments"),
        blank=True,
        related_name="excluded_from",
        help_text=_("Whoever is in one of them gets nothing."),
    )
    subject = models.CharField(_("subject"), max_length=150)
    preheader = models.CharField(_("first line"), max_length=200, blank=True)
    body = models.TextField(_("text"), help_text=_("Markdown: paragraphs, lists, links, **bold**."))
    layout = models.CharField(_("layout"), max_length=10, choices=Layout, default=Layout.LETTER)
    counts_clicks = models.BooleanField(
        _("count clicks"),
        default=True,
        help_text=_("How often each link was opened in total, never by whom nor when."),
    )
    #: Goes up with every change of text or blocks, so that two writers do not overlook each other.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
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
    #: Hash of the audience that was approved, and how many people it had that day. Both are empty
    #: for what was approved before there were segments.
    approved_audience_hash = models.CharField(
        max_length=64, blank=True, default="", verbose_name=_("fingerprint of the audience")
    )
    approved_count = models.PositiveIntegerField(
        _("people in the approved audience"), null=True, blank=True, editable=False
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT
    )
    send_at = models.DateTimeField(_("to be sent at"), null=True, blank=True)
    not_after = models.DateTimeField(
        _("not after"),
        null=True,
        blank=True,
        help_text=_("What could not begin by then is not sent: somebody decides anew."),
    )
    rate_per_minute = models.PositiveIntegerField(
        _("mails a minute"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("For example 600, that is ten a second. Empty: as fast as the server takes."),
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    #: Of whom the list was made, when it was frozen: candidate = prepared + excluded.
    candidates = models.PositiveIntegerField(_("considered"), null=True, editable=False)
    prepared = models.PositiveIntegerField(_("on the frozen list"), null=True, editable=False)
    excluded = models.PositiveIntegerField(_("left out of the list"), null=True, editable=False)
    #: What the mail server said when it last refused all our mail, and when.
    trouble = models.CharField(_("trouble"), max_length=500, blank=True, default="")
    trouble_at = models.DateTimeField(_("trouble since"), null=True, blank=True)

    public_fields = CAMPAIGN_TEXTS
    PUBLIC_STATES = PUBLIC_CAMPAIGN

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-pk"]
        indexes = [search_index("campaign", CampaignQuerySet)]
        triggers = [
            pgtrigger.Trigger(
                name="blocks_are_complete",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                func=BLOCKS_ARE_COMPLETE,
            )
        ]
        constraints = [
            bilingual(
                "campaign_bilingual",
                CAMPAIGN_TEXTS,
                states=APPROVED_STATES,
            ),
            models.CheckConstraint(
                condition=Q(status__in=CampaignStatus.values),
                name="campaign_status_known",
            ),
            models.CheckConstraint(
                condition=Q(layout__in=Layout.values), name="campaign_layout_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=APPROVED_STATES)
                | (Q(approved_by__isnull=False) & ~Q(approved_hash="")),
                name="campaign_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("created_by")),
                name="campaign_second_pair_of_eyes",
            ),
            models.CheckConstraint(
                condition=Q(approved_audience_hash="", approved_count=None)
                | (
                    ~Q(approved_audience_hash="")
                    & Q(approved_count__isnull=False, approved_count__gt=0)
                ),
                name="campaign_audience_approved_with_count",
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(approved_count__isnull=False),
                name="campaign_held_has_count",
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(send_at__isnull=False),
                name="campaign_scheduled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(send_at=None) | Q(not_after=None) | Q(not_after__gt=F("send_at")),
                name="campaign_not_after_is_later",
                violation_error_message=_("The latest time is before the planned one."),
            ),
            models.CheckConstraint(
                condition=Q(rate_per_minute=None) | Q(rate_per_minute__gt=0),
                name="campaign_rate_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(candidates=None) | Q(candidates=F("prepared") + F("excluded")),
                name="campaign_counts_add_up",
            ),
        ]

    def __str__(self):
        return self.subject or self.slug

    def get_absolute_url(self):
        """Return the address in the archive."""
        return reverse("campaigns:campaign-detail", args=[self.slug])
