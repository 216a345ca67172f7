"""What only the portal itself has: news, and the registers that others ask about."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual
from programme.models import NamedQuerySet, Sourced


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

    slug = models.SlugField(_("address"), max_length=80, unique=True)
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
        constraints = [
            bilingual("news_bilingual", ["title", "body"], states=PUBLIC_NEWS),
            models.CheckConstraint(
                condition=models.Q(status__in=NewsStatus.values),
                name="news_status_known",
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("portal:news-detail", args=[self.slug])


class LegalDuty(Translated, Sourced):
    """A legal duty and what it means for the portal; editable, to be validated by a lawyer."""

    code = models.SlugField(_("code"), max_length=10, unique=True)
    duty = models.CharField(_("duty"), max_length=250)
    law = models.TextField(_("reference"))

    public_fields = ("duty", "law")

    objects = NamedQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal duty")
        verbose_name_plural = _("legal duties")
        ordering = ["code"]
        constraints = [bilingual("legalduty_bilingual", ["duty", "law"])]

    def __str__(self):
        return f"{self.code} {self.duty}"


class ParliamentaryQuestion(Translated):
    """What members of Parliament have asked the Office, in substance."""

    code = models.SlugField(_("code"), max_length=10, unique=True)
    references = models.CharField(_("questions"), max_length=60)
    asked = models.TextField(_("asked"))

    public_fields = ("asked",)

    objects = NamedQuerySet.as_manager()

    class Meta:
        verbose_name = _("parliamentary question")
        verbose_name_plural = _("parliamentary questions")
        ordering = ["code"]
        constraints = [bilingual("parliamentaryquestion_bilingual", ["asked"])]

    def __str__(self):
        return f"{self.code} {self.asked[:60]}"
