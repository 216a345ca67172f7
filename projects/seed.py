"""Demo content of the calls, sheets and jury sessions. There are no published facts here.

The history of each sheet and of the finished session is written with the dates of the story, so
that a page reads as if it had happened then.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from core.models import StatusChange
from core.seeding import read, texts
from governance.models import Body, Decision, Mandate, Meeting
from programme.models import Municipality, Theme, Workstream
from stakeholders.models import Contact, Helix, Idea, Organisation
from workshops.models import Workshop

from . import sealing
from .models import (
    Assignment,
    Ballot,
    BallotScore,
    BallotStatus,
    Call,
    ConflictDeclaration,
    Criterion,
    JurySession,
    ProjectSheet,
    Proposal,
    Rubric,
    ScaleLevel,
    SessionStatus,
    SheetIdea,
    SheetOutcome,
    SheetStatus,
)
from .selectors import voting_mandates
from .services.ballots import Answers, ballot_content
from .services.sessions import assign, rules_of
from .services.sheets import freeze_version

RUBRIC_SLUG = "grid-2026"
SHEET_FIELDS = (
    "title",
    "summary",
    "problem",
    "solution",
    "beneficiaries",
    "partners",
    "equality_impact",
)
#: How a sheet came to its state, oldest step first.
PATH = (
    SheetStatus.DRAFT,
    SheetStatus.INTERNAL_REVIEW,
    SheetStatus.SUBMITTED,
    SheetStatus.ELIGIBLE,
    SheetStatus.FROZEN,
    SheetStatus.DELIBERATED,
    SheetStatus.PROPOSED,
    SheetStatus.DECIDED,
    SheetStatus.PUBLISHED,
    SheetStatus.ON_ROADMAP,
)
FROZEN_OR_LATER = PATH[PATH.index(SheetStatus.FROZEN) :]
#: The juror of the demonstration logs in with this address; it is a juror of the second session.
DEMO_JUROR = "juror@example.org"
DEMO_TITLE = {
    "fr": "Membre du jury, accès de démonstration",
    "nl": "Jurylid, demonstratietoegang",
    "en": "Jury member, demonstration access",
}
OPEN_SESSION = {
    "slug": "jury-session-2027",
    "name": {
        "fr": "Session du jury, appel 2027",
        "nl": "Jurysessie, oproep 2027",
        "en": "Jury session, 2027 call",
    },
    "opens_at": "2026-11-16T09:00:00+01:00",
    "closes_at": "2026-12-31T18:00:00+01:00",
    "quorum": 5,
}


def load(facts: bool = True, demo: bool = True) -> None:
    """Load the demo calls, sheets, sessions, ballots, proposals and outcomes, each once."""
    if not demo:
        return
    data = read("demo", "jury")
    with transaction.atomic():
        calls = [load_call(data[name]) for name in ("call", "next_call")]
        rubric = load_rubric(data["rubric"])
        jurors = load_jurors(data["jurors"])
        sheets = {entry["key"]: load_sheet(entry) for entry in read("demo", "sheets")}
        load_finished_session(data, calls[0], rubric, jurors, sheets)
        load_open_session(calls[1], rubric)
        load_outcomes(sheets)


def load_call(entry):
    """Load one call."""
    values = {
        "edition": int(entry["edition"]),
        "opens_on": entry["opens_on"],
        "closes_on": entry["closes_on"],
        "envelope": entry["envelope"],
        "is_demo": True,
        **texts(name=entry["name"]),
    }
    return Call.objects.get_or_create(slug=entry["slug"], defaults=values)[0]


def load_rubric(entry):
    """Load the grid with its criteria and levels."""
    values = {"is_demo": True, **texts(name=entry["name"])}
    rubric, made = Rubric.objects.get_or_create(slug=RUBRIC_SLUG, defaults=values)
    if made:
        for position, each in enumerate(entry["criteria"], start=1):
            load_criterion(rubric, each, position)
    return rubric


def load_criterion(rubric, entry, position):
    """Load one criterion; the label of a level and its anchor are shown as one sentence."""
    criterion = Criterion.objects.create(
        rubric=rubric,
        code=entry["code"],
        weight=entry["weight"],
        position=position,
        **texts(name=entry["name"], help=entry["help"]),
    )
    for level in entry["levels"]:
        anchor = {
            code: separator(code).join((level["label"][code], level["anchor"][code]))
            for code in ("fr", "nl", "en")
        }
        ScaleLevel.objects.create(criterion=criterion, value=level["value"], **texts(anchor=anchor))


def separator(language: str) -> str:
    """Return the colon between two parts of a sentence as the language writes it."""
    return "\u00a0: " if language == "fr" else ": "


def load_jurors(entries) -> dict:
    """Load the mandates of the jury and return them by key, with that of the demo juror."""
    body = Body.objects.get(kind=Body.Kind.JURY, slug="jury-demo")
    found = {entry["key"]: load_juror(body, entry, "2026-01-01") for entry in entries}
    demo = {"email": DEMO_JUROR, "role": DEMO_TITLE, "rank": "effective", "voting": True}
    seat = {"chair": False, "helix": Helix.PUBLIC}  # a voting juror is of the Government
    found["demo"] = load_juror(body, demo | seat, "2026-09-01")
    return found


def load_juror(body, entry, starts_on):
    """Load one person, known by role, and the mandate in the jury."""
    contact, _made = Contact.objects.get_or_create(
        email=entry["email"],
        defaults={"name": entry["role"]["fr"], "language": "fr", "is_demo": True},
    )
    known = Mandate.objects.filter(body=body, contact=contact).first()
    return known or Mandate.objects.create(
        body=body,
        contact=contact,
        helix=entry["helix"] or "",
        rank=entry["rank"],
        votes=entry["voting"],
        chairs=entry["chair"],
        starts_on=starts_on,
        is_demo=True,
        **texts(title=entry["role"]),
    )


def load_sheet(entry):
    """Load one sheet with its origins and, where it was frozen, its version."""
    reference = reference_of(entry)
    known = ProjectSheet.objects.filter(reference=reference).first()
    if known:
        return known
    sheet = ProjectSheet.objects.create(
        reference=reference,
        call=Call.objects.get(slug=entry["call"]),
        owner_organisation=Organisation.objects.filter(slug=entry["owner_organisation"]).first(),
        theme=Theme.objects.get(slug=entry["theme"]),
        workstream=Workstream.objects.filter(slug=entry["workstream"]).first(),
        cost_low=entry["cost_low"],
        cost_likely=entry["cost_likely"],
        cost_high=entry["cost_high"],
        starts_on=parse_date(entry["starts_on"]),
        duration_months=entry["duration_months"],
        status=entry["status"],
        created_at=morning(entry["created_on"]),
        is_demo=True,
        **texts(**{name: entry[name] for name in SHEET_FIELDS}),
    )
    link_sheet(sheet, entry)
    if entry["status"] in FROZEN_OR_LATER:
        freeze_version(sheet, frozen_at=morning(entry["submitted_on"], days=3))
    write_path(sheet, entry)
    return sheet


def reference_of(entry) -> str:
    """Return the number of a demo sheet: the order of the file within its edition."""
    entries = [each for each in read("demo", "sheets") if each["call"] == entry["call"]]
    edition = entry["call"].removeprefix("call-")
    return f"FP-{edition}-{entries.index(entry) + 1:02d}"


def link_sheet(sheet, entry):
    """Link a sheet to its places, ideas and workshops."""
    sheet.municipalities.set(Municipality.objects.filter(nis__in=entry["municipalities"]))
    ideas = {each["key"]: each for each in read("demo", "ideas")}
    for key in entry["ideas"]:
        words = ideas[key]
        idea = Idea.objects.filter(title=words["title"], language=words["language"]).first()
        if idea:
            SheetIdea.objects.create(sheet=sheet, idea=idea)
    workshops = {each["key"]: each for each in read("demo", "workshops")}
    for key in entry["workshops"]:
        found = workshops[key]
        sheet.workshops.add(
            *Workshop.objects.filter(kind=found["kind"], series_no=found["series_no"])
        )


def write_path(sheet, entry):
    """Write the history of a sheet with believable dates."""
    dates = path_dates(entry)
    source = ""
    for state in path_to(entry):
        StatusChange.objects.create(
            subject=sheet, transition="seed", source=source, target=state, at=dates[state]
        )
        source = state


def path_to(entry) -> list:
    """Return the states that a demo sheet went through."""
    end = PATH.index(entry["status"]) + 1
    steps = list(PATH[:end])
    if entry["key"] in not_proposed() and SheetStatus.PROPOSED in steps:
        steps[steps.index(SheetStatus.PROPOSED)] = SheetStatus.NOT_PROPOSED
    return steps


def not_proposed() -> set:
    """Return the keys of the sheets that the demo jury did not propose."""
    proposals = read("demo", "jury")["proposals"]
    return {each["sheet"] for each in proposals if each["outcome"] == SheetStatus.NOT_PROPOSED}


def path_dates(entry) -> dict:
    """Return when a demo sheet reached each state; the common dates are those of the session."""
    created, submitted = entry["created_on"], entry["submitted_on"] or entry["created_on"]
    held = read("demo", "jury")["session"]["held_on"]
    return {
        SheetStatus.DRAFT: morning(created),
        SheetStatus.INTERNAL_REVIEW: morning(created, days=2),
        SheetStatus.SUBMITTED: morning(submitted),
        SheetStatus.ELIGIBLE: morning(submitted, days=2),
        SheetStatus.FROZEN: morning(submitted, days=3),
        SheetStatus.DELIBERATED: morning(held),
        SheetStatus.PROPOSED: morning(held, hours=4),
        SheetStatus.NOT_PROPOSED: morning(held, hours=4),
        SheetStatus.DECIDED: morning("2026-04-23", hours=4),
        SheetStatus.PUBLISHED: morning("2026-04-24"),
        SheetStatus.ON_ROADMAP: morning("2026-07-02", hours=6),
    }


def morning(day: str, *, days: int = 0, hours: int = 0):
    """Return nine o'clock in Brussels on ``day``, some days or hours later."""
    start = timezone.make_aware(datetime.combine(parse_date(day), time(9)))
    return start + timedelta(days=days, hours=hours)


