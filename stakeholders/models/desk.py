"""What the Office keeps beside an idea: reports, notes, who evaluates it; and its templates."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo
from core.publication import bilingual
from programme.models import Named

from .edits import OfficeQuerySet
from .ideas import Idea, IdeaOutcome, IdeaStatus, RefusalReason, Submission

#: The Office still has something to do for an idea in one of these.
IN_WORK = (
    IdeaStatus.RECEIVED,
    IdeaStatus.INFO_REQUESTED,
    IdeaStatus.PUBLISHED,
    IdeaStatus.UNDER_REVIEW,
)
#: A reply answers a note, never another reply, and stands with the same idea.
REPLY_OF_A_NOTE = """
    IF NEW.reply_to_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM stakeholders_ideanote
        WHERE id = NEW.reply_to_id AND idea_id = NEW.idea_id AND reply_to_id IS NULL
    ) THEN
        RAISE EXCEPTION 'a reply answers a note about the same idea'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def sent_by(user):
    """Return the keys of the ideas that ``user`` sent: nobody works on an idea of their own."""
    return Submission.objects.filter(contact__user_id=user.pk).values("idea")


class AboutIdeaQuerySet(OfficeQuerySet):
    """What the Office keeps about ideas: for those who may know people, never for the author."""

    def visible_to(self, user):
        """Return the rows for the Office, without those about an idea that ``user`` sent."""
        rows = super().visible_to(user)
        return rows.exclude(idea__in=sent_by(user)) if getattr(user, "pk", None) else rows


class ReportReason(models.TextChoices):
    """What is wrong."""

    PERSONAL_DATA = "personal_data", pgettext_lazy("report", "It tells who a person is")
    OFFENSIVE = "offensive", pgettext_lazy("report", "It is offensive or unlawful")
    ADVERTISING = "advertising", pgettext_lazy("report", "It is advertising")
    NOT_BRUSSELS = "not_brussels", pgettext_lazy("report", "It is not about Brussels")
    OTHER = "other", pgettext_lazy("report", "Something else")


class ReportOutcome(models.TextChoices):
    """How the Office settled it."""

    HIDDEN = "hidden", pgettext_lazy("report", "the idea was hidden")
    LEFT = "left", pgettext_lazy("report", "the idea stays")


class IdeaReportQuerySet(AboutIdeaQuerySet):
    """Reports by where they stand."""

    def open(self):
        """Return the reports that nobody has settled, the oldest first."""
        return self.filter(settled_at=None).order_by("at", "pk")


class IdeaReport(models.Model):
    """Somebody told the Office that an idea should not stand there as it does.

    Who it was are two keyed hashes: of the device, and of the address where one is known. Either of
    them reports an idea once, so that whoever gives their address once and not the other time is
    one person. The hash of the device is emptied after some days, that of the address with the
    person.
    """

    Reason = ReportReason
    How = ReportOutcome

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="reports"
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ReportReason)
    details = models.TextField(_("details"), blank=True)
    locale = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    reporter_hash = models.CharField(
        _("keyed hash of the reporter"), max_length=64, blank=True, db_index=True
    )
    device_hash = models.CharField(_("keyed hash of the device"), max_length=64, blank=True)
    at = models.DateTimeField(_("reported"), default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    how = models.CharField(_("outcome"), max_length=10, choices=ReportOutcome, blank=True)
    settle_note = models.TextField(_("note"), blank=True)

    objects = IdeaReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of an idea")
        verbose_name_plural = _("reports of ideas")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at"], name="idea_report_open", condition=Q(settled_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["idea", "reporter_hash"],
                condition=~Q(reporter_hash=""),
                name="idea_reported_once",
            ),
            models.UniqueConstraint(
                fields=["idea", "device_hash"],
                condition=~Q(device_hash=""),
                name="idea_reported_once_by_device",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ReportReason.values), name="idea_report_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, how="", settle_note="")
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False)
                    & Q(how__in=ReportOutcome.values)
                    & Q(settle_note__regex=r"\S")
                ),
                name="idea_report_settled_with_note",
            ),
        ]

    def __str__(self):
        return f"{self.idea.reference} {self.get_reason_display()}"


class IdeaNote(models.Model):
    """What colleagues tell each other about an idea. Never public, never changed."""

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    text = models.TextField(_("note"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    reply_to = models.ForeignKey(
        "self",
        verbose_name=_("reply to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replies",
    )

    objects = AboutIdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="idea_note_says_something"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="reply_of_a_note",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=REPLY_OF_A_NOTE,
            ),
        ]

    def __str__(self):
        return f"{self.idea.reference} {self.text[:60]}"


class AssignmentQuerySet(AboutIdeaQuerySet):
    """Assignments by where they stand."""

    def open(self):
        """Return those that run, whatever became of the idea."""
        return self.filter(ended_at=None)

    def in_work(self):
        """Return those that run and still ask for work: the load of a colleague."""
        return self.open().filter(idea__status__in=IN_WORK)


class Assignment(models.Model):
    """Who of the Office evaluates an idea, and until when. The ones before stay in the history."""

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="assignments"
    )
    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("evaluator"),
        on_delete=models.PROTECT,
        related_name="idea_assignments",
    )
    due_on = models.DateField(_("due"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    assigned_at = models.DateTimeField(_("assigned"), default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment of an idea")
        verbose_name_plural = _("assignments of ideas")
        ordering = ["-assigned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["idea"], condition=Q(ended_at=None), name="idea_one_open_assignment"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("assigned_at")),
                name="idea_assignment_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.idea.reference} → {self.evaluator}"


class MessageTemplate(Named, Demo):
    """A text that the Office sends often, in both languages, to begin from: by use and reason."""

    class Use(models.TextChoices):
        """On which occasion it is sent; those of a statement are called like its kinds."""

        REFUSAL = "refusal", pgettext_lazy("message template", "not admissible")
        QUESTION = "question", _("question to the author")
        CORRECTION = "correction", _("correction not published")
        MERGE = "merge", pgettext_lazy("message template", "merge")
        ACKNOWLEDGEMENT = "acknowledgement", pgettext_lazy("statement", "acknowledgement")
        ANSWER = "answer", pgettext_lazy("message template", "official answer")
        UPDATE = "update", pgettext_lazy("statement", "update")

    use = models.CharField(_("occasion"), max_length=20, choices=Use, default=Use.REFUSAL)
    reason = models.CharField(
        _("reason"),
        max_length=20,
        choices=[*RefusalReason.choices, *IdeaOutcome.choices],
        blank=True,
    )
    text = models.TextField(_("text"))
    instead = models.TextField(_("where to go instead"), blank=True)
    is_active = models.BooleanField(_("offered"), default=True)

    public_fields = ("name", "text")
    public_optional = ("instead",)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["use", "reason", "slug"]
        constraints = [
            bilingual("message_template_bilingual", ["name", "text"], optional=["instead"]),
            models.CheckConstraint(
                condition=Q(use__in=["refusal", "correction"], reason__in=RefusalReason.values)
                | Q(use="answer", reason__in=IdeaOutcome.values)
                | Q(use__in=["question", "merge", "acknowledgement", "update"], reason=""),
                name="message_template_reason_fits",
                violation_error_message=_(
                    "The reason does not fit: a refusal and an answer have one of their own, "
                    "everything else has none."
                ),
            ),
        ]
