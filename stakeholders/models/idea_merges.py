"""Which idea was merged into which, and what it was before, so that the merge can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .ideas import Idea, IdeaStatus


class IdeaMerge(models.Model):
    """One merge of two ideas.

    Neither text is touched by a merge: what it writes is the state of the merged idea, the
    explanation beside it where one is given, and the contributions at the survivor with ``via``
    set. So this row is all that undoing needs.
    """

    survivor = models.ForeignKey(
        Idea,
        verbose_name=_("idea that goes on"),
        on_delete=models.PROTECT,
        related_name="merges_taken_in",
    )
    merged = models.ForeignKey(
        Idea, verbose_name=_("merged idea"), on_delete=models.PROTECT, related_name="merges"
    )
    was_status = models.CharField(_("status before"), max_length=20, choices=IdeaStatus)
    was_published_at = models.DateTimeField(_("published before"), null=True, blank=True)
    #: {column: text} of the explanation that the one given at the merge replaced; None: none was.
    was_explained = models.JSONField(_("explanation before"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("merged by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("merged"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of ideas")
        verbose_name_plural = _("merges of ideas")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="idea_merge_of_two"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="idea_merged_once"
            ),
            models.CheckConstraint(
                condition=Q(was_status__in=IdeaStatus.values), name="idea_merge_status_known"
            ),
        ]

    def __str__(self):
        return f"{self.merged} → {self.survivor}"