def load_finished_session(data, call, rubric, jurors, sheets):
    """Load the session that was scored, decided and published, with its opened ballots."""
    entry = data["session"]
    if JurySession.objects.filter(slug=entry["slug"]).exists():
        return
    session = make_session(entry, call, rubric, entry["status"])
    session.deliberation = Meeting.objects.filter(number__iexact=entry["meeting"]).first()
    session.save(update_fields=["deliberation"])
    for ballot in data["ballots"]:
        load_ballot(session, jurors[ballot["juror"]], sheets[ballot["sheet"]], ballot)
    for each in data["proposals"]:
        Proposal.objects.create(
            session=session,
            sheet=sheets[each["sheet"]],
            outcome=each["outcome"],
            **texts(reasons=each["reasons"], conditions=each["conditions"]),
        )


def make_session(entry, call, rubric, status):
    """Make a session with its rules hashed and its history written."""
    session = JurySession(
        slug=entry["slug"],
        call=call,
        body=Body.objects.get(slug="jury-demo"),
        rubric=rubric,
        opens_at=parse_datetime(entry["opens_at"]),
        closes_at=parse_datetime(entry["closes_at"]),
        quorum=entry["quorum"],
        status=status,
        is_demo=True,
        **texts(name=entry["name"]),
    )
    frozen = call.sheets.filter(versions__isnull=False).distinct().order_by("reference")
    session.rules = rules_of(session, [sheet.versions.first() for sheet in frozen])
    session.rules_sha256 = sealing.fingerprint(session.rules)
    session.save()
    write_session_path(session)
    return session


