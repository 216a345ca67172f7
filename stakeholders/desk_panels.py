"""Queue, notes, assignment and reports elsewhere: landing page, menu, page of an idea."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots
from core.permissions import is_staff
from core.queues import Queue, Waiting, end_of

from . import waiting
from .models import KNOW_PEOPLE, Assignment, Idea
from .permissions import is_contributor, moderates

VOLET = 1
ROWS = 10


def menu(user) -> dict | None:
    """Entry of the back office's menu: the queue of the staff."""
    if not is_staff(user):
        return None
    address = reverse("admin:stakeholders_idea_queue")
    return {"app": "stakeholders", "pages": [(_("All that waits around ideas"), address)]}


def ideas_reported(user) -> Queue | None:
    """Queue: ideas that somebody reported, the oldest first."""
    if not is_staff(user):
        return None
    kind = waiting.reported_ideas(user)
    rows = waiting.waiting([kind], user)
    lines = waiting.lines_of(list(rows[:ROWS]), [kind])
    found = [_reported(line) for line in lines]
    address = reverse("admin:stakeholders_idea_queue") + "?kind=report"
    return Queue(kind.title, VOLET, found, rows.count(), address) if found else None


def _reported(line) -> Waiting:
    words = f"{line.idea} ({line.count})"
    return Waiting(text=words, url=line.url, since=line.since, due=line.due, whom=_("Staff"))


def ideas_assigned(user) -> Queue | None:
    """Queue: ideas that ``user`` evaluates, the first due first."""
    if not is_staff(user):
        return None
    rows = Assignment.objects.visible_to(user).in_work().filter(evaluator=user)
    rows = rows.select_related("idea").order_by("due_on", "pk")
    found = [
        Waiting(
            text=str(each.idea),
            url=reverse("admin:stakeholders_idea_change", args=[each.idea_id]),
            since=each.assigned_at,
            due=end_of(each.due_on),
            whom=str(user),
        )
        for each in rows[:ROWS]
    ]
    address = reverse("admin:stakeholders_idea_queue") + "?whose=me"
    title = _("Ideas that you evaluate")
    return Queue(title, VOLET, found, rows.count(), address) if found else None


def _link(name, label, *, may, count=None):
    """Return the slot entry that leads from an idea to screen ``name``, with how many are there."""

    def link(obj, user) -> dict | None:
        if not isinstance(obj, Idea) or not may(user, obj):
            return None
        found = count(obj) if count else None
        words = label() if found is None else f"{label()} ({found})"
        return {"label": words, "url": reverse(f"admin:stakeholders_idea_{name}", args=[obj.pk])}

    return link


def _knows(user, idea) -> bool:
    return KNOW_PEOPLE(user) and not is_contributor(user, idea)


LINKS = (
    _link("notes", lambda: _("Internal notes"), may=_knows, count=lambda idea: idea.notes.count()),
    _link("assign", lambda: _("Who evaluates"), may=moderates),
    _link("reports", lambda: _("Reports"), may=_knows, count=lambda idea: idea.reports.count()),
)

for link in LINKS:
    slots.register("office.links", link)
slots.register("office.pages", menu, order=50)
slots.register("office.queues", ideas_reported)
slots.register("office.queues", ideas_assigned)
