"""Pages of the jury: what it is, and one page for each session."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import exports
from core.selectors import history_of
from programme.lists import page_of

from .. import permissions, selectors, words
from ..models import RESULTS_PUBLIC, Assignment, ConflictDeclaration, JurySession
from ..tables import result_table
from .common import export_links, move, moves


@login_not_required
def jury(request):
    """Explain the jury and list its sessions, newest first."""
    sessions = JurySession.objects.visible_to(request.user).select_related("call", "body")
    page = page_of(request, sessions)
    context = {
        "page_obj": page,
        "sessions": [(session, words.session_sentence(session)) for session in page],
        "has_ballots": Assignment.objects.of(request.user).exists(),
    }
    return render(request, "projects/jury.html", context)


@login_not_required
def session_detail(request, slug):
    """Show a session: composition, rules, grid, sheets; board and results to those they are for."""
    sessions = JurySession.objects.visible_to(request.user)
    session = get_object_or_404(sessions.select_related("call", "body", "rubric"), slug=slug)
    rows = visible_results(session, request.user)
    if rows and request.GET.get("format") in exports.WRITERS:
        return exports.response(result_table(session, rows), request.GET["format"])
    context = {
        "session": session,
        "sentence": words.session_sentence(session),
        "composition": selectors.composition(session),
        "criteria": session.rubric.criteria.prefetch_related("levels"),
        "proposals": selectors.proposals(session),
        "sheets": selectors.scored_sheets(session),
        "results": [(row, words.tie_words(row.place)) for row in rows],
        "results_are_public": session.status in RESULTS_PUBLIC,
        "minimum": selectors.MINIMUM_BALLOTS,
        "exports": export_links(request) if rows else [],
        "changes": history_of(session),
        "trail": [(reverse("projects:jury"), _("Jury"))],
        **for_those_who_run(session, request.user),
    }
    return render(request, "projects/session_detail.html", context)


def visible_results(session, user) -> list:
    """Return the results that ``user`` may read: the public ones, or before that the jury's own."""
    if session.status in RESULTS_PUBLIC:
        return selectors.public_results(session)
    if not permissions.reads_results(user, session):
        return []
    hidden = selectors.recused_sheet_ids(session, user)
    return [row for row in selectors.results(session) if row.sheet.pk not in hidden]


def for_those_who_run(session, user) -> dict:
    """Return what only secretariat, chair, auditor or (after the opening) the jurors see."""
    found = {"transitions": moves(session, user, "projects:session-move", session.slug)}
    if permissions.reads_board(user):
        found["board"] = selectors.board(session, user)
        found["declarations"] = declarations(session, user)
    if permissions.reads_board(user) or permissions.is_juror_of(user, session):
        found["ballots"] = selectors.named_ballots(session, user)
    return found


def declarations(session, user) -> list[dict]:
    """Return what jurors declared, apart from "none", and whether ``user`` may rule on it."""
    rows = ConflictDeclaration.objects.filter(assignment__session=session)
    rows = rows.exclude(answer=ConflictDeclaration.Answer.NONE)
    rows = rows.exclude(assignment__sheet__in=selectors.recused_sheet_ids(session, user))
    return [
        {"declaration": row, "may_rule": permissions.rules_on_conflict(user, row)}
        for row in rows.select_related("assignment__mandate__contact", "assignment__sheet")
    ]


def session_move(request, slug, name):
    """Move a session through one of its transitions."""
    sessions = JurySession.objects.visible_to(request.user)
    return move(request, get_object_or_404(sessions, slug=slug), name)
