"""Pages: sheets, jury sessions, ballots."""

from .ballots import ballot, ballot_list, declaration, ruling
from .jury import jury, session_detail, session_move
from .sheets import sheet_detail, sheet_edit, sheet_from_idea, sheet_list, sheet_move

__all__ = [
    "ballot",
    "ballot_list",
    "declaration",
    "jury",
    "ruling",
    "session_detail",
    "session_move",
    "sheet_detail",
    "sheet_edit",
    "sheet_from_idea",
    "sheet_list",
    "sheet_move",
]
