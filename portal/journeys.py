"""The public journey of an idea: everything that came of it, step by step, and where it ended."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import trace
from core.reach import LAST_STAGE, with_reach
from core.templatetags.ui import stage_name
from stakeholders.models import Idea

from .chapters import TELLERS, Chapter, Met, tell_plainly


@dataclass(frozen=True)
class Step:
    """One of the six steps of the chain with what happened there."""

    stage: int
    chapters: list[Chapter]
    state: str


@dataclass(frozen=True)
class Journey:
    """An idea, the six steps, how far it came, and a sentence on where it stands."""

    idea: Idea
    steps: list[Step]
    reach: int
    ending: str
    has_stopped: bool


def ideas_by_reach(user):
    """Return the ideas ``user`` may see, those that came furthest first, then the newest."""
    rows = with_reach(Idea.objects.visible_to(user).filter(reference__isnull=False), user)
    return rows.select_related("theme", "municipality").order_by("-reach", "-submitted_at", "-pk")


def journey_of(idea: Idea, user, root: trace.Node | None = None) -> Journey:
    """Return the journey of ``idea`` as far as ``user`` may see it.

    ``root`` is its node of a walk down, where the page has made one already.
    """
    chapters = chapters_of(idea, root or trace.walk([idea], user)[0])
    reach = max((each.stage for each in chapters if getattr(each.obj, "chain_stage", 0)), default=1)
    last = [each for each in chapters if each.stage == reach]
    stopped = idea.status == Idea.Status.WITHDRAWN or all(each.stopped for each in last)
    steps = [
        Step(
            stage,
            [each for each in chapters if each.stage == stage],
            state_of(stage, reach, stopped),
        )
        for stage in range(1, LAST_STAGE + 1)
    ]
    return Journey(idea, steps, reach, ending(reach, stopped), stopped)


def chapters_of(idea: Idea, root: trace.Node) -> list[Chapter]:
    """Return what happened on the way below ``root``, by step and then by date."""
    met = Met(idea)
    for node in (root, *trace.descendants(root)):
        met.by_model.setdefault(node.obj._meta.label, []).append(node.obj)
    chapters = []
    for label, objects in met.by_model.items():
        chapters += TELLERS.get(label, tell_plainly)(objects, met)
    return sorted(chapters, key=lambda each: (each.stage, each.sort_key))


def state_of(stage: int, reach: int, stopped: bool) -> str:
    """Return the class of a step: passed ("on"), where the idea is ("now"), or still to come."""
    if stage == reach:
        return "on" if stopped or reach == LAST_STAGE else "now"
    return "on" if stage < reach else ""


def ending(reach: int, stopped: bool) -> str:
    """Return the sentence that says where the idea is, or that and where it ended."""
    words = {"number": reach, "name": stage_name(reach)}
    if stopped:
        return (
            _("It ended at step %(number)s of 6, “%(name)s”. The reasons are given there.") % words
        )
    if reach == LAST_STAGE:
        return _("It came all the way: what it led to is measured.")
    words["next"] = stage_name(reach + 1)
    return (
        _("It is at step %(number)s of 6, “%(name)s”. Nothing is recorded yet for “%(next)s”.")
        % words
    )
