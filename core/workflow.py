"""One engine for every state machine: a table of transitions, one `apply`, one history.

An app declares its table in `<app>/workflow.py`:

    IDEA = Workflow("stakeholders.Idea", Status, [Transition("publish", (…), …)])

and gives each transition its verb in `<app>/services.py`:

    @IDEA.verb("publish")
    def publish_idea(idea, *, by, note=""):
        change = IDEA.apply(idea, "publish", by=by, note=note)
        …

Pages, admin and API draw their buttons from `available()` and call `run()`, which calls the verb:
page and server cannot disagree, and nothing else writes a status.
"""

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from .pages import forget_pages
from .permissions import SYSTEM

REGISTRY: dict[str, "Workflow"] = {}


class TransitionRefused(Exception):
    """A move that may not be made. `str()` is a translated sentence that a page can show."""


class PermissionRefused(TransitionRefused):
    """The move exists, but not for this user (a page answers 403)."""


@dataclass(frozen=True)
class Transition:
    """One row of a state machine.

    ``permission`` is a predicate (user, obj) → bool. ``guard`` (obj) raises `TransitionRefused`
    with a sentence that says how to mend it. ``reason`` makes a note obligatory. ``form`` is the
    dotted path of a form class whose cleaned data become keyword arguments of the verb.
    ``confirm`` is the question asked before what cannot be undone.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    permission: Callable
    label: str
    guard: Callable | None = None
    reason: bool = False
    form: str | None = None
    confirm: str | None = None
    style: str = "quiet"


@dataclass
class Workflow:
    """The state machine of one model: its transitions and the verbs that make them."""

    model: str
    states: type
    transitions: Iterable[Transition]
    field: str = "status"
    verbs: dict[str, Callable] = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        self.table = {each.name: each for each in self.transitions}
        for each in self.table.values():
            unknown = {*each.sources, each.target} - set(self.states.values)
            if unknown:
                raise ValueError(f"{self.model}: {each.name} names unknown states {unknown}")
        REGISTRY[self.model.lower()] = self

    def verb(self, name: str):
        """Register the decorated service as the one home of transition ``name``."""
        if name not in self.table:
            raise ValueError(f"{self.model} has no transition {name}")

        def register(function):
            self.verbs[name] = function
            return function

        return register

    def available(self, obj, user) -> list[Transition]:
        """Return the transitions ``user`` may make from the present state of ``obj``.

        Guards are not asked: a button whose guard refuses says why when it is pressed.
        """
        state = getattr(obj, self.field)
        return [
            each
            for each in self.table.values()
            if state in each.sources and each.permission(user, obj)
        ]

    def blocked(self, obj, name: str) -> str:
        """Return why the state of ``obj`` does not allow transition ``name``, "" where it does.

        A page asks before it shows a form: nobody fills in what cannot be sent.
        """
        step = self.table[name]
        return "" if getattr(obj, self.field) in step.sources else not_now(obj, step.label)

    def run(self, obj, name: str, *, by, **data):
        """Call the verb of transition ``name``, as every page, admin button and API does."""
        if name not in self.table:
            raise TransitionRefused(_("This action does not exist."))
        return self.verbs[name](obj, by=by, **data)

    @transaction.atomic
    def apply(self, obj, name: str, *, by, note: str = "", **changes):
        """Move ``obj`` through transition ``name`` and write a `StatusChange`; return that row.

        The row is locked first, so of several concurrent calls one succeeds. ``changes`` are other
        fields saved in the same statement. ``obj`` is brought up to date. Raises
        `PermissionRefused` or `TransitionRefused`; then nothing is written.
        """
        step = self.table[name]
        locked = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
        self._check(step, locked, by, note)
        source = getattr(locked, self.field)
        for attribute, value in changes.items():
            setattr(locked, attribute, value)
        if step.guard:
            step.guard(locked)
        setattr(locked, self.field, step.target)
        locked.save(update_fields=[self.field, *changes])
        if leaves_the_public(locked, source, step.target):
            transaction.on_commit(forget_pages)
        obj.refresh_from_db()
        return record_change(locked, name, source, step.target, by=by, note=note)

    def _check(self, step, obj, by, note):
        if not step.permission(by, obj):
            raise PermissionRefused(_("You may not do this."))
        state = getattr(obj, self.field)
        if state not in step.sources:
            label = self.states(state).label
            raise TransitionRefused(
                _("This cannot be done now: it is “%(state)s”.") % {"state": label}
            )
        if step.reason and not note.strip():
            raise TransitionRefused(_("Give the reason."))


def not_now(obj, label) -> str:
    """Return the sentence that the action called ``label`` does not fit the state of ``obj``."""
    flow = workflow_of(obj)
    state = flow.states(getattr(obj, flow.field)).label
    words = _("“%(action)s” cannot be done now: the status is “%(state)s”.")
    return words % {"action": label, "state": state}


def leaves_the_public(obj, source, target) -> bool:
    """Tell whether a move takes ``obj`` from what anybody sees to what not everybody does."""
    public = getattr(obj, "PUBLIC_STATES", None) or ()
    return source in public and target not in public


def workflow_of(model_or_obj) -> Workflow | None:
    """Return the workflow of a model, an object or None where it has none."""
    return REGISTRY.get(model_or_obj._meta.label_lower)


def record_change(obj, name: str, source: str, target: str, *, by, note: str = "", at=None):
    """Write the history row of a move; ``source`` is empty for a creation, ``at`` else is now."""
    from .models import StatusChange

    person = None if by is None or by is SYSTEM else by
    when = {} if at is None else {"at": at}
    return StatusChange.objects.create(
        subject=obj, transition=name, source=source, target=target, by=person, note=note, **when
    )