def write_session_path(session):
    """Write the history of a session with the dates of the story."""
    dates = session_dates(session)
    states = list(SessionStatus.values)
    source = ""
    for state in states[: states.index(session.status) + 1]:
        StatusChange.objects.create(
            subject=session, transition="seed", source=source, target=state, at=dates[state]
        )
        source = state


def session_dates(session) -> dict:
    """Return when a demo session reached each state: it deliberates the day after the close."""
    opens, closes = session.opens_at, session.closes_at
    day = timedelta(days=1)
    return {
        SessionStatus.PLANNED: opens - 30 * day,
        SessionStatus.RULES_FROZEN: opens - 2 * day,
        SessionStatus.SCORING_OPEN: opens,
        SessionStatus.CLOSED_SEALED: closes,
        SessionStatus.OPENED: morning("2026-04-09"),
        SessionStatus.DELIBERATING: morning("2026-04-09", hours=1),
        SessionStatus.VOTED: morning("2026-04-09", hours=4),
        SessionStatus.TRANSMITTED: morning("2026-04-10"),
        SessionStatus.DECIDED: morning("2026-04-23", hours=4),
        SessionStatus.PUBLISHED: morning("2026-04-24"),
    }


def load_ballot(session, mandate, sheet, entry):
    """Load one assignment with its declaration and its opened or recused ballot."""
    assignment = Assignment.objects.create(
        session=session, mandate=mandate, sheet=sheet, version=sheet.versions.first()
    )
    conflict = entry["conflict"] or {}
    ConflictDeclaration.objects.create(
        assignment=assignment,
        answer="conflict" if conflict else "none",
        kind=conflict.get("kind", ""),
        text=conflict.get("text", ""),
        declared_at=session.opens_at,
    )
    if conflict:
        Ballot.objects.create(assignment=assignment, status=BallotStatus.RECUSED)
    else:
        load_scores(session, assignment, entry)


