"""What this app shows on pages of others: counts, queues, search, what is made of an idea."""

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import slots
from core.permissions import is_office, is_secretary
from core.queues import Queue, Waiting
from core.search import answer

from . import permissions, selectors
from .models import JurySession, ProjectSheet, SessionStatus, SheetStatus

VOLET = 2
ROWS = 10
TO_REVIEW = (SheetStatus.INTERNAL_REVIEW, SheetStatus.SUBMITTED, SheetStatus.ELIGIBLE)


def progress() -> dict:
    """Count the public sheets for the contract; the list behind it shows exactly these."""
    url = reverse("projects:sheet-list")
    return {"SHEETS": {"count": selectors.public_sheets().count(), "url": url, "as_of": None}}


def chain() -> dict:
    """Tell the home page how many ideas became a sheet that everybody reads."""
    sheets = selectors.public_sheets()
    waiting = sheets.filter(status=SheetStatus.FROZEN).count()
    detail = ngettext("%(number)d before the jury", "%(number)d before the jury", waiting) % {
        "number": waiting
    }
    return {
        "stage": 3,
        "count": sheets.count(),
        "url": reverse("projects:sheet-list"),
        "detail": detail,
    }


def search(query, user) -> dict:
    """Answer the search of the portal."""
    found = ProjectSheet.objects.visible_to(user).search(query)
    return answer(_("Project sheets"), reverse("projects:sheet-list"), query, found)


def workstream_panel(workstream, *, user) -> dict:
    """Show the sheets of a priority workstream on its page."""
    rows = ProjectSheet.objects.visible_to(user).filter(workstream=workstream)
    return {
        "title": _("Project sheets"),
        "rows": list(rows[:5]),
        "total": rows.count(),
        "url": f"{reverse('projects:sheet-list')}?workstream={workstream.slug}",
    }


def idea_action(idea, *, user) -> dict | None:
    """Offer the office to make a sheet of a published idea."""
    if not is_office(user) or idea.status not in idea.PUBLIC_STATES:
        return None
    url = reverse("projects:sheet-from-idea", args=[idea.reference])
    return {"label": _("Make a project sheet"), "url": url}


def sheets_to_review(user) -> Queue | None:
    """Tell the office which sheets wait, since when, until the call closes."""
    if not is_office(user):
        return None
    sheets = ProjectSheet.objects.filter(status__in=TO_REVIEW).select_related("call")
    return Queue(
        title=_("Sheets to review"),
        volet=VOLET,
        rows=[
            Waiting(
                text=f"{sheet} · {sheet.get_status_display()}",
                url=reverse("admin:projects_projectsheet_change", args=[sheet.pk]),
                since=sheet.created_at,
                due=_end_of(sheet.call.closes_on),
                whom=_("Secretariat") if sheet.status == SheetStatus.ELIGIBLE else _("Staff"),
            )
            for sheet in sheets.order_by("created_at")[:ROWS]
        ],
        total=sheets.count(),
        url=reverse("admin:projects_projectsheet_changelist"),
    )


def ballots_to_send(user) -> Queue | None:
    """Tell a juror which ballots still wait for them."""
    asking = {"to_declare", "to_score", "draft"}
    tasks = [task for task in selectors.tasks_of(user) if task.is_open and task.state in asking]
    if not tasks:
        return None
    return Queue(
        title=_("Your ballots"),
        volet=VOLET,
        rows=[
            Waiting(
                text=str(task.assignment.sheet),
                url=reverse("projects:ballot", args=[task.assignment.pk]),
                since=task.assignment.session.opens_at,
                due=task.assignment.session.closes_at,
                whom=_("you"),
            )
            for task in tasks[:ROWS]
        ],
        total=len(tasks),
        url=reverse("projects:ballot-list"),
    )


def sessions_to_move(user) -> Queue | None:
    """Tell those who run a jury which session waits for its next step."""
    if not permissions.runs_session(user):
        return None
    now = timezone.now()
    sessions = JurySession.objects.exclude(status=SessionStatus.PUBLISHED)
    waiting = [each for each in sessions if not each.is_scoring_at(now)]
    return Queue(
        title=_("Jury sessions that wait for a step"),
        volet=VOLET,
        rows=[
            Waiting(
                text=f"{session} · {session.get_status_display()}",
                url=session.get_absolute_url(),
                since=session.closes_at if session.closes_at < now else session.opens_at,
                whom=_("Secretariat") if is_secretary(user) else pgettext("jury", "chair"),
            )
            for session in waiting[:ROWS]
        ],
        total=len(waiting),
        url=reverse("projects:jury"),
    )


def _end_of(day):
    return timezone.make_aware(datetime.combine(day, time.max))


slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)
slots.register("programme.workstream.panels", workstream_panel)
slots.register("stakeholders.idea.actions", idea_action)
slots.register("office.queues", sheets_to_review)
slots.register("office.queues", ballots_to_send)
slots.register("office.queues", sessions_to_move)
