"""Bilateral meetings: proposed, invited, held, written down, shared, validated, followed up."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.permissions import is_staff
from core.workflow import PermissionRefused, TransitionRefused, record_change

from .. import meeting_mails
from ..meeting_workflow import AGREED, BILATERAL, PROPOSED
from ..models import TOOK_PLACE, BilateralMeeting, Interaction
from . import minutes
from .exchanges import log_exchange

#: What a meeting noted afterwards is taken to have lasted.
USUAL_LENGTH = timedelta(hours=1)
SERIES_LOCK = "LOCK TABLE stakeholders_bilateralmeeting IN SHARE ROW EXCLUSIVE MODE"
TO_COME = frozenset({PROPOSED, AGREED})


@transaction.atomic
def propose_meeting(meeting, *, by, contacts=(), colleagues=()) -> BilateralMeeting:
    """Keep an unsaved ``meeting`` with the next number of its series, and whom it is with."""
    _check_staff(by)
    meeting.series_no = next_number(meeting.kind)
    meeting.save()
    meeting.contacts.set(contacts)
    meeting.colleagues.set(colleagues)
    record_change(meeting, "propose", "", meeting.status, by=by)
    return meeting


def next_number(kind: str) -> int:
    """Take the next number of a series; call it inside the transaction that uses it.

    Two that propose at once wait for each other, so that the numbers have no twin.
    """
    with connection.cursor() as cursor:
        cursor.execute(SERIES_LOCK)
    last = BilateralMeeting.objects.filter(kind=kind).aggregate(last=Max("series_no"))["last"]
    return (last or 0) + 1


@transaction.atomic
def invite(meeting, *, by, note="") -> int:
    """Send the invitation with its calendar entry; return to how many it went.

    Sending it again, after a change, updates the entry in the calendars of those invited.
    """
    _check_staff(by)
    meeting = _locked(meeting)
    _check_to_come(meeting)
    people = addressees(meeting)
    meeting_mails.send_invitation(meeting, people)
    _note(meeting, "invite", by, note, invited_at=timezone.now())
    _count_up(meeting)
    return len(people)


@transaction.atomic
def send_agenda(meeting, *, by, note="") -> int:
    """Send the agenda to those invited; return to how many it went."""
    _check_staff(by)
    meeting = _locked(meeting)
    _check_to_come(meeting)
    if not meeting.agenda.strip():
        raise TransitionRefused(_("Write the agenda first, one point a line."))
    people = addressees(meeting)
    meeting_mails.send_agenda(meeting, people)
    _note(meeting, "send_agenda", by, note, agenda_sent_at=timezone.now())
    return len(people)


@transaction.atomic
def reschedule(meeting, *, by, starts_at, ends_at, place, note="") -> None:
    """Move a meeting that is to come; who was invited gets the new time and place."""
    _check_staff(by)
    meeting = _locked(meeting)
    _check_to_come(meeting)
    before = meeting.starts_at if meeting.starts_at != starts_at else None
    _note(meeting, "reschedule", by, note, starts_at=starts_at, ends_at=ends_at, place=place)
    if meeting.invited_at:
        people = addressees(meeting)
        meeting_mails.send_invitation(meeting, people, changed=True, before=before)
        _count_up(meeting)


@BILATERAL.verb("agree")
def agree(meeting, *, by, note=""):
    """Note that the partner agreed to meet."""
    return BILATERAL.apply(meeting, "agree", by=by, note=note)


@BILATERAL.verb("hold")
@transaction.atomic
def hold(meeting, *, by, present=None, outcomes=(), summary="", note="", **results):
    """Note that a meeting took place: it enters the log with those who were ``present``.

    ``present`` are contacts (all invited where it is None); ``results`` are positions, needs,
    assets_offered, synergies and the workstream proposed.
    """
    meeting.refresh_from_db()
    _check_before_log(meeting, by)
    exchange = log_exchange(
        by=by,
        kind=Interaction.Kind.BILATERAL,
        subject=line_about(meeting, summary),
        organisation=meeting.organisation,
        contacts=meeting.contacts.all() if present is None else present,
        colleagues=[meeting.owner, *meeting.colleagues.exclude(pk=meeting.owner_id)],
        happened_at=meeting.starts_at,
        minutes_long=round((meeting.ends_at - meeting.starts_at).total_seconds() / 60),
        place=meeting.place,
        summary=summary,
        is_demo=meeting.is_demo,
    )
    changes = {"interaction": exchange, "outcomes": sorted(outcomes), **results}
    return BILATERAL.apply(meeting, "hold", by=by, note=note, **changes)


def line_about(meeting, summary: str) -> str:
    """Return a held meeting in one line: how its summary begins, else its name for the partner."""
    first = summary.strip().split("\n")[0][:200]
    if first:
        return first
    with translation.override(meeting.language):
        return str(meeting)[:200]


def _check_before_log(meeting, by):
    """Refuse with the words of the transition before anything is written into the log."""
    step = BILATERAL.table["hold"]
    if meeting.status not in step.sources or not step.permission(by, meeting):
        BILATERAL.apply(meeting, "hold", by=by)
    step.guard(meeting)


@transaction.atomic
def log_meeting(*, by, organisation, happened_at, subject, contacts=(), outcomes=(), language):
    """Log a bilateral meeting that was held without having been planned here; return its exchange.

    It goes through the same states, so that its minutes and its validation are asked for.
    """
    meeting = BilateralMeeting(
        organisation=organisation,
        starts_at=happened_at,
        ends_at=happened_at + USUAL_LENGTH,
        language=language,
        owner=by,
    )
    propose_meeting(meeting, by=by, contacts=contacts)
    agree(meeting, by=by)
    hold(meeting, by=by, outcomes=outcomes, summary=subject)
    exchange = meeting.interaction
    exchange.subject = subject
    exchange.save(update_fields=["subject"])
    return exchange


@BILATERAL.verb("write_minutes")
@transaction.atomic
def write_minutes(meeting, *, by, body, note=""):
    """Save the minutes as a versioned document in the language of the partner."""
    document = minutes.save(meeting, body, by=by)
    return BILATERAL.apply(meeting, "write_minutes", by=by, note=note, minutes=document)


@transaction.atomic
def rewrite_minutes(meeting, *, by, body, note="") -> None:
    """Save another wording of minutes that are not shared yet."""
    if meeting.status != BilateralMeeting.Status.MINUTES_DRAFT:
        raise TransitionRefused(_("These minutes are shared or fixed: take them back first."))
    minutes.save(meeting, body, by=by, note=note)


@BILATERAL.verb("share_minutes")
@transaction.atomic
def share_minutes(meeting, *, by, note=""):
    """Send the minutes to the partner, who may ask for corrections."""
    change = BILATERAL.apply(meeting, "share_minutes", by=by, note=note)
    until = minutes.circulate(meeting, by=by)
    meeting_mails.send_minutes(meeting, addressees(meeting), until, change)
    return change


@BILATERAL.verb("correct_minutes")
@transaction.atomic
def correct_minutes(meeting, *, by, body, note=""):
    """Take shared minutes back and save the corrected wording; it is shared again."""
    change = BILATERAL.apply(meeting, "correct_minutes", by=by, note=note)
    minutes.take_back(meeting, by=by)
    minutes.save(meeting, body, by=by, note=note)
    return change


@BILATERAL.verb("validate")
@transaction.atomic
def validate_meeting(meeting, *, by, note=""):
    """Confirm a meeting as a second person: it counts, and its minutes are fixed."""
    now = timezone.now()
    words = {"validated_by": by, "validated_at": now}
    change = BILATERAL.apply(meeting, "validate", by=by, note=note, **words)
    minutes.fix(meeting, by=by)
    return change


@BILATERAL.verb("cancel")
@transaction.atomic
def cancel_meeting(meeting, *, by, note=""):
    """Cancel a meeting that is to come; who was invited is told, their calendar too."""
    change = BILATERAL.apply(meeting, "cancel", by=by, note=note)
    if meeting.invited_at:
        meeting_mails.send_cancellation(meeting, addressees(meeting, strict=False))
        _count_up(meeting)
    return change


@BILATERAL.verb("miss")
def miss_meeting(meeting, *, by, note=""):
    """Note that nobody came."""
    return BILATERAL.apply(meeting, "miss", by=by, note=note)


@transaction.atomic
def set_results(meeting, *, by, **results) -> None:
    """Write down what came of a meeting (outcomes, positions, needs …) until it is validated."""
    _check_staff(by)
    meeting = _locked(meeting)
    if meeting.status not in TOOK_PLACE or meeting.status == BilateralMeeting.Status.VALIDATED:
        raise TransitionRefused(_("Results are written once it took place, until it is validated."))
    _note(meeting, "set_results", by, "", **results)


@transaction.atomic
def follow_up(meeting, *, by, note="") -> None:
    """Note that the partner was asked what became of it, some weeks after the meeting."""
    _check_staff(by)
    meeting = _locked(meeting)
    if meeting.status not in TOOK_PLACE:
        raise TransitionRefused(_("There is nothing to follow up: it did not take place."))
    if not note.strip():
        raise TransitionRefused(_("Say in a line what became of it."))
    _note(meeting, "follow_up", by, note, followed_up_at=timezone.now())


def addressees(meeting, *, strict: bool = True) -> list:
    """Return the people invited whom we may write to; with ``strict`` refuse where there is none.

    Nobody who asked not to be contacted is invited.
    """
    willing = meeting.contacts.current().filter(do_not_contact=False).exclude(email="")
    people = list(willing.order_by("pk"))
    if strict and not people:
        raise TransitionRefused(
            _(
                "Nobody can be written to: add a person with an e-mail address "
                "who has not asked to be left alone."
            )
        )
    return people


def _check_staff(by) -> None:
    if not is_staff(by):
        raise PermissionRefused(_("You may not do this."))


def _check_to_come(meeting) -> None:
    if meeting.status not in TO_COME:
        label = meeting.get_status_display()
        raise TransitionRefused(_("This cannot be done now: it is “%(state)s”.") % {"state": label})


def _locked(meeting):
    """Lock the row and bring ``meeting`` up to date; the caller's object stays the one used."""
    BilateralMeeting.objects.select_for_update().get(pk=meeting.pk)
    meeting.refresh_from_db()
    return meeting


def _note(meeting, name, by, note, **changes) -> None:
    """Save ``changes`` and write them into the history: the state stays as it is."""
    for field, value in changes.items():
        setattr(meeting, field, value)
    meeting.save(update_fields=list(changes))
    record_change(meeting, name, meeting.status, meeting.status, by=by, note=note)


def _count_up(meeting) -> None:
    """Give the next calendar entry a higher number than the one just sent (RFC 5545)."""
    meeting.ical_sequence += 1
    meeting.save(update_fields=["ical_sequence"])
