"""The verbs of meetings, decisions and actions. Nothing else writes a status.

Each verb takes the object and, by keyword, who acts (``by``) and a ``note`` for the history; it
brings the object up to date and raises `TransitionRefused` where the move may not be made.
"""

from django.utils import timezone

from .workflow import ACTION, DECISION, MEETING

# --- meetings --------------------------------------------------------------------------------


@MEETING.verb("convene")
def convene_meeting(meeting, *, by, note=""):
    """Make a meeting public with its agenda; French and Dutch have to be complete."""
    MEETING.apply(meeting, "convene", by=by, note=note)


@MEETING.verb("begin")
def begin_meeting(meeting, *, by, note=""):
    """Open the session: from now on decisions can be recorded."""
    MEETING.apply(meeting, "begin", by=by, note=note)


@MEETING.verb("close")
def close_meeting(meeting, *, by, note=""):
    """Close the session; decisions that were taken in it can still be written down."""
    MEETING.apply(meeting, "close", by=by, note=note)


@MEETING.verb("postpone")
def postpone_meeting(meeting, *, by, reason_fr, reason_nl, reason_en="", note=""):
    """Put a meeting off, with the reason that everybody reads; its first date stays shown."""
    _change_with_reason(meeting, "postpone", by, (reason_fr, reason_nl, reason_en), note)


@MEETING.verb("cancel")
def cancel_meeting(meeting, *, by, reason_fr, reason_nl, reason_en="", note=""):
    """Cancel a meeting for good, with the reason that everybody reads."""
    _change_with_reason(meeting, "cancel", by, (reason_fr, reason_nl, reason_en), note)


@MEETING.verb("reconvene")
def reconvene_meeting(meeting, *, by, starts_at, ends_at=None, note=""):
    """Convene a postponed meeting for a new time; the reason of the delay goes to the history."""
    told = f"{meeting.status_reason_fr}\n{meeting.status_reason_nl}"
    none = {f"status_reason_{code}": "" for code in ("fr", "nl", "en")}
    MEETING.apply(
        meeting,
        "reconvene",
        by=by,
        note=note or told,
        starts_at=starts_at,
        ends_at=ends_at,
        **none,
    )


def _change_with_reason(meeting, name, by, reasons, note):
    french, dutch, english = reasons
    MEETING.apply(
        meeting,
        name,
        by=by,
        note=note,
        status_reason_fr=french,
        status_reason_nl=dutch,
        status_reason_en=english,
    )


# --- decisions -------------------------------------------------------------------------------


@DECISION.verb("adopt")
def adopt_decision(decision, *, by, decided_on=None, note="", **reasons):
    """Record that the body adopted it. See `_take` for what may be given."""
    _take(decision, "adopt", by, decided_on, note, reasons)


@DECISION.verb("reject")
def reject_decision(decision, *, by, decided_on=None, note="", **reasons):
    """Record that the body rejected it. See `_take` for what may be given."""
    _take(decision, "reject", by, decided_on, note, reasons)


@DECISION.verb("defer")
def defer_decision(decision, *, by, decided_on=None, note="", **reasons):
    """Record that the body put it off. See `_take` for what may be given."""
    _take(decision, "defer", by, decided_on, note, reasons)


@DECISION.verb("withdraw")
def withdraw_decision(decision, *, by, note=""):
    """Take a proposal back before the body decides; the reason stays in the history."""
    DECISION.apply(decision, "withdraw", by=by, note=note)


@DECISION.verb("implement")
def implement_decision(decision, *, by, note=""):
    """Record that everything was done; refused while an action is left."""
    DECISION.apply(decision, "implement", by=by, note=note)


@DECISION.verb("rescind")
def rescind_decision(decision, *, by, ended_by, note=""):
    """Record that the later decision ``ended_by`` took this one back."""
    DECISION.apply(decision, "rescind", by=by, note=note, ended_by=ended_by)


@DECISION.verb("supersede")
def supersede_decision(decision, *, by, ended_by, note=""):
    """Record that the later decision ``ended_by`` replaces this one."""
    DECISION.apply(decision, "supersede", by=by, note=note, ended_by=ended_by)


def _take(decision, name, by, decided_on, note, reasons):
    """Record an outcome.

    ``decided_on`` is the day of the meeting unless given; ``reasons_fr``, ``reasons_nl`` and
    ``reasons_en`` replace what stands in the proposal, where given.
    """
    unknown = set(reasons) - {"reasons_fr", "reasons_nl", "reasons_en"}
    if unknown:
        raise TypeError(f"{name} does not know {', '.join(sorted(unknown))}")
    day = decided_on or timezone.localdate(decision.meeting.starts_at)
    DECISION.apply(decision, name, by=by, note=note, decided_on=day, **reasons)


# --- actions ---------------------------------------------------------------------------------


@ACTION.verb("start")
def start_action(action, *, by, note=""):
    """Begin."""
    ACTION.apply(action, "start", by=by, note=note)


@ACTION.verb("block")
def block_action(action, *, by, note=""):
    """Say in ``note`` what stands in the way."""
    ACTION.apply(action, "block", by=by, note=note)


@ACTION.verb("resume")
def resume_action(action, *, by, note=""):
    """Go on once nothing stands in the way any more."""
    ACTION.apply(action, "resume", by=by, note=note)


@ACTION.verb("complete")
def complete_action(action, *, by, note=""):
    """Report as done; somebody else than the owner confirms it."""
    ACTION.apply(action, "complete", by=by, note=note)


@ACTION.verb("verify")
def verify_action(action, *, by, note=""):
    """Confirm that what was reported as done is done."""
    ACTION.apply(action, "verify", by=by, note=note)


@ACTION.verb("send_back")
def send_back_action(action, *, by, note=""):
    """Return what was reported as done and is not, with the reason."""
    ACTION.apply(action, "send_back", by=by, note=note)


@ACTION.verb("cancel")
def cancel_action(action, *, by, note=""):
    """Drop an action, with the reason."""
    ACTION.apply(action, "cancel", by=by, note=note)
