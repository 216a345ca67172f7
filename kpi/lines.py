"""An indicator as one line of a list: its sentence, its figure, a small line, where it stands."""

from .facts import Facts
from .sentences import amount, chips, headline, position


def line_of(facts: Facts) -> dict:
    """Return what a line of the list shows of an indicator."""
    latest = facts.latest
    return {
        "sentence": headline(facts).html,
        "aim": "" if latest else position(facts).html,
        "value": amount(latest.value, facts.indicator, short=True) if latest else "",
        "period": latest.when.label if latest else "",
        "points": facts.points if len(facts.trend_points) > 1 else [],
        "target": facts.target.value if facts.target else None,
        "chips": chips(facts),
    }
