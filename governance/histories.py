"""Believable histories for demonstration rows: every move with its own time, as if it was made."""

from django.utils import timezone

from core.workflow import record_change, workflow_of


def ensure_with_history(model, key: dict, first_state: str, moves, **values):
    """Return (row with ``key``, whether it was made now); an existing row is not touched.

    ``moves`` are (transition, time) from ``first_state`` to the state of the row; a time to come is
    told as now. ValueError where they do not lead to that state.
    """
    found = model._base_manager.filter(**key).first()
    if found:
        return found, False
    flow, state = workflow_of(model), first_state
    for name, _at in moves:
        if state not in flow.table[name].sources:
            raise ValueError(f"{model.__name__} {key}: no {name} from {state}")
        state = flow.table[name].target
    if state != values[flow.field]:
        raise ValueError(f"{model.__name__} {key}: the history ends in {state}")
    made = model._base_manager.create(**key, **values)
    tell(made, first_state, moves)
    return made, True


def tell(obj, first_state: str, moves) -> None:
    """Write the history rows of ``moves``."""
    flow, state, now = workflow_of(obj), first_state, timezone.now()
    for name, at in moves:
        target = flow.table[name].target
        record_change(obj, name, state, target, by=None, at=min(at, now))
        state = target
