"""The verbs of indicators and of their figures."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import is_system
from core.publication import parity_guard
from core.workflow import PermissionRefused, TransitionRefused

from .models import Indicator, Observation, Place
from .periods import Period
from .workflow import INDICATOR


@INDICATOR.verb("submit")
def submit_indicator(indicator, *, by, note=""):
    """Put a draft up for review by somebody else."""
    return INDICATOR.apply(indicator, "submit", by=by, note=note)


@INDICATOR.verb("approve")
def approve_indicator(indicator, *, by, note=""):
    """Approve what another person submitted; French and Dutch must be complete."""
    return INDICATOR.apply(indicator, "approve", by=by, note=note)


@INDICATOR.verb("send_back")
def send_back_indicator(indicator, *, by, note=""):
    """Return it to its editor with the reason."""
    return INDICATOR.apply(indicator, "send_back", by=by, note=note)


@INDICATOR.verb("publish")
def publish_indicator(indicator, *, by, note=""):
    """Make an approved indicator public."""
    return INDICATOR.apply(indicator, "publish", by=by, note=note)


@INDICATOR.verb("suspend")
def suspend_indicator(indicator, *, by, note=""):
    """Take it from the public pages for a while, with the reason."""
    return INDICATOR.apply(indicator, "suspend", by=by, note=note)


@INDICATOR.verb("resume")
def resume_indicator(indicator, *, by, note=""):
    """Bring a suspended indicator back."""
    return INDICATOR.apply(indicator, "resume", by=by, note=note)


@INDICATOR.verb("retire")
def retire_indicator(indicator, *, by, note="", replaced_by=None):
    """End the series: page and figures stay public, with the successor if there is one."""
    return INDICATOR.apply(
        indicator, "retire", by=by, note=note, replaced_by=replaced_by, is_frozen=True
    )


@transaction.atomic
def record_observation(
    indicator,
    *,
    by,
    period: str,
    value: Decimal | None,
    geo: str = "",
    position: int = 0,
    flag: str = "",
    note: dict | None = None,
    disputed: bool = False,
    reason: str = Observation.Reason.SCHEDULED,
    sources=(),
) -> Observation:
    """Append a figure that the portal itself has computed, at once; ``by`` is the system.

    What people send goes through `imports.services` and waits for a second person. A figure that is
    on record already becomes the next vintage of its period.

    ``geo`` is by default the territory of the indicator, ``note`` is {"fr", "nl", "en"}. The former
    value stays and can be asked for by its day. Raises `PermissionRefused`, or `TransitionRefused`
    with a sentence on what is wrong; then nothing is written.
    """
    if not is_system(by):
        raise PermissionRefused(_("You may not do this."))
    # Two corrections at once must not claim the same vintage.
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    key = {"geo_id": geo or indicator.geo_id, "period": period, "position": position}
    texts = {f"note_{code}": words for code, words in (note or {}).items()}
    row = Observation(
        indicator=indicator,
        value=value,
        flag=flag,
        disputed=disputed,
        reason=reason,
        **key,
        **texts,
    )
    check_observation(row)
    row.vintage = next_vintage(row)
    row.save()
    row.sources.set(sources)
    return row


def check_observation(row: Observation) -> None:
    """Raise `TransitionRefused` where ``row`` cannot stand as a published figure."""
    if not Place.objects.filter(code=row.geo_id).exists():
        raise TransitionRefused(_("This territory is not known."))
    try:
        when = Period.parse(row.period)
    except ValueError as error:
        raise TransitionRefused(
            _("Write the period as 2025, 2025-S1, 2025-Q3 or 2025-05.")
        ) from error
    if row.value is None and not row.flag:
        raise TransitionRefused(_("Without a value a flag must say why, such as “m” for missing."))
    if when.starts_on > timezone.localdate() and not row.is_forecast:
        raise TransitionRefused(
            _("This period has not begun; only a forecast (flag “f”) may be recorded for it.")
        )
    parity_guard(row)


def next_vintage(row: Observation) -> int:
    """Return the number of the next vintage; refuse a repetition of the current one."""
    known = Observation.objects.filter(
        indicator=row.indicator, geo_id=row.geo_id, period=row.period, position=row.position
    )
    last = known.order_by("-vintage").first()
    if last is None:
        return 1
    if (last.value, last.flag, last.disputed) == (row.value, row.flag, row.disputed):
        raise TransitionRefused(_("This figure is on record already."))
    return last.vintage + 1
