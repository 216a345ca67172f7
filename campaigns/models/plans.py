"""The communication plan: why, to whom, through what and when."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual


class CommunicationPlan(Translated, Demo):
    """The plan of the Office and its partners: why, to whom, through what, when."""

    title = models.CharField(_("title"), max_length=200)
    objectives = models.TextField(_("objectives"))
    audiences = models.TextField(_("audiences"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    public_fields = ("title", "objectives", "audiences")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("communication plan")
        verbose_name_plural = _("communication plans")
        ordering = ["-starts_on"]
        constraints = [
            bilingual("plan_bilingual", ["title", "objectives", "audiences"]),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="plan_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the public address."""
        return reverse("campaigns:plan-detail", args=[self.pk])


class PlanAction(Translated):
    """What the plan does: one action through one channel, planned and done."""

    class Channel(models.TextChoices):
        """How it reaches people."""

        MAIL = "mail", _("e-mail")
        WEB = "web", _("website")
        PRESS = "press", _("press")
        SOCIAL = "social", _("social media")
        EVENT = "event", _("event")
        PRINT = "print", _("print")

    class Status(models.TextChoices):
        """Whether it has taken place."""

        PLANNED = "planned", pgettext_lazy("action", "planned")
        DONE = "done", pgettext_lazy("action", "done")
        DROPPED = "dropped", pgettext_lazy("action", "dropped")

    plan = models.ForeignKey(
        CommunicationPlan,
        verbose_name=_("communication plan"),
        on_delete=models.CASCADE,
        related_name="actions",
    )
    title = models.CharField(_("title"), max_length=200)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)

    public_fields = ("title",)

    class Meta:
        verbose_name = _("action of a plan")
        verbose_name_plural = _("actions of a plan")
        ordering = ["starts_on", "pk"]
        constraints = [
            bilingual("plan_action_bilingual", ["title"]),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="plan_action_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self):
        return self.title
