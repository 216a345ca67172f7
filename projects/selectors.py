"""What pages, services and exports ask about sheets, sessions and ballots."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.typography import moment
from stakeholders.balance import tally
from stakeholders.models import Submission

from . import results as formulas
from .models import (
    SENT_BALLOT,
    Assignment,
    Ballot,
    BallotScore,
    BallotStatus,
    JurySession,
    ProjectSheet,
    Proposal,
    SessionStatus,
    SheetStatus,
)

#: No aggregate over fewer ballots is shown to the public.
MINIMUM_BALLOTS = 3
NOT_YET = (SessionStatus.PLANNED, SessionStatus.RULES_FROZEN)


# --- sheets and sessions ----------------------------------------------------------------------


def public_sheets():
    """Return the sheets that everybody reads; lists, counts and progress all start here."""
    return ProjectSheet.objects.public()


def session_of(sheet) -> JurySession | None:
    """Return the latest session in which the sheet is scored."""
    sessions = JurySession.objects.filter(assignments__sheet=sheet)
    return sessions.order_by("-opens_at", "-pk").first()


def scored_sheets(session):
    """Return the sheets of a session that are still in the running, by reference."""
    sheets = ProjectSheet.objects.filter(assignments__session=session).distinct()
    return sheets.exclude(status=SheetStatus.WITHDRAWN).order_by("reference")


def sheets_without_proposal(session) -> list:
    """Return what the jury has still to judge: neither proposed upon nor returned."""
    waiting = [SheetStatus.FROZEN, SheetStatus.DELIBERATED]
    return list(scored_sheets(session).filter(status__in=waiting))


def sheets_without_outcome(session) -> list:
    """Return the judged sheets on which the Government has not decided."""
    judged = [SheetStatus.PROPOSED, SheetStatus.RESERVE, SheetStatus.NOT_PROPOSED]
    return list(scored_sheets(session).filter(status__in=judged))


def proposals(session):
    """Return the proposals of a session with their sheets, by reference."""
    rows = Proposal.objects.public().filter(session=session)
    return rows.select_related("sheet__result__decision").order_by("sheet__reference")


# --- the jury ---------------------------------------------------------------------------------


def composition(session):
    """Return the mandates that run when a session opens: the chair first, experts last."""
    day = timezone.localdate(session.opens_at)
    running = Q(ends_on=None) | Q(ends_on__gte=day)
    mandates = session.body.mandates.filter(running, starts_on__lte=day)
    return mandates.select_related("contact").order_by("-chairs", "-votes", "rank", "pk")


def voting_mandates(session):
    """Return the mandates that score: those of the composition with a vote."""
    return composition(session).filter(votes=True)


def is_author(mandate, sheet) -> bool:
    """Tell whether the person of this mandate leads the sheet or brought one of its ideas."""
    person = mandate.contact
    if sheet.lead_id is not None and sheet.lead_id == person.user_id:
        return True
    return Submission.objects.filter(idea__sheets=sheet, contact=person).exists()


def recused_sheet_ids(session, user) -> set[int]:
    """Return the sheets from which ``user`` is recused: nothing about them is told to them."""
    own = Assignment.objects.of(user).filter(session=session, ballot__status=BallotStatus.RECUSED)
    return set(own.values_list("sheet_id", flat=True))


def scoring_refusal(assignment, now=None) -> str:
    """Return why this ballot takes nothing now, as a sentence for the juror, or ""."""
    session = assignment.session
    declaration = getattr(assignment, "declaration", None)
    now = now or timezone.now()
    if session.status in NOT_YET or now < session.opens_at:
        return _("The scoring is not open yet. Nothing was saved.")
    if not session.is_scoring_at(now):
        closed = moment(session.closes_at)
        return _("The scoring closed on %(date)s. Nothing was changed.") % {"date": closed}
    if assignment.sheet.status != SheetStatus.FROZEN:
        return _("This sheet is no longer before the jury. Nothing was changed.")
    if is_author(assignment.mandate, assignment.sheet):
        return _("You lead this sheet or brought its idea, so you cannot score it.")
    if declaration is None:
        return _("First say whether you have a conflict of interest.")
    if declaration.waits_for_chair:
        return _("You were unsure about a conflict of interest: the chair decides first.")
    if not declaration.allows_scoring:
        return _("You are recused from this sheet because of a conflict of interest.")
    return ""


@dataclass(frozen=True)
class Task:
    """One line of a juror's home: the assignment and where its ballot stands."""

    assignment: Assignment
    state: str
    kind: str
    is_open: bool


