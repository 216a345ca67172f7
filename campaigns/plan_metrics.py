"""What the portal counts for the key figures of a plan, and where everybody can look it up.

A count of what happened is that of the period of the plan up to the day of the reading; a stock
(subscriptions, indicators) is that of the moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.disclosure import LIMIT
from core.posting.rows import CopyState
from governance.models import Decision
from kpi.selectors import published
from projects.models import ProjectSheet, SheetVersion
from roadmap.models import Initiative, RoadmapVersion
from stakeholders.models import BilateralMeeting, Followed, Idea, Subscription, SubscriptionState
from workshops.models import AgendaIdea, Workshop

from .models import ActionStatus, CampaignStatus, CommunicationPlan, Delivery, Metric

Number = int | Decimal | None


@dataclass(frozen=True)
class Period:
    """The days that a reading speaks of."""

    plan: CommunicationPlan
    day: date

    def days(self, field: str) -> dict:
        """Return the condition that the day ``field`` lies in the period."""
        return {f"{field}__range": (self.plan.starts_on, min(self.day, self.plan.ends_on))}

    def moments(self, field: str) -> dict:
        """Return the condition that the moment ``field`` lies in the period, in Brussels time."""
        return self.days(f"{field}__date")


@dataclass(frozen=True)
class Count:
    """How a metric is counted, and the address of the list that shows the records, if any."""

    of: Callable[[Period], Number]
    page: str = ""


def _bilaterals(period, kind):
    rows = BilateralMeeting.objects.counted().filter(kind=kind)
    return rows.filter(**period.moments("starts_at"))


def _bilateral_count(period) -> int:
    return _bilaterals(period, BilateralMeeting.Kind.STAKEHOLDER).count()


def _cabinet_count(period) -> int:
    return _bilaterals(period, BilateralMeeting.Kind.POLITICAL).count()


def _partner_count(period) -> int:
    rows = _bilaterals(period, BilateralMeeting.Kind.STAKEHOLDER)
    return rows.order_by().values("organisation").distinct().count()


def _workshops(period, kind):
    return Workshop.objects.held().filter(kind=kind, **period.moments("starts_at"))


def _admin_workshops(period) -> int:
    return _workshops(period, Workshop.Kind.COLLABORATIVE).count()


def _theme_workshops(period) -> int:
    return _workshops(period, Workshop.Kind.MULTIDISCIPLINARY).count()


def _workshop_themes(period) -> int:
    rows = _workshops(period, Workshop.Kind.MULTIDISCIPLINARY).exclude(theme=None)
    return rows.order_by().values("theme").distinct().count()


def _ideas_received(period) -> int:
    return Idea.objects.filter(**period.moments("received_at")).count()


def _ideas_answered(period) -> int:
    return Idea.objects.public().filter(**period.moments("answered_at")).count()


def _ideas_discussed(period) -> int:
    held = Workshop.objects.held().filter(**period.moments("starts_at"))
    rows = AgendaIdea.objects.filter(workshop__in=held.values("pk"))
    return rows.order_by().values("idea").distinct().count()


def _sheets(period) -> int:
    frozen = SheetVersion.objects.filter(**period.moments("frozen_at"))
    return ProjectSheet.objects.public().filter(pk__in=frozen.values("sheet")).count()


def _decisions(period) -> int:
    return Decision.objects.public().filter(**period.days("decided_on")).count()


def _initiatives(period) -> int:
    return Initiative.objects.public().filter(origin=Initiative.Origin.DECISION).count()


def _editions(period) -> int:
    return RoadmapVersion.objects.public().filter(**period.days("published_on")).count()


def _indicators(period) -> int:
    return published().count()


def _subscriptions():
    return Subscription.objects.filter(kind=Followed.TOPIC, status=SubscriptionState.ACTIVE)


def _subscribers(period) -> int:
    return _subscriptions().order_by().values("contact").distinct().count()


def _dutch_share(period) -> Decimal | None:
    total = _subscriptions().count()
    if total < LIMIT:
        return None
    return Decimal(100 * _subscriptions().filter(language="nl").count()) / total


def _campaigns(period) -> int:
    return period.plan.campaigns.filter(status=CampaignStatus.FINISHED).count()


def _mails(period) -> int:
    return Delivery.objects.filter(campaign__plan=period.plan, state=CopyState.SENT).count()


def _actions_done(period) -> int:
    return period.plan.actions.filter(status=ActionStatus.DONE).count()


COUNTS: dict[str, Count] = {
    Metric.BILATERALS: Count(_bilateral_count, "stakeholders:bilateral-list"),
    Metric.CABINETS: Count(_cabinet_count, "stakeholders:bilateral-list"),
    Metric.PARTNERS: Count(_partner_count, "stakeholders:bilateral-list"),
    Metric.ADMIN_WORKSHOPS: Count(_admin_workshops, "workshops:workshop-list"),
    Metric.THEME_WORKSHOPS: Count(_theme_workshops, "workshops:workshop-list"),
    Metric.WORKSHOP_THEMES: Count(_workshop_themes, "workshops:workshop-list"),
    Metric.IDEAS_RECEIVED: Count(_ideas_received, "stakeholders:idea-list"),
    Metric.IDEAS_ANSWERED: Count(_ideas_answered, "stakeholders:idea-list"),
    Metric.IDEAS_DISCUSSED: Count(_ideas_discussed, "workshops:workshop-list"),
    Metric.SHEETS: Count(_sheets, "projects:sheet-list"),
    Metric.DECISIONS: Count(_decisions, "governance:decision-list"),
    Metric.INITIATIVES: Count(_initiatives, "roadmap:initiative-list"),
    Metric.EDITIONS: Count(_editions, "roadmap:edition-list"),
    Metric.INDICATORS: Count(_indicators, "kpi:indicator-list"),
    Metric.SUBSCRIBERS: Count(_subscribers),
    Metric.DUTCH_SHARE: Count(_dutch_share),
    Metric.CAMPAIGNS: Count(_campaigns, "campaigns:campaign-list"),
    Metric.MAILS: Count(_mails, "campaigns:campaign-list"),
    Metric.ACTIONS_DONE: Count(_actions_done),
}


def value_of(metric: str, plan: CommunicationPlan, day: date) -> Number:
    """Return what ``metric`` counts for ``plan`` on ``day``, None where there is nothing to tell.

    KeyError for what is not in the whitelist.
    """
    return COUNTS[metric].of(Period(plan, day))


def page_of_metric(metric: str) -> str:
    """Return the name of the public list of the records, "" where there is none."""
    return COUNTS[metric].page if metric else ""
