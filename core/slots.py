"""How an upper app adds something to a page or a deed of a lower one, without being imported.

    slots.register("stakeholders.idea.panels", journey_panel)      # in <app>/panels.py
    slots.collect("stakeholders.idea.panels", idea, user=user)      # in the lower app

Slots in use are listed in docs/architecture.md.
"""

from collections import defaultdict
from collections.abc import Callable

_SLOTS: dict[str, list[tuple[int, Callable]]] = defaultdict(list)


def register(name: str, function: Callable, *, order: int = 100) -> None:
    """Hang ``function`` into slot ``name``; lower ``order`` comes first, then order of arrival."""
    if all(known is not function for _order, known in _SLOTS[name]):
        _SLOTS[name].append((order, function))
        _SLOTS[name].sort(key=lambda entry: entry[0])


def collect(name: str, *args, **kwargs) -> list:
    """Call every function of slot ``name`` and return what they answer, None left out."""
    answers = (function(*args, **kwargs) for _order, function in _SLOTS[name])
    return [answer for answer in answers if answer is not None]
