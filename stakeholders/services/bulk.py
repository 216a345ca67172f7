"""One decision about many ideas: what would become of each, and each in its own transaction."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from core.workflow import TransitionRefused, not_now

from ..models import IN_WORK, Idea, Submission, text_state
from ..workflow import IDEA
from .desk import assign_idea

#: What can be done to many ideas at once: publish, refuse and hide are moves of the workflow.
ASSIGN = "assign"
MOVES = ("publish", "refuse", "hide")


@dataclass
class Done:
    """What came of it: the ideas that moved, and those that did not, with the reason."""

    moved: list = field(default_factory=list)
    refused: list[tuple] = field(default_factory=list)


def obstacles(ideas, name: str, user) -> dict[int, str]:
    """Return {key: why this idea cannot be moved}; what is not in it can. The page asks first."""
    keys = [idea.pk for idea in ideas]
    sent = Submission.objects.filter(idea__in=keys, contact__user_id=user.pk)
    own = set(sent.values_list("idea", flat=True))
    found = {idea.pk: _obstacle(idea, name, is_own=idea.pk in own) for idea in ideas}
    return {key: words for key, words in found.items() if words}


def _obstacle(idea, name, *, is_own) -> str:
    if is_own:
        return _("You sent it yourself: a colleague decides.")
    if name == ASSIGN:
        return "" if idea.status in IN_WORK else _("It has come to rest.")
    step = IDEA.table[name]
    if idea.status not in step.sources:
        return not_now(idea, step.label)
    try:
        if step.guard:
            step.guard(idea)
    except TransitionRefused as refusal:
        return str(refusal)
    return ""


def run_on_many(ideas, name: str, *, by, seen: dict[int, str], **data) -> Done:
    """Do ``name`` to each idea: one that is refused stops no other, and is named with the reason.

    ``seen`` is {key: `text_state`} as the page showed them: an idea whose author corrected it
    meanwhile is left for somebody to read.
    """
    done = Done()
    for idea in ideas:
        try:
            _run_on_one(idea, name, by, seen.get(idea.pk), data)
        except TransitionRefused as refusal:
            done.refused.append((idea, str(refusal)))
        else:
            done.moved.append(idea)
    return done


@transaction.atomic
def _run_on_one(idea, name, by, seen, data):
    locked = Idea._base_manager.select_for_update().get(pk=idea.pk)
    if seen != text_state(locked):
        raise TransitionRefused(_("Its author has corrected the text meanwhile. Read it first."))
    if name == ASSIGN:
        assign_idea(locked, by=by, **data)
    else:
        IDEA.run(locked, name, by=by, **data)
