"""What the portal counts for the key figures of a plan, and where everybody can look it up.

A count of what happened is that of the period of the plan up to the day of the reading; a stock
(subscriptions, indicators) is that of the moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.posting.rows import CopyState
from kpi.counting.metrics import METRICS, Number, Window

from .models import ActionStatus, CampaignStatus, CommunicationPlan, Delivery, Metric


@dataclass(frozen=True)
class Count:
    """How a metric is counted, and the address of the list that shows the records, if any."""

    of: Callable[[CommunicationPlan, date], Number]
    page: str = ""


def _campaigns(plan, day) -> int:
    return plan.campaigns.filter(status=CampaignStatus.FINISHED).count()


def _mails(plan, day) -> int:
    return Delivery.objects.filter(campaign__plan=plan, state=CopyState.SENT).count()


def _actions_done(plan, day) -> int:
    return plan.actions.filter(status=ActionStatus.DONE).count()


def _of_the_portal(metric: str) -> Count:
    """Return the count of `kpi.counting.metrics` over the days of a plan."""
    found = METRICS[metric]

    def count(plan, day):
        return found.count(Window(min(day, plan.ends_on), plan.starts_on))

    return Count(count, found.page)


#: What only a plan has; all else is counted where the indicators count it.
OWN: dict[str, Count] = {
    Metric.CAMPAIGNS: Count(_campaigns, "campaigns:campaign-list"),
    Metric.MAILS: Count(_mails, "campaigns:campaign-list"),
    Metric.ACTIONS_DONE: Count(_actions_done),
}
COUNTS: dict[str, Count] = {
    metric: OWN.get(metric) or _of_the_portal(metric.value) for metric in Metric
}


def value_of(metric: str, plan: CommunicationPlan, day: date) -> Number:
    """Return what ``metric`` counts for ``plan`` on ``day``, None where there is nothing to tell.

    KeyError for what is not in the whitelist.
    """
    return COUNTS[metric].of(plan, day)


def page_of_metric(metric: str) -> str:
    """Return the name of the public list of the records, "" where there is none."""
    return COUNTS[metric].page if metric else ""
