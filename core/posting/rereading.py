"""What the staff does with mails that came back and that nothing could be read from."""

from django.db import transaction
from django.utils.translation import gettext_lazy

from ..models import BounceRaw
from ..permissions import is_staff
from ..workflow import Transition, Workflow
from . import bounces

State = BounceRaw.State

RETURNED_MAIL = Workflow(
    "core.BounceRaw",
    State,
    [
        Transition(
            "read_again",
            (State.UNREADABLE,),
            State.NEW,
            is_staff,
            gettext_lazy("Read it again"),
            style="primary",
        ),
        Transition(
            "settle",
            (State.UNREADABLE,),
            State.SETTLED,
            is_staff,
            gettext_lazy("A person has dealt with it"),
        ),
    ],
    field="state",
)


@RETURNED_MAIL.verb("read_again")
@transaction.atomic
def read_again(raw: BounceRaw, *, by, note=""):
    """Read a mail once more, as after an update; what it says is done, what it says not stays."""
    change = RETURNED_MAIL.apply(raw, "read_again", by=by, note=note)
    bounces.read(raw)
    raw.refresh_from_db()
    return change


@RETURNED_MAIL.verb("settle")
def settle(raw: BounceRaw, *, by, note=""):
    """Take a mail out of what waits: somebody has read it and done what it asks for."""
    return RETURNED_MAIL.apply(raw, "settle", by=by, note=note)
