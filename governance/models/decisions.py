"""Decisions with their reasons, and the actions that follow from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.permissions import reads_everything
from core.publication import bilingual
from core.search import search_index
from governance.kinds import RECORDERS, kinds_for

from .meetings import OPENED_MEETING, Meeting


class DecisionStatus(models.TextChoices):
    """Life of a decision."""

    PROPOSED = "proposed", pgettext_lazy("decision", "proposed")
    ADOPTED = "adopted", pgettext_lazy("decision", "adopted")
    REJECTED = "rejected", pgettext_lazy("decision", "rejected")
    DEFERRED = "deferred", pgettext_lazy("decision", "deferred")
    WITHDRAWN = "withdrawn", pgettext_lazy("decision", "withdrawn")
    IMPLEMENTED = "implemented", pgettext_lazy("decision", "implemented")
    RESCINDED = "rescinded", pgettext_lazy("decision", "rescinded")
    SUPERSEDED = "superseded", pgettext_lazy("decision", "superseded")


#: Once taken, whatever happens to it later, it stays readable.
PUBLIC_DECISION = frozenset(DecisionStatus) - {DecisionStatus.PROPOSED, DecisionStatus.WITHDRAWN}
ENDED_DECISION = frozenset({DecisionStatus.RESCINDED, DecisionStatus.SUPERSEDED})

#: `GB-2026-03/D2` stands in an address as `GB-2026-03-D2`.
ADDRESS = Replace(F("number"), Value("/"), Value("-"))


class DecisionQuerySet(VisibleQuerySet):
    """Decisions by their texts, their address and who records them."""

    search_translated = ("title", "text")
    search_plain = ("number",)

    def visible_to(self, user):
        """Return those taken, and proposed ones for whoever records for such a body."""
        if reads_everything(user):
            return self
        mine = Q(meeting__body__kind__in=kinds_for(user, RECORDERS))
        return self.filter(Q(status__in=sorted(PUBLIC_DECISION)) | mine)

    def at_address(self, slug: str):
        """Return the decision whose number reads ``slug`` in an address."""
        return self.alias(address=ADDRESS).filter(address=slug)

    def adopted(self):
        """Return what was adopted, carried out since or not."""
        return self.filter(status__in=[DecisionStatus.ADOPTED, DecisionStatus.IMPLEMENTED])

    def to_record(self):
        """Return what was proposed to a meeting that has begun and has no outcome yet."""
        return self.filter(
            status=DecisionStatus.PROPOSED, meeting__status__in=sorted(OPENED_MEETING)
        )


class Decision(Translated, Demo):
    """What a body decided, with its reasons in fact and in law (law of 29 July 1991)."""

    class Kind(models.TextChoices):
        """What sort of act it is."""

        ADVICE = "advice", _("opinion")
        DECISION = "decision", _("decision")
        RECOMMENDATION = "recommendation", _("recommendation")

    Status = DecisionStatus

    number = models.CharField(
        _("number"), max_length=30, unique=True, help_text=_("For example GB-2026-03/D2.")
    )
    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="decisions"
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.DECISION)
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("text"))
    reasons = models.TextField(_("reasons"), blank=True)
    decided_on = models.DateField(_("taken on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "self",
        verbose_name=_("rescinded or superseded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ends",
    )
    status = models.CharField(
        _("status"), max_length=12, choices=DecisionStatus, default=DecisionStatus.PROPOSED
    )

    chain_stage = 4
    public_fields = ("title", "text", "reasons")
    PUBLIC_STATES = PUBLIC_DECISION

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_on", "-number"]
        indexes = [search_index("decision", DecisionQuerySet)]
        constraints = [
            bilingual("decision_bilingual", ["title", "text", "reasons"], states=PUBLIC_DECISION),
            models.UniqueConstraint(ADDRESS, name="decision_address_once"),
            models.CheckConstraint(
                condition=Q(status__in=DecisionStatus.values), name="decision_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(PUBLIC_DECISION)) | Q(decided_on__isnull=False),
                name="decision_taken_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(ENDED_DECISION)) | Q(ended_by__isnull=False),
                name="decision_ended_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | ~Q(ended_by=F("pk")),
                name="decision_not_ended_by_itself",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("governance:decision-detail", args=[self.slug])

    @property
    def slug(self) -> str:
        """The number as it stands in an address."""
        return self.number.replace("/", "-")


class ActionStatus(models.TextChoices):
    """Life of an action."""

    OPEN = "open", pgettext_lazy("action", "open")
    IN_PROGRESS = "in_progress", pgettext_lazy("action", "in progress")
    BLOCKED = "blocked", pgettext_lazy("action", "blocked")
    DONE = "done", pgettext_lazy("action", "done")
    VERIFIED = "verified", pgettext_lazy("action", "verified")
    CANCELLED = "cancelled", pgettext_lazy("action", "cancelled")


#: Somebody still has to do something.
PENDING_ACTION = frozenset({ActionStatus.OPEN, ActionStatus.IN_PROGRESS, ActionStatus.BLOCKED})


class ActionQuerySet(VisibleQuerySet):
    """Actions by what remains to be done."""

    search_translated = ("title",)

    def visible_to(self, user):
        """Return the actions of the decisions that ``user`` may see."""
        return self.filter(decision__in=Decision.objects.visible_to(user))

    def pending(self):
        """Return those that are not done."""
        return self.filter(status__in=sorted(PENDING_ACTION))

    def overdue(self, today):
        """Return those that are not done although their day has passed."""
        return self.pending().filter(due_on__lt=today)


class ActionItem(Translated, Demo):
    """Something to be done after a decision: one owner, one date. Overdue is computed."""

    Status = ActionStatus

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="actions"
    )
    title = models.CharField(_("title"), max_length=250)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user in charge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner_role = models.CharField(
        _("owner"), max_length=120, blank=True, help_text=_("A role, not the name of a person.")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=ActionStatus, default=ActionStatus.OPEN
    )

    public_fields = ("title",)
    public_optional = ("owner_role",)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "pk"]
        indexes = [search_index("action", ActionQuerySet)]
        constraints = [
            bilingual("actionitem_bilingual", ["title"], optional=["owner_role"]),
            models.CheckConstraint(
                condition=Q(status__in=ActionStatus.values), name="actionitem_status_known"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the place of the action on the page of its decision."""
        return f"{self.decision.get_absolute_url()}#action-{self.pk}"

    @property
    def is_overdue(self) -> bool:
        """Tell whether it is not done although its day has passed."""
        today = timezone.localdate()
        return self.status in PENDING_ACTION and self.due_on is not None and self.due_on < today
