"""The life of a workshop, its agenda, and the results without which it is not reported."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import trace
from core.models import StatusChange
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders.models import Idea
from tests.factories.workshops import AgendaIdeaFactory, PublicIdeaFactory, WorkshopFactory
from workshops import services
from workshops.models import AgendaIdea, Workshop
from workshops.workflow import WORKSHOP

pytestmark = pytest.mark.django_db

BEFORE = {"start", "hold", "postpone", "cancel"}
MOVES = {
    "draft": {"publish", "cancel"},
    "published": {"open_registration"} | BEFORE,
    "registration_open": {"close_registration"} | BEFORE,
    "registration_closed": {"open_registration"} | BEFORE,
    "in_progress": {"hold"},
    "held": {"report"},
    "reported": set(),
    "postponed": {"reschedule", "cancel"},
    "cancelled": set(),
}
REASON = {"status_reason_fr": "Salle inondée", "status_reason_nl": "Zaal onder water"}
REPORT = {"report_fr": "Accord sur trois points.", "report_nl": "Akkoord over drie punten."}
WHY = {"reason_fr": "Le besoin est partagé.", "reason_nl": "De nood wordt gedeeld."}


@pytest.mark.parametrize("status", Workshop.Status.values)
def test_moves_by_state_and_role(status, users):
    workshop = Workshop(status=status)
    for role, user in users.items():
        expected = MOVES[status] if role in ("staff", "facilitator") else set()
        assert {step.name for step in WORKSHOP.available(workshop, user)} == expected, role


def test_the_whole_life(users):
    workshop, by = WorkshopFactory(status="draft"), users["facilitator"]
    services.publish_workshop(workshop, by=by)
    services.open_registration(workshop, by=by)
    services.close_registration(workshop, by=by)
    services.open_registration(workshop, by=by)
    services.close_registration(workshop, by=by)
    services.start_workshop(workshop, by=by)
    services.hold_workshop(workshop, by=by)
    services.report_workshop(workshop, by=by, **REPORT)
    assert workshop.status == "reported"
    assert StatusChange.objects.filter(object_id=workshop.pk).count() == 8


def test_a_workshop_with_one_language_is_not_announced(users):
    workshop = WorkshopFactory(status="draft", venue_nl="")
    with pytest.raises(TransitionRefused, match=r"venue \(Dutch\)"):
        services.publish_workshop(workshop, by=users["staff"])
    with pytest.raises(TransitionRefused, match=r"venue \(Dutch\)"):
        services.cancel_workshop(workshop, by=users["staff"], **REASON)


def test_the_report_waits_for_the_result_of_each_idea_and_names_those_without(users):
    by = users["facilitator"]
    workshop = WorkshopFactory(status="held")
    AgendaIdeaFactory(workshop=workshop, with_result=True)
    first, second = AgendaIdeaFactory.create_batch(2, workshop=workshop)
    with pytest.raises(TransitionRefused) as refusal:
        services.report_workshop(workshop, by=by, **REPORT)
    for entry in (first, second):
        assert entry.idea.reference in str(refusal.value)
        assert entry.idea.title in str(refusal.value)
    services.set_result(first, "parked", by=by, **WHY)
    services.set_result(second, "dropped", by=by, **WHY)
    with pytest.raises(TransitionRefused, match="what came out"):
        services.report_workshop(workshop, by=by)
    services.report_workshop(workshop, by=by, **REPORT)
    assert workshop.status == "reported"


def test_postponed_then_announced_for_a_new_time(users):
    workshop, by = WorkshopFactory(status="registration_open"), users["staff"]
    with pytest.raises(TransitionRefused, match="Give the reason in French and in Dutch"):
        services.postpone_workshop(workshop, by=by)
    services.postpone_workshop(workshop, by=by, **REASON)
    start = timezone.now() + timedelta(days=20)
    end = start + timedelta(hours=2)
    services.reschedule_workshop(workshop, by=by, starts_at=start, ends_at=end)
    assert (workshop.status, workshop.starts_at, workshop.status_reason_nl) == (
        "published",
        start,
        "",
    )
    told = StatusChange.objects.get(object_id=workshop.pk, transition="reschedule").note
    assert told == "Salle inondée\nZaal onder water"


def test_cancelled_keeps_its_date_and_stays_cancelled(users):
    workshop = WorkshopFactory()
    start = workshop.starts_at
    services.cancel_workshop(workshop, by=users["staff"], **REASON)
    assert (workshop.status, workshop.starts_at) == ("cancelled", start)
    assert WORKSHOP.available(workshop, users["staff"]) == []
    with pytest.raises(TypeError):
        services.cancel_workshop(workshop, by=users["staff"], title_fr="x")


# --- the agenda --------------------------------------------------------------------------------


def test_an_idea_is_put_on_an_agenda_once_at_its_end(users):
    workshop, idea = WorkshopFactory(), PublicIdeaFactory()
    AgendaIdeaFactory(workshop=workshop, position=4)
    entry = services.put_on_agenda(workshop, idea, by=users["facilitator"])
    assert services.put_on_agenda(workshop, idea, by=users["staff"]) == entry
    assert (entry.position, workshop.agenda.count()) == (5, 2)
    change = StatusChange.objects.get(object_id=workshop.pk, transition="put_on_agenda")
    assert change.note == idea.reference


@pytest.mark.parametrize("status", ["received", "merged", "withdrawn", "hidden", "archived"])
def test_an_idea_that_is_not_public_or_not_open_stays_off(status, users):
    survivor = PublicIdeaFactory()
    idea = PublicIdeaFactory(status=status, duplicate_of=survivor, closing_reason="solved")
    with pytest.raises(TransitionRefused, match="public and still open"):
        services.put_on_agenda(WorkshopFactory(), idea, by=users["staff"])


@pytest.mark.parametrize("status", ["reported", "cancelled"])
def test_the_agenda_of_a_workshop_that_is_over_stays_as_it_is(status, users):
    workshop = WorkshopFactory(status=status, **REPORT, **REASON)
    entry = AgendaIdeaFactory(workshop=workshop)
    by = users["staff"]
    with pytest.raises(TransitionRefused, match="is over"):
        services.put_on_agenda(workshop, PublicIdeaFactory(), by=by)
    with pytest.raises(TransitionRefused, match="is over"):
        services.set_result(entry, "retained", by=by, **WHY)
    with pytest.raises(TransitionRefused, match="is over"):
        services.take_off_agenda(entry, by=by)


def test_only_those_who_run_workshops_touch_an_agenda(users):
    entry = AgendaIdeaFactory(workshop__status="held")
    for role in sorted(set(users) - {"staff", "facilitator"}):
        for verb in (
            lambda by: services.put_on_agenda(entry.workshop, PublicIdeaFactory(), by=by),
            lambda by: services.set_result(entry, "retained", by=by, **WHY),
            lambda by: services.take_off_agenda(entry, by=by),
        ):
            with pytest.raises(PermissionRefused):
                verb(users[role])


def test_a_result_has_its_reason_in_both_languages_once_the_workshop_has_begun(users):
    by = users["facilitator"]
    early, entry = AgendaIdeaFactory(), AgendaIdeaFactory(workshop__status="in_progress")
    with pytest.raises(TransitionRefused, match="has begun"):
        services.set_result(early, "retained", by=by, **WHY)
    with pytest.raises(TransitionRefused, match="in French and in Dutch"):
        services.set_result(entry, "retained", by=by, reason_fr="Oui", reason_nl="  ")
    with pytest.raises(TransitionRefused, match="Say what the workshop did"):
        services.set_result(entry, "", by=by, **WHY)
    services.set_result(entry, "retained", by=by, **WHY)
    services.set_result(entry, "reworked", by=by, **WHY)
    entry.refresh_from_db()
    assert (entry.result, entry.reason_nl) == ("reworked", WHY["reason_nl"])
    notes = StatusChange.objects.filter(object_id=entry.workshop_id, transition="set_result")
    assert [change.note.split(": ")[1] for change in notes] == ["reworked", "retained"]


def test_an_idea_with_a_result_is_not_taken_off(users):
    kept = AgendaIdeaFactory(workshop__status="held", with_result=True)
    gone = AgendaIdeaFactory(workshop=kept.workshop)
    with pytest.raises(TransitionRefused, match="stays on the agenda"):
        services.take_off_agenda(kept, by=users["staff"])
    services.take_off_agenda(gone, by=users["staff"])
    assert list(kept.workshop.agenda.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_put_an_idea_on_the_agenda_once(make_user):
    workshop, idea, by = WorkshopFactory(), PublicIdeaFactory(), make_user("staff")
    barrier, failures = Barrier(8), []

    def put():
        try:
            barrier.wait()
            services.put_on_agenda(workshop, idea, by=by)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=put) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert AgendaIdea.objects.filter(workshop=workshop, idea=idea).count() == 1


def test_the_idea_and_the_workshop_lead_to_each_other(users):
    entry = AgendaIdeaFactory(with_result=True)
    hidden = AgendaIdeaFactory(workshop=entry.workshop, idea__status="received")
    Idea.objects.filter(pk=hidden.idea_id).update(published_at=None)
    draft = AgendaIdeaFactory(idea=entry.idea, workshop__status="draft")
    below = trace.neighbours(entry.idea, users["nobody"])["down"]
    above = trace.neighbours(entry.workshop, users["nobody"])["up"]
    assert [rows for _label, rows in below] == [[entry.workshop]]
    assert [rows for _label, rows in above] == [[entry.idea]]
    assert trace.stages([entry.idea], users["nobody"]) == {entry.idea_id: 2}
    (found,) = [rows for _label, rows in trace.neighbours(entry.idea, users["facilitator"])["down"]]
    assert set(found) == {entry.workshop, draft.workshop}


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_the_database_refuses_nonsense():
    workshop = WorkshopFactory()
    row = Workshop.objects.filter(pk=workshop.pk)
    for bad in (
        {"status": "nonsense"},
        {"status": "cancelled"},
        {"status": "reported"},
        {"title_nl": None},
        {"report_fr": "Seulement en français"},
        {"ends_at": workshop.starts_at},
        {"languages": "xx"},
    ):
        refused(lambda bad=bad: row.update(**bad))
    refused(lambda: WorkshopFactory(kind=workshop.kind, series_no=workshop.series_no))
    entry = AgendaIdeaFactory(workshop=workshop)
    refused(lambda: AgendaIdeaFactory(workshop=workshop, idea=entry.idea))
    entries = AgendaIdea.objects.filter(pk=entry.pk)
    refused(lambda: entries.update(result="retained"))
    refused(lambda: entries.update(result="gone", **WHY))
