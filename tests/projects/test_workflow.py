"""Sheets and sessions through their states: who may, what is refused, what is left behind."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.roles import Role
from core.models import StatusChange
from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused
from governance.models import Body
from projects import selectors, services
from projects.models import (
    EDITABLE_SHEET,
    JurySession,
    ProjectSheet,
    Proposal,
    SessionStatus,
    SheetIdea,
    SheetOutcome,
    SheetStatus,
)
from projects.workflow import SESSION, SHEET
from tests.factories.projects import (
    REASONS,
    BodyFactory,
    CallFactory,
    DecisionFactory,
    FrozenSheetFactory,
    IdeaFactory,
    MeetingFactory,
    SheetFactory,
)

pytestmark = pytest.mark.django_db

OFFICE = {"staff", "secretary"}
JUDGES = {"secretary", "chair"}
WHO_MOVES_A_SHEET = {
    "send_to_review": OFFICE,
    "submit": OFFICE,
    "declare_eligible": OFFICE,
    "declare_ineligible": OFFICE,
    "freeze": {"secretary"},
    "deliberate": JUDGES,
    "propose": JUDGES,
    "put_on_reserve": JUDGES,
    "not_propose": JUDGES,
    "return_for_information": JUDGES,
    "record_outcome": {"government", "secretary"},
    "publish": {"secretary"},
    "put_on_roadmap": OFFICE | {"government"},
    "withdraw": OFFICE,
}
WHO_MOVES_A_SESSION = {
    "freeze_rules": {"chair"},
    "open_scoring": {"chair"},
    "close_scoring": {"chair"},
    "open_ballots": JUDGES,
    "begin_deliberation": JUDGES,
    "record_vote": {"secretary"},
    "transmit": {"secretary"},
    "record_decision": {"government", "secretary"},
    "publish": JUDGES,
}


def offered(flow, obj, users):
    """Return {action: the roles to which it is offered} in the present state of ``obj``."""
    found = {}
    for role, user in users.items():
        for step in flow.available(obj, user):
            found.setdefault(step.name, set()).add(role)
    return found


@pytest.mark.parametrize("state", SheetStatus.values)
def test_who_moves_a_sheet_in_each_state(users, state):
    sheet = SheetFactory.build(status=state)
    expected = {
        step.name: WHO_MOVES_A_SHEET[step.name]
        for step in SHEET.table.values()
        if state in step.sources
    }
    assert offered(SHEET, sheet, users) == expected


@pytest.mark.parametrize("state", SessionStatus.values)
def test_who_moves_a_session_in_each_state(users, state):
    session = JurySession(status=state)
    expected = {
        step.name: WHO_MOVES_A_SESSION[step.name]
        for step in SESSION.table.values()
        if state in step.sources
    }
    assert offered(SESSION, session, users) == expected


def test_every_transition_has_its_verb_and_scoring_never_reopens():
    assert set(SHEET.verbs) == set(SHEET.table)
    assert set(SESSION.verbs) == set(SESSION.table)
    to_scoring = [step for step in SESSION.table.values() if step.target == "scoring_open"]
    assert [step.sources for step in to_scoring] == [("rules_frozen",)]


def test_a_lead_moves_the_own_sheet_only(make_user):
    lead = make_user(Role.LEAD)
    own, other = SheetFactory(lead=lead), SheetFactory()
    services.send_to_review(own, by=lead)
    with pytest.raises(PermissionRefused):
        services.send_to_review(other, by=lead)
    assert [own] == list(ProjectSheet.objects.visible_to(lead))


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_sheet_made_from_an_idea_keeps_words_and_link(users, language):
    idea = IdeaFactory(language=language)
    call = CallFactory(edition=2026)
    sheet = services.create_sheet_from_idea(idea, call=call, by=users["staff"])
    assert sheet.reference == "FP-2026-01"
    assert getattr(sheet, f"title_{language}") == idea.title
    assert getattr(sheet, f"summary_{language}") == idea.body
    assert SheetIdea.objects.get().idea == idea
    assert StatusChange.objects.get().transition == "create"
    second = services.create_sheet_from_idea(idea, call=call, by=users["staff"])
    assert second.reference == "FP-2026-02"


def test_only_the_office_makes_a_sheet_and_only_of_a_public_idea(users):
    call, idea, hidden = CallFactory(), IdeaFactory(), IdeaFactory(status="hidden")
    for role in set(users) - OFFICE:
        with pytest.raises(PermissionRefused):
            services.create_sheet_from_idea(idea, call=call, by=users[role])
    with pytest.raises(TransitionRefused):
        services.create_sheet_from_idea(hidden, call=call, by=users["staff"])
    assert not ProjectSheet.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_simultaneous_sheets_get_numbers_of_their_own(make_user):
    staff, idea, call = make_user(Role.STAFF), IdeaFactory(), CallFactory()

    def make(_number):
        try:
            return services.create_sheet_from_idea(idea, call=call, by=staff).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(4))) == [f"FP-2026-0{n}" for n in range(1, 5)]


def test_freezing_needs_both_languages_and_keeps_a_hashed_version(users):
    sheet = SheetFactory(status=SheetStatus.ELIGIBLE, title_nl="")
    with pytest.raises(TransitionRefused, match="title"):
        services.freeze_sheet(sheet, by=users["secretary"])
    sheet.title_nl = "Deelfietsen"
    sheet.save()
    services.freeze_sheet(sheet, by=users["secretary"])
    version = sheet.versions.get()
    assert version.content["texts"]["title"]["nl"] == "Deelfietsen"
    assert re.fullmatch("[0-9a-f]{64}", version.sha256)


def test_a_returned_sheet_is_submitted_again_and_gets_a_second_version(make_jury):
    jury = make_jury()
    jury.deliberate()
    sheet, secretary = jury.sheets[0], jury.secretary
    services.return_for_information(sheet, by=secretary, note="Combien de vélos ?")
    assert sheet.status in EDITABLE_SHEET
    services.submit_sheet(sheet, by=secretary)
    services.declare_eligible(sheet, by=secretary)
    services.freeze_sheet(sheet, by=secretary)
    assert [version.number for version in sheet.versions.all()] == [2, 1]


def test_what_was_public_never_disappears(users):
    frozen, draft = FrozenSheetFactory(), SheetFactory()
    for sheet in (frozen, draft):
        services.withdraw_sheet(sheet, by=users["staff"], note="Le porteur renonce.")
    assert list(selectors.public_sheets()) == [frozen]


def test_a_withdrawal_or_a_refusal_needs_its_reason(users):
    with pytest.raises(TransitionRefused, match="reason"):
        services.withdraw_sheet(SheetFactory(), by=users["staff"])
    with pytest.raises(TransitionRefused, match="reason"):
        services.declare_ineligible(SheetFactory(status="submitted"), by=users["staff"])


def test_rules_are_hashed_before_the_first_ballot_and_guarded(make_jury):
    jury = make_jury(stage="rules_frozen", sheets=2)
    assert re.fullmatch("[0-9a-f]{64}", jury.session.rules_sha256)
    assert len(jury.session.rules["sheets"]) == 2
    assert jury.session.assignments.count() == 6
    jury.session.rubric.criteria.filter(code="c1").update(weight=9)
    with pytest.raises(TransitionRefused, match="no longer those"):
        services.open_scoring(jury.session, by=jury.chair)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda jury: jury.body.mandates.update(votes=False), "fewer votes"),
        (lambda jury: jury.call.sheets.update(status="eligible"), "frozen"),
        (lambda jury: jury.session.rubric.criteria.all().delete(), "levels"),
        (lambda jury: Body.objects.update(kind=Body.Kind.BOARD), "not a jury"),
    ],
)
def test_rules_are_not_frozen_over_a_hole(make_jury, spoil, sentence):
    jury = make_jury(stage="planned")
    spoil(jury)
    session = JurySession.objects.get()
    with pytest.raises(TransitionRefused, match=sentence):
        services.freeze_rules(session, by=jury.chair)
    assert not session.assignments.exists()


def test_opening_below_the_quorum_needs_a_written_reason(make_jury):
    jury = make_jury(quorum=2)
    jury.seal(0, 0, 4, 3)
    jury.close()
    with pytest.raises(TransitionRefused, match="quorum"):
        services.open_ballots(jury.session, by=jury.chair)
    services.open_ballots(jury.session, by=jury.chair, note="Deux membres malades.")
    assert jury.session.quorum_waiver == "Deux membres malades."


def test_a_session_that_ends_before_it_starts_is_refused(jury):
    with pytest.raises(IntegrityError), transaction.atomic():
        JurySession.objects.update(closes_at=timezone.now() - timedelta(days=30))
    with pytest.raises(IntegrityError), transaction.atomic():
        JurySession.objects.update(rules_sha256="")


def test_from_the_ballots_to_the_published_decision(make_jury):
    jury = make_jury()
    for juror in range(3):
        jury.seal(juror, 0, 4, 3)
    jury.deliberate()
    sheet, session, secretary = jury.sheets[0], jury.session, jury.secretary
    with pytest.raises(TransitionRefused, match=sheet.reference):
        services.record_vote(session, by=secretary)
    services.propose(session, sheet, Proposal.Outcome.PROPOSED, by=jury.chair, **REASONS)
    services.record_vote(session, by=secretary)
    services.transmit(session, by=secretary)
    with pytest.raises(TransitionRefused, match=sheet.reference):
        services.record_decision(session, by=jury.government)
    decision = DecisionFactory()
    services.record_outcome(
        sheet, decision=decision, outcome="selected", by=jury.government, **REASONS
    )
    services.record_decision(session, by=jury.government)
    services.publish_results(session, by=secretary)
    services.publish_sheet(sheet, by=secretary)
    services.put_on_roadmap(sheet, by=SYSTEM)
    assert sheet.status == SheetStatus.ON_ROADMAP
    assert sheet.result.decision == decision


def test_a_proposal_needs_its_reasons_in_both_languages(make_jury):
    jury = make_jury()
    jury.deliberate()
    with pytest.raises(TransitionRefused, match="Dutch"):
        services.propose(
            jury.session, jury.sheets[0], "proposed", by=jury.chair, reasons_fr="Un besoin."
        )
    assert not Proposal.objects.exists()


@pytest.fixture
def proposed(make_jury):
    """A sheet that the jury proposes, in a session that was sent to the Government."""
    jury = make_jury()
    jury.deliberate()
    services.propose(jury.session, jury.sheets[0], "proposed", by=jury.chair, **REASONS)
    services.record_vote(jury.session, by=jury.secretary)
    services.transmit(jury.session, by=jury.secretary)
    return jury.sheets[0]


def decide(sheet, by, **changes):
    given = {"decision": DecisionFactory(), "outcome": "selected", **REASONS} | changes
    return services.record_outcome(sheet, by=by, **given)


def test_only_an_adopted_decision_of_the_government_decides(proposed, users):
    pending = DecisionFactory(status="proposed")
    board = DecisionFactory(meeting=MeetingFactory(body=BodyFactory(kind=Body.Kind.BOARD)))
    for decision in (pending, board):
        with pytest.raises(TransitionRefused, match="adopted"):
            decide(proposed, users["government"], decision=decision)
    with pytest.raises(TransitionRefused, match="conditions"):
        decide(proposed, users["government"], outcome="selected_with_conditions")
    with pytest.raises(TransitionRefused, match="Dutch"):
        decide(proposed, users["government"], reasons_nl=" ")
    assert not SheetOutcome.objects.exists()


def test_nobody_decides_twice_and_nobody_else_decides(proposed, users):
    for role in set(users) - {"government", "secretary"}:
        with pytest.raises(PermissionRefused):
            decide(proposed, users[role])
    decide(proposed, users["government"])
    with pytest.raises(TransitionRefused):
        decide(proposed, users["government"], outcome="not_selected")
    assert SheetOutcome.objects.get().outcome == "selected"


def test_what_was_not_selected_never_reaches_the_roadmap(proposed, users):
    decide(proposed, users["government"], outcome="not_selected")
    services.publish_sheet(proposed, by=users["secretary"])
    with pytest.raises(TransitionRefused, match="did not select"):
        services.put_on_roadmap(proposed, by=SYSTEM)


@pytest.mark.parametrize(
    ("model", "bad"),
    [
        (ProjectSheet, {"status": "unheard-of"}),
        (ProjectSheet, {"title_nl": " "}),
        (ProjectSheet, {"cost_low": 9999}),
        (SheetOutcome, {"reasons_nl": ""}),
        (SheetOutcome, {"outcome": "selected_with_conditions"}),
        (SheetOutcome, {"outcome": "unheard-of"}),
    ],
)
def test_the_database_refuses_nonsense(proposed, users, model, bad):
    decide(proposed, users["government"])
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**bad)
