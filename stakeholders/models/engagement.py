"""The engagement log: every exchange with a stakeholder, who took part, what was promised."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.models import Theme

from .keeping import NAMED, TOOK_PART, keeps_standing
from .organisations import Organisation
from .people import KNOW_PEOPLE, Contact

COLDEST, WARMEST = -2, 2


class InternalQuerySet(models.QuerySet):
    """Rows that only the office and its auditors ever read."""

    def visible_to(self, user):
        """Return all for the office and its auditors, none for anybody else."""
        return self if KNOW_PEOPLE(user) else self.none()


class Interaction(models.Model):
    """One exchange with stakeholders. Internal: it is on no public page, export or search."""

    class Kind(models.TextChoices):
        """What sort of exchange it was."""

        BILATERAL = "bilateral", _("bilateral meeting")
        CALL = "call", _("telephone call")
        MAIL = "mail", _("mail")
        EVENT = "event", _("event")
        WORKSHOP = "workshop", _("workshop")
        VISIT = "visit", _("visit")

    class Direction(models.TextChoices):
        """Who sought whom."""

        OUT = "out", _("we to them")
        IN = "in", _("they to us")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction, default=Direction.OUT
    )
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    minutes_long = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("An address, or “online”.")
    )
    subject = models.CharField(_("subject"), max_length=200)
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("What was said, as you would write it with the person reading over."),
    )
    sentiment = models.SmallIntegerField(
        _("mood"),
        null=True,
        blank=True,
        validators=[MinValueValidator(COLDEST), MaxValueValidator(WARMEST)],
        help_text=_("From −2 (hostile) to +2 (enthusiastic)."),
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("logged by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("engagement log")
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["-happened_at", "-id"], name="interaction_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["bilateral", "call", "mail", "event", "workshop", "visit"]),
                name="interaction_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(sentiment=None) | Q(sentiment__range=(COLDEST, WARMEST)),
                name="interaction_mood_in_scale",
            ),
        ]
        triggers = keeps_standing(TOOK_PART)

    def __str__(self):
        return f"{timezone.localdate(self.happened_at):%Y-%m-%d} {self.subject}"

    def get_absolute_url(self):
        """Return the address of its working page."""
        return reverse("stakeholders:exchange", args=[self.pk])


class Participation(models.Model):
    """Who took part, on which side, and for which organisation on that day.

    ``happened_at`` repeats that of the exchange, so that the timeline of an organisation or of a
    person is read from one index.
    """

    class Side(models.TextChoices):
        """On which side of the table."""

        THEIRS = "theirs", _("theirs")
        OURS = "ours", _("ours")

    interaction = models.ForeignKey(
        Interaction,
        verbose_name=_("exchange"),
        on_delete=models.CASCADE,
        related_name="participations",
    )
    side = models.CharField(_("side"), max_length=6, choices=Side, default=Side.THEIRS)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="participations",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("of the Office"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    happened_at = models.DateTimeField(_("when"))

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["side", "pk"]
        indexes = [
            models.Index(
                fields=["organisation", "-happened_at", "-interaction"], name="participation_of_org"
            ),
            models.Index(
                fields=["contact", "-happened_at", "-interaction"], name="participation_of_person"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "contact"],
                condition=Q(contact__isnull=False),
                name="participation_of_person_once",
            ),
            models.CheckConstraint(
                condition=Q(side="ours", contact=None, organisation=None)
                | Q(side="theirs", user=None),
                name="participation_on_one_side",
            ),
        ]
        triggers = keeps_standing(NAMED)

    def __str__(self):
        return str(self.contact or self.organisation or self.user or _("author removed"))


class CommitmentStatus(models.TextChoices):
    """Where a promise stands. Overdue is computed."""

    OPEN = "open", pgettext_lazy("commitment", "open")
    IN_PROGRESS = "in_progress", pgettext_lazy("commitment", "in progress")
    DONE = "done", pgettext_lazy("commitment", "kept")
    DROPPED = "dropped", pgettext_lazy("commitment", "dropped")


PENDING_COMMITMENT = frozenset({CommitmentStatus.OPEN, CommitmentStatus.IN_PROGRESS})


class CommitmentQuerySet(InternalQuerySet):
    """Promises by where they stand."""

    def pending(self):
        """Return those neither kept nor dropped, the first due first."""
        return self.filter(status__in=sorted(PENDING_COMMITMENT)).order_by("due_on", "pk")

    def overdue(self, today):
        """Return the pending ones whose day has passed."""
        return self.pending().filter(due_on__lt=today)


class Commitment(models.Model):
    """A promise between the Office and a stakeholder, either way: one owner, one day."""

    class Side(models.TextChoices):
        """Who promised."""

        OFFICE = "office", _("the Office")
        STAKEHOLDER = "stakeholder", _("the stakeholder")

    made_by = models.CharField(_("promised by"), max_length=12, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="commitments",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="commitments",
        help_text=_("Who promised for the stakeholder, or to whom the Office promised."),
    )
    interaction = models.ForeignKey(
        Interaction,
        verbose_name=_("made during"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="commitments",
    )
    text = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("followed up by"),
        on_delete=models.PROTECT,
        related_name="commitments",
        help_text=_("Who of the Office sees to it, whoever promised."),
    )
    due_on = models.DateField(_("due on"))
    status = models.CharField(
        _("status"), max_length=12, choices=CommitmentStatus, default=CommitmentStatus.OPEN
    )
    evidence = models.TextField(
        _("evidence"),
        blank=True,
        help_text=_("What shows that it was kept: a link, a file, a date."),
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("noted"), default=timezone.now)
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_by__in=["office", "stakeholder"]), name="commitment_side_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CommitmentStatus.values), name="commitment_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=CommitmentStatus.DONE) | Q(evidence__regex=r"\S"),
                name="commitment_kept_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(PENDING_COMMITMENT), closed_on=None)
                | (~Q(status__in=sorted(PENDING_COMMITMENT)) & Q(closed_on__isnull=False)),
                name="commitment_closed_has_day",
            ),
        ]

    def __str__(self):
        return self.text
