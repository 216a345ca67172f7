"""What waits around sheets, sessions and ballots, and for whom: the queues of desk and office."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import is_chair, is_government, is_office, is_secretary
from core.queues import Queue, Waiting, end_of
from core.selectors import last_changes

from . import permissions, selectors
from .models import (
    WRITABLE_SHEET,
    ConflictDeclaration,
    JurySession,
    ProjectSheet,
    SessionStatus,
    SheetStatus,
)
from .workflow import JUDGED, SESSION

VOLET = 2
ROWS = 10
TO_REVIEW = (SheetStatus.INTERNAL_REVIEW, SheetStatus.SUBMITTED, SheetStatus.ELIGIBLE)


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
                due=end_of(sheet.call.closes_on),
                whom=_("Secretariat") if sheet.status == SheetStatus.ELIGIBLE else _("Staff"),
            )
            for sheet in sheets.order_by("created_at")[:ROWS]
        ],
        total=sheets.count(),
        url=reverse("admin:projects_projectsheet_changelist"),
    )


def sheets_to_complete(user) -> Queue | None:
    """Tell a project lead which own sheets are still to be written, until the call closes."""
    if not user.is_authenticated:
        return None
    own = ProjectSheet.objects.filter(lead=user, status__in=sorted(WRITABLE_SHEET)).select_related(
        "call"
    )
    return _sheets(
        _("Sheets to complete"), own, due=lambda sheet: end_of(sheet.call.closes_on), whom=_("you")
    )


def sheets_to_decide(user) -> Queue | None:
    """Tell the Government on which sheets the jury has sent a proposal."""
    if not is_government(user):
        return None
    sent = Q(assignments__session__status=SessionStatus.TRANSMITTED)
    sheets = ProjectSheet.objects.filter(sent, status__in=JUDGED).distinct()
    return _sheets(_("Sheets to decide on"), sheets, whom=_("Government"))


def decisions_to_publish(user) -> Queue | None:
    """Tell the secretariat which sheets were decided on and are not published yet."""
    if not is_secretary(user):
        return None
    sheets = ProjectSheet.objects.filter(status=SheetStatus.DECIDED)
    return _sheets(_("Decisions on sheets to publish"), sheets, whom=_("Secretariat"))


def _sheets(title, sheets, *, whom, due=lambda sheet: None) -> Queue:
    """Return a queue of sheets, those first that have waited longest in their state."""
    rows = list(sheets)
    since = last_changes(ProjectSheet, rows)
    waiting = [
        Waiting(
            text=f"{sheet} · {sheet.get_status_display()}",
            url=sheet.get_absolute_url(),
            since=since.get(sheet.pk, sheet.created_at),
            due=due(sheet),
            whom=whom,
        )
        for sheet in rows
    ]
    waiting.sort(key=lambda row: row.since)
    return Queue(title, VOLET, waiting[:ROWS], len(rows), reverse("projects:sheet-list"))


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


def conflicts_to_rule(user) -> Queue | None:
    """Tell the chair which juror is unsure about a conflict of interest; never the own case."""
    if not is_chair(user):
        return None
    found = ConflictDeclaration.objects.filter(
        answer=ConflictDeclaration.Answer.UNSURE,
        ruling="",
        assignment__session__status=SessionStatus.SCORING_OPEN,
    ).exclude(assignment__mandate__contact__user=user)
    found = found.select_related("assignment__session", "assignment__sheet")
    rows = list(found.order_by("declared_at"))
    return Queue(
        title=_("Conflicts of interest to rule on"),
        volet=VOLET,
        rows=[
            Waiting(
                text=str(each.assignment.sheet),
                url=reverse("projects:ruling", args=[each.pk]),
                since=each.declared_at,
                due=each.assignment.session.closes_at,
                whom=_("you"),
            )
            for each in rows[:ROWS]
        ],
        total=len(rows),
        url=reverse("projects:jury"),
    )


def sessions_to_move(user) -> Queue | None:
    """Tell whoever may make it which session waits for its next step."""
    if not (permissions.runs_session(user) or is_government(user)):
        return None
    now = timezone.now()
    sessions = JurySession.objects.visible_to(user).exclude(status=SessionStatus.PUBLISHED)
    waiting = [each for each in sessions if _is_ripe(each, now) and SESSION.available(each, user)]
    since = last_changes(JurySession, waiting)
    return Queue(
        title=_("Jury sessions that wait for a step"),
        volet=VOLET,
        rows=[
            Waiting(
                text=f"{session} · {session.get_status_display()}",
                url=session.get_absolute_url(),
                since=since.get(session.pk, session.opens_at),
                whom=_("you"),
            )
            for session in waiting[:ROWS]
        ],
        total=len(waiting),
        url=reverse("projects:jury"),
    )


def _is_ripe(session, now) -> bool:
    """Tell whether the next step can be due: not while jurors score or the day is to come."""
    return session.status != SessionStatus.SCORING_OPEN or session.closes_at <= now


QUEUES = (
    sheets_to_review,
    sheets_to_complete,
    sheets_to_decide,
    decisions_to_publish,
    ballots_to_send,
    conflicts_to_rule,
    sessions_to_move,
)
