"""Addresses that are not written to: who stops it, for how long, and who lifts that again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Suppression
from ..permissions import SYSTEM, is_staff, is_system
from ..workflow import PermissionRefused, Transition, TransitionRefused, Workflow, record_change
from .addresses import keyed_hash

Reason, Scope, Status = Suppression.Reason, Suppression.Scope, Suppression.Status

#: What a person of the staff may give as the reason.
BY_HAND = (Reason.OBJECTION, Reason.MANUAL)
#: Of two reasons the one that stands later here is kept.
WEIGHT = (
    *(Reason.SOFT_BOUNCES, Reason.HARD_BOUNCE, Reason.MANUAL),
    *(Reason.OBJECTION, Reason.COMPLAINT, Reason.ERASURE),
)


def reason_to_stay(suppression: Suppression) -> str:
    """Return why nobody may lift ``suppression``, "" where somebody may."""
    if suppression.reason == Reason.COMPLAINT:
        return _(
            "This person reported our mail as unwanted to their provider. Whoever is written to "
            "after that reports it again, and then our mails reach nobody there: it stays."
        )
    if suppression.reason == Reason.ERASURE:
        return _(
            "This person was erased. Nothing else is known of them, so only this keeps an old list "
            "from writing to them again: it stays."
        )
    return ""


def may_be_lifted(suppression: Suppression) -> None:
    """Refuse to lift what stays."""
    if words := reason_to_stay(suppression):
        raise TransitionRefused(words)


SUPPRESSION = Workflow(
    "core.Suppression",
    Status,
    [
        Transition(
            "lift",
            (Status.IN_FORCE,),
            Status.LIFTED,
            is_staff,
            gettext_lazy("Write to this address again"),
            guard=may_be_lifted,
            reason=True,
            confirm=gettext_lazy(
                "From now on this address gets what its person has asked for. Say why: for "
                "example that they wrote to us that their mailbox works again."
            ),
        ),
        Transition(
            "stop_again",
            (Status.LIFTED,),
            Status.IN_FORCE,
            is_staff | is_system,
            gettext_lazy("Stop writing to this address again"),
            reason=True,
            style="danger",
        ),
    ],
)


@SUPPRESSION.verb("lift")
@transaction.atomic
def lift(suppression: Suppression, *, by, note: str):
    """Let an address be written to again; who, when and why stay in the history."""
    locked = Suppression.objects.select_for_update().get(pk=suppression.pk)
    if locked.status == Status.IN_FORCE and locked.has_ended:
        raise TransitionRefused(_("It has ended by itself: the address is written to again."))
    return SUPPRESSION.apply(suppression, "lift", by=by, note=note, until=timezone.now())


@SUPPRESSION.verb("stop_again")
def stop_again(suppression: Suppression, *, by, note: str, reason=Reason.MANUAL, until=None):
    """Stop what was lifted: from now on, until ``until`` where it is given."""
    changes = {"reason": reason, "until": until, "at": timezone.now()}
    return SUPPRESSION.apply(suppression, "stop_again", by=by, note=note, **changes)


@transaction.atomic
def suppress(
    email_hmac: str, reason: str, *, scope: str = Scope.MAILINGS, until=None, by=SYSTEM, note=""
) -> Suppression:
    """Write no more to the address of this keyed hash; return the row, which there is once.

    What was lifted or has ended begins anew. Where it is in force already, the stricter of both
    counts: the wider scope, the later end, the weightier reason.
    """
    values = {"scope": scope, "reason": reason, "until": until}
    row, is_new = Suppression.objects.get_or_create(email_hmac=email_hmac, defaults=values)
    if is_new:
        record_change(row, "create", "", row.status, by=by, note=note)
        return row
    row = Suppression.objects.select_for_update().get(pk=row.pk)
    if row.status == Status.LIFTED:
        stop_again(row, by=by, note=note or str(Reason(reason).label), reason=reason, until=until)
        Suppression.objects.filter(pk=row.pk).update(scope=scope)
    else:
        _make_stricter(row, values, by=by, note=note)
    row.refresh_from_db()
    return row


def _make_stricter(row: Suppression, values: dict, *, by, note) -> None:
    """Bring a row that was not lifted up to what is asked for, and note it where that is more."""
    asked = values if row.has_ended else _stricter(row, values)
    changed = [name for name, value in asked.items() if getattr(row, name) != value]
    if not changed:
        return
    begun = {"at": timezone.now()} if row.has_ended else {}
    Suppression.objects.filter(pk=row.pk).update(**asked, **begun)
    record_change(row, "tighten", row.status, row.status, by=by, note=note)


def _stricter(row: Suppression, values: dict) -> dict:
    reason = max(row.reason, values["reason"], key=WEIGHT.index)
    ends = (row.until, values["until"])
    return {
        "scope": Scope.ALL if Scope.ALL in (row.scope, values["scope"]) else Scope.MAILINGS,
        "reason": reason,
        "until": None if None in ends else max(ends),
    }


def suppress_address(
    email: str, *, by, reason: str, scope: str = Scope.MAILINGS, until=None, note: str = ""
) -> Suppression:
    """Write no more to ``email``, because somebody of the staff says so; only its hash is kept.

    Raises `PermissionRefused`, or `TransitionRefused` where that would change nothing.
    """
    if not is_staff(by):
        raise PermissionRefused(_("You may not do this."))
    if reason not in BY_HAND:
        raise TransitionRefused(_("This reason is not given by hand."))
    if words := objection(email, scope=scope, until=until):
        raise TransitionRefused(words)
    hashed = keyed_hash(email)
    return suppress(hashed, reason, scope=scope, until=until, by=by, note=note)


def objection(email: str, *, scope: str, until) -> str:
    """Return why stopping ``email`` would change nothing, "" where it would."""
    known = suppression_of(email)
    if known is None or not _is_covered(known, scope, until):
        return ""
    words = _("This address is not written to already: %(reason)s.")
    return words % {"reason": known.get_reason_display()}


def _is_covered(known: Suppression, scope: str, until) -> bool:
    """Tell whether ``known`` stops at least as much for at least as long."""
    is_as_long = known.until is None or (until is not None and known.until >= until)
    return not known.has_ended and known.scope in (Scope.ALL, scope) and is_as_long


def suppression_of(email: str) -> Suppression | None:
    """Return what is known of ``email``, found by its keyed hash, in force or not."""
    return Suppression.objects.filter(email_hmac=keyed_hash(email)).first()


def stops_everything(email: str) -> bool:
    """Tell whether whoever has ``email`` wants no mail at all now, not even a single one."""
    known = Suppression.objects.filter(email_hmac=keyed_hash(email), scope=Scope.ALL).first()
    return known is not None and not known.has_ended
