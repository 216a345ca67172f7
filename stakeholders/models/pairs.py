"""What an idea is found by, and the pairs of ideas that may be the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .ideas import Idea


class IdeaKey(models.Model):
    """One thing by which an idea is found: a word of its title, all of them, or a concept.

    ``fr:banc`` is the stem of a word in the language of the idea, ``fr=arret banc`` all of them
    together, ``#bench`` a concept that title and text speak of in any language. A trigger on the
    idea keeps the words. An ordinary index gives the newest ideas of a key without a look at the
    others, which an inverted index does not: so a word that all titles have costs no more than
    another.
    """

    idea = models.ForeignKey(
        Idea, verbose_name=_("idea"), on_delete=models.CASCADE, related_name="keys"
    )
    key = models.CharField(_("key"), max_length=1000)

    class Meta:
        verbose_name = _("key of an idea")
        verbose_name_plural = _("keys of ideas")
        constraints = [
            models.UniqueConstraint(fields=["key", "idea"], name="idea_key_once"),
        ]

    def __str__(self):
        return f"{self.key} → {self.idea_id}"


class Verdict(models.TextChoices):
    """What people decided about two ideas that look alike."""

    OPEN = "open", pgettext_lazy("pair of ideas", "to decide")
    DUPLICATE = "duplicate", pgettext_lazy("pair of ideas", "the same idea")
    RELATED = "related", pgettext_lazy("pair of ideas", "related, but two ideas")
    NOT_DUPLICATE = "not_duplicate", pgettext_lazy("pair of ideas", "not the same")


class SimilarityPair(models.Model):
    """Two ideas that may be the same: found once, decided by people, never asked again.

    ``a`` has the smaller key, so that two ideas are one pair whichever came first.
    """

    class Method(models.TextChoices):
        """How the two were found."""

        WORDS = "words", _("the titles look alike")
        CONCEPTS = "concepts", _("same theme, place and subject in two languages")

    Verdict = Verdict

    a = models.ForeignKey(
        Idea, verbose_name=_("first idea"), on_delete=models.CASCADE, related_name="+"
    )
    b = models.ForeignKey(
        Idea, verbose_name=_("second idea"), on_delete=models.CASCADE, related_name="+"
    )
    score = models.PositiveSmallIntegerField(_("likeness"))
    method = models.CharField(_("found by"), max_length=20, choices=Method)
    verdict = models.CharField(
        _("decision"), max_length=20, choices=Verdict, default=Verdict.OPEN, db_index=True
    )
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("pair of similar ideas")
        verbose_name_plural = _("pairs of similar ideas")
        ordering = ["-score", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="idea_pair_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="idea_pair_ordered"),
            models.CheckConstraint(condition=Q(score__lte=100), name="idea_pair_score"),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="idea_pair_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OPEN, at__isnull=True, by__isnull=True)
                | (~Q(verdict=Verdict.OPEN) & Q(at__isnull=False)),
                name="idea_pair_decided_has_date",
            ),
        ]

    def __str__(self):
        return f"{self.a} ≈ {self.b}"
