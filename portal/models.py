"""What only the portal itself has: news, and the registers that others ask about."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from core.search import search_index
from programme.models import Sourced

#: Words that stand where the address of a news item would: other pages live there.
RESERVED_SLUGS = frozenset({"campaigns", "segments"})


def refuse_reserved(slug: str) -> None:
    """Refuse an address under which another page stands."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("This address belongs to another page. Choose another one."))


class NewsStatus(models.TextChoices):
    """Life of a news item."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


PUBLIC_NEWS = frozenset({NewsStatus.PUBLISHED, NewsStatus.ARCHIVED})


class NewsQuerySet(VisibleQuerySet):
    """News by their texts."""

    search_translated = ("title", "body")


class NewsItem(Translated, Demo):
    """A short text about something that happened."""

    Status = NewsStatus

    slug = models.SlugField(_("address"), max_length=80, unique=True, validators=[refuse_reserved])
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=NewsStatus, default=NewsStatus.DRAFT
    )

    public_fields = ("title", "body")
    PUBLIC_STATES = PUBLIC_NEWS

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-published_on", "-pk"]
        indexes = [search_index("news", NewsQuerySet)]
        constraints = [
            bilingual("news_bilingual", ["title", "body"], states=PUBLIC_NEWS),
            models.CheckConstraint(
                condition=Q(status__in=NewsStatus.values), name="news_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=NewsStatus.DRAFT) | Q(published_on__isnull=False),
                name="news_published_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)), name="news_slug_not_reserved"
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("portal:news-detail", args=[self.slug])


class LegalDutyQuerySet(VisibleQuerySet):
    """Legal duties by their texts."""

    search_translated = ("duty", "law", "practice")
    search_plain = ("code",)


class LegalDuty(Translated, Sourced):
    """A legal duty and what it means for the portal; editable, to be validated by a lawyer."""

    code = models.SlugField(_("code"), max_length=10, unique=True)
    duty = models.CharField(_("duty"), max_length=250)
    law = models.TextField(_("reference"))
    practice = models.TextField(_("what it means here"))

    public_fields = ("duty", "law", "practice")

    objects = LegalDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal duty")
        verbose_name_plural = _("legal duties")
        ordering = ["code"]
        indexes = [search_index("duty", LegalDutyQuerySet)]
        constraints = [bilingual("legalduty_bilingual", ["duty", "law", "practice"])]

    def __str__(self):
        return f"{self.code} {self.duty}"


class ParliamentaryQuestionQuerySet(VisibleQuerySet):
    """Parliamentary questions by their texts."""

    search_translated = ("asked", "due")
    search_plain = ("code",)


class ParliamentaryQuestion(Translated, Sourced):
    """What members of Parliament have asked the Office, in substance, and what answers it."""

    code = models.SlugField(_("code"), max_length=10, unique=True)
    asked = models.TextField(_("asked"))
    due = models.TextField(_("what the portal owes"))

    public_fields = ("asked", "due")

    objects = ParliamentaryQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("parliamentary question")
        verbose_name_plural = _("parliamentary questions")
        ordering = ["code"]
        indexes = [search_index("question", ParliamentaryQuestionQuerySet)]
        constraints = [bilingual("parliamentaryquestion_bilingual", ["asked", "due"])]

    def __str__(self):
        return f"{self.code} {self.asked[:60]}"
