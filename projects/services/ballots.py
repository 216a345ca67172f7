"""Verbs of a ballot: declare, save, seal, take back until the close. Scores stay sealed.

Each verb locks the assignment first, so that of two simultaneous calls one sees what the other
did; nothing is written when a call is refused.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.typography import moment
from core.workflow import PermissionRefused, TransitionRefused

from .. import permissions, sealing, selectors
from ..models import Assignment, Ballot, BallotStatus, ConflictDeclaration


class StaleBallot(TransitionRefused):
    """Somebody (the juror, on another device) saved this ballot in the meantime."""

    def __init__(self, ballot):
        self.ballot = ballot
        super().__init__(
            _(
                "This ballot was saved elsewhere on %(date)s. Nothing was overwritten: what you "
                "typed is still below. Compare it with the saved one, then save again."
            )
            % {"date": moment(ballot.saved_at)}
        )


class IncompleteBallot(TransitionRefused):
    """A ballot cannot be sealed yet; ``lacks`` names what is missing, as codes of criteria.

    An abstention lacks its reason only: then ``lacks`` is empty.
    """

    def __init__(self, sentence, lacks=()):
        self.lacks = tuple(lacks)
        super().__init__(sentence)


@dataclass(frozen=True)
class Answers:
    """What a juror fills in: {criterion code: {"value", "comment"}}, or an abstention."""

    scores: dict = field(default_factory=dict)
    abstained: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the juror keeps of a sealed ballot; it proves later that nobody changed it."""

    commitment: str
    nonce: str
    sealed_at: datetime


@transaction.atomic
def declare(assignment, answer, *, by, kind="", text=""):
    """Record the juror's answer on conflicts of interest and return the declaration.

    A conflict recuses at once and empties the ballot. A declared conflict cannot be taken back
    alone: the chair rules.
    """
    assignment = _own(assignment, by)
    _check_open_for_declaration(assignment)
    known = getattr(assignment, "declaration", None)
    if known and (known.ruling or known.answer == ConflictDeclaration.Answer.CONFLICT):
        raise TransitionRefused(_("Only the chair can change this now."))
    declaration, _made = ConflictDeclaration.objects.update_or_create(
        assignment=assignment,
        defaults={
            "answer": answer,
            "kind": kind,
            "text": text,
            "declared_at": timezone.now(),
        },
    )
    if answer == ConflictDeclaration.Answer.CONFLICT:
        _recuse(assignment)
    return declaration


def _check_open_for_declaration(assignment):
    """Refuse after the close; before it, only what a missing declaration causes may stand open."""
    if not assignment.session.is_scoring_at(timezone.now()):
        raise TransitionRefused(selectors.scoring_refusal(assignment))


def _recuse(assignment):
    Ballot.objects.update_or_create(
        assignment=assignment,
        defaults={
            "status": BallotStatus.RECUSED,
            "payload": None,
            "commitment": "",
            "sealed_at": None,
        },
    )


@transaction.atomic
def rule_on_conflict(declaration, *, by, may_score: bool, reason: str):
    """Let the chair answer a juror who is unsure or takes a conflict back; never their own case."""
    if not permissions.rules_on_conflict(by, declaration):
        raise PermissionRefused(_("The chair rules on conflicts, never on their own."))
    if not reason.strip():
        raise TransitionRefused(_("Give the reason."))
    assignment = _locked(declaration.assignment)
    _check_open_for_declaration(assignment)
    rulings = ConflictDeclaration.Ruling
    declaration.ruling = rulings.MAY_SCORE if may_score else rulings.RECUSED
    declaration.ruling_reason = reason
    declaration.ruled_by = by
    declaration.save(update_fields=["ruling", "ruling_reason", "ruled_by"])
    if may_score:
        Ballot.objects.filter(assignment=assignment, status=BallotStatus.RECUSED).delete()
    else:
        _recuse(assignment)
    return declaration


@transaction.atomic
def save_ballot(assignment, answers: Answers, *, by, row_version: int) -> Ballot:
    """Save a draft, complete or not, and return the ballot. It counts for nothing until sealed.

    ``row_version`` is the one that the juror saw (0 for a first save); raises `StaleBallot` when
    the ballot was saved since.
    """
    assignment = _scorable(assignment, by)
    _check_levels(assignment, answers)
    return _write(assignment, answers, row_version, status=BallotStatus.DRAFT, nonce="")


@transaction.atomic
def seal_ballot(assignment, answers: Answers, *, by, row_version: int) -> Receipt:
    """Seal a complete ballot, or an abstention with its reason, and return the receipt.

    Refused with the names of the criteria that have no score. Until the close the juror may take
    the ballot back.
    """
    assignment = _scorable(assignment, by)
    _check_levels(assignment, answers)
    _check_complete(assignment, answers)
    nonce = sealing.new_nonce()
    ballot = _write(assignment, answers, row_version, status=BallotStatus.SEALED, nonce=nonce)
    return Receipt(ballot.commitment, nonce, ballot.sealed_at)


