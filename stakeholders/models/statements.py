"""What the Office decides about an idea (internal), says in public, and whether that helped."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.publication import bilingual, filled
from core.search import TrilingualSearch

from .edits import OfficeQuerySet
from .ideas import Idea, IdeaOutcome, Submission


class StatementKind(models.TextChoices):
    """What the Office says about an idea."""

    ACKNOWLEDGEMENT = "acknowledgement", pgettext_lazy("statement", "acknowledgement")
    ANSWER = "answer", pgettext_lazy("statement", "answer")
    UPDATE = "update", pgettext_lazy("statement", "update")


class StatementStatus(models.TextChoices):
    """States of a statement; what is published stays."""

    DRAFT = "draft", pgettext_lazy("statement", "draft")
    PROPOSED = "proposed", pgettext_lazy("statement", "proposed")
    PUBLISHED = "published", pgettext_lazy("statement", "published")
    DROPPED = "dropped", pgettext_lazy("statement", "dropped")


class DeclineReason(models.TextChoices):
    """Why an idea is declined; its page says it."""

    NOT_COMPETENT = "not_competent", _("another authority decides")
    EXISTS = "exists", _("it exists already")
    COST = "cost", _("too dear for what it brings")
    LAW = "law", _("the law does not allow it")
    NOT_FEASIBLE = "not_feasible", _("it cannot be done")
    PRIORITY = "priority", _("other priorities now")


#: Still to be written or to be published.
OPEN_STATEMENT = frozenset({StatementStatus.DRAFT, StatementStatus.PROPOSED})


class IdeaDecision(models.Model):
    """What the Office decided about an idea, and why: never public. The newest one holds."""

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.CharField(_("decision"), max_length=20, choices=IdeaOutcome)
    note = models.TextField(_("internal note"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("decided"), default=timezone.now)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal decision")
        verbose_name_plural = _("internal decisions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=IdeaOutcome.values), name="idea_decision_known"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.idea.reference} {self.get_outcome_display()}"


class StatementQuerySet(TrilingualSearch, OfficeQuerySet):
    """Statements by who may see them."""

    def public(self):
        """Return what was published about ideas, the newest first."""
        return self.filter(status=StatementStatus.PUBLISHED).order_by("-published_at", "-pk")

    def open(self):
        """Return what is still to be published."""
        return self.filter(status__in=OPEN_STATEMENT)

    def proposed(self):
        """Return what waits for a second person, the oldest first."""
        return self.filter(status=StatementStatus.PROPOSED).order_by("proposed_at", "pk")

    def answers(self):
        """Return the answers among them."""
        return self.filter(kind=StatementKind.ANSWER)

    def current_answers(self):
        """Return the published answers that no later one replaces."""
        return self.public().answers().filter(superseded_by=None)


class OfficialStatement(models.Model):
    """What the Office says in public about an idea, in French and in Dutch, once two people agreed.

    An answer may be replaced by a later one, which names it; a published text never changes.
    Without persons it was taken over from the time before a second person was asked for.
    """

    Kind = StatementKind
    Status = StatementStatus

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="statements"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=StatementKind)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=StatementStatus,
        default=StatementStatus.DRAFT,
        db_index=True,
    )
    #: What an answer says; the decision stands in `IdeaDecision`, this is its public form.
    outcome = models.CharField(_("outcome"), max_length=20, choices=IdeaOutcome, blank=True)
    reason = models.CharField(
        _("reason for declining"), max_length=20, choices=DeclineReason, blank=True
    )
    #: The body that answers for the text, by its name on the day of publication.
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    instead = models.TextField(_("where to go instead"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed on"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)

    public_fields = ("signatory", "body")
    public_optional = ("instead",)
    PUBLIC_STATES = frozenset({StatementStatus.PUBLISHED})

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("official statement")
        verbose_name_plural = _("official statements")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=StatementStatus.values), name="official_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=StatementKind.ANSWER, outcome__in=IdeaOutcome.values)
                | (
                    Q(kind__in=[StatementKind.ACKNOWLEDGEMENT, StatementKind.UPDATE])
                    & Q(outcome="", supersedes=None)
                ),
                name="official_answer_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(outcome=IdeaOutcome.DECLINED),
                name="official_reason_of_declined",
            ),
            models.CheckConstraint(
                condition=~Q(status=StatementStatus.PROPOSED)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="official_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False, status=StatementStatus.PUBLISHED)
                | (Q(published_at=None, published_by=None) & ~Q(status=StatementStatus.PUBLISHED)),
                name="official_published_has_time",
            ),
            # Four eyes; both empty: taken over.
            models.CheckConstraint(
                condition=~Q(status=StatementStatus.PUBLISHED)
                | Q(published_by=None, proposed_by=None)
                | (
                    Q(published_by__isnull=False, proposed_by__isnull=False)
                    & ~Q(published_by=F("proposed_by"))
                ),
                name="official_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(status=StatementStatus.PUBLISHED, outcome=IdeaOutcome.DECLINED)
                | Q(published_by=None)
                | (~Q(reason="") & filled("instead_fr") & filled("instead_nl")),
                name="official_declined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
                name="official_supersedes_another",
            ),
            bilingual(
                "official_bilingual",
                ["signatory", "body"],
                optional=["instead"],
                states=[StatementStatus.PUBLISHED],
            ),
            models.UniqueConstraint(
                fields=["idea", "kind"],
                condition=Q(status__in=sorted(OPEN_STATEMENT)),
                name="official_one_open",
            ),
            models.UniqueConstraint(
                fields=["idea"],
                condition=Q(
                    status=StatementStatus.PUBLISHED, kind=StatementKind.ANSWER, supersedes=None
                ),
                name="official_one_first_answer",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status=StatementStatus.PUBLISHED.value),
            ),
        ]

    def __str__(self):
        return f"{self.idea.reference} {self.get_kind_display()} · {self.idea.title}"

    @property
    def declines(self) -> bool:
        """Tell whether it declines the idea."""
        return self.outcome == IdeaOutcome.DECLINED


class FeedbackStatus(models.TextChoices):
    """What a contributor said when asked whether an answer helped."""

    ASKED = "asked", pgettext_lazy("feedback", "asked")
    HELPED = "helped", pgettext_lazy("feedback", "it helped")
    REVIEW = "review", pgettext_lazy("feedback", "did not help: to review")
    CLOSED = "closed", pgettext_lazy("feedback", "did not help: reviewed")


#: Whoever was asked has answered.
TOLD = frozenset({FeedbackStatus.HELPED, FeedbackStatus.REVIEW, FeedbackStatus.CLOSED})


class FeedbackQuerySet(OfficeQuerySet):
    """Whether answers helped, by who may see it."""

    def to_review(self):
        """Return what the Office has to look at again, the oldest first."""
        return self.filter(status=FeedbackStatus.REVIEW).order_by("replied_at", "pk")


class AnswerFeedback(models.Model):
    """One contributor is asked once whether one answer helped; "no" is a task for the Office.

    Erasing the contribution takes the person and the words, and leaves the yes or no to be counted.
    """

    Status = FeedbackStatus

    statement = models.ForeignKey(
        OfficialStatement,
        verbose_name=_("answer"),
        on_delete=models.PROTECT,
        related_name="feedback",
    )
    submission = models.ForeignKey(
        Submission,
        verbose_name=_("contribution"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="feedback",
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=FeedbackStatus,
        default=FeedbackStatus.ASKED,
        db_index=True,
    )
    comment = models.TextField(_("comment of the contributor"), blank=True)
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    closed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    #: The answer that replaced the one that did not help.
    closed_by = models.ForeignKey(
        OfficialStatement,
        verbose_name=_("new answer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("reaction to an answer")
        verbose_name_plural = _("reactions to answers")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FeedbackStatus.values), name="feedback_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=FeedbackStatus.ASKED, replied_at=None)
                | (~Q(status=FeedbackStatus.ASKED) & Q(replied_at__isnull=False)),
                name="feedback_replied_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=FeedbackStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=FeedbackStatus.CLOSED) & Q(closed_at=None, closed_by=None)),
                name="feedback_closed_has_time",
            ),
            models.UniqueConstraint(fields=["statement", "submission"], name="feedback_once"),
        ]

    def __str__(self):
        return f"{self.statement.idea.reference} {self.get_status_display()}"
