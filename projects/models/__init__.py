"""Sheets (the dossiers for decision) and the jury that scores them."""

from .jury import (
    Assignment,
    Ballot,
    BallotScore,
    ConflictDeclaration,
    Criterion,
    JurySession,
    Proposal,
    Rubric,
    ScaleLevel,
    SheetOutcome,
)
from .sheets import (
    PUBLIC_SHEET,
    Call,
    ProjectSheet,
    SheetIdea,
    SheetStatus,
    SheetVersion,
)

__all__ = [
    "PUBLIC_SHEET",
    "Assignment",
    "Ballot",
    "BallotScore",
    "Call",
    "ConflictDeclaration",
    "Criterion",
    "JurySession",
    "ProjectSheet",
    "Proposal",
    "Rubric",
    "ScaleLevel",
    "SheetIdea",
    "SheetOutcome",
    "SheetStatus",
    "SheetVersion",
]