@transaction.atomic
def reopen_ballot(assignment, *, by, row_version: int) -> Ballot:
    """Take a sealed ballot back as a draft; only before the close."""
    assignment = _scorable(assignment, by)
    ballot = _current(assignment, row_version)
    if ballot is None or ballot.status != BallotStatus.SEALED:
        raise TransitionRefused(_("This ballot is not sealed."))
    ballot.status = BallotStatus.DRAFT
    ballot.commitment = ""
    ballot.sealed_at = None
    ballot.row_version += 1
    ballot.save(update_fields=["status", "commitment", "sealed_at", "row_version"])
    return ballot


def read_own_ballot(assignment, *, by) -> tuple[Answers, Receipt | None]:
    """Return what the juror wrote and the receipt, whatever the state of the session.

    Nobody else can: raises `PermissionRefused`.
    """
    if not permissions.holds_mandate(by, assignment):
        raise PermissionRefused(_("A ballot is read by its own juror only."))
    ballot = getattr(assignment, "ballot", None)
    if ballot is None or ballot.payload is None:
        return Answers(), None
    content = sealing.decrypt(assignment.session, ballot.payload)
    inside = content["ballot"]
    answers = Answers(inside["scores"], inside["abstained"], inside["reason"])
    if not ballot.commitment:
        return answers, None
    return answers, Receipt(ballot.commitment, content["nonce"], ballot.sealed_at)


def _locked(assignment):
    """Return the assignment as it is now, locked until the end of the transaction.

    The session is locked with it: a ballot cannot slip in while the scoring is being closed.
    """
    rows = Assignment.objects.select_for_update(of=("self", "session"))
    return rows.select_related("session", "sheet", "mandate__contact").get(pk=assignment.pk)


def _own(assignment, by):
    locked = _locked(assignment)
    if not permissions.casts_ballot(by, locked):
        raise PermissionRefused(_("Only the juror who was assigned may do this."))
    return locked


def _scorable(assignment, by):
    locked = _own(assignment, by)
    refusal = selectors.scoring_refusal(locked)
    if refusal:
        raise TransitionRefused(refusal)
    return locked


def _current(assignment, row_version):
    """Return the ballot as it stands, or None; refuse where it is not the one the juror saw."""
    ballot = Ballot.objects.filter(assignment=assignment).first()
    if (ballot.row_version if ballot else 0) != row_version:
        raise StaleBallot(ballot or Ballot(assignment=assignment))
    return ballot


def _write(assignment, answers, row_version, *, status, nonce):
    ballot = _current(assignment, row_version) or Ballot(assignment=assignment)
    if ballot.status != BallotStatus.DRAFT:
        raise TransitionRefused(_("This ballot is sealed. Take it back first to change it."))
    inside = ballot_content(assignment, answers)
    ballot.payload = sealing.encrypt(assignment.session, {"ballot": inside, "nonce": nonce})
    ballot.status = status
    ballot.row_version += 1
    ballot.saved_at = timezone.now()
    if status == BallotStatus.SEALED:
        ballot.commitment = sealing.commitment(inside, nonce)
        ballot.sealed_at = ballot.saved_at
    ballot.save()
    return ballot


def ballot_content(assignment, answers: Answers) -> dict:
    """Return the ballot as it is hashed: on which version of which sheet, by whom, what."""
    return {
        "assignment": assignment.pk,
        "sheet": assignment.sheet.reference,
        "version": assignment.version.sha256,
        "scores": {} if answers.abstained else answers.scores,
        "abstained": answers.abstained,
        "reason": answers.reason,
    }


def _check_levels(assignment, answers):
    """Refuse a score that is not a level of its own criterion; an empty one is a draft's right."""
    allowed = {
        each.code: {None, *(level.value for level in each.levels.all())}
        for each in assignment.session.rubric.criteria.prefetch_related("levels")
    }
    for code, score in answers.scores.items():
        if code not in allowed or score["value"] not in allowed[code]:
            raise TransitionRefused(_("This score is not a level of its criterion."))


def _check_complete(assignment, answers):
    if answers.abstained:
        if not answers.reason.strip():
            raise IncompleteBallot(_("Say why you abstain."))
        return
    missing = [
        each
        for each in assignment.session.rubric.criteria.all()
        if answers.scores.get(each.code, {}).get("value") is None
    ]
    if missing:
        names = ", ".join(map(str, missing))
        raise IncompleteBallot(
            _("Not sealed yet. Still without a score: %(criteria)s.") % {"criteria": names},
            lacks=[each.code for each in missing],
        )
