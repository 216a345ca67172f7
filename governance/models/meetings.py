"""Meetings and their agendas."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.permissions import reads_everything
from core.publication import bilingual
from core.search import search_index
from governance.kinds import READERS, RECORDERS, kinds_for

from .bodies import Body


class MeetingStatus(models.TextChoices):
    """Life of a meeting."""

    DRAFT = "draft", _("in preparation")
    CONVENED = "convened", pgettext_lazy("meeting", "convened")
    IN_PROGRESS = "in_progress", pgettext_lazy("meeting", "in session")
    CLOSED = "closed", pgettext_lazy("meeting", "held")
    POSTPONED = "postponed", pgettext_lazy("meeting", "postponed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")


PUBLIC_MEETING = frozenset(MeetingStatus) - {MeetingStatus.DRAFT}
#: Once the chair has opened it, decisions can be taken, or written down afterwards.
OPENED_MEETING = frozenset({MeetingStatus.IN_PROGRESS, MeetingStatus.CLOSED})


class MeetingQuerySet(VisibleQuerySet):
    """Meetings by their titles and their time."""

    search_translated = ("title",)
    search_plain = ("number",)

    def visible_to(self, user):
        """Return the public ones, and drafts for whoever records for such a body."""
        if reads_everything(user):
            return self
        mine = Q(body__kind__in=kinds_for(user, RECORDERS))
        return self.filter(Q(status__in=sorted(PUBLIC_MEETING)) | mine)

    def upcoming(self, now):
        """Return those that are convened and not over at ``now``, the next one first."""
        expected = [MeetingStatus.CONVENED, MeetingStatus.IN_PROGRESS]
        return self.filter(status__in=expected, starts_at__gte=now).order_by("starts_at")


class Meeting(Translated, Demo):
    """A meeting of a body."""

    Status = MeetingStatus

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="meetings"
    )
    number = models.SlugField(
        _("number"), max_length=20, unique=True, help_text=_("For example GB-2026-03.")
    )
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    minutes = models.TextField(_("public minutes"), blank=True)
    status_reason = models.TextField(_("reason"), blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=MeetingStatus, default=MeetingStatus.DRAFT
    )

    public_fields = ("title",)
    public_optional = ("place", "minutes", "status_reason")
    PUBLIC_STATES = PUBLIC_MEETING

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        indexes = [search_index("meeting", MeetingQuerySet)]
        constraints = [
            bilingual(
                "meeting_bilingual",
                ["title"],
                optional=["place", "minutes", "status_reason"],
                states=PUBLIC_MEETING,
            ),
            bilingual(
                "meeting_change_has_reason",
                ["status_reason"],
                states=[MeetingStatus.POSTPONED, MeetingStatus.CANCELLED],
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The end comes before the start."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=MeetingStatus.values), name="meeting_status_known"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("governance:meeting-detail", args=[self.number])

    @property
    def is_opened(self) -> bool:
        """Tell whether decisions can be taken in it, or written down after it."""
        return self.status in OPENED_MEETING


class AgendaItemQuerySet(VisibleQuerySet):
    """Points of agendas by who may read them."""

    search_translated = ("title",)

    def visible_to(self, user):
        """Return the public points, and those for members where ``user`` is one."""
        if reads_everything(user):
            return self
        member = Q(meeting__body__kind__in=kinds_for(user, READERS))
        open_to_all = Q(audience=AgendaItem.Audience.PUBLIC)
        return self.filter(open_to_all | member, meeting__in=Meeting.objects.visible_to(user))


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

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=250)
    audience = models.CharField(
        _("audience"), max_length=8, choices=Audience, default=Audience.PUBLIC
    )

    public_fields = ("title",)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["meeting", "number"]
        indexes = [search_index("agenda_item", AgendaItemQuerySet)]
        constraints = [
            bilingual("agendaitem_bilingual", ["title"]),
            models.UniqueConstraint(fields=["meeting", "number"], name="agendaitem_number_once"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"
