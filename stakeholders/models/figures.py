"""The figures that the Office publishes about its answers, as they were counted."""

from django.db import models
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AnsweringFigureQuerySet(models.QuerySet):
    """Figures by day."""

    def newest(self):
        """Return the figures of the last day on which they were counted."""
        return self.filter(day=Subquery(self.model.objects.order_by("-day").values("day")[:1]))


class AnsweringFigure(models.Model):
    """One figure about all ideas, on one day: nobody who looks at the page counts them.

    ``code`` is one of `punctuality.MEASURES`; nothing to count has no value. What stands for too
    few is withheld when it is shown, not here.
    """

    day = models.DateField(_("day"))
    code = models.CharField(_("code"), max_length=40)
    value = models.FloatField(_("value"), null=True, blank=True)
    base = models.PositiveIntegerField(_("out of"))
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)

    objects = AnsweringFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure about the answers")
        verbose_name_plural = _("figures about the answers")
        constraints = [
            models.UniqueConstraint(fields=["day", "code"], name="answering_figure_once"),
            models.CheckConstraint(
                condition=Q(base=0, value=None) | Q(base__gt=0, value__isnull=False),
                name="answering_figure_of_something",
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.code}"
