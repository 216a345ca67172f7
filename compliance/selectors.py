"""What pages ask about compliance. A rate and the two lists behind it come from the same rows."""

from dataclasses import dataclass

from standards.models import Standard

from .models import ComplianceStatement


def statements(user):
    """Return the statements ``user`` may see, by initiative and standard."""
    rows = ComplianceStatement.objects.visible_to(user)
    return rows.select_related("initiative", "standard").order_by(
        "initiative__slug", "standard__name", "pk"
    )


@dataclass(frozen=True)
class Rate:
    """C of A: compliant among applicable and assessed. ``percent`` is None where A is empty."""

    compliant: int
    applicable: int

    @property
    def percent(self) -> float | None:
        """The rate in per cent, or None: an empty denominator is not zero."""
        return 100 * self.compliant / self.applicable if self.applicable else None


def rate(rows) -> Rate:
    """Return the rate of the statements ``rows``: C / A, A without n.a. and not assessed."""
    return Rate(rows.compliant().count(), rows.applicable().count())


@dataclass(frozen=True)
class Line:
    """One initiative of the matrix and its answers, None where it made no statement."""

    initiative: object
    cells: list


def matrix(rows, initiatives) -> tuple[list[Standard], list[Line]]:
    """Return (standards, lines): the answers ``rows`` of the given initiatives, as a table.

    The columns are the standards on which one of these initiatives made a statement.
    """
    answers = {}
    found = rows.filter(initiative__in=[each.pk for each in initiatives])
    for statement in found:
        answers[statement.initiative_id, statement.standard_id] = statement
    standards = sorted(
        {each.standard for each in answers.values()}, key=lambda each: each.name.casefold()
    )
    lines = [
        Line(each, [answers.get((each.pk, standard.pk)) for standard in standards])
        for each in initiatives
    ]
    return standards, lines
