"""Ideas, who contributed to them, and what the Office asks about them."""

import re
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index
from programme.models import Municipality, Theme, Workstream

from .organisations import Helix, Organisation
from .people import Contact

#: Which keys an idea is found by follows its title; see `IdeaKey` and SQL `title_keys`.
KEYS_FOLLOW_THE_TITLE = """
DELETE FROM stakeholders_ideakey WHERE idea_id = NEW.id AND key NOT LIKE '#%';
INSERT INTO stakeholders_ideakey (idea_id, key)
SELECT NEW.id, key FROM title_keys(NEW.title, NEW.language) AS key;
RETURN NULL;
"""


class IdeaStatus(models.TextChoices):
    """States of an idea; the codes are fixed."""

    SUBMITTED = "submitted", pgettext_lazy("idea", "waiting for confirmation")
    RECEIVED = "received", pgettext_lazy("idea", "received")
    INFO_REQUESTED = "info_requested", pgettext_lazy("idea", "question asked")
    PUBLISHED = "published", pgettext_lazy("idea", "published")
    UNDER_REVIEW = "under_review", pgettext_lazy("idea", "under review")
    ANSWERED = "answered", pgettext_lazy("idea", "answered")
    MERGED = "merged", pgettext_lazy("idea", "merged")
    WITHDRAWN = "withdrawn", pgettext_lazy("idea", "withdrawn")
    NOT_ADMISSIBLE = "not_admissible", pgettext_lazy("idea", "not admissible")
    HIDDEN = "hidden", pgettext_lazy("idea", "hidden")
    ARCHIVED = "archived", pgettext_lazy("idea", "archived")


class IdeaOutcome(models.TextChoices):
    """What the official answer says."""

    ACCEPTED = "accepted", pgettext_lazy("idea", "accepted")
    ACCEPTED_IN_PART = "accepted_in_part", pgettext_lazy("idea", "accepted in part")
    FORWARDED = "forwarded", pgettext_lazy("idea", "forwarded")
    DECLINED = "declined", pgettext_lazy("idea", "declined")


class WithdrawalReason(models.TextChoices):
    """Why somebody takes an idea back; the page of the idea says it."""

    SOLVED = "solved", _("the need was met in another way")
    CHANGED = "changed", _("the situation has changed")
    MISTAKE = "mistake", _("sent by mistake")
    NOT_CARRIED = "not_carried", _("nobody carries the idea any more")


class RefusalReason(models.TextChoices):
    """Why an idea is not admissible; told to its contributors only."""

    PRIVATE_MATTER = "private_matter", _("a private matter")
    OUT_OF_SCOPE = "out_of_scope", _("outside the powers of the Region")
    UNLAWFUL = "unlawful", _("unlawful or offensive")
    PERSONAL_DATA = "personal_data", _("names a person")
    ADVERTISING = "advertising", _("advertising")
    UNCLEAR = "unclear", _("too unclear to be answered")


#: How a reference is written, whatever its case.
REFERENCE = re.compile(r"[a-z]+-\d+-\d+", re.IGNORECASE)
#: Moderation is over and the page exists.
PUBLIC_IDEA = frozenset(
    {
        IdeaStatus.PUBLISHED,
        IdeaStatus.UNDER_REVIEW,
        IdeaStatus.ANSWERED,
        IdeaStatus.MERGED,
    }
)
#: The page exists if moderation had let the idea through before.
PUBLIC_ONCE_PUBLISHED = frozenset(
    {IdeaStatus.INFO_REQUESTED, IdeaStatus.WITHDRAWN, IdeaStatus.ARCHIVED}
)
#: The page exists, but the idea goes on elsewhere or not at all.
CLOSED_IDEA = frozenset({IdeaStatus.MERGED, IdeaStatus.WITHDRAWN, IdeaStatus.ARCHIVED})

#: The idea goes on: it can be the same as another one.
PENDING_IDEA = frozenset(
    {
        IdeaStatus.RECEIVED,
        IdeaStatus.INFO_REQUESTED,
        IdeaStatus.PUBLISHED,
        IdeaStatus.UNDER_REVIEW,
        IdeaStatus.ANSWERED,
    }
)


