"""Pages of governance: what the public reads, what members read, what the recorders do."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core import slots
from governance import panels
from governance.models import Decision
from tests.factories.governance import (
    ActionFactory,
    AgendaItemFactory,
    BodyFactory,
    DecisionFactory,
    MandateFactory,
    MeetingFactory,
)

pytestmark = pytest.mark.django_db


def address(name, *args, language="fr") -> str:
    with translation.override(language):
        return reverse(f"governance:{name}", args=args)


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def decision():
    return DecisionFactory(taken=True, is_demo=True)


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_every_page_in_every_language(language, client, decision):
    ActionFactory(decision=decision)
    MandateFactory(body=decision.meeting.body)
    AgendaItemFactory(meeting=decision.meeting)
    for name, argument in (
        ("index", []),
        ("decision-list", []),
        ("body-detail", [decision.meeting.body.slug]),
        ("meeting-detail", [decision.meeting.number]),
        ("decision-detail", [decision.slug]),
    ):
        page = text_of(client.get(address(name, *argument, language=language)))
        assert f'<html lang="{language}"' in page
        assert "Règles de l’appel" in page or language == "nl"


def test_without_english_the_french_text_says_that_it_is_french(client, decision):
    page = text_of(client.get(address("decision-detail", decision.slug, language="en")))
    assert '<span lang="fr">Règles de l’appel</span>' in page
    assert "(in French)" in page


def test_a_decision_tells_text_reasons_and_the_number_with_its_slash(client, decision):
    page = text_of(client.get(address("decision-detail", decision.slug, language="nl")))
    for words in ("De raad keurt de regels goed.", "In feite en in rechte.", decision.number):
        assert words in page
    assert "/" in decision.number
    assert "/" not in decision.slug


def test_people_are_roles(client):
    mandate = MandateFactory()
    page = text_of(client.get(address("body-detail", mandate.body.slug)))
    assert "Représentation de la recherche" in page
    assert "Jeanne Secret" not in page
    assert mandate.contact.email not in page


def test_mandates_that_ended_are_not_shown(client):
    mandate = MandateFactory(ends_on=date(2026, 2, 1))
    page = text_of(client.get(address("body-detail", mandate.body.slug)))
    assert "Représentation de la recherche" not in page


def test_points_for_members_are_for_members(client, users):
    point = AgendaItemFactory(
        audience="members", title_fr="Déclarations d’intérêts", title_nl="Belangenverklaringen"
    )
    url = address("meeting-detail", point.meeting.number)
    for role, user in {None: None, **users}.items():
        if user:
            client.force_login(user)
        readers = {"board", "chair", "staff", "secretary", "auditor", "administrator"}
        assert ("Déclarations d’intérêts" in text_of(client.get(url))) is (role in readers), role


def test_points_of_the_jury_are_not_for_the_board(users):
    from governance import selectors

    point = AgendaItemFactory(audience="members", meeting__body__kind="jury")
    assert list(selectors.agenda(point.meeting, users["juror"])) == [point]
    assert list(selectors.agenda(point.meeting, users["board"])) == []


def test_what_is_hidden_is_not_found(client, users):
    meeting, proposal = MeetingFactory(status="draft"), DecisionFactory()
    hidden = [
        address("meeting-detail", meeting.number),
        address("decision-detail", proposal.slug),
        address("decision-detail", "GB-2031-01-D1"),
        address("body-detail", "nothing"),
        address("index") + "?kind=club",
        address("decision-list") + "?format=xml",
    ]
    assert [client.get(url).status_code for url in hidden] == [404] * len(hidden)
    client.force_login(users["lead"])
    move = address("decision-do", proposal.slug, "adopt")
    assert client.get(move).status_code == 404


def test_only_recorders_reach_a_move_and_visitors_log_in(client, users, decision):
    url = address("decision-do", decision.slug, "supersede")
    assert client.get(url).status_code == 302
    for role, status in {"staff": 403, "administrator": 403, "chair": 200}.items():
        client.force_login(users[role])
        assert client.get(url).status_code == status, role
    assert client.get(address("decision-do", decision.slug, "explode")).status_code == 404


def test_the_government_records_its_decision_on_a_page(client, users):
    proposal = DecisionFactory(meeting__body__kind="government")
    client.force_login(users["government"])
    page = address("decision-detail", proposal.slug)
    move = address("decision-do", proposal.slug, "adopt")
    assert move in text_of(client.get(page))
    form = text_of(client.get(move))
    assert "En fait et en droit." in form
    assert 'value="2026-03-31"' in form
    data = {"decided_on": "2026-03-31", "reasons_fr": "Motifs", "reasons_nl": ""}
    again = text_of(client.post(move, data))
    assert "Motifs" in again
    proposal.refresh_from_db()
    assert proposal.status == "proposed"
    answer = client.post(move, {**data, "reasons_nl": "Motieven"})
    assert answer.url == page
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reasons_nl) == ("adopted", "Motieven")


def test_a_refusal_is_told_above_the_form(client, users):
    proposal = DecisionFactory(meeting__status="convened")
    client.force_login(users["secretary"])
    data = {"decided_on": "2026-03-31", "reasons_fr": "Motifs", "reasons_nl": "Motieven"}
    url = address("decision-do", proposal.slug, "adopt", language="en")
    page = text_of(client.post(url, data))
    assert "A decision is recorded in its meeting or after it." in page
    assert "Motieven" in page


def test_an_owner_moves_an_action_from_the_page_of_its_decision(client, users):
    action = ActionFactory(owner=users["owner"])
    client.force_login(users["owner"])
    move = address("action-do", action.pk, "start")
    assert move in text_of(client.get(address("decision-detail", action.decision.slug)))
    assert client.post(move, {"note": ""}).status_code == 302
    action.refresh_from_db()
    assert action.status == "in_progress"


def test_filters(client):
    board, jury = BodyFactory(kind="board"), BodyFactory(kind="jury")
    first = DecisionFactory(taken=True, meeting__body=board, title_fr="Vélos", kind="advice")
    second = DecisionFactory(
        taken=True, meeting__body=jury, status="rejected", decided_on=date(2025, 5, 2)
    )
    DecisionFactory(meeting__body=board)
    url = address("decision-list")

    def found(**query):
        return [each.pk for each in client.get(url, query).context["page_obj"]]

    assert found() == [first.pk, second.pk]
    assert found(search="velo") == [first.pk]
    assert found(search=second.number) == [second.pk]
    assert found(body=jury.slug) == [second.pk]
    assert found(kind="advice") == [first.pk]
    assert found(status="rejected") == [second.pk]
    assert found(year="2025") == [second.pk]
    nonsense = {"year": "abc", "status": "proposed", "body": "x", "page": "y", "search": "\x00"}
    assert client.get(url, nonsense).status_code == 200
    assert found(status="proposed") == [first.pk, second.pk]


def test_proposals_only_on_demand_and_only_for_recorders(client, users):
    DecisionFactory(taken=True)
    proposal = DecisionFactory()
    client.force_login(users["secretary"])
    url = address("decision-list")
    assert client.get(url).context["page_obj"].paginator.count == 1
    assert list(client.get(url, {"status": "proposed"}).context["page_obj"]) == [proposal]


def test_exports_hold_the_filtered_rows_with_the_same_figures(client, decision):
    DecisionFactory(taken=True, kind="advice", text_fr="=1+1", text_nl="=1+1")
    french = client.get(address("decision-list"), {"format": "json"}).json()
    dutch = client.get(address("decision-list", language="nl"), {"format": "json"}).json()
    assert [row["number"] for row in french["rows"]] == [row["number"] for row in dutch["rows"]]
    assert "Règles de l’appel" in json.dumps(french, ensure_ascii=False)
    csv = client.get(address("decision-list"), {"format": "csv", "kind": "advice"})
    content = csv.content.decode("utf-8-sig")
    assert "'=1+1" in content
    assert decision.number not in content


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_pages_take_as_many_queries_for_one_row_as_for_many(client, users):
    body = BodyFactory()
    decision = DecisionFactory(taken=True, meeting__body=body)
    ActionFactory(decision=decision)
    AgendaItemFactory(meeting=decision.meeting)
    MandateFactory(body=body)
    urls = [
        address("index"),
        address("body-detail", body.slug),
        address("meeting-detail", decision.meeting.number),
        address("decision-detail", decision.slug),
    ]
    for user in (None, users["secretary"]):
        if user:
            client.force_login(user)
        before = [queries_of(client, url) for url in urls]
        for _each in range(3):
            DecisionFactory(taken=True, meeting=decision.meeting)
            MeetingFactory(body=body)
            ActionFactory(decision=decision)
            AgendaItemFactory(meeting=decision.meeting)
            MandateFactory(body=body)
        assert [queries_of(client, url) for url in urls] == before


def test_next_meetings_are_those_convened(client):
    soon = timezone.now() + timedelta(days=3)
    shown = MeetingFactory(status="convened", starts_at=soon)
    MeetingFactory(status="cancelled", starts_at=soon, status_reason_fr="x", status_reason_nl="y")
    MeetingFactory(status="draft", starts_at=soon)
    assert list(client.get(address("index")).context["meetings"]) == [shown]


# --- what other pages get from here ------------------------------------------------------------


def test_the_fourth_step_counts_what_its_list_shows(client):
    DecisionFactory(taken=True)
    DecisionFactory(taken=True, status="rejected")
    DecisionFactory()
    with translation.override("en"):
        answer = panels.chain()
    assert (answer["stage"], answer["count"], answer["detail"]) == (4, 2, "1 adopted")
    assert client.get(answer["url"]).context["page_obj"].paginator.count == 2


def test_board_and_jury_count_once_somebody_sits_in_them(client):
    board = BodyFactory(kind="board")
    BodyFactory(kind="jury")
    assert panels.progress()["BOARD"]["count"] == 0
    MandateFactory(body=board)
    found = panels.progress()
    assert (found["BOARD"]["count"], found["JURY"]["count"], found["OFFICE"]["count"]) == (1, 0, 0)
    assert list(client.get(found["BOARD"]["url"]).context["page_obj"]) == [board]
    MeetingFactory(body=board)
    assert panels.progress()["OFFICE"]["count"] == 1


def test_search_finds_decisions_in_either_language_and_leads_to_its_list(client, decision):
    for query in ("oproep", "regles", decision.number):
        answer = panels.search(query, None)
        assert (answer["total"], answer["rows"]) == (1, [decision])
        assert client.get(answer["url"]).context["page_obj"].paginator.count == 1


def test_queues_are_for_those_concerned(users):
    proposal = DecisionFactory(meeting__body__kind="government")
    DecisionFactory(meeting__status="convened", meeting__body__kind="government")
    today = timezone.localdate()
    late = ActionFactory(due_on=today - timedelta(days=2), owner=users["owner"])
    to_record = {role: panels.decisions_to_record(user) for role, user in users.items()}
    waits = {role for role, queue in to_record.items() if queue and queue.total}
    assert waits == {"government", "secretary"}
    assert to_record["government"].rows[0].url == proposal.get_absolute_url()
    overdue = {role: panels.actions_overdue(user) for role, user in users.items()}
    assert concerned(overdue) == {"staff", "secretary", "chair"}
    own = {role: panels.own_actions(user) for role, user in users.items()}
    assert concerned(own) == {"owner"}
    for queue in (overdue["chair"], own["owner"]):
        assert queue.rows[0].is_overdue
        assert queue.rows[0].url == late.get_absolute_url()


def concerned(queues):
    """The roles for which something waits."""
    return {role for role, queue in queues.items() if queue and queue.total}


def test_what_is_done_waits_for_somebody_else_to_confirm(users):
    ActionFactory(status="done", owner=users["chair"])
    found = {role: panels.actions_to_confirm(user) for role, user in users.items()}
    assert concerned(found) == {"staff", "secretary"}
    assert not found["staff"].rows[0].is_overdue


def test_a_convened_meeting_waits_for_the_members_of_its_body(users):
    soon = timezone.now() + timedelta(days=9)
    made = [
        MeetingFactory(body__kind=kind, starts_at=soon, ends_at=None, status="convened")
        for kind in ("board", "government", "jury")
    ]
    found = {role: panels.meetings_to_come(user) for role, user in users.items()}
    assert concerned(found) == {"board", "chair", "government", "juror"}
    assert [row.url for row in found["board"].rows] == [made[0].get_absolute_url()]
    assert found["chair"].total == 2
    assert not found["board"].rows[0].is_overdue


def test_upper_apps_add_panels_and_buttons_to_a_decision(client, decision, monkeypatch):
    monkeypatch.setattr(slots, "_SLOTS", dict(slots._SLOTS))
    monkeypatch.setitem(
        slots._SLOTS,
        "governance.decision.actions",
        [(1, lambda row, *, user: {"label": f"Suivre {row.number}", "url": "/suite/"})],
    )
    monkeypatch.setitem(
        slots._SLOTS,
        "governance.decision.panels",
        [
            (
                1,
                lambda row, *, user: {
                    "template": "roadmap/initiatives_panel.html",
                    "context": {"title": "Sur la feuille de route", "initiatives": []},
                },
            )
        ],
    )
    page = text_of(client.get(address("decision-detail", decision.slug)))
    assert f"Suivre {decision.number}" in page
    assert "Sur la feuille de route" in page


# --- the back office ---------------------------------------------------------------------------


def test_what_was_decided_is_not_rewritten_in_the_back_office(client, users, decision):
    client.force_login(users["secretary"])
    url = reverse("admin:governance_decision_change", args=[decision.pk])
    page = text_of(client.get(url))
    for name in ("text_fr", "reasons_nl", "number", "meeting", "decided_on", "status"):
        assert f'name="{name}"' not in page
    assert 'name="text_en"' in page


def test_every_admin_page_opens(client, users, decision):
    action = ActionFactory(decision=decision)
    item = AgendaItemFactory(meeting=decision.meeting)
    rows = [decision, action, decision.meeting, decision.meeting.body, MandateFactory()]
    client.force_login(users["staff"])
    for row in rows:
        name = f"admin:governance_{row._meta.model_name}"
        for url in (
            reverse(f"{name}_changelist"),
            reverse(f"{name}_add"),
            reverse(f"{name}_change", args=[row.pk]),
        ):
            assert client.get(url).status_code == 200, url
    assert item.title_fr in text_of(
        client.get(reverse("admin:governance_meeting_change", args=[decision.meeting.pk]))
    )


# --- seed --------------------------------------------------------------------------------------


def test_seeding_twice_makes_nothing_new():
    from governance.models import ActionItem, AgendaItem, Body, Mandate, Meeting
    from governance.seed import load

    models = (Body, Mandate, Meeting, AgendaItem, Decision, ActionItem)
    load(demo=False)
    assert [model.objects.count() for model in models] == [0] * 6
    load()
    counts = [model.objects.count() for model in models]
    Decision.objects.filter(number="GB-2026-01/D1").update(title_fr="Retouché")
    load()
    assert [model.objects.count() for model in models] == counts == [5, 9, 8, 26, 8, 6]
    assert Decision.objects.get(number="GB-2026-01/D1").title_fr == "Retouché"
    assert not Decision.objects.filter(is_demo=False).exists()


def test_a_move_says_what_it_is_about_and_its_way_back_is_no_second_cancel(client, users):
    meeting = MeetingFactory(status="convened")
    client.force_login(users["secretary"])
    page = text_of(client.get(address("meeting-do", meeting.number, "cancel")))
    assert f'<p class="kicker">{meeting}</p>' in page
    assert (
        f'href="{address("meeting-detail", meeting.number)}">Retour, sans rien changer</a>' in page
    )
    assert ">Annuler</a>" not in page
