"""What contributors change in their ideas after sending, and the letters that carry their link."""

import hashlib
import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.models import Municipality, Theme

from .ideas import Idea, RefusalReason, Submission
from .people import KNOW_PEOPLE

#: What a contributor may change: columns that an idea and a correction of it have in common.
CORRECTABLE = ("title", "body", "expected_benefit", "theme_id", "municipality_id")


class EditStatus(models.TextChoices):
    """States of a correction."""

    PENDING = "pending", pgettext_lazy("correction", "waiting for the Office")
    APPLIED = "applied", pgettext_lazy("correction", "in place")
    APPROVED = "approved", pgettext_lazy("correction", "approved")
    REFUSED = "refused", pgettext_lazy("correction", "refused")
    REPLACED = "replaced", pgettext_lazy("correction", "replaced by its author")


class OfficeQuerySet(models.QuerySet):
    """Rows that only those who may know people see."""

    def visible_to(self, user):
        """Return the rows for the Office and its auditors, nothing for anybody else."""
        return self if KNOW_PEOPLE(user) else self.none()


class IdeaEditQuerySet(OfficeQuerySet):
    """Corrections by who may see them."""

    def pending(self):
        """Return what waits for a decision, the oldest first."""
        return self.filter(status=EditStatus.PENDING).order_by("made_at", "pk")


class IdeaEdit(models.Model):
    """A correction by the author: a version of the text, with the words that it replaces.

    Its words never change; whoever corrects once more makes another row. Erasing the contribution
    takes it.
    """

    Status = EditStatus

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="edits"
    )
    submission = models.ForeignKey(
        Submission,
        verbose_name=_("contribution"),
        on_delete=models.CASCADE,
        related_name="edits",
    )
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("idea"))
    expected_benefit = models.TextField(_("expected benefit"), blank=True)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="+"
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: The words in place when it was made: {column: value}.
    former = models.JSONField(_("text before"), encoder=DjangoJSONEncoder)
    status = models.CharField(
        _("status"), max_length=10, choices=EditStatus, default=EditStatus.PENDING, db_index=True
    )
    reason = models.CharField(_("reason"), max_length=20, choices=RefusalReason, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    made_at = models.DateTimeField(_("corrected"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = IdeaEditQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of an idea")
        verbose_name_plural = _("corrections of ideas")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=EditStatus.values), name="idea_edit_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=EditStatus.REFUSED) | (~Q(reason="") & ~Q(explanation="")),
                name="idea_edit_refused_with_reason",
            ),
            models.UniqueConstraint(
                fields=["idea"],
                condition=Q(status=EditStatus.PENDING),
                name="idea_edit_one_pending",
            ),
        ]

    def __str__(self):
        return f"{self.idea.reference} {self.title}"

    @property
    def changed(self) -> list[str]:
        """Return the columns that it changes, in the order of `CORRECTABLE`."""
        now = words_of(self)
        return [name for name in CORRECTABLE if now[name] != self.former[name]]


class TrackingLetter(models.Model):
    """One secret link given on paper; a lost one is replaced after a check of identity."""

    submission = models.ForeignKey(
        Submission,
        verbose_name=_("contribution"),
        on_delete=models.CASCADE,
        related_name="letters",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("printed by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("printed"), default=timezone.now)
    replaces = models.BooleanField(_("replaces a lost one"), default=False)
    reason = models.TextField(_("reason and how identity was checked"), blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter with a secret link")
        verbose_name_plural = _("letters with a secret link")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces=False) | ~Q(reason=""),
                name="letter_replaced_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.submission.idea.reference} {self.at:%Y-%m-%d}"


def words_of(row) -> dict:
    """Return the correctable columns of an idea or of a correction."""
    return {name: getattr(row, name) for name in CORRECTABLE}


def text_state(idea) -> str:
    """Return the fingerprint of what an author sees of ``idea``: its words and its last edit."""
    return _fingerprint(idea, idea.edits.values_list("pk", "status").order_by("-pk").first())


def text_states(ideas) -> dict[int, str]:
    """Return {key: `text_state`} of many ideas, with one query."""
    edits = IdeaEdit.objects.filter(idea__in=[idea.pk for idea in ideas])
    rows = edits.order_by("pk").values_list("idea", "pk", "status")
    last = {idea: (pk, status) for idea, pk, status in rows}
    return {idea.pk: _fingerprint(idea, last.get(idea.pk)) for idea in ideas}


def _fingerprint(idea, last) -> str:
    words = json.dumps([words_of(idea), last])
    return hashlib.sha256(words.encode()).hexdigest()[:16]