class IdeaQuerySet(VisibleQuerySet):
    """Ideas by who may see them."""

    search_translated = ("staff_summary",)
    search_plain = ("title", "body", "reference")

    def public(self):
        """Return the ideas that have a public page."""
        return self.filter(
            Q(status__in=PUBLIC_IDEA)
            | Q(status__in=PUBLIC_ONCE_PUBLISHED, published_at__isnull=False)
        )

    def current(self):
        """Leave out what was merged, withdrawn or archived: the list without a question."""
        return self.exclude(status__in=CLOSED_IDEA)

    def in_moderation(self):
        """Return what waits for a moderator, oldest first."""
        return self.filter(status=IdeaStatus.RECEIVED).order_by("received_at")

    def without_answer(self):
        """Return the public ideas that the Office has still to answer, oldest first."""
        waiting = (IdeaStatus.PUBLISHED, IdeaStatus.UNDER_REVIEW)
        return self.filter(status__in=waiting).order_by("received_at")

    def newest_first(self, query: str = ""):
        """Order by publication; an idea whose reference is ``query`` comes first.

        Only what looks like a reference is looked for: without that the order is an index.
        """
        newest = (F("published_at").desc(nulls_last=True), "-pk")
        if not REFERENCE.fullmatch(query.strip()):
            return self.order_by(*newest)
        exact = Case(When(reference__iexact=query.strip(), then=Value(0)), default=Value(1))
        return self.order_by(exact, *newest)


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

    uuid = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, verbose_name=_("technical key")
    )
    reference = models.CharField(_("reference"), max_length=20, unique=True, null=True, blank=True)
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
    organisation_claimed = models.CharField(_("organisation"), max_length=200, blank=True)
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
    #: The exchange in which it was raised.
    raised_in = models.ForeignKey(
        "stakeholders.Interaction",
        verbose_name=_("raised during"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ideas",
    )
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duplicates",
    )
    #: The idea of which this one was a part, before the Office separated the two.
    split_from = models.ForeignKey(
        "self",
        verbose_name=_("separated from"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    closing_reason = models.CharField(
        _("reason"),
        max_length=20,
        choices=[*WithdrawalReason.choices, *RefusalReason.choices],
        blank=True,
    )
    #: Why it ended, in the Office's words: on the page, or to the contributors where it has none.
    public_note = models.TextField(_("explanation"), blank=True)
    #: Where whoever sent what is not admissible can turn to; told to the contributors only.
    instead = models.TextField(_("where to go instead"), blank=True)
    #: The contributor's own words; not shown to the public.
    withdrawal_words = models.TextField(_("explanation of the contributor"), blank=True)
    submitted_at = models.DateTimeField(_("sent"), default=timezone.now)
    received_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    #: Set where everybody who sent it was erased: the idea stays, without them.
    author_removed_at = models.DateTimeField(_("author removed on"), null=True, blank=True)

    chain_stage = 1
    public_fields = ("answer",)
    public_optional = ("public_note", "instead")
    PUBLIC_STATES = PUBLIC_IDEA | PUBLIC_ONCE_PUBLISHED

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            search_index("idea", IdeaQuerySet),
            models.Index(fields=["status", "-submitted_at"], name="idea_by_status"),
            models.Index(
                F("published_at").desc(nulls_last=True), F("id").desc(), name="idea_newest"
            ),
            # All that the count of the public list asks for, so that it reads no idea.
            models.Index(fields=["status", "published_at"], name="idea_public"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keys_follow_title",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("title", "language"),
                func=KEYS_FOLLOW_THE_TITLE,
            ),
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
            models.CheckConstraint(
                condition=~Q(split_from=F("id")) & ~Q(duplicate_of=F("id")),
                name="idea_not_of_itself",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[IdeaStatus.WITHDRAWN, IdeaStatus.NOT_ADMISSIBLE])
                | ~Q(closing_reason=""),
                name="idea_closed_with_reason",
            ),
            bilingual("idea_answer_bilingual", ["answer"], states=[IdeaStatus.ANSWERED]),
            bilingual("idea_note_bilingual", [], optional=["public_note"]),
            bilingual("idea_instead_bilingual", [], optional=["instead"]),
        ]

    def __str__(self):
        return f"{self.reference or '—'} {self.title}"

    def get_absolute_url(self):
        """Return the public address, known once there is a reference."""
        return reverse("stakeholders:idea-detail", args=[self.reference])

    @property
    def is_public(self) -> bool:
        """Tell whether anybody may see the page (the same rule as `IdeaQuerySet.public`)."""
        once = self.status in PUBLIC_ONCE_PUBLISHED and self.published_at is not None
        return self.status in PUBLIC_IDEA or once

    @property
    def is_answered(self) -> bool:
        """Tell whether the official answer was published (a draft of it is nobody's business)."""
        return self.answered_at is not None

    @property
    def author(self) -> str:
        """Name the author as they wished to be named."""
        if self.author_removed_at is not None:
            return str(_("author removed"))
        if self.display == self.Display.ANONYMOUS:
            return str(_("anonymous"))
        if self.display == self.Display.ORGANISATION and self.organisation:
            return str(self.organisation)
        return self.display_text or str(_("anonymous"))

    @property
    def author_language(self) -> str:
        """Return the language of `author` where these are the author's own words, else ""."""
        if self.display == self.Display.ANONYMOUS or not self.display_text:
            return ""
        if self.display == self.Display.ORGANISATION and self.organisation:
            return ""
        return self.language


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
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    email_verified_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    language = models.CharField(
        _("language of our mails"), max_length=2, choices=settings.LANGUAGES, default="fr"
    )
    notify = models.BooleanField(_("wants to be told"), default=True)
    consent_version = models.CharField(_("text agreed to"), max_length=40, blank=True)
    #: Set where the person contributed to an idea that was merged into this one.
    via = models.ForeignKey(
        Idea,
        verbose_name=_("through the merged idea"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.UniqueConstraint(fields=["idea", "contact"], name="submission_once"),
        ]

    def __str__(self):
        return f"{self.contact} → {self.idea}"


class IdeaQuestion(models.Model):
    """What the Office asks the contributors, in their language, and their reply. Not public."""

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="questions"
    )
    text = models.TextField(_("question"))
    asked_from = models.CharField(_("asked while"), max_length=20, choices=IdeaStatus)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    reply = models.TextField(_("reply"), blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)

    class Meta:
        verbose_name = _("question to the contributors")
        verbose_name_plural = _("questions to the contributors")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["idea"],
                condition=Q(replied_at__isnull=True),
                name="idea_one_open_question",
            ),
        ]

    def __str__(self):
        return f"{self.idea.reference} {self.text[:60]}"


class ReferenceSeries(models.Model):
    """The last number given in a year; its row is locked while a number is taken."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of references")
        verbose_name_plural = _("series of references")

    def __str__(self):
        return f"{self.year}: {self.last}"
