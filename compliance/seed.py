"""Demonstration statements of the demonstration initiatives."""

from datetime import date

from core.seeding import ensure, read, texts
from roadmap.models import Initiative
from standards.models import Standard

from .models import ComplianceStatement


def load(facts: bool = True, demo: bool = True) -> None:
    """Load what is not there yet; there are no published facts about compliance."""
    if not demo:
        return
    for row in read("demo", "compliance"):
        initiative = Initiative.objects.get(slug=row["initiative"])
        standard = Standard.objects.get(slug=row["standard"])
        _ensure_statement(initiative, standard, row)


def _ensure_statement(initiative, standard, row: dict) -> None:
    """Make the statement, unless the pair has one."""
    day = row["checked_on"]
    ensure(
        ComplianceStatement,
        {"initiative": initiative, "standard": standard},
        **texts(evidence=row["evidence"], reason=row["reason"]),
        version=standard.version if day else "",
        checked_on=date.fromisoformat(day) if day else None,
        status=row["status"],
        is_demo=True,
    )
