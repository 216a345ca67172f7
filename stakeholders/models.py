"""The register of the quadruple helix, ideas with their contributors, subscriptions."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from programme.models import Municipality, Named, Sourced, Theme, Workstream


class Helix(models.TextChoices):
    """The four groups of the quadruple helix."""

    PUBLIC = "public", _("public partner")
    PRIVATE = "private", _("private partner")
    ACADEMIA = "academia", _("academia")
    CIVIL_SOCIETY = "civil_society", _("civil society")


class OrganisationQuerySet(VisibleQuerySet):
    """Organisations by their search fields and their consent to be shown."""

    search_translated = ("name", "short_name")
    search_plain = ("former_names",)

    def public(self):
        """Return the organisations that anybody may see."""
        return self.filter(is_listed=True)


class Organisation(Named, Sourced, Demo):
    """A body of the quadruple helix."""

    class Level(models.TextChoices):
        """Level of a public body."""

        REGION = "region", _("regional")
        UTILITY = "utility", _("utility company")
        LOCAL = "local", _("local")
        FEDERAL = "federal", _("federal")

    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    helix = models.CharField(_("helix group"), max_length=20, choices=Helix)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    former_names = models.TextField(_("former names"), blank=True)
    is_listed = models.BooleanField(_("shown to the public"), default=False)

    public_optional = ("short_name",)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        constraints = [
            bilingual("organisation_bilingual", ["name"], optional=["short_name"]),
            models.CheckConstraint(
                condition=Q(helix__in=Helix.values), name="organisation_helix_known"
            ),
        ]


class Contact(models.Model):
    """One person, whatever the role: contributor, juror, board member, subscriber."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contact",
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="contact_one_per_address",
                condition=~Q(email=""),
            ),
        ]

    def __str__(self):
        return self.name or self.email or str(_("author removed"))


class IdeaStatus(models.TextChoices):
    """States of an idea; the codes are fixed."""

    SUBMITTED = "submitted", _("waiting for confirmation")
    RECEIVED = "received", _("received")
    INFO_REQUESTED = "info_requested", _("question asked")
    PUBLISHED = "published", _("published")
    UNDER_REVIEW = "under_review", _("under review")
    ANSWERED = "answered", _("answered")
    MERGED = "merged", _("merged")
    WITHDRAWN = "withdrawn", _("withdrawn")
    NOT_ADMISSIBLE = "not_admissible", _("not admissible")
    HIDDEN = "hidden", _("hidden")
    ARCHIVED = "archived", _("archived")


class IdeaOutcome(models.TextChoices):
    """What the official answer says."""

    ACCEPTED = "accepted", _("accepted")
    ACCEPTED_IN_PART = "accepted_in_part", _("accepted in part")
    FORWARDED = "forwarded", _("forwarded")
    DECLINED = "declined", _("declined")


#: Moderation is over and the page exists; merged and withdrawn ones keep it and say so.
PUBLIC_IDEA = frozenset(
    {
        IdeaStatus.PUBLISHED,
        IdeaStatus.UNDER_REVIEW,
        IdeaStatus.ANSWERED,
        IdeaStatus.MERGED,
        IdeaStatus.WITHDRAWN,
        IdeaStatus.ARCHIVED,
    }
)


class IdeaQuerySet(VisibleQuerySet):
    """Ideas by who may see them."""

    search_plain = ("title", "body", "reference")

    def in_moderation(self):
        """Return what waits for a moderator, oldest first."""
        return self.filter(status=Idea.Status.RECEIVED).order_by("received_at")


