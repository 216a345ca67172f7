"""Bodies, mandates, meetings and decisions: one model each for board, jury and Government."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from programme.models import Named, NamedQuerySet
from stakeholders.models import Contact, Helix


class Body(Named, Demo):
    """A board, the jury, the Government, a steering committee or a working group."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        BOARD = "board", _("Governance Board")
        JURY = "jury", _("jury")
        GOVERNMENT = "government", _("Government")
        STEERING = "steering", _("steering committee")
        WORKING_GROUP = "working_group", _("working group")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    code = models.CharField(_("code in numbers"), max_length=8, unique=True)
    mission = models.TextField(_("mission"), blank=True)

    public_optional = ("mission",)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["kind", "slug"]
        constraints = [bilingual("body_bilingual", ["name"], optional=["mission"])]

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("governance:body-detail", args=[self.slug])


class Mandate(Translated, Demo):
    """A person's place in a body, told to the public as a role, not as a name."""

    class Rank(models.TextChoices):
        """Effective member, substitute, or expert without a vote."""

        EFFECTIVE = "effective", _("effective member")
        SUBSTITUTE = "substitute", _("substitute")
        EXPERT = "expert", _("expert without a vote")

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="mandates"
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="mandates",
    )
    title = models.CharField(_("role"), max_length=200)
    rank = models.CharField(
        _("rank"), max_length=12, choices=Rank, default=Rank.EFFECTIVE
    )
    helix = models.CharField(_("helix group"), max_length=20, choices=Helix, blank=True)
    votes = models.BooleanField(_("has a vote"), default=True)
    chairs = models.BooleanField(_("chairs"), default=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    public_fields = ("title",)

    objects = NamedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["body", "-chairs", "rank", "pk"]
        constraints = [
            bilingual("mandate_bilingual", ["title"]),
            models.UniqueConstraint(
                fields=["body", "contact", "starts_on"], name="mandate_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="mandate_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(rank="expert") | Q(votes=False),
                name="mandate_expert_has_no_vote",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.body})"


class MeetingStatus(models.TextChoices):
    """Life of a meeting."""

    DRAFT = "draft", _("in preparation")
    CONVENED = "convened", _("convened")
    IN_PROGRESS = "in_progress", _("in session")
    CLOSED = "closed", _("held")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


PUBLIC_MEETING = frozenset(MeetingStatus) - {MeetingStatus.DRAFT}


class MeetingQuerySet(VisibleQuerySet):
    """Meetings by their titles."""

    search_translated = ("title",)


class Meeting(Translated, Demo):
    """A meeting of a body."""

    Status = MeetingStatus

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="meetings"
    )
    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("start"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    minutes = models.TextField(_("public minutes"), blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=MeetingStatus, default=MeetingStatus.DRAFT
    )

    public_fields = ("title",)
    public_optional = ("place", "minutes")
    PUBLIC_STATES = PUBLIC_MEETING

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        constraints = [
            bilingual(
                "meeting_bilingual",
                ["title"],
                optional=["place", "minutes"],
                states=PUBLIC_MEETING,
            ),
            models.CheckConstraint(
                condition=Q(status__in=MeetingStatus.values),
                name="meeting_status_known",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("governance:meeting-detail", args=[self.number])


class AgendaItem(Translated):
    """A point on the agenda; what is for members only never reaches the public page."""

    class Kind(models.TextChoices):
        """What is asked of the body."""

        INFORMATION = "information", _("for information")
        CONSULTATION = "consultation", _("for consultation")
        DECISION = "decision", _("for decision")
        APPROVAL = "approval", _("approval of the minutes")
        AOB = "aob", _("any other business")

    class Audience(models.TextChoices):
        """Who reads it."""

        PUBLIC = "public", _("public")
        MEMBERS = "members", _("members only")

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="agenda"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=250)
    audience = models.CharField(
        _("audience"), max_length=8, choices=Audience, default=Audience.PUBLIC
    )

    public_fields = ("title",)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["meeting", "number"]
        constraints = [
            bilingual("agendaitem_bilingual", ["title"]),
            models.UniqueConstraint(
                fields=["meeting", "number"], name="agendaitem_number_once"
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class DecisionStatus(models.TextChoices):
    """Life of a decision."""

    PROPOSED = "proposed", _("proposed")
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("rejected")
    DEFERRED = "deferred", _("deferred")
    WITHDRAWN = "withdrawn", _("withdrawn")
    IMPLEMENTED = "implemented", _("implemented")
    RESCINDED = "rescinded", _("rescinded")
    SUPERSEDED = "superseded", _("superseded")


#: Once taken, whatever happens to it later, it stays readable.
PUBLIC_DECISION = frozenset(DecisionStatus) - {
    DecisionStatus.PROPOSED,
    DecisionStatus.WITHDRAWN,
}


class DecisionQuerySet(VisibleQuerySet):
    """Decisions by their texts."""

    search_translated = ("title", "text")
    search_plain = ("number",)


class Decision(Translated, Demo):
    """What a body decided, with its reasons in fact and in law (law of 29 July 1991)."""

    class Kind(models.TextChoices):
        """What sort of act it is."""

        ADVICE = "advice", _("opinion")
        DECISION = "decision", _("decision")
        RECOMMENDATION = "recommendation", _("recommendation")

    Status = DecisionStatus

    number = models.CharField(_("number"), max_length=30, unique=True)
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting"),
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    kind = models.CharField(
        _("kind"), max_length=15, choices=Kind, default=Kind.DECISION
    )
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("text"))
    reasons = models.TextField(_("reasons"), blank=True)
    decided_on = models.DateField(_("taken on"), null=True, blank=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=DecisionStatus,
        default=DecisionStatus.PROPOSED,
    )

    chain_stage = 4
    public_fields = ("title", "text", "reasons")
    PUBLIC_STATES = PUBLIC_DECISION

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_on", "-number"]
        constraints = [
            bilingual(
                "decision_bilingual",
                ["title", "text", "reasons"],
                states=PUBLIC_DECISION,
            ),
            models.CheckConstraint(
                condition=Q(status__in=DecisionStatus.values),
                name="decision_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(PUBLIC_DECISION))
                | Q(decided_on__isnull=False),
                name="decision_taken_has_date",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        """Return the address of the page; the number holds a slash, so the key leads."""
        return reverse(
            "governance:decision-detail", args=[self.number.replace("/", "-")]
        )


class ActionItem(models.Model):
    """Something to be done after a decision: one owner, one date. Overdue is computed."""

    class Status(models.TextChoices):
        """Life of an action."""

        OPEN = "open", _("open")
        IN_PROGRESS = "in_progress", _("in progress")
        BLOCKED = "blocked", _("blocked")
        DONE = "done", _("done")
        VERIFIED = "verified", _("verified")
        CANCELLED = "cancelled", _("cancelled")

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="actions"
    )
    title = models.CharField(_("title"), max_length=250)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner_role = models.CharField(_("owner"), max_length=120, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.OPEN
    )
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.title
