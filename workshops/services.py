"""The verbs of the workshops: their moves, their agenda, the results of their ideas."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.workflow import PermissionRefused, TransitionRefused, record_change

from .models import AgendaIdea, WorkshopStatus
from .workflow import WORKSHOP, runs_workshops

OVER = (WorkshopStatus.REPORTED, WorkshopStatus.CANCELLED)


@WORKSHOP.verb("publish")
def publish_workshop(workshop, *, by, note=""):
    """Announce the workshop, complete in French and Dutch."""
    return WORKSHOP.apply(workshop, "publish", by=by, note=note)


@WORKSHOP.verb("open_registration")
def open_registration(workshop, *, by, note=""):
    """Open the registration."""
    return WORKSHOP.apply(workshop, "open_registration", by=by, note=note)


@WORKSHOP.verb("close_registration")
def close_registration(workshop, *, by, note=""):
    """Close the registration."""
    return WORKSHOP.apply(workshop, "close_registration", by=by, note=note)


@WORKSHOP.verb("start")
def start_workshop(workshop, *, by, note=""):
    """Say that the workshop goes on now."""
    return WORKSHOP.apply(workshop, "start", by=by, note=note)


@WORKSHOP.verb("hold")
def hold_workshop(workshop, *, by, note=""):
    """Say that the workshop took place."""
    return WORKSHOP.apply(workshop, "hold", by=by, note=note)


@WORKSHOP.verb("report")
def report_workshop(workshop, *, by, note="", **report):
    """Publish what came out; ``report`` holds report_fr, report_nl and report_en."""
    return WORKSHOP.apply(workshop, "report", by=by, note=note, **report)


@WORKSHOP.verb("postpone")
def postpone_workshop(workshop, *, by, note="", **reason):
    """Postpone, with the reason (status_reason_fr, _nl, _en) that the page tells."""
    return WORKSHOP.apply(workshop, "postpone", by=by, note=note, **reason)


@WORKSHOP.verb("cancel")
def cancel_workshop(workshop, *, by, note="", **reason):
    """Cancel for good, with the reason that the page tells."""
    return WORKSHOP.apply(workshop, "cancel", by=by, note=note, **reason)


def put_on_agenda(workshop, idea, *, by) -> AgendaIdea:
    """Put a public idea on the agenda of a workshop that is not over; once is enough."""
    _allow(workshop, by)
    if not idea.is_public:
        raise TransitionRefused(_("Only a public idea can be put on an agenda."))
    position = workshop.agenda.count() + 1
    entry, _made = AgendaIdea.objects.get_or_create(
        workshop=workshop, idea=idea, defaults={"position": position}
    )
    return entry


@transaction.atomic
def set_result(entry, result: str, *, by, **reason) -> AgendaIdea:
    """Record what the workshop did with an idea; ``reason`` holds reason_fr, _nl and _en.

    French and Dutch are demanded. The change is written into the history of the workshop.
    """
    locked = AgendaIdea.objects.select_for_update().select_related("workshop", "idea")
    row = locked.get(pk=entry.pk)
    _allow(row.workshop, by)
    for field in ("reason_fr", "reason_nl"):
        if not reason.get(field, "").strip():
            raise TransitionRefused(_("Give the reason in French and in Dutch."))
    row.result = result
    for field, words in reason.items():
        setattr(row, field, words)
    row.save()
    state = row.workshop.status
    words = f"{row.idea.reference}: {result}"
    record_change(row.workshop, "set_result", state, state, by=by, note=words)
    return row


def _allow(workshop, by) -> None:
    if not runs_workshops(by):
        raise PermissionRefused(_("You may not do this."))
    if workshop.status in OVER:
        raise TransitionRefused(_("The workshop is over; its agenda stays as it is."))
