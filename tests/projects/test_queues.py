"""What waits for whom: sheets, sessions, doubts."""

import pytest

from core.workflow import TransitionRefused
from projects import queues, services
from tests.factories.projects import (
    REASONS,
    DecisionFactory,
    SheetFactory,
)

pytestmark = pytest.mark.django_db


def test_queues_tell_each_role_what_waits(make_jury, users):
    jury = make_jury()
    SheetFactory(status="submitted")
    assert queues.sheets_to_review(users["staff"]).total == 1
    assert queues.sheets_to_review(users["juror"]) is None
    assert queues.ballots_to_send(jury.jurors[0]).total == 1
    jury.seal(0, 0, 4, 3)
    assert queues.ballots_to_send(jury.jurors[0]) is None
    assert queues.sessions_to_move(jury.chair).total == 0
    jury.close()
    assert queues.sessions_to_move(jury.chair).total == 1
    assert queues.sessions_to_move(users["administrator"]) is None


def waits(queue, users):
    """The roles for which something stands in ``queue``."""
    found = {role: queue(user) for role, user in users.items()}
    return {role for role, each in found.items() if each and each.total}


def test_a_session_waits_only_for_who_may_move_it(make_jury, users):
    make_jury(stage="planned")
    assert waits(queues.sessions_to_move, users) == {"chair"}


def test_after_the_deliberation_sheets_wait_for_the_government(make_jury, users):
    jury = make_jury()
    for juror in range(3):
        jury.seal(juror, 0, 4, 3)
    jury.deliberate()
    (sheet,) = jury.sheets
    services.propose(jury.session, sheet, "proposed", by=jury.chair, **REASONS)
    assert waits(queues.sheets_to_decide, users) == set()
    with pytest.raises(TransitionRefused):
        services.record_outcome(
            sheet, decision=DecisionFactory(), outcome="selected", by=jury.government, **REASONS
        )
    services.record_vote(jury.session, by=jury.secretary)
    services.transmit(jury.session, by=jury.secretary)
    assert waits(queues.sheets_to_decide, users) == {"government"}
    assert waits(queues.sessions_to_move, users) == {"government", "secretary"}
    services.record_outcome(
        sheet, decision=DecisionFactory(), outcome="selected", by=jury.government, **REASONS
    )
    assert waits(queues.sheets_to_decide, users) == set()
    assert waits(queues.decisions_to_publish, users) == {"secretary"}


def test_a_doubtful_conflict_waits_for_the_chair(jury, users):
    jury.declare(answer="unsure")
    assert waits(queues.conflicts_to_rule, users) == {"chair"}
    row = queues.conflicts_to_rule(users["chair"]).rows[0]
    assert (row.due, row.is_overdue) == (jury.session.closes_at, False)


def test_an_own_doubt_does_not_wait_for_the_chair_alone(jury, users):
    jury.mandates[0].contact.user = users["chair"]
    jury.mandates[0].contact.save()
    services.declare(jury.assignment(), "unsure", by=users["chair"])
    assert waits(queues.conflicts_to_rule, users) == set()


def test_own_sheets_wait_for_their_lead(users):
    SheetFactory(status="draft", lead=users["lead"])
    SheetFactory(status="draft")
    SheetFactory(status="submitted", lead=users["lead"])
    assert waits(queues.sheets_to_complete, users) == {"lead"}
    assert queues.sheets_to_complete(users["lead"]).total == 1
