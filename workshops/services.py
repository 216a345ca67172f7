"""The verbs of the workshops: their moves, their agenda, the results of their ideas."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.concurrency import refuse_stale
from core.workflow import PermissionRefused, TransitionRefused, record_change

from .models import AgendaIdea, Workshop, WorkshopStatus
from .permissions import runs_workshops
from .selectors import DISCUSSABLE
from .workflow import WORKSHOP

#: The agenda of these stays as it is.
OVER = (WorkshopStatus.REPORTED, WorkshopStatus.CANCELLED)
AGENDA_FIXED = gettext_lazy("The workshop is over; its agenda stays as it is.")
#: A result is what the people present came to.
TOOK_PLACE = (WorkshopStatus.IN_PROGRESS, WorkshopStatus.HELD)


@WORKSHOP.verb("publish")
def publish_workshop(workshop, *, by, note=""):
    """Announce the workshop, complete in French and Dutch."""
    return WORKSHOP.apply(workshop, "publish", by=by, note=note)


@WORKSHOP.verb("reschedule")
def reschedule_workshop(workshop, *, by, starts_at, ends_at, note=""):
    """Announce a postponed workshop for a new time; the old reason goes into the history."""
    told = f"{workshop.status_reason_fr}\n{workshop.status_reason_nl}"
    none = {f"status_reason_{code}": "" for code in ("fr", "nl", "en")}
    times = {"starts_at": starts_at, "ends_at": ends_at}
    return WORKSHOP.apply(workshop, "reschedule", by=by, note=note or told, **times, **none)


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
    """Publish what came out; ``report`` holds report_fr, report_nl and report_en.

    Refused while an idea on the agenda has no result.
    """
    return WORKSHOP.apply(workshop, "report", by=by, note=note, **only("report", report))


@WORKSHOP.verb("postpone")
def postpone_workshop(workshop, *, by, note="", **reason):
    """Postpone, with the reason (status_reason_fr, _nl, _en) that the page tells."""
    words = only("status_reason", reason)
    return WORKSHOP.apply(workshop, "postpone", by=by, note=note, **words)


@WORKSHOP.verb("cancel")
def cancel_workshop(workshop, *, by, note="", **reason):
    """Cancel for good, with the reason that the page tells; the date stays shown."""
    words = only("status_reason", reason)
    return WORKSHOP.apply(workshop, "cancel", by=by, note=note, **words)


@transaction.atomic
def put_on_agenda(workshop, idea, *, by) -> AgendaIdea:
    """Put a public idea on the agenda of a workshop that is not over; once is enough."""
    locked = _locked(workshop, by)
    if not idea.is_public or idea.status not in DISCUSSABLE:
        raise TransitionRefused(
            _("Only an idea that is public and still open can be put on an agenda.")
        )
    known = locked.agenda.filter(idea=idea).first()
    if known:
        return known
    last = locked.agenda.aggregate(last=Max("position"))["last"] or 0
    entry = AgendaIdea.objects.create(workshop=locked, idea=idea, position=last + 1)
    _tell(locked, "put_on_agenda", str(idea.reference), by)
    return entry


@transaction.atomic
def take_off_agenda(entry, *, by) -> None:
    """Take an idea off an agenda, as long as it has no result."""
    workshop = _locked(entry.workshop, by)
    row = AgendaIdea.objects.select_for_update().select_related("idea").get(pk=entry.pk)
    if row.result:
        raise TransitionRefused(_("This idea has a result: it stays on the agenda."))
    row.delete()
    _tell(workshop, "take_off_agenda", str(row.idea.reference), by)


def result_refusal(workshop) -> str:
    """Return why no result can be recorded now, "" where one can."""
    if workshop.status in OVER:
        return str(AGENDA_FIXED)
    return (
        ""
        if workshop.status in TOOK_PLACE
        else _("A result is recorded once the workshop has begun.")
    )


@transaction.atomic
def set_result(
    entry, result: str, *, by, reason_fr, reason_nl, reason_en="", row_state=""
) -> AgendaIdea:
    """Record what the workshop did with an idea, and why; until the report it can be corrected.

    French and Dutch are demanded. The change is written into the history of the workshop.
    ``row_state`` says what the writer has seen (see `core.concurrency`); ValidationError where
    somebody else wrote since.
    """
    workshop = _locked(entry.workshop, by)
    row = AgendaIdea.objects.select_for_update().select_related("idea").get(pk=entry.pk)
    refusal = result_refusal(workshop)
    if refusal:
        raise TransitionRefused(refusal)
    if result not in AgendaIdea.Result.values:
        raise TransitionRefused(_("Say what the workshop did with the idea."))
    if not (reason_fr.strip() and reason_nl.strip()):
        raise TransitionRefused(_("Give the reason in French and in Dutch."))
    refuse_stale(row, row_state)
    row.result = result
    row.reason_fr, row.reason_nl, row.reason_en = reason_fr, reason_nl, reason_en
    row.save()
    _tell(workshop, "set_result", f"{row.idea.reference}: {result}", by)
    return row


def only(field: str, words: dict) -> dict:
    """Return ``words`` when they are texts of ``field``; TypeError for anything else."""
    unknown = set(words) - {f"{field}_{code}" for code in ("fr", "nl", "en")}
    if unknown:
        raise TypeError(f"not a text of {field}: {', '.join(sorted(unknown))}")
    return words


def _locked(workshop, by) -> Workshop:
    """Return the workshop under lock, if ``by`` may change its agenda now."""
    if not runs_workshops(by):
        raise PermissionRefused(_("You may not do this."))
    row = Workshop.objects.select_for_update().get(pk=workshop.pk)
    if row.status in OVER:
        raise TransitionRefused(str(AGENDA_FIXED))
    return row


def _tell(workshop, name: str, words: str, by) -> None:
    record_change(workshop, name, workshop.status, workshop.status, by=by, note=words)