STATES = {
    BallotStatus.DRAFT: ("draft", "wait"),
    BallotStatus.SEALED: ("sealed", "ok"),
    BallotStatus.LOCKED: ("locked", "ok"),
    BallotStatus.REVEALED: ("revealed", "ok"),
    BallotStatus.RECUSED: ("recused", "info"),
    BallotStatus.MISSING: ("missing", "late"),
    BallotStatus.ABSTAINED: ("abstained", "info"),
}


def ballot_state(assignment) -> tuple[str, str]:
    """Return (state code, kind of chip) of an assignment: to declare, waiting, draft, sealed…"""
    declaration = getattr(assignment, "declaration", None)
    ballot = getattr(assignment, "ballot", None)
    if ballot is not None:
        return STATES[ballot.status]
    if declaration is None:
        return "to_declare", "wait"
    return ("waits_for_chair", "wait") if declaration.waits_for_chair else ("to_score", "wait")


def tasks_of(user, now=None) -> list[Task]:
    """Return what a juror has to score, open ones first, each juror in an order of their own.

    The order is drawn from the ids, so that the first sheet is not the same for everybody, and the
    same juror always finds the same order.
    """
    now = now or timezone.now()
    rows = Assignment.objects.of(user).exclude(session__status=SessionStatus.PLANNED)
    tasks = [
        Task(row, *ballot_state(row), is_open=row.session.is_scoring_at(now))
        for row in rows.for_ballots()
    ]
    return sorted(tasks, key=lambda task: (not task.is_open, _shuffled(task, user)))


def next_task(tasks: list[Task]) -> Task | None:
    """Return the first ballot that still asks something of the juror."""
    asking = {"to_declare", "to_score", "draft"}
    return next((task for task in tasks if task.is_open and task.state in asking), None)


def _shuffled(task, user):
    return hashlib.sha256(f"{user.pk}:{task.assignment.pk}".encode()).hexdigest()


@dataclass(frozen=True)
class BoardRow:
    """Who has sent, in numbers, for one sheet. Never a score."""

    sheet: ProjectSheet
    sent: int
    waiting: int
    recused: int
    total: int
    quorum: int

    @property
    def reaches_quorum(self) -> bool:
        """Tell whether enough ballots were sent."""
        return self.sent >= self.quorum


def board(session, user=None) -> list[BoardRow]:
    """Return the secretary's board; what ``user`` is recused from is left out."""
    counts = defaultdict(Counter)
    rows = session.assignments.values_list("sheet_id", "ballot__status")
    for sheet_id, status in rows:
        counts[sheet_id][status] += 1
    hidden = recused_sheet_ids(session, user) if user else set()
    sheets = scored_sheets(session).exclude(pk__in=hidden)
    return [_board_row(session, sheet, counts[sheet.pk]) for sheet in sheets]


def _board_row(session, sheet, counts):
    sent = sum(counts[status] for status in SENT_BALLOT)
    recused = counts[BallotStatus.RECUSED]
    total = counts.total()
    return BoardRow(sheet, sent, total - sent - recused, recused, total, session.quorum)


def below_quorum(session) -> list[BoardRow]:
    """Return the rows of the sheets with fewer ballots than the quorum."""
    return [row for row in board(session) if not row.reaches_quorum]


# --- results ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetResult:
    """The result of one sheet. Figures are None where there is no score or none may be shown."""

    sheet: ProjectSheet
    figures: formulas.Figures
    by_criterion: dict = field(default_factory=dict)
    abstained: int = 0
    recused: int = 0
    missing: int = 0
    place: formulas.Place | None = None
    withheld: bool = False

    @property
    def mean(self) -> Decimal | None:
        """The official score: the mean of the weighted ballots, on the scale of the grid."""
        return formulas.shown(self.figures.mean)

    @property
    def median(self) -> Decimal | None:
        """The middle ballot."""
        return formulas.shown(self.figures.median)

    @property
    def minimum(self) -> Decimal | None:
        """The lowest ballot."""
        return formulas.shown(self.figures.minimum)

    @property
    def maximum(self) -> Decimal | None:
        """The highest ballot."""
        return formulas.shown(self.figures.maximum)

    @property
    def deviation(self) -> Decimal | None:
        """Standard deviation of the ballots (n - 1)."""
        return formulas.shown(self.figures.deviation)


