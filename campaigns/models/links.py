"""Where the links of campaigns lead: whether it is still there, and how often it was opened."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .campaigns import Campaign

LONGEST_URL = 2000


class CampaignLink(models.Model):
    """One target of one language of a campaign, with a total: no address, no time, no person."""

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.CASCADE, related_name="links"
    )
    language = models.CharField(_("language"), max_length=2)
    url = models.CharField(_("address"), max_length=LONGEST_URL)
    clicks = models.PositiveIntegerField(_("clicks"), default=0)

    class Meta:
        verbose_name = _("link of a campaign")
        verbose_name_plural = _("links of campaigns")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language", "url"], name="campaign_link_once"
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="campaign_link_is_a_page",
            ),
        ]

    def __str__(self):
        return self.url


class LinkProblem(models.TextChoices):
    """Why a reader may find no page behind a link."""

    GONE = "gone", _("there is no such page (any more)")
    BROKEN = "broken", _("the server answers with an error")
    UNREACHABLE = "unreachable", _("no server answers")
    CLOSED = "closed", _("the page asks for a password, or turns programs away: look yourself")
    INSIDE = "inside", _("the address lies in a private network")


#: What keeps a campaign from being submitted.
DEAD_LINK = frozenset({LinkProblem.GONE, LinkProblem.BROKEN, LinkProblem.INSIDE})


class CheckedLink(models.Model):
    """What an address answered when it was last looked up."""

    url = models.CharField(_("address"), max_length=LONGEST_URL, unique=True)
    asked_at = models.DateTimeField(_("asked"), null=True)
    checked_at = models.DateTimeField(_("looked up"), null=True)
    code = models.PositiveSmallIntegerField(_("answer"), null=True)
    problem = models.CharField(_("problem"), max_length=15, choices=LinkProblem, blank=True)

    class Meta:
        verbose_name = _("link that was looked up")
        verbose_name_plural = _("links that were looked up")
        constraints = [
            models.CheckConstraint(
                condition=Q(problem__in=["", *LinkProblem.values]),
                name="checked_link_problem_known",
            ),
        ]

    def __str__(self):
        return self.url
