"""Segments: parts of the subscribers, told by a rule instead of by a list of people."""

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated
from core.permissions import reads_everything
from core.publication import bilingual
from core.search import TrilingualSearch

#: What a rule may ask about: facts that people told us or that we did with them. What the Office
#: thinks of somebody (assessments, notes, moods) is not offered and never will be.
RULE_FIELDS = (
    *("language", "topic", "subscribed"),
    *("helix", "level", "organisation", "municipality", "theme", "role", "no_organisation"),
    *("idea", "idea_theme", "idea_municipality", "took_part"),
    *("received", "received_within"),
)
#: A rule has rows, and they are joined in a way that there is.
HAS_ROWS = (
    '$ ? ((@.match == "all" || @.match == "any") && @.rows.type() == "array" && @.rows.size() > 0)'
)
#: Some row asks about what is not offered. Whatever is no text is not offered either.
ASKS_MORE = "$.**.field ? (({known}) is unknown || !({known}))".format(
    known='@ like_regex "^({})$"'.format("|".join(RULE_FIELDS))
)


class PathExists(Func):
    """SQL `jsonb_path_exists`: whether a JSON column has something at a path."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = BooleanField()

    def __init__(self, column, path):
        super().__init__(column, Value(path))


class SegmentQuerySet(TrilingualSearch, models.QuerySet):
    """Segments by who may read them."""

    def visible_to(self, user):
        """Return all for whoever reads unpublished rows, none for anybody else."""
        return self if reads_everything(user) else self.none()

    def on_offer(self):
        """Return those that a campaign may still choose."""
        return self.filter(archived_at=None)


class Segment(Translated, Demo):
    """A part of the subscribers. It narrows the audience of a campaign and never widens it.

    ``rule`` is read by `campaigns.segments`; nothing else makes a query of it.
    """

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("what it is for"), max_length=300, blank=True)
    rule = models.JSONField(_("rule"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    public_fields = ("name",)
    public_optional = ("description",)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["pk"]
        constraints = [
            bilingual("segment_bilingual", ["name"], optional=["description"]),
            *(
                models.UniqueConstraint(
                    models.functions.Lower(f"name_{code}"),
                    name=f"segment_name_{code}_once",
                    condition=Q(archived_at=None),
                    violation_error_message=_("Another segment has this name."),
                )
                for code in ("fr", "nl")
            ),
            models.CheckConstraint(
                condition=PathExists("rule", HAS_ROWS), name="segment_rule_has_rows"
            ),
            models.CheckConstraint(
                condition=~Q(PathExists("rule", ASKS_MORE)), name="segment_rule_asks_known"
            ),
        ]

    def __str__(self):
        return self.name or f"{self.pk}"

    def get_absolute_url(self):
        """Return the address of the page where it is made."""
        return reverse("campaigns:segment-detail", args=[self.pk])
