"""What governance adds to the landing page of the office, the dashboard and the search."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots, typography
from core.queues import Queue, Waiting, end_of
from core.search import answer
from core.selectors import last_changes
from stakeholders.timeline import Entry, rows_before, start_of

from . import selectors
from .filters import ADOPTED
from .kinds import READERS, RECORDERS, BodyKind, kinds_for
from .models import ActionItem, ActionStatus, Decision, Mandate, Meeting
from .permissions import follows_up

SHOWN = 10


def decisions_to_record(user) -> Queue | None:
    """Decisions whose meeting has begun, for whoever writes them down."""
    kinds = kinds_for(user, RECORDERS)
    if not kinds:
        return None
    rows = Decision.objects.to_record().filter(meeting__body__kind__in=kinds)
    rows = rows.select_related("meeting__body").order_by("meeting__starts_at", "pk")
    return Queue(
        title=_("Decisions to record"),
        volet=3,
        rows=[_waiting_decision(row) for row in rows[:SHOWN]],
        total=rows.count(),
        url=reverse("governance:decision-list") + "?status=proposed",
    )


def _waiting_decision(decision) -> Waiting:
    return Waiting(
        text=str(decision),
        url=decision.get_absolute_url(),
        since=decision.meeting.starts_at,
        whom=str(decision.meeting.body),
    )


def meetings_to_come(user) -> Queue | None:
    """Convened meetings with their papers, for the members of the body."""
    kinds = kinds_for(user, READERS)
    if not kinds:
        return None
    rows = Meeting.objects.visible_to(user).upcoming(timezone.now()).filter(body__kind__in=kinds)
    shown = list(rows.select_related("body")[:SHOWN])
    since = last_changes(Meeting, shown)
    return Queue(
        title=_("Meetings to come: agenda and papers"),
        volet=3,
        rows=[_waiting_meeting(each, since.get(each.pk)) for each in shown],
        total=rows.count(),
        url=reverse("governance:index"),
    )


def _waiting_meeting(meeting, since) -> Waiting:
    return Waiting(
        text=str(meeting),
        url=meeting.get_absolute_url(),
        since=since or meeting.starts_at,
        due=meeting.starts_at,
        whom=str(meeting.body),
    )


def own_actions(user) -> Queue | None:
    """Actions that were given to this user and are not done."""
    if not user.is_authenticated:
        return None
    rows = ActionItem.objects.visible_to(user).pending().filter(owner=user)
    return _actions(_("Your actions"), rows)


def actions_overdue(user) -> Queue | None:
    """Actions of others past their day, for the office and the chair."""
    if not follows_up(user, None):
        return None
    rows = ActionItem.objects.visible_to(user).overdue(timezone.localdate())
    return _actions(_("Actions past their day"), rows.exclude(owner=user))


def actions_to_confirm(user) -> Queue | None:
    """Actions that somebody else reported as done, for whoever confirms it."""
    if not follows_up(user, None):
        return None
    rows = ActionItem.objects.visible_to(user).filter(status=ActionStatus.DONE)
    return _actions(_("Actions to confirm"), rows.exclude(owner=user), is_done=True)


def _actions(title, rows, *, is_done=False) -> Queue:
    shown = list(rows.select_related("decision", "owner").order_by("due_on", "pk")[:SHOWN])
    since = last_changes(ActionItem, shown)
    return Queue(
        title=title,
        volet=3,
        rows=[_waiting_action(each, since.get(each.pk), is_done=is_done) for each in shown],
        total=rows.count(),
        url=reverse("governance:decision-list"),
    )


def _waiting_action(action, since, *, is_done) -> Waiting:
    """Say what is to be done; what is done has kept or missed its day already."""
    return Waiting(
        text=str(action),
        url=action.get_absolute_url(),
        since=since or timezone.now(),
        due=None if is_done or action.due_on is None else end_of(action.due_on),
        whom=action.owner_role or (str(action.owner) if action.owner_id else ""),
    )


def progress() -> dict:
    """Count what the contract asks for: a board, a jury, and meetings kept in a working tool.

    The tool is on record as soon as a meeting is kept in it; how many meetings is not its target.
    """
    index = reverse("governance:index")
    counts = selectors.set_up_counts()
    found = {
        code: {"count": counts[kind], "url": f"{index}?kind={kind.value}", "as_of": None}
        for code, kind in (("BOARD", BodyKind.BOARD), ("JURY", BodyKind.JURY))
    }
    in_use = int(Meeting.objects.public().exists())
    return {**found, "OFFICE": {"count": in_use, "url": index, "as_of": None}}


def chain() -> dict:
    """Count the fourth step: what was decided, with its reasons."""
    taken = selectors.decisions_taken()
    adopted = taken.adopted().count()
    words = ngettext("%(number)s adopted", "%(number)s adopted", adopted)
    return {
        "stage": 4,
        "count": taken.count(),
        "url": reverse("governance:decision-list"),
        "detail": words % {"number": typography.number(adopted)},
        "detail_url": f"{reverse('governance:decision-list')}?status={ADOPTED[0]}",
    }


def search(query: str, user) -> dict:
    """Answer the search of the portal with decisions."""
    found = selectors.decisions_taken().search(query)
    return answer(_("Decisions"), reverse("governance:decision-list"), query, found)


def helix_counts(*, user) -> dict:
    """Tell which helix groups sit in the jury today."""
    return {"stage": 4, "label": _("Jury mandates"), "counts": selectors.helix_of_jury(user)}


def timeline_entries(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Tell the timeline of a person in which bodies they sit, by the first day."""
    if contact is None:
        return []
    rows = Mandate.objects.filter(contact=contact).select_related("body")
    return [
        Entry(
            at=start_of(each.starts_on),
            kind=_("mandate"),
            text=str(each),
            url=each.body.get_absolute_url(),
            source="mandate",
            pk=each.pk,
            is_demo=each.is_demo,
        )
        for each in rows_before(rows, "starts_on", "mandate", before, limit)
    ]


slots.register("stakeholders.timeline", timeline_entries)
slots.register("office.queues", decisions_to_record)
slots.register("office.queues", meetings_to_come)
slots.register("office.queues", own_actions)
slots.register("office.queues", actions_overdue)
slots.register("office.queues", actions_to_confirm)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)
slots.register("stakeholders.helix.counts", helix_counts)
