"""A round of scoring by a jury."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, VisibleQuerySet
from core.permissions import is_chair
from core.publication import bilingual
from core.search import search_index
from governance.models import Body, Meeting
from programme.models import Named

from .rubrics import Rubric
from .sheets import Call


class SessionStatus(models.TextChoices):
    """Life of a jury session. There is no way back to scoring."""

    PLANNED = "planned", pgettext_lazy("jury session", "planned")
    RULES_FROZEN = "rules_frozen", pgettext_lazy("jury session", "rules frozen")
    SCORING_OPEN = "scoring_open", pgettext_lazy("jury session", "scoring open")
    CLOSED_SEALED = "closed_sealed", pgettext_lazy("jury session", "closed, ballots sealed")
    OPENED = "opened", pgettext_lazy("jury session", "ballots opened")
    DELIBERATING = "deliberating", pgettext_lazy("jury session", "deliberating")
    VOTED = "voted", pgettext_lazy("jury session", "voted")
    TRANSMITTED = "transmitted", pgettext_lazy("jury session", "sent to the Government")
    DECIDED = "decided", pgettext_lazy("jury session", "decided")
    PUBLISHED = "published", pgettext_lazy("jury session", "published")


PUBLIC_SESSION = frozenset(SessionStatus) - {SessionStatus.PLANNED}
#: From here on everybody reads the results.
RESULTS_PUBLIC = frozenset({SessionStatus.DECIDED, SessionStatus.PUBLISHED})
#: From here on the scores of the ballots exist as rows.
OPENED_SESSION = frozenset(
    {
        SessionStatus.OPENED,
        SessionStatus.DELIBERATING,
        SessionStatus.VOTED,
        SessionStatus.TRANSMITTED,
        SessionStatus.DECIDED,
        SessionStatus.PUBLISHED,
    }
)


class SessionQuerySet(VisibleQuerySet):
    """Sessions by name."""

    search_translated = ("name",)

    def visible_to(self, user):
        """Return the public sessions; the office and the chair also see those being prepared."""
        return self if is_chair(user) else super().visible_to(user)


class JurySession(Named, Demo):
    """One round of scoring by a jury under rules that are hashed before the first ballot."""

    Status = SessionStatus

    call = models.ForeignKey(
        Call, verbose_name=_("call"), on_delete=models.PROTECT, related_name="sessions"
    )
    body = models.ForeignKey(
        Body,
        verbose_name=_("jury"),
        on_delete=models.PROTECT,
        related_name="jury_sessions",
    )
    rubric = models.ForeignKey(Rubric, verbose_name=_("scoring grid"), on_delete=models.PROTECT)
    deliberation = models.ForeignKey(
        Meeting,
        verbose_name=_("deliberation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="jury_sessions",
    )
    opens_at = models.DateTimeField(_("scoring opens"))
    closes_at = models.DateTimeField(_("scoring closes"))
    quorum = models.PositiveSmallIntegerField(_("quorum of ballots per sheet"), default=3)
    #: What was hashed: grid, weights, quorum, tie rule, versions of the sheets.
    rules = models.JSONField(_("rules"), default=dict, blank=True)
    rules_sha256 = models.CharField(_("fingerprint of the rules"), max_length=64, blank=True)
    #: Why the ballots were opened although a sheet had fewer of them than the quorum.
    quorum_waiver = models.TextField(_("reason for opening without quorum"), blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=SessionStatus, default=SessionStatus.PLANNED
    )

    PUBLIC_STATES = PUBLIC_SESSION

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("jury session")
        verbose_name_plural = _("jury sessions")
        ordering = ["-opens_at"]
        indexes = [search_index("session", SessionQuerySet)]
        constraints = [
            bilingual("jurysession_bilingual", ["name"]),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="jurysession_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(status__in=SessionStatus.values),
                name="jurysession_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=SessionStatus.PLANNED) | ~Q(rules_sha256=""),
                name="jurysession_rules_hashed",
            ),
            models.CheckConstraint(condition=Q(quorum__gt=0), name="jurysession_quorum_positive"),
        ]

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("projects:session-detail", args=[self.slug])

    def is_scoring_at(self, moment) -> bool:
        """Tell whether ballots are taken at ``moment``."""
        return (
            self.status == SessionStatus.SCORING_OPEN and self.opens_at <= moment < self.closes_at
        )

    @property
    def is_opened(self) -> bool:
        """Tell whether the ballots were opened."""
        return self.status in OPENED_SESSION
