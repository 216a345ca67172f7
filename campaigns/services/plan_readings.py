"""Readings of the key figures of plans: by hand, and by the portal every night."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import TransitionRefused

from ..models import KPIReading, PlanKPI, PlanStatus
from ..permissions import check_planner
from ..plan_metrics import value_of

CENT = Decimal("0.01")


def record_reading(kpi: PlanKPI, *, by, on, value, note="") -> KPIReading:
    """Write down what somebody read; another value for the same day is a later vintage of it.

    Returns the row that holds the value, which is the one before where nothing differs. Refused
    for what the portal counts itself, and for a day that has not come.
    """
    check_planner(by)
    if not kpi.is_manual:
        raise TransitionRefused(_("The portal counts this figure itself, every night."))
    if on > timezone.localdate():
        raise TransitionRefused(_("This day has not come yet."))
    return keep_reading(kpi, on=on, value=value, note=note, by=by)


@transaction.atomic
def keep_reading(kpi: PlanKPI, *, on, value, note="", by=None) -> KPIReading:
    """Keep ``value`` as that of day ``on``; the same value again on that day is one row."""
    PlanKPI._base_manager.select_for_update().get(pk=kpi.pk)
    value = Decimal(value).quantize(CENT)
    last = kpi.readings.filter(on=on).order_by("-vintage").first()
    if last and (last.value, last.note) == (value, note):
        return last
    vintage = last.vintage + 1 if last else 1
    return KPIReading.objects.create(kpi=kpi, on=on, vintage=vintage, value=value, note=note, by=by)


def keep_plan_figures(day=None) -> int:
    """Count what the adopted plans are measured by, as of ``day``; return how many were kept.

    A figure that cannot be told (a share of nobody) gets no reading.
    """
    day = day or timezone.localdate()
    rows = PlanKPI.objects.filter(
        source=PlanKPI.Source.RECORD,
        plan__status=PlanStatus.ADOPTED,
        plan__starts_on__lte=day,
    )
    kept = 0
    for kpi in rows.select_related("plan"):
        value = value_of(kpi.metric, kpi.plan, day)
        if value is not None:
            keep_reading(kpi, on=day, value=value)
            kept += 1
    return kept