def load_scores(session, assignment, entry):
    """Load a ballot as its juror sealed it, and the scores as they were opened."""
    scores = {
        each["criterion"]: {"value": each["level"], "comment": each["comment"]}
        for each in entry["scores"]
    }
    inside = ballot_content(assignment, Answers(scores))
    nonce = sealing.new_nonce()
    sealed_at = parse_datetime(entry["sealed_at"])
    ballot = Ballot.objects.create(
        assignment=assignment,
        status=BallotStatus.REVEALED,
        payload=sealing.encrypt(session, {"ballot": inside, "nonce": nonce}),
        commitment=sealing.commitment(inside, nonce),
        row_version=1,
        saved_at=sealed_at,
        sealed_at=sealed_at,
    )
    criteria = {each.code: each for each in session.rubric.criteria.all()}
    BallotScore.objects.bulk_create(
        BallotScore(ballot=ballot, criterion=criteria[code], **score)
        for code, score in scores.items()
    )


def load_open_session(call, rubric):
    """Load the session in which a juror can score now."""
    if JurySession.objects.filter(slug=OPEN_SESSION["slug"]).exists():
        return
    session = make_session(OPEN_SESSION, call, rubric, SessionStatus.SCORING_OPEN)
    mandates = list(voting_mandates(session))
    for sheet in call.sheets.filter(status=SheetStatus.FROZEN).order_by("reference"):
        assign(session, sheet, mandates)


def load_outcomes(sheets):
    """Load what the Government decided on each sheet."""
    for entry in read("demo", "governance")["decisions"]:
        for each in entry["sheets"]:
            load_outcome(sheets[each["key"]], entry["number"], each)


def load_outcome(sheet, number, entry):
    """Load the decision on one sheet."""
    SheetOutcome.objects.get_or_create(
        sheet=sheet,
        defaults={
            "decision": Decision.objects.get(number=number),
            "outcome": entry["outcome"],
            **texts(reasons=entry["reasons"], conditions=entry["conditions"]),
        },
    )
