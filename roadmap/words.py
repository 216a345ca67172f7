"""The state of initiatives and milestones as sentences: never a colour or a figure alone."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import typography
from core.templatetags.ui import translated

from .models import ABANDONED_INITIATIVE, Initiative, InitiativeStatus, Milestone


@dataclass(frozen=True)
class State:
    """A state as `ui/chip` shows it: kind of chip, and words."""

    chip: str
    words: str


CHIPS = {
    InitiativeStatus.CANDIDATE: "wait",
    InitiativeStatus.SELECTED: "info",
    InitiativeStatus.PLANNED: "info",
    InitiativeStatus.IN_PROGRESS: "info",
    InitiativeStatus.ON_HOLD: "wait",
    InitiativeStatus.COMPLETED: "ok",
    InitiativeStatus.STOPPED: "stop",
    InitiativeStatus.MERGED: "stop",
}


def initiative_state(initiative) -> State:
    """Return the state of an initiative for a chip."""
    chip = CHIPS[initiative.status] if initiative.status_published else "wait"
    return State(chip, str(initiative.status_words))


def is_missed(milestone, today=None) -> bool:
    """Tell whether the milestone is past due, not achieved and still pursued."""
    return (
        milestone.status == Milestone.Status.PLANNED
        and milestone.planned_on < (today or timezone.localdate())
        and milestone.initiative.status not in ABANDONED_INITIATIVE
    )


def milestone_state(milestone, today=None) -> State:
    """Return the state of a milestone in words: achieved, how late, missed or to come."""
    today = today or timezone.localdate()
    if milestone.status == Milestone.Status.ACHIEVED:
        return _achieved(milestone)
    if milestone.initiative.status in ABANDONED_INITIATIVE:
        return State("stop", pgettext("milestone", "no longer pursued"))
    days = (today - milestone.planned_on).days
    if days > 0:
        text = ngettext("%(days)s day overdue", "%(days)s days overdue", days)
        return State("late", _late_words(days, text))
    return State("wait", pgettext("milestone", "planned"))


def _achieved(milestone) -> State:
    days = (milestone.achieved_on - milestone.planned_on).days
    if days <= 0:
        return State("ok", pgettext("milestone", "achieved on time"))
    text = ngettext("achieved %(days)s day late", "achieved %(days)s days late", days)
    return State("late", _late_words(days, text))


def _late_words(days: int, text: str) -> str:
    return text % {"days": typography.number(days)}


def sentence(initiative, today=None) -> str:
    """Return the sentence that stands before the figures of an initiative."""
    parts = [_state_sentence(initiative)]
    milestones = list(initiative.milestones.all())
    if milestones:
        parts.append(_milestone_sentence(milestones, today))
    return " ".join(parts)


def _state_sentence(initiative) -> str:
    words = {"state": initiative.status_words, "when": when(initiative)}
    if not initiative.status_published:
        return _("No source tells whether it is still going on.")
    if words["when"]:
        return _("State: %(state)s (%(when)s).") % words
    return _("State: %(state)s.") % words


def _milestone_sentence(milestones, today) -> str:
    total = len(milestones)
    achieved = sum(each.status == Milestone.Status.ACHIEVED for each in milestones)
    missed = sum(is_missed(each, today) for each in milestones)
    words = {
        "achieved": typography.number(achieved),
        "total": typography.number(total),
        "missed": typography.number(missed),
    }
    told = ngettext(
        "%(achieved)s of %(total)s milestone has been achieved",
        "%(achieved)s of %(total)s milestones have been achieved",
        total,
    )
    if not missed:
        return f"{told % words}."
    late = ngettext("%(missed)s is overdue", "%(missed)s are overdue", missed)
    return _("%(told)s; %(late)s.") % {"told": told % words, "late": late % words}


def when(initiative) -> str:
    """Return the period in words: as published, or from the dates as far as they are known."""
    published, _language = translated(initiative, "period")
    return published or between(start_words(initiative), end_words(initiative))


def between(start: str, end: str) -> str:
    """Return "start – end", the one that is known with its name, or nothing."""
    if start and end:
        return start if start == end else f"{start} – {end}"
    if start:
        return _("start: %(date)s") % {"date": start}
    return _("end: %(date)s") % {"date": end} if end else ""


def start_words(initiative) -> str:
    """Return the start as exactly as it is known, in words."""
    return partial_words(initiative.starts_on, initiative.starts_precision)


def end_words(initiative) -> str:
    """Return the end as exactly as it is known, in words."""
    return partial_words(initiative.ends_on, initiative.ends_precision)


def partial_words(value, precision: str) -> str:
    """Return a day, a month or a year in words; nothing for None."""
    if value is None:
        return ""
    formats = {Initiative.Precision.YEAR: "Y", Initiative.Precision.MONTH: "F Y"}
    if precision in formats:
        return format_date(value, formats[precision])
    return typography.day(value)
