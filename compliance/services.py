"""The verbs of compliance: an answer is replaced as a whole, the history keeps the one before."""

from core.search import LANGUAGES

from .models import ComplianceStatement
from .workflow import STATEMENT

EMPTY_REASON = {f"reason_{code}": "" for code in LANGUAGES}
EMPTY_EVIDENCE = {f"evidence_{code}": "" for code in LANGUAGES}


@STATEMENT.verb("find_compliant")
def find_compliant(statement, *, by, checked_on, version="", note="", **evidence):
    """Say that the initiative complies, with evidence (``evidence_fr``, ``_nl``, ``_en``)."""
    answer = EMPTY_REASON | evidence
    return _answer(statement, "find_compliant", by, note, checked_on, version, answer)


@STATEMENT.verb("find_partial")
def find_partial(statement, *, by, checked_on, version="", note="", **reason):
    """Say that it complies in part, with what is missing (``reason_fr``, ``_nl``, ``_en``)."""
    return _answer(statement, "find_partial", by, note, checked_on, version, reason)


@STATEMENT.verb("find_non_compliant")
def find_non_compliant(statement, *, by, checked_on, version="", note="", **reason):
    """Say that it does not comply, with the reason; evidence of an earlier answer goes."""
    answer = EMPTY_EVIDENCE | reason
    return _answer(statement, "find_non_compliant", by, note, checked_on, version, answer)


@STATEMENT.verb("find_not_applicable")
def find_not_applicable(statement, *, by, checked_on, version="", note="", **reason):
    """Say that the standard does not apply, with the reason; it leaves both sides of the rates."""
    answer = EMPTY_EVIDENCE | reason
    return _answer(statement, "find_not_applicable", by, note, checked_on, version, answer)


@STATEMENT.verb("reopen")
def reopen(statement, *, by, note=""):
    """Ask for a new assessment; what was answered is kept in the note of the history."""
    kept = "\n".join(text for text in (note, *told(statement)) if text)
    return STATEMENT.apply(
        statement, "reopen", by=by, note=kept, checked_on=None, **EMPTY_EVIDENCE, **EMPTY_REASON
    )


def _answer(statement, name, by, note, checked_on, version, texts):
    """Replace the answer; the words of the one before stay in the history."""
    kept = "\n".join(text for text in (note, *told(statement)) if text)
    return STATEMENT.apply(
        statement, name, by=by, note=kept, checked_on=checked_on, version=version, **texts
    )


def told(statement: ComplianceStatement) -> list[str]:
    """Return the evidence and the reason that stand now, in the languages that are filled."""
    names = [f"{field}_{code}" for field in ("evidence", "reason") for code in LANGUAGES]
    return [getattr(statement, name) for name in names if getattr(statement, name)]
