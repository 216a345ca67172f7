"""The communication plan as rows: why, to whom, through what, when, by whom and for how much."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from programme.models import Objective
from stakeholders.models import Organisation


class PlanStatus(models.TextChoices):
    """Life of a communication plan."""

    DRAFT = "draft", pgettext_lazy("plan", "draft")
    ADOPTED = "adopted", pgettext_lazy("plan", "adopted")
    CLOSED = "closed", pgettext_lazy("plan", "closed")


#: Everybody reads the rows of an adopted plan; while it is amended, its last version as frozen.
PUBLIC_PLAN = frozenset({PlanStatus.ADOPTED, PlanStatus.CLOSED})


class PlanQuerySet(VisibleQuerySet):
    """Plans by who may see their rows."""

    def listed(self):
        """Return what the public list names: also a plan that is being amended, once adopted."""
        return self.filter(adopted_at__isnull=False)


class CommunicationPlan(Translated, Demo):
    """The plan of the Office and its partners: why, to whom, through what, when.

    The rows of an adopted plan are public as they are now. They cannot be changed while it is
    adopted, but for what becomes of an action, who looks after it, the words that it uses, and the
    readings of the key figures: so the page tells what was adopted, and how far it has come.
    Everything else asks for an amendment, which is adopted as the next version.
    """

    Status = PlanStatus

    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(
        _("status"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    adopted_at = models.DateTimeField(_("adopted at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    public_fields = ("title",)
    PUBLIC_STATES = PUBLIC_PLAN

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("communication plan")
        verbose_name_plural = _("communication plans")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            bilingual("plan_bilingual", ["title"], states=PUBLIC_PLAN),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plan_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=PlanStatus.values), name="plan_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=PlanStatus.DRAFT) | Q(adopted_at__isnull=False),
                name="plan_adopted_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=PlanStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=PlanStatus.CLOSED) & Q(closed_at=None)),
                name="plan_closed_has_time",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the public address."""
        return reverse("campaigns:plan-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Tell whether its rows can be written."""
        return self.status == PlanStatus.DRAFT


class PlanRowQuerySet(VisibleQuerySet):
    """Rows of plans: seen by whoever sees the plan."""

    def public(self):
        """Return the rows of the plans that anybody may see."""
        return self.filter(plan__status__in=sorted(PUBLIC_PLAN))


class PlanObjective(Translated):
    """What the plan is to bring about, and which goal of the Region it serves."""

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
        on_delete=models.CASCADE,
        related_name="objectives",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.TextField(_("objective"))
    smart_city_objective = models.ForeignKey(
        Objective,
        verbose_name=_("goal of the Region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_objectives",
    )

    public_fields = ("text",)

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("objective of a plan")
        verbose_name_plural = _("objectives of plans")
        ordering = ["position", "pk"]
        constraints = [bilingual("plan_objective_bilingual", ["text"])]

    def __str__(self):
        return self.text


class PlanAudience(Translated):
    """Whom the plan speaks to: what they need to know, and what they are told."""

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
        on_delete=models.CASCADE,
        related_name="audiences",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    name = models.CharField(_("name"), max_length=200)
    need = models.TextField(_("what they need"), blank=True)
    message = models.TextField(_("what they are told"), blank=True)

    public_fields = ("name",)
    public_optional = ("need", "message")

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience of a plan")
        verbose_name_plural = _("audiences of plans")
        ordering = ["position", "pk"]
        constraints = [
            bilingual("plan_audience_bilingual", ["name"], optional=["need", "message"]),
        ]

    def __str__(self):
        return self.name


class ActionChannel(models.TextChoices):
    """How an action reaches people."""

    MAIL = "mail", _("e-mail")
    WEB = "web", _("website")
    PRESS = "press", _("press")
    SOCIAL = "social", _("social media")
    EVENT = "event", _("event")
    PRINT = "print", _("print")


class ActionStatus(models.TextChoices):
    """Whether an action has taken place."""

    PLANNED = "planned", pgettext_lazy("action", "planned")
    DONE = "done", pgettext_lazy("action", "done")
    DROPPED = "dropped", pgettext_lazy("action", "dropped")


class PlanAction(Translated):
    """What the plan does: one action through one channel, planned and done.

    ``text`` is what is said. It may be there in one language only while the action is planned
    (the Office is told so); the public reads it once French and Dutch are both there.
    """

    Channel = ActionChannel
    Status = ActionStatus

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
        on_delete=models.CASCADE,
        related_name="actions",
    )
    title = models.CharField(_("title"), max_length=200)
    objective = models.ForeignKey(
        PlanObjective,
        verbose_name=_("objective"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="actions",
    )
    audiences = models.ManyToManyField(
        PlanAudience, verbose_name=_("audiences"), blank=True, related_name="actions"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=ActionChannel)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    text = models.TextField(
        _("what is said"),
        blank=True,
        help_text=_("The public reads it once French and Dutch are both there."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked after by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_actions",
        help_text=_("The person of the Office who sees to it. Not shown to the public."),
    )
    lead = models.ForeignKey(
        Organisation,
        verbose_name=_("carried by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_actions",
    )
    partners = models.ManyToManyField(
        Organisation, verbose_name=_("partners"), blank=True, related_name="partner_actions"
    )
    budget = models.DecimalField(
        _("budget (euro)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ActionStatus, default=ActionStatus.PLANNED
    )
    done_on = models.DateField(_("done on"), null=True, blank=True, editable=False)

    public_fields = ("title",)
    public_optional = ("text",)

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("action of a plan")
        verbose_name_plural = _("actions of a plan")
        ordering = ["starts_on", "pk"]
        constraints = [
            bilingual("plan_action_bilingual", ["title"]),
            bilingual(
                "plan_action_done_text_bilingual",
                [],
                optional=["text"],
                states=[ActionStatus.DONE],
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plan_action_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(channel__in=ActionChannel.values), name="plan_action_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ActionStatus.values), name="plan_action_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ActionStatus.DONE, done_on__isnull=False)
                | (~Q(status=ActionStatus.DONE) & Q(done_on=None)),
                name="plan_action_done_has_day",
            ),
            models.CheckConstraint(
                condition=Q(budget=None) | Q(budget__gte=0),
                name="plan_action_budget_not_negative",
                violation_error_message=_("A budget is not below zero."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return its place on the page of the plan."""
        return f"{reverse('campaigns:plan-detail', args=[self.plan_id])}#action-{self.pk}"

    def clean(self):
        """Refuse an objective of another plan."""
        super().clean()
        refuse_stranger(self, "objective")

    @property
    def has_public_text(self) -> bool:
        """Tell whether what is said is there in French and in Dutch."""
        return bool((self.text_fr or "").strip() and (self.text_nl or "").strip())


def refuse_stranger(row, *names: str) -> None:
    """Raise ValidationError beside each field of ``row`` that names a row of another plan."""
    strangers = {
        name: _("This belongs to another plan. Choose one of the same plan.")
        for name in names
        if getattr(row, f"{name}_id") and getattr(row, name).plan_id != row.plan_id
    }
    if strangers:
        raise ValidationError(strangers)
