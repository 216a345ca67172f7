"""The actions of a plan by month and channel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as format_date

from .models import ActionChannel, ActionStatus, PlanAction

#: The kind of chip of each status; one that is overdue is told in words too.
CHIPS = {ActionStatus.PLANNED: "wait", ActionStatus.DONE: "ok", ActionStatus.DROPPED: "stop"}


@dataclass(frozen=True)
class Month:
    """One month of the calendar: {"channel", "label", "actions"} for each channel shown.

    The actions of a cell are told apart in those that begin in the month and those that go on.
    """

    first: date
    cells: list[dict]

    @property
    def name(self) -> str:
        """Return "November 2026" in the language of the page."""
        return month_name(self.first)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing takes place in it."""
        return not any(cell["actions"] for cell in self.cells)


def month_name(first: date) -> str:
    """Return month and year in the language of the page."""
    return format_date(first, "F Y")


def months_of(starts_on: date, ends_on: date) -> Iterator[date]:
    """Yield the first day of each month from ``starts_on`` to ``ends_on``."""
    first = starts_on.replace(day=1)
    while first <= ends_on:
        yield first
        first = next_month(first)


def next_month(first: date) -> date:
    """Return the first day of the month after that of ``first``."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def takes_place(action: PlanAction, first: date, last: date) -> bool:
    """Tell whether ``action`` runs on any day from ``first`` to ``last``."""
    return action.starts_on <= last and action.ends_on >= first


def is_overdue(action: PlanAction, today: date) -> bool:
    """Tell whether its end has passed and nobody has said what became of it."""
    return action.status == ActionStatus.PLANNED and action.ends_on < today


def chip_of(action: PlanAction, today: date) -> str:
    """Return the kind of chip that shows the status of ``action``."""
    return "late" if is_overdue(action, today) else CHIPS[action.status]


def channels_of(actions: Iterable[PlanAction]) -> list[ActionChannel]:
    """Return the channels that ``actions`` use, in the order of the choices."""
    used = {each.channel for each in actions}
    return [each for each in ActionChannel if each.value in used]


def calendar_of(plan, actions, *, channels, whole: bool = True) -> list[Month]:
    """Return the months of ``plan`` with the ``actions`` of each, by ``channels``.

    An action stands in every month in which it runs. Not ``whole``: months without one are left
    out, as a filter wants it.
    """
    months = [
        Month(first, _cells(actions, first, channels))
        for first in months_of(plan.starts_on, plan.ends_on)
    ]
    return months if whole else [each for each in months if not each.is_empty]


def _cells(actions, first: date, channels) -> list[dict]:
    last = next_month(first) - timedelta(days=1)
    found = [each for each in actions if takes_place(each, first, last)]
    return [
        _cell(channel, [each for each in found if each.channel == channel], first)
        for channel in channels
    ]


def _cell(channel, actions, first: date) -> dict:
    return {
        "channel": channel.value,
        "label": channel.label,
        "actions": actions,
        "begun": [each for each in actions if each.starts_on >= first],
        "running": [each for each in actions if each.starts_on < first],
    }