class Idea(Demo):
    """What somebody proposes, in their own words and language.

    The status says moderation and answer, nothing else; how far the idea came is computed from the
    trace. The reference is public, the secret is the tracking link.
    """

    class SubmitterType(models.TextChoices):
        """Who speaks."""

        PERSON = "person", _("a person")
        ORGANISATION = "organisation", _("an organisation")

    class Display(models.TextChoices):
        """How the author is named in public."""

        ANONYMOUS = "anonymous", _("anonymous")
        NAME = "name", _("by name")
        ORGANISATION = "organisation", _("by organisation")

    Status = IdeaStatus
    Outcome = IdeaOutcome

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("idea"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    expected_benefit = models.TextField(_("expected benefit"), blank=True)
    theme = models.ForeignKey(Theme, verbose_name=_("theme"), on_delete=models.PROTECT)
    workstream = models.ForeignKey(
        Workstream,
        verbose_name=_("priority workstream"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ideas",
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    submitter_type = models.CharField(
        _("who speaks"),
        max_length=20,
        choices=SubmitterType,
        default=SubmitterType.PERSON,
    )
    helix = models.CharField(_("helix group"), max_length=20, choices=Helix, blank=True)
    organisation_claimed = models.CharField(
        _("organisation"), max_length=200, blank=True
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation, verified"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ideas",
    )
    display = models.CharField(
        _("author shown"), max_length=20, choices=Display, default=Display.ANONYMOUS
    )
    display_text = models.CharField(_("name shown"), max_length=200, blank=True)
    #: What the Office adds in the other languages, labelled as its own summary (not the author's).
    staff_summary = models.TextField(_("summary by the Office"), blank=True)
    answer = models.TextField(_("official answer"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status,
        default=Status.SUBMITTED,
        db_index=True,
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duplicates",
    )
    public_note = models.TextField(_("reason told"), blank=True)
    submitted_at = models.DateTimeField(_("sent"), default=timezone.now)
    received_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    chain_stage = 1
    public_fields = ("answer",)
    PUBLIC_STATES = PUBLIC_IDEA

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-submitted_at"], name="idea_by_status")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=IdeaStatus.values), name="idea_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=IdeaStatus.SUBMITTED) | Q(reference__isnull=False),
                name="idea_confirmed_has_reference",
            ),
            models.CheckConstraint(
                condition=~Q(status=IdeaStatus.ANSWERED) | ~Q(outcome=""),
                name="idea_answer_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status=IdeaStatus.MERGED) | Q(duplicate_of__isnull=False),
                name="idea_merged_into_another",
            ),
            bilingual(
                "idea_answer_bilingual", ["answer"], states=[IdeaStatus.ANSWERED]
            ),
        ]

    def __str__(self):
        return f"{self.reference or '—'} {self.title}"

    def get_absolute_url(self):
        """Return the public address, known once there is a reference."""
        return reverse("stakeholders:idea-detail", args=[self.reference])


class Submission(models.Model):
    """Who contributed to an idea. Erasure takes this row and leaves the idea."""

    class Channel(models.TextChoices):
        """How it came; all have the same rights."""

        WEB = "web", _("web form")
        PAPER = "paper", _("paper")
        PHONE = "phone", _("phone")
        DESK = "desk", _("desk")
        MEETING = "meeting", _("meeting")

    idea = models.ForeignKey(
        Idea,
        verbose_name=_("idea"),
        on_delete=models.PROTECT,
        related_name="submissions",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.CASCADE,
        related_name="submissions",
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel, default=Channel.WEB
    )
    email_verified_at = models.DateTimeField(
        _("address confirmed"), null=True, blank=True
    )
    notify = models.BooleanField(_("wants to be told"), default=True)
    consent_version = models.CharField(_("text agreed to"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.UniqueConstraint(fields=["idea", "contact"], name="submission_once"),
        ]

    def __str__(self):
        return f"{self.contact} → {self.idea}"


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
            models.UniqueConstraint(
                fields=["contact", "topic"], name="subscription_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=SubscriptionState.values),
                name="subscription_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=SubscriptionState.ACTIVE)
                | Q(confirmed_at__isnull=False),
                name="subscription_active_is_confirmed",
            ),
        ]

    def __str__(self):
        return f"{self.contact} · {self.topic}"


class ConsentEvent(models.Model):
    """The ledger of consent: append-only, without the address (only a keyed hash of it)."""

    class Event(models.TextChoices):
        """What happened."""

        REQUESTED = "requested", _("asked")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ERASED = "erased", _("erased")

    address_hmac = models.CharField(max_length=64, db_index=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT)
    event = models.CharField(max_length=12, choices=Event)
    wording_version = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    source = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent ledger")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.event} {self.at:%Y-%m-%d}"
