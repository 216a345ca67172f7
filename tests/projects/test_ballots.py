"""Ballots: sealed, complete, one each, never overwritten in silence, and closed for good."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.workflow import PermissionRefused, TransitionRefused
from projects import sealing, selectors, services
from projects.models import Ballot, BallotScore, BallotStatus, ConflictDeclaration, JurySession
from projects.services import Answers, StaleBallot
from stakeholders.models import Submission
from tests.factories.projects import IdeaFactory

pytestmark = pytest.mark.django_db


def ballot_of(jury, juror=0, sheet=0):
    return Ballot.objects.get(assignment=jury.assignment(juror, sheet))


def test_a_sealed_ballot_carries_its_fingerprint_and_cannot_be_read_in_the_database(jury):
    receipt = jury.seal(0, 0, 4, 3, comment="canari-jaune")
    ballot = ballot_of(jury)
    assert ballot.status == BallotStatus.SEALED
    assert b"canari" not in bytes(ballot.payload)
    inside = sealing.decrypt(jury.session, ballot.payload)["ballot"]
    proof = hashlib.sha256(sealing.canonical(inside) + bytes.fromhex(receipt.nonce)).hexdigest()
    assert receipt.commitment == ballot.commitment == proof


def test_the_length_of_a_payload_tells_nothing(jury):
    jury.seal(0, 0, 4, 3)
    jury.seal(1, 0, 4, 3, comment="un long commentaire " * 50)
    assert len(ballot_of(jury, 0).payload) == len(ballot_of(jury, 1).payload)


def test_one_session_cannot_read_the_ballots_of_another(jury, make_jury):
    jury.seal(0, 0, 4, 3)
    with pytest.raises(sealing.Unreadable):
        sealing.decrypt(make_jury().session, ballot_of(jury).payload)


def test_an_older_secret_still_opens_what_it_sealed(jury, settings):
    jury.seal(0, 0, 4, 3)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer secret"
    answers, _receipt = services.read_own_ballot(jury.assignment(), by=jury.jurors[0])
    assert answers.scores["c1"]["value"] == 4


def test_an_incomplete_ballot_is_a_draft_and_is_not_sealed(jury):
    jury.declare()
    half = jury.answers(5, None)
    with pytest.raises(TransitionRefused, match="c2"):
        services.seal_ballot(jury.assignment(), half, by=jury.jurors[0], row_version=0)
    assert Ballot.objects.count() == 0
    services.save_ballot(jury.assignment(), half, by=jury.jurors[0], row_version=0)
    assert ballot_of(jury).status == BallotStatus.DRAFT
    jury.open(note="un bulletin manque")
    assert ballot_of(jury).status == BallotStatus.MISSING
    assert BallotScore.objects.count() == 0


def test_a_level_that_the_criterion_does_not_have_is_refused(jury):
    jury.declare()
    jury.session.rubric.criteria.get(code="c2").levels.filter(value=5).delete()
    with pytest.raises(TransitionRefused, match="level"):
        services.save_ballot(
            jury.assignment(), jury.answers(5, 5), by=jury.jurors[0], row_version=0
        )
    with pytest.raises(TransitionRefused, match="level"):
        services.save_ballot(
            jury.assignment(),
            Answers({"other": {"value": 1, "comment": ""}}),
            by=jury.jurors[0],
            row_version=0,
        )


def test_an_abstention_needs_its_reason(jury):
    jury.declare()
    with pytest.raises(TransitionRefused, match="why"):
        services.seal_ballot(
            jury.assignment(), Answers(abstained=True), by=jury.jurors[0], row_version=0
        )


def test_a_stale_save_is_told_and_writes_nothing(jury):
    jury.declare()
    services.save_ballot(jury.assignment(), jury.answers(1, 1), by=jury.jurors[0], row_version=0)
    before = bytes(ballot_of(jury).payload)
    with pytest.raises(StaleBallot):
        services.save_ballot(
            jury.assignment(), jury.answers(5, 5), by=jury.jurors[0], row_version=0
        )
    assert bytes(ballot_of(jury).payload) == before


def test_taken_back_changed_and_sealed_again_until_the_close(jury):
    first = jury.seal(0, 0, 4, 3)
    with pytest.raises(TransitionRefused, match="Take it back"):
        services.save_ballot(
            jury.assignment(), jury.answers(1, 1), by=jury.jurors[0], row_version=1
        )
    services.reopen_ballot(jury.assignment(), by=jury.jurors[0], row_version=1)
    second = services.seal_ballot(
        jury.assignment(), jury.answers(4, 3), by=jury.jurors[0], row_version=2
    )
    assert second.commitment != first.commitment


def test_after_the_close_nothing_changes_and_the_own_ballot_stays_readable(jury):
    jury.seal(0, 0, 4, 3, comment="mon avis")
    JurySession.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    before = Ballot.objects.values().get()
    for verb in (services.save_ballot, services.seal_ballot):
        with pytest.raises(TransitionRefused, match="closed"):
            verb(jury.assignment(), jury.answers(0, 0), by=jury.jurors[0], row_version=1)
    with pytest.raises(TransitionRefused, match="closed"):
        services.reopen_ballot(jury.assignment(), by=jury.jurors[0], row_version=1)
    assert Ballot.objects.values().get() == before
    answers, receipt = services.read_own_ballot(jury.assignment(), by=jury.jurors[0])
    assert answers.scores["c1"] == {"value": 4, "comment": "mon avis"}
    assert receipt.commitment == before["commitment"]


def test_scoring_does_not_begin_before_its_hour(jury):
    JurySession.objects.update(
        opens_at=timezone.now() + timedelta(hours=1), closes_at=timezone.now() + timedelta(days=1)
    )
    with pytest.raises(TransitionRefused, match="not open yet"):
        jury.declare()


def test_no_ballot_without_a_declaration(jury):
    with pytest.raises(TransitionRefused, match="conflict of interest"):
        services.save_ballot(
            jury.assignment(), jury.answers(1, 1), by=jury.jurors[0], row_version=0
        )


def test_a_conflict_recuses_empties_the_ballot_and_is_not_taken_back_alone(jury):
    jury.declare()
    services.save_ballot(jury.assignment(), jury.answers(5, 5), by=jury.jurors[0], row_version=0)
    jury.declare(answer="conflict")
    ballot = ballot_of(jury)
    assert (ballot.status, ballot.payload) == (BallotStatus.RECUSED, None)
    with pytest.raises(TransitionRefused, match="chair"):
        jury.declare(answer="none")
    with pytest.raises(TransitionRefused, match="recused"):
        services.save_ballot(
            jury.assignment(), jury.answers(5, 5), by=jury.jurors[0], row_version=1
        )


def test_whoever_is_unsure_waits_for_the_chair(jury):
    declaration = jury.declare(answer="unsure")
    with pytest.raises(TransitionRefused, match="chair decides"):
        services.save_ballot(
            jury.assignment(), jury.answers(5, 5), by=jury.jurors[0], row_version=0
        )
    services.rule_on_conflict(declaration, by=jury.chair, may_score=True, reason="Lien ancien.")
    assert jury.seal(0, 0, 5, 5).commitment


def test_the_chair_does_not_rule_on_the_own_case(make_jury, make_user):
    jury = make_jury(stage="planned")
    jury.jurors.append(jury.chair)
    jury.mandates.append(jury.add_mandate(jury.chair))
    services.freeze_rules(jury.session, by=jury.chair)
    services.open_scoring(jury.session, by=jury.chair)
    declaration = jury.declare(juror=3, answer="conflict")
    with pytest.raises(PermissionRefused):
        services.rule_on_conflict(declaration, by=jury.chair, may_score=True, reason="Je peux.")
    deputy = make_user("chair")
    services.rule_on_conflict(declaration, by=deputy, may_score=False, reason="Confirmé.")


@pytest.mark.parametrize("link", ["lead", "idea"])
def test_an_author_is_recused_from_the_start(make_jury, link):
    jury = make_jury(stage="planned")
    sheet = jury.sheets[0]
    if link == "lead":
        sheet.lead = jury.jurors[0]
        sheet.save()
    else:
        idea = IdeaFactory()
        Submission.objects.create(idea=idea, contact=jury.mandates[0].contact)
        sheet.ideas.add(idea)
    services.freeze_rules(jury.session, by=jury.chair)
    services.open_scoring(jury.session, by=jury.chair)
    assert ballot_of(jury).status == BallotStatus.RECUSED
    assert ConflictDeclaration.objects.get().kind == ConflictDeclaration.Kind.AUTHOR
    with pytest.raises(TransitionRefused, match="lead this sheet or brought its idea"):
        services.save_ballot(
            jury.assignment(), jury.answers(5, 5), by=jury.jurors[0], row_version=0
        )


def test_nobody_else_scores_or_reads_a_ballot(jury, users):
    jury.seal(0, 0, 4, 3)
    others = [jury.jurors[1], jury.chair, jury.secretary, *users.values()]
    for other in others:
        with pytest.raises(PermissionRefused):
            services.read_own_ballot(jury.assignment(), by=other)
        with pytest.raises(PermissionRefused):
            services.save_ballot(jury.assignment(), jury.answers(0, 0), by=other, row_version=1)


def test_an_administrator_with_a_mandate_still_has_no_vote(make_jury, make_user):
    jury = make_jury(stage="planned")
    boss = make_user("administrator", is_superuser=True)
    jury.jurors.append(boss)
    jury.mandates.append(jury.add_mandate(boss))
    services.freeze_rules(jury.session, by=jury.chair)
    services.open_scoring(jury.session, by=jury.chair)
    with pytest.raises(PermissionRefused):
        jury.declare(juror=3)


def test_a_changed_ballot_stops_the_opening(jury):
    jury.seal(0, 0, 4, 3)
    jury.seal(1, 0, 1, 1)
    ballot = ballot_of(jury)
    content = sealing.decrypt(jury.session, ballot.payload)
    content["ballot"]["scores"]["c1"]["value"] = 0
    ballot.payload = sealing.encrypt(jury.session, content)
    ballot.save()
    with pytest.raises(TransitionRefused, match="not the one that was sealed"):
        jury.open()
    assert BallotScore.objects.count() == 0
    assert JurySession.objects.get().status == "closed_sealed"


@pytest.mark.parametrize(
    "bad",
    [
        {"status": "sealed", "commitment": ""},
        {"status": "sealed", "payload": None},
        {"status": "recused"},
        {"status": "unheard-of"},
        {"status": "draft", "abstention_reason": "reason of a sealed ballot"},
    ],
)
def test_the_database_refuses_nonsense(jury, bad):
    jury.seal(0, 0, 4, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(**bad)


def test_the_database_refuses_a_second_ballot_and_a_ruling_without_author(jury):
    jury.seal(0, 0, 4, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(assignment=jury.assignment())
    with pytest.raises(IntegrityError), transaction.atomic():
        ConflictDeclaration.objects.update(ruling="may_score")


@pytest.mark.django_db(transaction=True)
def test_eight_simultaneous_first_saves_give_one_ballot(make_jury):
    jury = make_jury()
    jury.declare()

    def save(value):
        try:
            services.save_ballot(
                jury.assignment(),
                jury.answers(value % 6, value % 6),
                by=jury.jurors[0],
                row_version=0,
            )
            return "saved"
        except StaleBallot:
            return "stale"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(save, range(8)))
    assert outcomes == ["saved"] + ["stale"] * 7
    assert Ballot.objects.count() == 1


def test_a_sheet_taken_out_of_the_jury_takes_no_scores(jury):
    jury.declare()
    services.withdraw_sheet(jury.sheets[0], by=jury.secretary, note="Le porteur renonce.")
    with pytest.raises(TransitionRefused, match="no longer before the jury"):
        services.save_ballot(
            jury.assignment(), jury.answers(5, 5), by=jury.jurors[0], row_version=0
        )


def test_jurors_have_an_order_of_their_own_that_stays(make_jury):
    jury = make_jury(jurors=4, sheets=6)

    def order(user):
        return [task.assignment.sheet_id for task in selectors.tasks_of(user)]

    orders = [order(user) for user in jury.jurors]
    assert orders == [order(user) for user in jury.jurors]
    assert len({tuple(each) for each in orders}) > 1
