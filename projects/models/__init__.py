"""Sheets (the dossiers for decision) and the jury that scores them."""

from .ballots import (
    SENT_BALLOT,
    Assignment,
    Ballot,
    BallotScore,
    BallotStatus,
    ConflictDeclaration,
)
from .outcomes import Proposal, SheetOutcome
from .rubrics import Criterion, Rubric, ScaleLevel
from .sessions import OPENED_SESSION, RESULTS_PUBLIC, JurySession, SessionStatus
from .sheets import (
    EDITABLE_SHEET,
    PUBLIC_SHEET,
    SHEET_TEXTS,
    WRITABLE_SHEET,
    Call,
    ProjectSheet,
    SheetIdea,
    SheetStatus,
    SheetVersion,
)

__all__ = [
    "EDITABLE_SHEET",
    "OPENED_SESSION",
    "PUBLIC_SHEET",
    "RESULTS_PUBLIC",
    "SENT_BALLOT",
    "SHEET_TEXTS",
    "WRITABLE_SHEET",
    "Assignment",
    "Ballot",
    "BallotScore",
    "BallotStatus",
    "Call",
    "ConflictDeclaration",
    "Criterion",
    "JurySession",
    "ProjectSheet",
    "Proposal",
    "Rubric",
    "ScaleLevel",
    "SessionStatus",
    "SheetIdea",
    "SheetOutcome",
    "SheetStatus",
    "SheetVersion",
]
