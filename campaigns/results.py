"""What a campaign has led to, in numbers that name nobody: they are totals, and small ones hide.

How often a link was opened is counted without address and time (`CampaignLink`); what was opened
fewer than five times is not told. The total adds up what is told, so that nothing can be
subtracted from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from core import exports
from core.disclosure import LIMIT
from core.models import Bounce
from core.templatetags.ui import IN_LANGUAGE
from stakeholders.models import Subscription, SubscriptionState

from .models import Campaign, CampaignLink, Metric, PlanKPI
from .plan_figures import Figure, figures_of

#: So long after its mail somebody who leaves a topic counts as having left because of it.
AFTERWARDS = timedelta(days=14)
KIND = Bounce.Kind
#: The key figures that grow with each campaign of their plan.
FED = (Metric.CAMPAIGNS, Metric.MAILS)


@dataclass(frozen=True)
class Count:
    """One number of the table, with a key for files and its name for people."""

    key: str
    label: str
    number: int


@dataclass(frozen=True)
class Clicks:
    """How often a link was opened from the mails of one language; None for fewer than five."""

    language: str
    url: str
    number: int | None

    @property
    def words(self) -> str:
        """Return what stands in the place of a number that is not told."""
        return _("fewer than %(limit)s") % {"limit": LIMIT} if self.number is None else ""


@dataclass(frozen=True)
class Results:
    """The counts of a campaign, the clicks on its links, the key figures that it feeds."""

    counts: list[Count]
    clicks: list[Clicks]
    figures: list[Figure]


def results_of(campaign: Campaign, outcome: dict[str, int]) -> Results:
    """Return what ``campaign`` led to; ``outcome`` as `selectors.outcome` gives it."""
    came_back = came_back_by_kind(campaign)
    numbers = (
        ("handed_over", _("Taken by the mail server"), outcome["sent"]),
        ("refused", _("Refused by the mail server"), outcome["failed"]),
        ("came_back", _("Came back"), outcome["came_back"]),
        ("hard", _("– the address does not exist"), came_back[KIND.HARD]),
        ("soft", _("– could not be delivered for now"), came_back[KIND.SOFT]),
        ("complaints", _("Reported as unwanted"), came_back[KIND.COMPLAINT]),
        ("ended", _("Left the topic within 14 days"), left_afterwards(campaign)),
    )
    counts = [Count(*each) for each in numbers]
    return Results(counts, clicks_of(campaign), fed_figures(campaign))


def came_back_by_kind(campaign: Campaign) -> dict[str, int]:
    """Return {kind: mails} of what came back; what did so in two ways counts as the worse one."""
    rows = Bounce.objects.filter(mailing=f"campaign-{campaign.pk}").exclude(copy=None)
    found = set(rows.order_by().values_list("copy", "kind").distinct())
    copies = {
        kind: {copy for copy, other in found if other == kind}
        for kind in (KIND.HARD, KIND.SOFT, KIND.COMPLAINT)
    }
    copies[KIND.SOFT] -= copies[KIND.HARD]
    return {kind: len(each) for kind, each in copies.items()}


def left_afterwards(campaign: Campaign) -> int:
    """Return how many who got ``campaign`` have ended their subscription to its topic since.

    Within `AFTERWARDS` of their own mail. Whoever came back later, or was erased, is not counted.
    """
    rows = Subscription.objects.filter(
        topic=campaign.topic_id,
        status=SubscriptionState.UNSUBSCRIBED,
        contact__deliveries__campaign=campaign,
        ended_at__gte=F("contact__deliveries__handed_at"),
        ended_at__lte=F("contact__deliveries__handed_at") + AFTERWARDS,
    )
    return rows.count()


def clicks_of(campaign: Campaign) -> list[Clicks]:
    """Return the links of ``campaign``, by language and then in their order in the mail."""
    rows = campaign.links.order_by("language", "pk").values_list("language", "url", "clicks")
    return [Clicks(code, url, told(number)) for code, url, number in rows]


def told(number: int) -> int | None:
    """Return ``number``, None where it is too small to be told."""
    return number if number >= LIMIT else None


def clicks_in_total(campaign: Campaign) -> int | None:
    """Return how often the links that can be told were opened; None where none can."""
    rows = CampaignLink.objects.filter(campaign=campaign, clicks__gte=LIMIT)
    return rows.aggregate(total=Sum("clicks"))["total"]


def fed_figures(campaign: Campaign) -> list[Figure]:
    """Return the key figures that ``campaign`` feeds, of its plan, with their newest reading."""
    if campaign.plan_id is None:
        return []
    rows = PlanKPI.objects.filter(plan=campaign.plan_id, metric__in=FED)
    return figures_of(rows.order_by("position", "pk"))


def table_of(campaign: Campaign, results: Results) -> exports.Table:
    """Return counts and clicks as a table for files."""
    columns = (
        exports.Column("measure", _("Measure"), lambda row: row[0]),
        exports.Column("name", _("Name"), lambda row: row[1]),
        exports.Column("language", _("Language"), lambda row: row[2]),
        exports.Column("address", _("Address"), lambda row: row[3]),
        exports.Column("number", _("Number"), lambda row: row[4]),
        exports.Column("remark", _("Remark"), lambda row: row[5]),
    )
    name = _("Results of %(slug)s") % {"slug": campaign.slug}
    return exports.Table(name, columns, [*_lines(results)])


def _lines(results: Results) -> Iterable[tuple]:
    for each in results.counts:
        yield (each.key, each.label.removeprefix("– "), "", "", each.number, "")
    for each in results.clicks:
        words = str(IN_LANGUAGE[each.language])
        yield ("clicks", _("Clicks"), words, each.url, each.number, each.words)
