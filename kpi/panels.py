"""What indicators add to the pages of others: queues, progress, the chain, search."""

from datetime import datetime, time

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots
from core.models import StatusChange
from core.permissions import is_office
from core.queues import Queue, Waiting
from core.search import answer

from .facts import Facts
from .models import Indicator, IndicatorStatus
from .selectors import PUBLISHED_QUERY, facts_of, late, listed, published

VOLET = 4
SHOWN = 10


def to_review(user) -> Queue | None:
    """Indicators that somebody submitted and nobody has approved yet."""
    if not is_office(user):
        return None
    waiting = Indicator.objects.filter(status=IndicatorStatus.IN_REVIEW)
    first = list(waiting.order_by("pk")[:SHOWN])
    since = submitted_at(first)
    rows = [
        Waiting(
            str(each),
            reverse("admin:kpi_indicator_change", args=[each.pk]),
            since.get(each.pk) or timezone.now(),
        )
        for each in first
    ]
    url = f"{reverse('admin:kpi_indicator_changelist')}?status__exact={IndicatorStatus.IN_REVIEW}"
    return Queue(_("Indicators to approve"), VOLET, rows, waiting.count(), url)


def submitted_at(indicators) -> dict[int, datetime]:
    """Return {pk: when it was last submitted}."""
    kind = ContentType.objects.get_for_model(Indicator)
    changes = StatusChange.objects.filter(
        content_type=kind, transition="submit", object_id__in=[each.pk for each in indicators]
    )
    return dict(changes.values_list("object_id").annotate(last=Max("at")))


def late_figures(user) -> Queue | None:
    """Figures that should have been here by now: all for the office, the own ones for an owner."""
    rows, url = _watched_by(user)
    if rows is None:
        return None
    found = facts_of(late(rows).select_related("owner", "owner_organisation"))
    by_age = sorted(found.values(), key=lambda facts: facts.due_on)
    waiting = [_waiting(facts) for facts in by_age[:SHOWN]]
    return Queue(_("Late figures"), VOLET, waiting, len(by_age), url)


def _watched_by(user):
    if is_office(user):
        everything = Indicator.objects.visible_to(user)
        return everything, reverse("kpi:indicator-list") + "?freshness=overdue"
    own = (
        Indicator.objects.filter(owner=user) if user.is_authenticated else Indicator.objects.none()
    )
    return (own, "") if own.exists() else (None, "")


def _waiting(facts: Facts) -> Waiting:
    indicator = facts.indicator
    due = timezone.make_aware(datetime.combine(facts.due_on, time.max))
    return Waiting(
        str(indicator),
        reverse("kpi:indicator-record", args=[indicator.code]),
        since=due,
        due=due,
        whom=str(indicator.owner or indicator.owner_organisation or ""),
    )


def progress() -> dict:
    """Published indicators, for the progress of the contract."""
    return {"KPI": {"count": published().count(), "url": published_url(), "as_of": None}}


def published_url() -> str:
    """Return the list that shows exactly the published indicators."""
    return f"{reverse('kpi:indicator-list')}?{PUBLISHED_QUERY}"


def chain() -> dict:
    """Step 6 of the chain: what is measured, and how much of it is late."""
    overdue = late(published()).count()
    detail = ngettext("%(count)s with a late figure", "%(count)s with late figures", overdue)
    return {
        "stage": 6,
        "count": published().count(),
        "url": published_url(),
        "detail": detail % {"count": overdue} if overdue else _("all figures up to date"),
        "detail_url": f"{published_url()}&freshness=overdue" if overdue else "",
    }


def search(query: str, user) -> dict:
    """Answer the search of the portal."""
    found = listed(user).search(query)
    return answer(_("Indicators"), reverse("kpi:indicator-list"), query, found)


slots.register("office.queues", to_review)
slots.register("office.queues", late_figures)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)

from . import import_panels, import_services  # noqa: E402, F401  register queue and verbs
