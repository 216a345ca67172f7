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
from core.templatetags.ui import translated
from stakeholders.following import Aim
from stakeholders.models import Followed

from .ages import due_soon, late
from .counting.computing import without_count
from .facts import Facts
from .models import FigureReport, Indicator, IndicatorStatus
from .news import alerts, reminders
from .reports import own_data
from .reports import services as reports
from .selectors import PUBLISHED_QUERY, facts_of, listed, published

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


def figures_due_soon(user) -> Queue | None:
    """Figures whose due date is near: all for the office, the own ones for an owner."""
    rows, url = _watched_by(user, "soon")
    if rows is None:
        return None
    found = facts_of(due_soon(rows).select_related("owner", "owner_organisation"))
    by_age = sorted(found.values(), key=lambda facts: facts.due_on)
    return Queue(
        _("Figures due soon"),
        VOLET,
        [_waiting(facts) for facts in by_age[:SHOWN]],
        len(by_age),
        url,
    )


def left_without_count(user) -> Queue | None:
    """Indicators that the portal should fill, by a count that it does not have any more."""
    if not is_office(user):
        return None
    rows = without_count()
    waiting = [
        Waiting(str(each), reverse("admin:kpi_indicator_change", args=[each.pk]), each.last)
        for each in rows.annotate(last=Max("observations__released_at")).order_by("pk")[:SHOWN]
    ]
    return Queue(_("Indicators whose count no longer exists"), VOLET, waiting, rows.count())


def reported_errors(user) -> Queue | None:
    """What readers reported about figures and nobody has answered yet."""
    waiting = FigureReport.objects.visible_to(user).waiting()
    rows = [
        Waiting(
            f"{each.indicator} · {each.get_reason_display()}",
            each.get_absolute_url(),
            since=each.at,
            whom=str(each.indicator.owner or ""),
        )
        for each in waiting.select_related("indicator__owner")[:SHOWN]
    ]
    if not rows:
        return None
    url = reverse("kpi:report-list")
    return Queue(_("Errors reported in figures"), VOLET, rows, waiting.count(), url)


def office_pages(user) -> dict | None:
    """Name the working pages of the indicators in the menu of the back office."""
    if not is_office(user):
        return None
    return {"app": "kpi", "pages": [(_("Reported errors"), reverse("kpi:report-list"))]}


def followed(kind: str, target: str) -> Aim | None:
    """Return an indicator that somebody follows, named as its page names it."""
    if kind != Followed.INDICATOR:
        return None
    indicator = Indicator.objects.public().filter(code=target).first()
    if indicator is None:
        return Aim(_("the indicator %(code)s") % {"code": target}, "")
    words = {"name": translated(indicator, "name")[0]}
    return Aim(_("the indicator “%(name)s”") % words, indicator.get_absolute_url())


def _watched_by(user, age="overdue"):
    if is_office(user):
        everything = Indicator.objects.visible_to(user)
        return everything, f"{reverse('kpi:indicator-list')}?freshness={age}"
    own = (
        Indicator.objects.filter(owner=user) if user.is_authenticated else Indicator.objects.none()
    )
    return (own, "") if own.exists() else (None, "")


def _waiting(facts: Facts) -> Waiting:
    indicator = facts.indicator
    due = timezone.make_aware(datetime.combine(facts.due_on, time.max))
    record = reverse("kpi:indicator-record", args=[indicator.code])
    return Waiting(
        str(indicator),
        indicator.get_absolute_url() if indicator.metric else record,
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
slots.register("office.queues", figures_due_soon)
slots.register("office.queues", left_without_count)
slots.register("office.queues", reported_errors)
slots.register("office.pages", office_pages)
slots.register("stakeholders.followed", followed)
slots.register("stakeholders.erase", reports.forget_people)
slots.register("stakeholders.own_data", own_data.own_reports)
slots.register("mail.veto", alerts.reason_not_to_send)
slots.register("mail.context", alerts.made_anew)
slots.register("mail.context", reminders.made_anew)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)

from .imports import panels as import_panels  # noqa: E402, F401  register queue and verbs
