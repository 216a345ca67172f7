"""Who may move meetings, decisions and actions, from which state, and what is demanded."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import StatusChange
from core.workflow import PermissionRefused, TransitionRefused
from governance import services
from governance.models import ActionItem, Body, Decision, Mandate, Meeting
from governance.workflow import ACTION, DECISION, MEETING
from tests.factories.governance import (
    ActionFactory,
    BodyFactory,
    DecisionFactory,
    MandateFactory,
    MeetingFactory,
)

pytestmark = pytest.mark.django_db

RECORDERS = {
    "board": {"secretary", "chair"},
    "jury": {"secretary", "chair"},
    "government": {"secretary", "government"},
    "steering": {"secretary", "staff"},
    "working_group": {"secretary", "staff"},
}
RECORDED = {
    "proposed": {"adopt", "reject", "defer", "withdraw"},
    "deferred": {"adopt", "reject"},
    "adopted": {"rescind", "supersede"},
}


def names(flow, obj, user) -> set[str]:
    return {step.name for step in flow.available(obj, user)}


@pytest.mark.parametrize("kind", RECORDERS)
def test_each_kind_of_body_has_its_recorders_and_nobody_else(kind, users):
    decision = DecisionFactory(meeting__body__kind=kind)
    allowed = {role for role, user in users.items() if names(DECISION, decision, user)}
    assert allowed == RECORDERS[kind]


@pytest.mark.parametrize("status", Decision.Status.values)
def test_moves_of_a_decision_by_state(status, users):
    decision = DecisionFactory(taken=True)
    decision.status = status
    secretary = names(DECISION, decision, users["secretary"])
    assert secretary - {"implement"} == RECORDED.get(status, set())
    assert ("implement" in secretary) is (status == "adopted")
    assert names(DECISION, decision, users["administrator"]) == set()
    assert names(DECISION, decision, users["superuser"]) == set()


def test_adopting_takes_the_day_of_the_meeting_and_the_reasons_of_the_proposal(users):
    decision = DecisionFactory(meeting__body__kind="government")
    services.adopt_decision(decision, by=users["government"])
    assert (decision.status, decision.decided_on) == ("adopted", date(2026, 3, 31))
    assert decision.reasons_fr == "En fait et en droit."
    change = StatusChange.objects.get(object_id=decision.pk, transition="adopt")
    assert (change.source, change.target, change.by) == (
        "proposed",
        "adopted",
        users["government"],
    )


def test_reasons_in_one_language_only_adopt_nothing(users):
    decision = DecisionFactory(reasons_nl="")
    with pytest.raises(TransitionRefused) as refusal:
        services.adopt_decision(decision, by=users["secretary"], reasons_fr="En fait.")
    assert "reasons (Dutch)" in str(refusal.value)
    decision.refresh_from_db()
    assert (decision.status, decision.reasons_fr) == ("proposed", "En fait et en droit.")
    assert not StatusChange.objects.filter(object_id=decision.pk).exists()


@pytest.mark.parametrize("status", ["draft", "convened", "postponed", "cancelled"])
def test_nothing_is_decided_before_the_session_is_opened(status, users):
    reason = {"status_reason_fr": "Grève", "status_reason_nl": "Staking"}
    decision = DecisionFactory(meeting=MeetingFactory(status=status, **reason))
    with pytest.raises(TransitionRefused, match="recorded in its meeting or after it"):
        services.adopt_decision(decision, by=users["secretary"])


def test_a_decision_is_taken_in_the_session_but_not_before_it_nor_tomorrow(users):
    decision = DecisionFactory(meeting__status="in_progress")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(TransitionRefused, match="in the future"):
        services.adopt_decision(decision, by=users["chair"], decided_on=tomorrow)
    with pytest.raises(TransitionRefused, match="cannot have been taken before"):
        services.adopt_decision(decision, by=users["chair"], decided_on=date(2026, 3, 30))
    services.adopt_decision(decision, by=users["chair"], decided_on=date(2026, 4, 1))
    assert decision.decided_on == date(2026, 4, 1)


def test_deferred_then_rejected_and_a_proposal_withdrawn_with_its_reason(users):
    decision, proposal = DecisionFactory(), DecisionFactory()
    services.defer_decision(decision, by=users["secretary"])
    services.reject_decision(decision, by=users["secretary"])
    assert decision.status == "rejected"
    with pytest.raises(TransitionRefused, match="Give the reason"):
        services.withdraw_decision(proposal, by=users["secretary"])
    services.withdraw_decision(proposal, by=users["secretary"], note="Doublon")
    assert proposal.status == "withdrawn"


def test_unknown_texts_are_a_mistake_of_the_caller(users):
    with pytest.raises(TypeError):
        services.adopt_decision(DecisionFactory(), by=users["secretary"], motives_fr="x")


def test_a_decision_ends_by_a_later_one_that_was_taken(users):
    decision = DecisionFactory(taken=True)
    proposal = DecisionFactory()
    earlier = DecisionFactory(taken=True, decided_on=date(2026, 3, 1))
    later = DecisionFactory(taken=True, decided_on=date(2026, 6, 1))
    for wrong in (proposal, decision, None):
        with pytest.raises(TransitionRefused, match="it has to be taken"):
            services.rescind_decision(decision, by=users["secretary"], ended_by=wrong)
    with pytest.raises(TransitionRefused, match="was taken before this one"):
        services.supersede_decision(decision, by=users["secretary"], ended_by=earlier)
    services.supersede_decision(decision, by=users["secretary"], ended_by=later)
    assert (decision.status, decision.ended_by) == ("superseded", later)


def test_a_decision_is_implemented_once_nothing_is_left_to_do(users):
    action = ActionFactory()
    with pytest.raises(TransitionRefused, match="Still to be done: Publier les règles"):
        services.implement_decision(action.decision, by=users["staff"])
    services.cancel_action(action, by=users["staff"], note="Sans objet")
    services.implement_decision(action.decision, by=users["staff"])
    assert action.decision.status == "implemented"


def test_a_meeting_goes_from_draft_to_held_and_never_back(users):
    meeting = MeetingFactory(status="draft")
    by = users["secretary"]
    services.convene_meeting(meeting, by=by)
    services.begin_meeting(meeting, by=by)
    services.close_meeting(meeting, by=by)
    assert meeting.status == "closed"
    assert all(names(MEETING, meeting, user) == set() for user in users.values())


def test_a_meeting_with_one_language_is_not_convened(users):
    meeting = MeetingFactory(status="draft", title_nl="")
    with pytest.raises(TransitionRefused, match=r"title \(Dutch\)"):
        services.convene_meeting(meeting, by=users["secretary"])


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("board", {"staff", "secretary", "chair"}),
        ("government", {"staff", "secretary", "government"}),
        ("working_group", {"staff", "secretary"}),
    ],
)
def test_who_convenes(kind, allowed, users):
    meeting = MeetingFactory(status="draft", body__kind=kind)
    assert {role for role, user in users.items() if names(MEETING, meeting, user)} == allowed
    with pytest.raises(PermissionRefused):
        services.convene_meeting(meeting, by=users["administrator"])


def test_postponed_with_a_reason_in_both_languages_and_convened_again(users):
    meeting, by = MeetingFactory(status="convened"), users["secretary"]
    with pytest.raises(TransitionRefused, match=r"Still missing: reason \(Dutch\)"):
        services.postpone_meeting(meeting, by=by, reason_fr="Grève", reason_nl=" ")
    services.postpone_meeting(meeting, by=by, reason_fr="Grève", reason_nl="Staking")
    assert meeting.starts_at.date() == date(2026, 3, 31)
    start = timezone.now() + timedelta(days=9)
    services.reconvene_meeting(meeting, by=by, starts_at=start)
    assert (meeting.status, meeting.starts_at, meeting.status_reason_fr) == ("convened", start, "")
    told = StatusChange.objects.get(object_id=meeting.pk, transition="reconvene").note
    assert told == "Grève\nStaking"
    services.cancel_meeting(meeting, by=by, reason_fr="Sans objet", reason_nl="Zonder voorwerp")
    assert meeting.status == "cancelled"


def test_the_owner_works_on_an_action_and_somebody_else_confirms_it(users):
    action = ActionFactory(owner=users["owner"])
    services.start_action(action, by=users["owner"])
    with pytest.raises(TransitionRefused, match="Give the reason"):
        services.block_action(action, by=users["owner"])
    services.block_action(action, by=users["owner"], note="Pas de budget")
    services.resume_action(action, by=users["owner"])
    services.complete_action(action, by=users["owner"])
    with pytest.raises(PermissionRefused):
        services.verify_action(action, by=users["owner"])
    services.send_back_action(action, by=users["secretary"], note="Incomplet")
    services.complete_action(action, by=users["owner"])
    services.verify_action(action, by=users["secretary"])
    assert action.status == "verified"


def test_staff_who_own_an_action_do_not_confirm_it_themselves(users):
    action = ActionFactory(owner=users["staff"], status="done")
    assert names(ACTION, action, users["staff"]) == set()
    assert names(ACTION, action, users["chair"]) == {"verify", "send_back"}
    for role in ("administrator", "superuser", "owner", "nobody", "auditor"):
        assert names(ACTION, action, users[role]) == set()


def test_overdue_is_computed():
    today = timezone.localdate()
    late = ActionFactory(due_on=today - timedelta(days=1))
    ActionFactory(due_on=today)
    ActionFactory(due_on=None)
    done = ActionFactory(due_on=today - timedelta(days=1), status="done")
    assert list(ActionItem.objects.overdue(today)) == [late]
    assert (late.is_overdue, done.is_overdue) == (True, False)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_the_database_refuses_nonsense():
    decision = DecisionFactory(taken=True)
    row = Decision.objects.filter(pk=decision.pk)
    for bad in (
        {"status": "nonsense"},
        {"decided_on": None},
        {"reasons_nl": " "},
        {"reasons_fr": None},
        {"status": "superseded"},
        {"ended_by": decision.pk},
    ):
        refused(lambda bad=bad: row.update(**bad))
    meeting = Meeting.objects.filter(pk=decision.meeting_id)
    for bad in (
        {"status": "gone"},
        {"status": "cancelled"},
        {"minutes_fr": "Procès-verbal"},
        {"title_nl": ""},
        {"ends_at": decision.meeting.starts_at},
    ):
        refused(lambda bad=bad: meeting.update(**bad))
    refused(lambda: Body.objects.update(kind="club"))
    refused(lambda: ActionFactory(status="gone"))
    refused(lambda: ActionFactory(title_nl=""))


def test_numbers_that_share_an_address_are_refused():
    meeting = MeetingFactory(number="GB-2026-77")
    DecisionFactory(meeting=meeting, number="GB-2026-77/D1")
    refused(lambda: DecisionFactory(meeting=meeting, number="GB-2026-77-D1"))


def test_a_mandate_of_an_expert_has_no_vote_and_ends_after_its_start():
    mandate = Mandate.objects.filter(pk=MandateFactory().pk)
    refused(lambda: mandate.update(rank="expert"))
    refused(lambda: mandate.update(ends_on=date(2025, 1, 1)))


def test_drafts_and_proposals_are_for_those_who_record_them(users):
    board = BodyFactory(kind="board")
    meeting = MeetingFactory(body=board, status="draft")
    proposal = DecisionFactory(meeting__body=board)
    for role in ("chair", "secretary", "staff", "auditor", "administrator"):
        assert meeting in Meeting.objects.visible_to(users[role])
        assert proposal in Decision.objects.visible_to(users[role])
    for role in ("government", "board", "juror", "nobody", "lead"):
        assert meeting not in Meeting.objects.visible_to(users[role])
        assert proposal not in Decision.objects.visible_to(users[role])
