"""Bodies, mandates, meetings and decisions: one model each for board, jury and Government."""

from .bodies import Body, Mandate
from .decisions import (
    ENDED_DECISION,
    PENDING_ACTION,
    PUBLIC_DECISION,
    ActionItem,
    ActionStatus,
    Decision,
    DecisionStatus,
)
from .meetings import OPENED_MEETING, PUBLIC_MEETING, AgendaItem, Meeting, MeetingStatus

__all__ = [
    "ENDED_DECISION",
    "OPENED_MEETING",
    "PENDING_ACTION",
    "PUBLIC_DECISION",
    "PUBLIC_MEETING",
    "ActionItem",
    "ActionStatus",
    "AgendaItem",
    "Body",
    "Decision",
    "DecisionStatus",
    "Mandate",
    "Meeting",
    "MeetingStatus",
]
