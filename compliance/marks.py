"""How an answer looks: a sign and a border beside the words, never a colour alone."""

from dataclasses import dataclass

from .models import StatementStatus


@dataclass(frozen=True)
class Mark:
    """What `ui/chip` needs: kind, sign and words."""

    kind: str
    sign: str
    words: str


MARKS = {
    StatementStatus.COMPLIANT: ("ok", "✓"),
    StatementStatus.PARTIAL: ("wait", "◐"),
    StatementStatus.NON_COMPLIANT: ("stop", "×"),
    StatementStatus.NOT_APPLICABLE: ("info", "–"),
    StatementStatus.NOT_ASSESSED: ("wait", "…"),
}


def mark_of(statement) -> Mark:
    """Return the mark of a statement in the language of the page."""
    return Mark(*MARKS[statement.status], statement.get_status_display())


def marked(statements) -> list:
    """Return ``statements`` as a list, each with its ``mark``."""
    rows = list(statements)
    for each in rows:
        each.mark = mark_of(each)
    return rows