def results(session, *, minimum: int = 1) -> list[SheetResult]:
    """Return the results of an opened session, ranked; sheets without a score come last.

    Sheets with fewer than ``minimum`` ballots keep their counts and lose their figures. Before the
    opening there is nothing to return.
    """
    if not session.is_opened:
        return []
    weights = {each.pk: each.weight for each in session.rubric.criteria.all()}
    rows = _unranked(session, weights)
    shown = [row for row in rows if row.figures.count >= max(minimum, 1)]
    withheld = [
        replace(_masked(row), withheld=bool(row.figures.count)) for row in rows if row not in shown
    ]
    return _ranked(shown, _heaviest(weights)) + withheld


def public_results(session) -> list[SheetResult]:
    """Return what everybody may read: nothing that rests on fewer than three ballots."""
    return results(session, minimum=MINIMUM_BALLOTS)


def result_of(sheet, session) -> SheetResult | None:
    """Return the public result of one sheet."""
    return next((row for row in public_results(session) if row.sheet == sheet), None)


def named_ballots(session, user) -> list[Ballot]:
    """Return the opened ballots for those who deliberate, without those ``user`` may not see."""
    if not session.is_opened:
        return []
    ballots = Ballot.objects.filter(assignment__session=session)
    ballots = ballots.exclude(assignment__sheet__in=recused_sheet_ids(session, user))
    return list(
        ballots.select_related("assignment__sheet", "assignment__mandate")
        .prefetch_related("scores__criterion")
        .order_by("assignment__sheet__reference", "assignment__mandate")
    )


def _unranked(session, weights):
    scores = defaultdict(lambda: defaultdict(dict))
    rows = BallotScore.objects.filter(
        ballot__assignment__session=session, ballot__status=BallotStatus.REVEALED
    ).values_list("ballot__assignment__sheet_id", "ballot_id", "criterion_id", "value")
    for sheet_id, ballot_id, criterion_id, value in rows:
        scores[sheet_id][ballot_id][criterion_id] = value
    states = defaultdict(Counter)
    for sheet_id, status in session.assignments.values_list("sheet_id", "ballot__status"):
        states[sheet_id][status] += 1
    return [
        _result(sheet, scores[sheet.pk].values(), states[sheet.pk], weights)
        for sheet in scored_sheets(session)
    ]


def _result(sheet, ballots, states, weights):
    by_criterion = (
        {pk: Fraction(sum(ballot[pk] for ballot in ballots), len(ballots)) for pk in weights}
        if ballots
        else {}
    )
    return SheetResult(
        sheet=sheet,
        figures=formulas.figures(formulas.weighted_mean(ballot, weights) for ballot in ballots),
        by_criterion=by_criterion,
        abstained=states[BallotStatus.ABSTAINED],
        recused=states[BallotStatus.RECUSED],
        missing=states[BallotStatus.MISSING] + states[None],
    )


def _masked(row):
    nothing = replace(formulas.NO_FIGURES, count=row.figures.count)
    return replace(row, figures=nothing, by_criterion={})


def _heaviest(weights):
    """Return the criterion that settles ties: the heaviest, the first of them by position."""
    return max(weights, key=lambda pk: weights[pk], default=None)


def _ranked(rows, heaviest):
    entries = {
        row.sheet.pk: (row.figures.mean, row.by_criterion[heaviest], row.figures.median)
        for row in rows
    }
    places = formulas.ranking(entries)
    ranked = [replace(row, place=places[row.sheet.pk]) for row in rows]
    return sorted(ranked, key=lambda row: (row.place.rank, row.sheet.reference))


def helix_of_sheets(user):
    """Return how many sheets are carried by an organisation of each helix group."""
    return tally(ProjectSheet.objects.visible_to(user), "owner_organisation__helix")
