"""Verbs of a jury session, from the frozen rules to the published results."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import TransitionRefused
from governance.models import Body

from .. import sealing, selectors
from ..models import (
    Assignment,
    Ballot,
    BallotScore,
    BallotStatus,
    ConflictDeclaration,
    SheetStatus,
)
from ..workflow import SESSION

METHOD = {
    "score": "mean over the valid ballots of (sum of weight x value) / (sum of weights)",
    "not_counted": ["abstained", "recused", "missing"],
    "ties": ["mean on the heaviest criterion", "median", "motion of the jury"],
    "sealing": "simple: one key of the installation; the operator of the server could read",
}


@SESSION.verb("freeze_rules")
@transaction.atomic
def freeze_rules(session, *, by, note=""):
    """Fix and hash the rules, and give each voting mandate each frozen sheet of the call.

    Who leads a sheet or brought its idea is recused from it at once. Refused where the body is not
    a jury, the grid is incomplete, no sheet is frozen or the jury is smaller than the quorum.
    """
    sheets = list(session.call.sheets.filter(status=SheetStatus.FROZEN).order_by("reference"))
    mandates = list(selectors.voting_mandates(session))
    _check_preparation(session, sheets, mandates)
    rules = rules_of(session, [sheet.versions.first() for sheet in sheets])
    change = SESSION.apply(
        session,
        "freeze_rules",
        by=by,
        note=note,
        rules=rules,
        rules_sha256=sealing.fingerprint(rules),
    )
    for sheet in sheets:
        assign(session, sheet, mandates)
    return change


def _check_preparation(session, sheets, mandates):
    if session.body.kind != Body.Kind.JURY:
        raise TransitionRefused(_("The body of this session is not a jury."))
    if not sheets:
        raise TransitionRefused(_("No sheet of this call is frozen yet."))
    if len(mandates) < session.quorum:
        raise TransitionRefused(_("The jury has fewer votes than the quorum asks."))
    if not grid_is_complete(session.rubric):
        raise TransitionRefused(_("Each criterion of the grid needs at least two levels."))


def grid_is_complete(rubric) -> bool:
    """Tell whether there is a criterion, and each has levels to choose from."""
    criteria = rubric.criteria.prefetch_related("levels")
    return bool(criteria) and all(len(each.levels.all()) > 1 for each in criteria)


def rules_of(session, versions) -> dict:
    """Return the rules of a session as they are hashed: what the jurors agree to score by."""
    criteria = session.rubric.criteria.prefetch_related("levels")
    return {
        "session": session.slug,
        "call": session.call.slug,
        "opens_at": _instant(session.opens_at),
        "closes_at": _instant(session.closes_at),
        "quorum": session.quorum,
        "method": METHOD,
        "criteria": [
            {
                "code": each.code,
                "weight": f"{each.weight:.2f}",
                "name": {"fr": each.name_fr, "nl": each.name_nl},
                "levels": [
                    [level.value, level.anchor_fr, level.anchor_nl] for level in each.levels.all()
                ],
            }
            for each in criteria
        ],
        "sheets": [
            [version.sheet.reference, version.number, version.sha256] for version in versions
        ],
    }


def _instant(value) -> str:
    return value.astimezone(timezone.get_default_timezone()).isoformat()


def assign(session, sheet, mandates) -> None:
    """Give ``sheet`` to each mandate; authors are recused, with the reason written down."""
    version = sheet.versions.first()
    for mandate in mandates:
        assignment = Assignment.objects.create(
            session=session, mandate=mandate, sheet=sheet, version=version
        )
        if selectors.is_author(mandate, sheet):
            ConflictDeclaration.objects.create(
                assignment=assignment,
                answer=ConflictDeclaration.Answer.CONFLICT,
                kind=ConflictDeclaration.Kind.AUTHOR,
            )
            Ballot.objects.create(assignment=assignment, status=BallotStatus.RECUSED)


@SESSION.verb("open_scoring")
@transaction.atomic
def open_scoring(session, *, by, note=""):
    """Let the jurors score, from the announced time on; refused when the rules were changed."""
    if session.closes_at <= timezone.now():
        raise TransitionRefused(_("The announced end of the scoring has passed."))
    _check_rules(session)
    return SESSION.apply(session, "open_scoring", by=by, note=note)


def _check_rules(session):
    """Refuse to go on when grid, dates, quorum or sheets are not those that were hashed."""
    assigned = session.assignments.select_related("version__sheet").order_by("sheet__reference")
    versions = list({each.version_id: each.version for each in assigned}.values())
    if sealing.fingerprint(rules_of(session, versions)) != session.rules_sha256:
        raise TransitionRefused(_("The rules are no longer those that were frozen."))


@SESSION.verb("close_scoring")
@transaction.atomic
def close_scoring(session, *, by, note=""):
    """Close the scoring for good: sealed ballots are locked, all others count as missing."""
    change = SESSION.apply(session, "close_scoring", by=by, note=note)
    ballots = Ballot.objects.filter(assignment__session=session)
    ballots.filter(status=BallotStatus.SEALED).update(status=BallotStatus.LOCKED)
    ballots.filter(status=BallotStatus.DRAFT).update(status=BallotStatus.MISSING)
    never_begun = session.assignments.filter(ballot=None)
    Ballot.objects.bulk_create(
        Ballot(assignment=each, status=BallotStatus.MISSING) for each in never_begun
    )
    return change


@SESSION.verb("open_ballots")
@transaction.atomic
def open_ballots(session, *, by, note=""):
    """Decrypt the locked ballots into scores, after checking each against its fingerprint.

    Refused when the rules or a ballot were changed, and, without a written reason, when a sheet
    has fewer ballots than the quorum.
    """
    change = SESSION.apply(session, "open_ballots", by=by, note=note, quorum_waiver=note.strip())
    _check_rules(session)
    _check_quorum(session, note)
    criteria = {each.code: each for each in session.rubric.criteria.all()}
    locked = Ballot.objects.filter(assignment__session=session, status=BallotStatus.LOCKED)
    for ballot in locked.select_related("assignment__sheet"):
        _reveal(session, ballot, criteria)
    return change


def _check_quorum(session, note):
    short = selectors.below_quorum(session)
    if short and not note.strip():
        names = ", ".join(row.sheet.reference for row in short)
        raise TransitionRefused(
            _(
                "Fewer ballots than the quorum for %(sheets)s. Give the reason for opening them "
                "all the same in the note."
            )
            % {"sheets": names}
        )


def _reveal(session, ballot, criteria):
    content = _checked_content(session, ballot)
    if content["abstained"]:
        ballot.status = BallotStatus.ABSTAINED
        ballot.abstention_reason = content["reason"]
    else:
        ballot.status = BallotStatus.REVEALED
        BallotScore.objects.bulk_create(
            BallotScore(
                ballot=ballot,
                criterion=criteria[code],
                value=score["value"],
                comment=score["comment"],
            )
            for code, score in content["scores"].items()
        )
    ballot.save(update_fields=["status", "abstention_reason"])


def _checked_content(session, ballot) -> dict:
    """Return the ballot inside the payload, or refuse where it is not the one that was sealed."""
    try:
        payload = sealing.decrypt(session, ballot.payload)
    except sealing.Unreadable:
        payload = {"ballot": {}, "nonce": ""}
    if sealing.commitment(payload["ballot"], payload["nonce"]) != ballot.commitment:
        raise TransitionRefused(
            _("A ballot on %(sheet)s is not the one that was sealed. Nothing was opened.")
            % {"sheet": ballot.assignment.sheet.reference}
        )
    return payload["ballot"]


@SESSION.verb("begin_deliberation")
def begin_deliberation(session, *, by, note=""):
    """Begin to talk; from now on sheets can be proposed."""
    return SESSION.apply(session, "begin_deliberation", by=by, note=note)


@SESSION.verb("record_vote")
def record_vote(session, *, by, note=""):
    """End the deliberation; refused while a sheet has no proposal."""
    return SESSION.apply(session, "record_vote", by=by, note=note)


@SESSION.verb("transmit")
def transmit(session, *, by, note=""):
    """Send the proposals to the Government."""
    return SESSION.apply(session, "transmit", by=by, note=note)


@SESSION.verb("record_decision")
def record_decision(session, *, by, note=""):
    """Say that the Government decided on every sheet; refused while it has not."""
    return SESSION.apply(session, "record_decision", by=by, note=note)


@SESSION.verb("publish")
def publish_results(session, *, by, note=""):
    """Publish the session: its results are part of the public record."""
    return SESSION.apply(session, "publish", by=by, note=note)
